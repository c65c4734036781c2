//! How a kiosk is: it says so each minute, and a kiosk that says nothing is not known to be in order.

use ringup_core::time::Span;
use ringup_db::kiosk::{self, Kiosk, KioskHealth};

use crate::Engine;
use crate::error::SubmitError;
use crate::limits;

/// A kiosk that was not heard for so long is not known to be in order.
pub const SILENT_AFTER: Span = Span::minutes(5);

const PAPER: [&str; 4] = ["ok", "low", "out", "unknown"];
const VALIDATOR: [&str; 4] = ["ok", "jammed", "silent", "box_out"];
const DOOR: [&str; 2] = ["closed", "open"];
const LINK: [&str; 2] = ["ok", "weak"];

/// What a kiosk says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// `ok`, `low`, `out`, `unknown`.
    pub paper: String,
    /// `ok`, `jammed`, `silent`, `box_out`.
    pub validator: String,
    /// `closed`, `open`.
    pub door: String,
    /// `ok`, `weak`.
    pub link: String,
    /// How far its clock is ahead of ours, as it has measured.
    pub clock_off_ms: i64,
    /// Its program.
    pub version: String,
    /// How many sales it has not been able to send.
    pub waiting_sales: u32,
    /// How many claims it has not been able to send.
    pub waiting_claims: u32,
}

/// Why what a kiosk said was not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HealthError {
    /// One of its words is not known.
    #[error("{0} has a word that is not known")]
    Word(&'static str),
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Keeps how a kiosk is; answers whether it is in order.
///
/// # Errors
/// [`HealthError`].
pub async fn hear(engine: &Engine, kiosk: &Kiosk, said: Health) -> Result<bool, HealthError> {
    for (what, word, known) in [
        ("paper", &said.paper, PAPER.as_slice()),
        ("validator", &said.validator, VALIDATOR.as_slice()),
        ("door", &said.door, DOOR.as_slice()),
        ("link", &said.link, LINK.as_slice()),
    ] {
        if !known.contains(&word.as_str()) {
            return Err(HealthError::Word(what));
        }
    }
    if said.version.is_empty() || said.version.chars().count() > limits::KIOSK_VERSION_MAX {
        return Err(HealthError::Word("version"));
    }
    let works = said.validator == "ok" && said.paper != "out" && said.door == "closed";
    let (place, now) = (kiosk.place, engine.now());
    engine
        .write(move |tx| {
            let before = kiosk::find_health(tx, place)?.and_then(|health| health.trouble_since);
            let trouble_since = if works { None } else { Some(before.unwrap_or(now)) };
            let health = KioskHealth {
                place,
                heard_at: now,
                trouble_since,
                paper: said.paper,
                validator: said.validator,
                door: said.door,
                link: said.link,
                clock_off_ms: said.clock_off_ms,
                version: said.version,
                waiting_sales: said.waiting_sales,
                waiting_claims: said.waiting_claims,
            };
            kiosk::keep_health(tx, &health)
        })
        .await?;
    Ok(works)
}

/// Whether a kiosk is known to be in order: by its own word, which is not older than five minutes.
#[must_use]
pub fn is_in_order(health: Option<&KioskHealth>, now: ringup_core::time::Timestamp) -> bool {
    health.is_some_and(|health| health.trouble_since.is_none() && health.heard_at >= now.minus(SILENT_AFTER))
}
