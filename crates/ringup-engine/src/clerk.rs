//! Clerks: signed in on a till with a number and a PIN, or with a badge; five minutes without a touch lock the till.
//!
//! An agent's people are clerks at the agent's place. They sign in the same way, in any browser.

mod badge;
mod token;

pub use badge::Badge;
pub use token::{ParseSessionTokenError, SessionToken};

use ringup_core::books::PinHash;
use ringup_core::id::{ClerkId, DeviceId, PlaceId};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};
use ringup_db::clerk::{Clerk, Role};
use ringup_db::clerk_session;

use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::pin::{self, Pin};

/// So long without a touch, and the clerk has to sign in again.
pub const IDLE_LOCK: Span = Span::minutes(5);

/// The same in a browser that is no till, which nobody else leans over.
pub const IDLE_LOCK_ELSEWHERE: Span = Span::minutes(30);

/// So seldom it is written down that a session is in use.
const USED_EVERY: Span = Span::seconds(20);

/// So many wrong PINs in a row keep a clerk out.
const FAILURES_MAX: u32 = 5;

/// For so long.
const LOCKED_FOR: Span = Span::minutes(15);

/// A clerk's number has 1 to 12 letters and digits.
const NUMBER_MAX: usize = 12;

/// Where a clerk is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// On this till, and on no other.
    Till(DeviceId),
    /// In a browser that is no till: an agent's people.
    Browser,
}

impl Seat {
    const fn device(self) -> Option<DeviceId> {
        match self {
            Self::Till(device) => Some(device),
            Self::Browser => None,
        }
    }

    const fn idle_lock(self) -> Span {
        match self {
            Self::Till(_) => IDLE_LOCK,
            Self::Browser => IDLE_LOCK_ELSEWHERE,
        }
    }
}

/// Why a clerk was not signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// There is no such clerk at this store, or the PIN is another one: the two look the same.
    #[error("no such clerk, or another PIN")]
    Wrong,
    /// Too many wrong PINs.
    #[error("too many wrong PINs")]
    Locked {
        /// Until then no PIN is looked at.
        until: Timestamp,
    },
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for SignInError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// A clerk who has just been taken on, with what is told him once.
#[derive(Clone, Debug)]
pub struct NewClerk {
    /// His id.
    pub id: ClerkId,
    /// His PIN.
    pub pin: Pin,
}

/// Takes a clerk on; his PIN is drawn, told once, and kept as a keyed hash.
///
/// # Errors
/// [`SubmitError`] when the database does not serve, or somebody at the store has the number.
pub async fn take_on(
    engine: &Engine,
    place: PlaceId,
    (number, name): (String, String),
    role: Role,
) -> Result<NewClerk, SubmitError> {
    let id = ClerkId::from_u64(engine.ids().one(Shard(0), engine.now()));
    let pin = Pin::draw();
    let hash = hash_pin(engine, id, &pin);
    let clerk =
        Clerk { id, place, number, name, role, pin: hash, badge: None, failures: 0, locked_until: None, left_at: None };
    engine.write(move |tx| ringup_db::clerk::insert_clerk(tx, &clerk)).await?;
    Ok(NewClerk { id, pin })
}

/// A clerk has left: he is signed out, and nobody signs in as him any more.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn dismiss(engine: &Engine, id: ClerkId) -> Result<(), SubmitError> {
    let now = engine.now();
    engine
        .write(move |tx| {
            clerk_session::close_clerk_sessions(tx, Some(id), None)?;
            ringup_db::clerk::dismiss_clerk(tx, id, now)
        })
        .await
}

/// Signs a clerk in at his place.
///
/// # Errors
/// [`SignInError`], in its order.
pub async fn sign_in(
    engine: &Engine,
    (place, seat): (PlaceId, Seat),
    number: &str,
    pin: &Pin,
) -> Result<SessionToken, SignInError> {
    let clerk = check_pin(engine, place, number, pin).await?;
    let (token, now) = (SessionToken::draw(), engine.now());
    let (hash, id) = (token.hash(), clerk.id);
    engine
        .write(move |tx| {
            ringup_db::clerk::forget_clerk_failures(tx, id)?;
            clerk_session::open_clerk_session(tx, &hash, (id, seat.device()), now)
        })
        .await?;
    Ok(token)
}

