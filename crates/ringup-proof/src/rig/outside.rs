//! Clock, environment and HTTP client: the only file of the instruments that names them.
//!
//! The instruments stand for the outside world, so they have their own; Ringup's come from its engine.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::failure::Failure;

/// Names the built `ringup`; without it the one beside this program is taken.
const PROGRAM: &str = "RINGUP_PROOF_PROGRAM";

/// How long a request may take before it counts as unanswered.
const ANSWER_WAIT: Duration = Duration::from_secs(20);

/// A moment, to measure from.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the instruments measure, so they need the machine's own clock")]
pub fn now() -> Instant {
    Instant::now()
}

/// The time as microseconds since 1970.
#[must_use]
pub fn now_micros() -> i64 {
    ringup_engine::clock::Clock::System.now().micros()
}

/// A number that nobody can foresee.
#[must_use]
pub fn chance() -> u64 {
    u64::from_le_bytes(ringup_engine::chance::bytes())
}

/// The program that is measured or tortured.
///
/// # Errors
/// When it has not been built.
pub fn program() -> Result<PathBuf, Failure> {
    #[expect(clippy::disallowed_methods, reason = "here the instruments learn which program they are for")]
    let named = std::env::var_os(PROGRAM).map(PathBuf::from);
    let program = match named {
        Some(program) => program,
        None => beside_us()?,
    };
    if program.is_file() {
        Ok(program)
    } else {
        Err(Failure::new(format!("{} is not there: build ringup, or name it in {PROGRAM}", program.display())))
    }
}

/// The program inside a kiosk, which is built beside the other.
///
/// # Errors
/// When it has not been built.
pub fn terminal() -> Result<PathBuf, Failure> {
    let terminal = program()?.with_file_name("ringup-terminal");
    if terminal.is_file() {
        Ok(terminal)
    } else {
        Err(Failure::new(format!("{} is not there: build ringup-terminal", terminal.display())))
    }
}

/// Tests run from `target/PROFILE/deps`, the instruments from `target/PROFILE`.
fn beside_us() -> Result<PathBuf, Failure> {
    let ours = std::env::current_exe().map_err(Failure::doing("finding this program"))?;
    let folder = ours.parent().unwrap_or(Path::new("."));
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    Ok(folder.join("ringup"))
}

/// Cargo's target folder, where everything that the instruments write goes.
///
/// # Errors
/// When this program stands elsewhere.
pub fn target_folder() -> Result<PathBuf, Failure> {
    let ours = std::env::current_exe().map_err(Failure::doing("finding this program"))?;
    let profile = ours.ancestors().find(|folder| folder.ends_with("release") || folder.ends_with("debug"));
    let target = profile.and_then(Path::parent).map(Path::to_owned);
    target.ok_or_else(|| Failure::new("the instruments must be run from cargo's target folder"))
}

/// The client of those who knock at the server's door: it follows no redirect and repeats nothing by itself.
///
/// # Errors
/// When it cannot be made.
#[expect(clippy::disallowed_methods, reason = "the instruments stand for browsers and providers, outside the house")]
pub fn http_client() -> Result<reqwest::Client, Failure> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .timeout(ANSWER_WAIT)
        .no_proxy();
    client.build().map_err(Failure::doing("making an HTTP client"))
}
