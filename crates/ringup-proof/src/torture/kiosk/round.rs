//! A round at one kiosk: a sale, a power cut in its midst, and a start from the files.

use std::thread;

use ringup_core::bank_note::{BankNote, NoteState};
use ringup_core::time::Timestamp;
use ringup_db::bank_note as rows;
use ringup_db::error::{Stop, WriteError};

use super::journal::{Journal, last_of_the_dead};
use super::machine::Kiosk;
use super::moment::{Alone, Moment, Plan};
use crate::rig::failure::Failure;
use crate::rig::outside;

/// How a round ended.
pub(super) struct Ending {
    /// The state of the last note when the power went, as the journal has it.
    pub(super) found: Option<String>,
    /// What did not come to its end.
    pub(super) trouble: Option<&'static str>,
}

/// Plays it.
pub(super) fn play(kiosk: &mut Kiosk, plan: &Plan, sabotage: Option<&'static str>) -> Result<Ending, Failure> {
    // What was prepared for a note that never moved towards the box must not meet the next one.
    kiosk.validator.play_fair();
    kiosk.begins_a_sale(kiosk.card(plan)?)?;
    let given_back = kiosk.validator.given_back().len();
    let mut journal = Journal::open(&kiosk.journal())?;
    let mut last = number(journal.latest()?.as_ref());
    let mut is_in_time = true;
    if let Some(yuan) = plan.before {
        kiosk.validator.insert(yuan);
        is_in_time &= journal.waits_for(last, Moment::Stacked)?;
        last = number(journal.latest()?.as_ref());
    }
    if plan.is_cheat {
        kiosk.validator.cheat_with_the_next_note();
    }
    kiosk.printer.has_paper(!plan.no_paper);
    kiosk.validator.insert(plan.note);
    if plan.is_done {
        is_in_time &= journal.waits_for(last, Moment::Stacked)?;
        kiosk.screen.touch("/done", "");
    }
    is_in_time &= journal.waits_for(last, plan.moment)?;
    thread::sleep(plan.wait);
    drop(journal);
    kiosk.is_killed();
    match plan.alone {
        Alone::Rests => {}
        Alone::GoesOn => kiosk.validator.time_passes(),
        Alone::StartsAnew => kiosk.validator.power_cycle(),
    }
    let dead = last_of_the_dead(&kiosk.journal(), &kiosk.aside())?.filter(|note| note.number.running > last);
    kiosk.printer.has_paper(true);
    if let Some(dead) = &dead {
        lie(kiosk, dead, sabotage)?;
    }
    kiosk.starts()?;
    if let Some(after) = plan.again {
        thread::sleep(after);
        kiosk.is_killed();
        kiosk.starts()?;
    }
    // On a busy machine a visit may be over before the next note comes: it is not let in, and the round is tried again.
    let is_not_let_in = dead.is_none() && kiosk.validator.given_back().len() > given_back;
    let trouble = match (is_in_time || is_not_let_in, kiosk.comes_to_rest()?) {
        (false, _) => Some("a note did not get so far in a minute"),
        (true, false) => Some("it did not come to rest after its start"),
        (true, true) => None,
    };
    Ok(Ending { found: dead.map(|note| note.state.name().to_owned()), trouble })
}

fn number(note: Option<&BankNote>) -> u64 {
    note.map_or(0, |note| note.number.running)
}

/// The sabotages: somebody writes into the journal of the dead kiosk.
fn lie(kiosk: &Kiosk, note: &BankNote, sabotage: Option<&'static str>) -> Result<(), Failure> {
    let now = Timestamp::from_micros(outside::now_micros());
    let state = match (sabotage, &note.state) {
        (Some(super::CREDIT_UNSAID), NoteState::ToldToStack { .. }) => NoteState::Stacked { stacked_at: now },
        (Some(super::FORGET_STACKED), NoteState::Stacked { .. }) => NoteState::Returned { returned_at: now },
        _ => return Ok(()),
    };
    let database = rows::open(&kiosk.journal(), note.number.kiosk, now).map_err(Failure::doing("a journal"))?;
    let mut writer = database.writer().map_err(Failure::doing("a journal"))?;
    let written: Result<(), WriteError<String>> =
        writer.write(|tx| rows::set_note_state(tx, note, &state).map_err(Stop::from));
    written.map_err(Failure::doing("a journal"))
}
