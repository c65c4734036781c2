//! The journal is checked from the command line.

use ringup_core::bank_note::NoteState;
use ringup_db::bank_note as rows;
use ringup_db::{Stop, WriteError};
use ringup_sandbox::ValidatorProtocol;

use crate::kiosk::{NOW, given_a_kiosk};

#[test]
fn verify_says_what_holds_while_the_kiosk_runs_and_ends_with_1_when_a_note_was_written_otherwise() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.begins_a_sale();
    kiosk.puts_in(50, "50.00");
    let (is_clean, said) = kiosk.verifies();
    assert!(is_clean, "{said}");
    assert!(said.contains("ok       every note stands where its sale stands (1 checked, 0 found)\n"), "{said}");
    kiosk.finishes("Your slip is printed");
    kiosk.is_killed();
    assert!(kiosk.verifies().0);

    let note = kiosk.notes().pop().unwrap();
    let database = rows::open(&kiosk.journal_file(), 7, NOW).unwrap();
    let back = NoteState::Returned { returned_at: NOW };
    let written: Result<(), WriteError<String>> =
        database.writer().unwrap().write(|tx| rows::set_note_state(tx, &note, &back).map_err(Stop::from));
    written.unwrap();
    let (is_clean, said) = kiosk.verifies();
    assert!(!is_clean, "{said}");
    let expected = format!(
        "VIOLATED every note went its way in order, and stands at one place of it (1 checked, 1 found)\n         {}\n",
        note.number
    );
    assert!(said.contains(&expected), "{said}");
}
