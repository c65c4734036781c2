//! What a kiosk writes, read.

use axum::http::StatusCode;
use ringup_core::bank_note::NoteNumber;
use ringup_core::id::PurseId;
use ringup_core::money::{Amount, Language};
use ringup_core::time::Timestamp;

use crate::web::problem::Problem;

pub(super) fn bad(code: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

/// `7-1790000012`
pub(super) fn note_number(text: &str) -> Result<NoteNumber, Problem> {
    let parts = text.split_once('-').map(|(kiosk, running)| (digits(kiosk), digits(running)));
    match parts {
        Some((Some(kiosk), Some(running))) if i64::try_from(running).is_ok() => {
            let kiosk = u32::try_from(kiosk).map_err(|_| malformed())?;
            Ok(NoteNumber { kiosk, running })
        }
        Some(_) | None => Err(malformed()),
    }
}

fn malformed() -> Problem {
    bad("note_number_malformed", "a note's number is the kiosk's number, a hyphen, and the kiosk's own count")
}

/// Digits only: one number is written in one way.
fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

/// `50.00 CNY`
pub(super) fn note_value(text: &str) -> Result<Amount, Problem> {
    text.parse()
        .map_err(|_| bad("note_value_malformed", "a note's value is an amount with its unit, such as 50.00 CNY"))
}

/// A moment as RFC 3339 has it.
pub(super) fn moment(text: &str) -> Result<Timestamp, Problem> {
    let read: Result<jiff::Timestamp, _> = text.parse();
    let read = read.map_err(|_| bad("moment_malformed", "a moment is written as RFC 3339 has it"))?;
    Ok(Timestamp::from_micros(read.as_microsecond()))
}

pub(super) fn cash_box(text: &str) -> Result<PurseId, Problem> {
    text.parse().map_err(|_| bad("box_malformed", "a box is named by its id, pur_…"))
}

pub(super) fn language(text: &str) -> Language {
    match text {
        "zh-Hans" => Language::ZhHans,
        _ => Language::En,
    }
}
