//! The program is killed while a note moves, at each state that a note can be in, and started again from its files.

use std::collections::BTreeMap;
use std::time::Duration;

use ringup_core::bank_note::NoteState;
use ringup_sandbox::{Cut, ValidatorProtocol};

use crate::kiosk::{Kiosk, given_a_kiosk};
use crate::server::Line;

const ROUNDS: u32 = 50;

/// Starts it again, lets it send what waits, and looks at everything.
fn starts_again(kiosk: &mut Kiosk, what: &str) {
    kiosk.starts();
    kiosk.waits_for("what waits is sent", |kiosk| {
        let screen = kiosk.screen();
        screen.contains("data-version") && !screen.contains("class=\"notice warn\"") && kiosk.has_sent_all()
    });
    kiosk.is_killed();
    kiosk.audit(what);
    kiosk.starts();
}

fn state_at_death(kiosk: &Kiosk) -> &'static str {
    kiosk.notes().last().map_or("none", |note| note.state.name())
}

fn dies_while_a_note_moves(protocol: ValidatorProtocol) {
    let mut kiosk = given_a_kiosk(protocol);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for round in 0..ROUNDS {
        kiosk.begins_a_sale();
        let cut = [Cut::BeforeItArrives, Cut::BeforeTheAnswer, Cut::AfterTheAnswer][round as usize % 3];
        // Fives are not taken here: they go back from where they are held, which is the one place where a note rests there.
        kiosk.validator.insert(if round % 4 == 3 { 5 } else { 100 });
        kiosk.validator.cut_at(u64::from(round % 13) + 1, cut);
        assert!(kiosk.validator.wait_for_cut(Duration::from_secs(60)), "round {round}");
        kiosk.is_killed();
        kiosk.validator.mend();
        *counts.entry(state_at_death(&kiosk)).or_insert(0) += 1;
        starts_again(&mut kiosk, &format!("{protocol:?} round {round}, {cut:?}"));
    }
    println!("{protocol:?}: {counts:?}");
    for state in ["escrowed", "told_to_stack", "stacked"] {
        assert!(counts.contains_key(state), "{protocol:?} never died at {state}: {counts:?}");
    }
}

#[test]
fn a_program_that_dies_while_a_note_moves_ends_with_each_note_in_one_state_with_ssp() {
    dies_while_a_note_moves(ValidatorProtocol::Ssp);
}

#[test]
fn a_program_that_dies_while_a_note_moves_ends_with_each_note_in_one_state_with_cctalk() {
    dies_while_a_note_moves(ValidatorProtocol::Cctalk);
}

#[test]
fn a_program_that_dies_before_the_server_knows_credits_the_note_when_it_starts() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    for round in 0..5 {
        kiosk.begins_a_sale();
        kiosk.server.books().line = if round % 2 == 0 { Line::Down } else { Line::AnswersLost };
        kiosk.puts_in(50, "50.00");
        kiosk.presses("/done", "");
        kiosk.waits_for_words("Your money is safe");
        kiosk.is_killed();
        assert_eq!(state_at_death(&kiosk), "stacked");
        kiosk.server.books().line = Line::Up;
        starts_again(&mut kiosk, &format!("round {round}"));
    }
    assert_eq!(kiosk.server.books().booked(), 250);
}

#[test]
fn a_program_that_dies_with_a_receipt_to_print_prints_it_when_it_starts_and_no_other() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.printer.has_paper(false);
    kiosk.begins_a_sale();
    kiosk.puts_in(20, "20.00");
    kiosk.finishes("is on card");
    kiosk.waits_for_words("The printer has no paper");
    kiosk.is_killed();
    assert_eq!(state_at_death(&kiosk), "credited");
    kiosk.printer.has_paper(true);
    kiosk.starts();
    kiosk.waits_for("the slip", |kiosk| kiosk.printer.texts().len() == 1);
    assert!(!kiosk.printer.texts()[0].contains("REPRINT"), "{:?}", kiosk.printer.texts());
    kiosk.begins_a_sale();
    kiosk.puts_in(10, "10.00");
    kiosk.finishes("Your slip is printed");
    kiosk.is_killed();
    assert_eq!(state_at_death(&kiosk), "printed");
    kiosk.starts();
    starts_again_twice(&mut kiosk);
    assert_eq!(kiosk.printer.texts().len(), 2, "{:?}", kiosk.printer.texts());
    assert!(kiosk.server.books().sales.values().all(|(tries, _)| *tries == 1));
}

fn starts_again_twice(kiosk: &mut Kiosk) {
    for _ in 0..2 {
        kiosk.is_killed();
        starts_again(kiosk, "a start with nothing to do");
    }
    kiosk.is_killed();
    assert!(kiosk.notes().iter().all(|note| matches!(note.state, NoteState::Printed { .. })));
}
