//! `corrupt`: bytes and rows of the stored data are flipped, cut, removed.
//!
//! Start or `ringup verify` says so, or the change is without effect: every card holds, every top-up stands and every receipt
//! reads as before. What changes one of these and is not named is a silently wrong balance, and breaks the promise.

mod bytes;
mod place;
mod shown;
mod template;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::server::{Launch, Server};
use crate::rig::verdict::{self, Verdict};
use crate::torture::Setup;
use crate::torture::report::Report;
use place::Place;
use shown::Shown;
use template::Template;

/// What can be broken on purpose: a verify that looks at nothing is believed.
const SABOTAGES: &[&str] = &["skip-verify"];

/// A server that is not ready by then says that it is not.
const READY_WITHIN: Duration = Duration::from_secs(5);

/// How a round of damage ended.
enum Outcome {
    /// `ringup verify` says that something is wrong.
    NamedByVerify,
    /// The server will not start on it.
    NamedAtStart,
    /// Asked for what was damaged, the server says that it cannot show it.
    NamedWhenRead(String),
    /// Everything is shown as before.
    WithoutEffect,
    /// Something is shown otherwise, and nobody said so.
    Silent(String),
}

/// Runs it.
///
/// # Errors
/// When it cannot go on.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(SABOTAGES)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let mut dice = Dice::new(setup.seed);
    let template = Template::make(setup, &mut dice, &runtime)?;
    let mut report = Report::new("corrupt", setup.seed);
    report.add("things compared", template.shown.count());
    let mut harmless: BTreeMap<String, u64> = BTreeMap::new();
    for round in 1..=setup.rounds_or(200, 16) {
        let mut place = template.copy_to(&setup.folder.join(format!("round-{round}")))?;
        let what = if round % 2 == 0 { place.damage_bytes(&mut dice)? } else { place.damage_row(dice.draw())? };
        report.add(if round % 2 == 0 { "bytes damaged" } else { "rows damaged" }, 1);
        let outcome = judge(&mut place, &template, sabotage, &runtime)?;
        match outcome {
            Outcome::NamedByVerify => report.add("named by verify", 1),
            Outcome::NamedAtStart => report.add("named at start", 1),
            Outcome::NamedWhenRead(how) => {
                println!("  named when read: {what}: {how}");
                report.add("named when read", 1);
            }
            Outcome::WithoutEffect => {
                report.add("without effect", 1);
                *harmless.entry(kind_of(&what)).or_default() += 1;
            }
            Outcome::Silent(how) => report.broke(format!("round {round}: {what}: {how}")),
        }
        place.end()?;
        report.add("rounds", 1);
    }
    for (kind, times) in harmless {
        println!("  without effect: {times} × {kind}");
    }
    template.end()?;
    Ok(report)
}

fn judge(
    place: &mut Place,
    template: &Template,
    sabotage: Option<&'static str>,
    runtime: &tokio::runtime::Runtime,
) -> Result<Outcome, Failure> {
    if !place.starts_database()? {
        return Ok(Outcome::NamedAtStart);
    }
    // A program that is killed by what it reads has named nothing, so a signal is a failure of the run.
    let verdict: Verdict = verdict::verify(&place.issuer, Some(&template.acks))?;
    if !verdict.holds() && sabotage != Some("skip-verify") {
        return Ok(Outcome::NamedByVerify);
    }
    let mut server = Server::start(&place.issuer, &Launch::default())?;
    if server.wait_ready(READY_WITHIN).is_err() {
        return Ok(Outcome::NamedAtStart);
    }
    let shown = runtime.block_on(Shown::look(&place.issuer, &template.orders))?;
    server.kill();
    Ok(match template.shown.compare(&shown) {
        None => Outcome::WithoutEffect,
        Some(difference) if difference.is_refusal => Outcome::NamedWhenRead(difference.text),
        Some(difference) => Outcome::Silent(difference.text),
    })
}

/// What was damaged, without the row and the values.
fn kind_of(what: &str) -> String {
    let end = [" from ", " where ", " like ", " at "].iter().filter_map(|word| what.find(word)).min();
    what.get(..end.unwrap_or(what.len())).unwrap_or(what).to_owned()
}