/// Who stands behind a number and a PIN, at a store: for signing in, and for whoever decides on another's till.
///
/// # Errors
/// [`SignInError`], in its order.
pub async fn check_pin(engine: &Engine, place: PlaceId, number: &str, pin: &Pin) -> Result<Clerk, SignInError> {
    let number = number.trim().to_owned();
    if number.is_empty() || number.len() > NUMBER_MAX {
        return Err(SignInError::Wrong);
    }
    let found = engine.read(move |tx| ringup_db::clerk::find_clerk_by_number(tx, place, &number)).await?;
    let now = engine.now();
    // Where there is no such clerk a hash is computed all the same: the answer takes as long.
    let told = hash_pin(engine, found.as_ref().map_or(ClerkId::from_u64(0), |clerk| clerk.id), pin);
    let Some(clerk) = found.filter(|clerk| clerk.left_at.is_none()) else { return Err(SignInError::Wrong) };
    if let Some(until) = clerk.locked_until.filter(|until| now < *until) {
        return Err(SignInError::Locked { until });
    }
    if pin::is_same(told, clerk.pin) {
        return Ok(clerk);
    }
    let failures = clerk.failures.saturating_add(1);
    let locked_until = failures.is_multiple_of(FAILURES_MAX).then(|| now.plus(LOCKED_FOR));
    engine.write(move |tx| ringup_db::clerk::count_clerk_failure(tx, clerk.id, locked_until)).await?;
    match locked_until {
        Some(until) => Err(SignInError::Locked { until }),
        None => Err(SignInError::Wrong),
    }
}

/// Gives a clerk a badge; the one he had before is worth nothing from then on.
///
/// # Errors
/// [`SubmitError`] when the database does not serve, or there is no such clerk.
pub async fn give_badge(engine: &Engine, id: ClerkId) -> Result<Badge, SubmitError> {
    let badge = Badge::draw();
    let hash = badge.hash(engine.keys().pins());
    engine.write(move |tx| ringup_db::clerk::give_clerk_badge(tx, id, hash)).await?;
    Ok(badge)
}

/// Signs a clerk in with his badge.
///
/// # Errors
/// [`SignInError`], in its order.
pub async fn sign_in_with_badge(
    engine: &Engine,
    (place, device): (PlaceId, DeviceId),
    badge: &Badge,
) -> Result<SessionToken, SignInError> {
    let hash = badge.hash(engine.keys().pins());
    let found = engine.read(move |tx| ringup_db::clerk::find_clerk_by_badge(tx, place, hash)).await?;
    let clerk = found.filter(|clerk| clerk.left_at.is_none()).ok_or(SignInError::Wrong)?;
    let (token, now) = (SessionToken::draw(), engine.now());
    let hash = token.hash();
    engine.write(move |tx| clerk_session::open_clerk_session(tx, &hash, (clerk.id, Some(device)), now)).await?;
    Ok(token)
}

/// How a token stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedIn {
    /// This clerk serves.
    As(Clerk),
    /// He did not touch it for too long, and has to sign in again.
    Idle(Clerk),
    /// Nobody, or somewhere else.
    Nobody,
}

/// Who is signed in here with this token.
///
/// # Errors
/// [`Unavailable`].
pub async fn who(engine: &Engine, seat: Seat, token: &SessionToken) -> Result<SignedIn, Unavailable> {
    let (hash, now) = (token.hash(), engine.now());
    let found = engine
        .read(move |tx| {
            let Some(session) = clerk_session::find_clerk_session(tx, &hash)? else { return Ok(None) };
            Ok(ringup_db::clerk::find_clerk(tx, session.clerk)?.map(|clerk| (session, clerk)))
        })
        .await?;
    let Some((session, clerk)) = found else { return Ok(SignedIn::Nobody) };
    if session.device != seat.device() || clerk.left_at.is_some() {
        return Ok(SignedIn::Nobody);
    }
    if now >= session.used_at.plus(seat.idle_lock()) {
        return Ok(SignedIn::Idle(clerk));
    }
    if now >= session.used_at.plus(USED_EVERY) {
        let noted = engine.write(move |tx| clerk_session::note_clerk_session_used(tx, &hash, now)).await;
        if let Err(error) = noted {
            tracing::debug!(%error, "that a till is in use could not be written down");
        }
    }
    Ok(SignedIn::As(clerk))
}

/// Signs out.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn sign_out(engine: &Engine, token: &SessionToken) -> Result<(), SubmitError> {
    let hash = token.hash();
    engine.write(move |tx| clerk_session::close_clerk_session(tx, &hash)).await
}

fn hash_pin(engine: &Engine, id: ClerkId, pin: &Pin) -> PinHash {
    engine.keys().pins().hash_for("ringup clerk pin 1", id.as_u64(), pin.digits())
}
