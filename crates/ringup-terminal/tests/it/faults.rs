//! Every fault of a validator, with both protocols.

use ringup_core::bank_note::{ClaimReason, LateWord, NoteState};
use ringup_terminal::validator::Event;
use ringup_terminal::{Happening, Protocol};

use crate::support::{BOTH, Kiosk, given_a_sale, yuan};

/// The reason and the late word of the one claimed note.
fn the_claim(kiosk: &mut Kiosk) -> (ClaimReason, Option<LateWord>) {
    let claims = kiosk.acceptor().journal().claims().unwrap();
    let [claim] = claims.as_slice() else { panic!("{:?}: {claims:?}", kiosk.protocol) };
    let NoteState::Claimed { reason, late, .. } = claim.state else { panic!("{claim:?}") };
    (reason, late)
}

fn given_a_note_that_is_taken(protocol: Protocol, yuan: u32) -> Kiosk {
    let mut kiosk = given_a_sale(protocol);
    kiosk.is_given(yuan);
    kiosk.accepts();
    kiosk
}

#[test]
fn notes_are_taken_one_after_the_other_and_add_up() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        for note in [100, 20, 5] {
            kiosk.is_given(note);
            kiosk.accepts();
            kiosk.polls_until_a_note_is("stacked");
        }
        assert_eq!(kiosk.ends_the_sale(), Some(yuan(125)));
        assert_eq!(kiosk.validator.cash_box(), [100, 20, 5]);
        kiosk.audit();
    }
}

#[test]
fn a_note_is_held_until_somebody_decides_and_given_back_when_told() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(50);
        assert_eq!(kiosk.polls_for_a_while(), [], "{protocol:?}");
        assert!(kiosk.validator.cash_box().is_empty());
        kiosk.acceptor().give_back().unwrap();
        assert!(kiosk.acceptor().accept(crate::support::NOW).is_err(), "it is on its way back");
        kiosk.polls_until_a_note_is("returned");
        assert_eq!(kiosk.validator.given_back(), [50]);
        assert_eq!(kiosk.ends_the_sale(), None);
        kiosk.audit();
    }
}

#[test]
fn a_note_pulled_back_from_escrow_is_returned() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        assert!(kiosk.validator.pull_back());
        kiosk.polls_until_a_note_is("returned");
        assert_eq!(kiosk.ends_the_sale(), None);
        kiosk.audit();
    }
}

#[test]
fn a_note_pulled_back_while_it_is_accepted_is_returned() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        assert!(kiosk.validator.pull_back());
        kiosk.accepts();
        kiosk.polls_until_a_note_is("returned");
        kiosk.audit();
    }
}

#[test]
fn a_note_that_the_validator_gives_back_by_itself_is_returned() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        kiosk.validator.hold_no_longer();
        kiosk.polls_until_a_note_is("returned");
        assert_eq!(kiosk.validator.given_back(), [100]);
        kiosk.audit();
    }
}

#[test]
fn a_jammed_note_is_claimed_and_what_comes_of_it_is_heard() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        kiosk.validator.jam_the_next_note();
        kiosk.accepts();
        kiosk.polls_until_told(Event::Jammed);
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Jammed, None));
        assert_eq!(kiosk.polls_for_a_while(), [], "{protocol:?} tells of its jam again");
        kiosk.audit();

        kiosk.validator.free_the_jam();
        kiosk.polls_until_a_note_is("claimed");
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Jammed, Some(LateWord::Stacked)));
        assert_eq!(kiosk.validator.cash_box(), [100]);
        assert_eq!(kiosk.ends_the_sale(), None);
        kiosk.audit();
    }
}

#[test]
fn a_note_pulled_out_on_a_thread_is_not_credited() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        kiosk.validator.cheat_with_the_next_note();
        kiosk.accepts();
        kiosk.polls_until_told(Event::Cheated);
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Cheated, None));
        assert_eq!(kiosk.ends_the_sale(), None);
        assert!(kiosk.validator.cash_box().is_empty());
        kiosk.audit();
    }
}

#[test]
fn a_note_that_nobody_knows_goes_back_at_once() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.validator.insert(3);
        kiosk.polls_until_told(Event::UnknownValue);
        kiosk.polls_for_a_while();
        assert_eq!(kiosk.validator.given_back(), [3]);
        assert_eq!(kiosk.states(), Vec::<&str>::new());
        // And the next one is taken as ever.
        kiosk.is_given(10);
        kiosk.accepts();
        kiosk.polls_until_a_note_is("stacked");
        kiosk.audit();
    }
}

#[test]
fn two_notes_at_once_are_taken_one_behind_the_other() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.validator.insert(100);
        kiosk.validator.insert(20);
        kiosk.polls_until_a_note_is("escrowed");
        kiosk.accepts();
        let happened = kiosk.polls_until(|one| matches!(one, Happening::Note(note) if note.state.name() == "stacked"));
        if !happened.iter().any(|one| matches!(one, Happening::Note(note) if note.value == Some(yuan(20)))) {
            kiosk.polls_until_a_note_is("escrowed");
        }
        kiosk.accepts();
        kiosk.polls_until_a_note_is("stacked");
        assert_eq!(kiosk.ends_the_sale(), Some(yuan(120)));
        kiosk.audit();
    }
}

#[test]
fn a_credit_that_is_told_twice_counts_once() {
    let mut kiosk = given_a_sale(Protocol::Ssp);
    kiosk.is_given(100);
    kiosk.validator.tell_the_next_credit_twice();
    kiosk.accepts();
    kiosk.polls_until_a_note_is("stacked");
    assert_eq!(kiosk.polls_for_a_while(), []);
    // The next note of the same value counts again.
    kiosk.is_given(100);
    kiosk.accepts();
    kiosk.polls_until_a_note_is("stacked");
    assert_eq!(kiosk.ends_the_sale(), Some(yuan(200)));
    kiosk.audit();
}

#[test]
fn nothing_is_lost_or_doubled_on_a_bad_line() {
    for protocol in BOTH {
        let disturbances: [fn(&Kiosk); 5] = [
            |kiosk| kiosk.validator.lose_commands(1),
            |kiosk| kiosk.validator.lose_answers(1),
            |kiosk| kiosk.validator.garble_answers(1),
            |kiosk| kiosk.validator.cut_answers_short(1),
            |kiosk| kiosk.validator.double_answers(1),
        ];
        for disturb in disturbances {
            let mut kiosk = given_a_sale(protocol);
            for note in [100, 50] {
                kiosk.validator.insert(note);
                let mut is_stacked = false;
                for _ in 0..100 {
                    disturb(&kiosk);
                    for happening in kiosk.polls() {
                        let Happening::Note(note) = happening else { continue };
                        match note.state.name() {
                            "escrowed" => {
                                disturb(&kiosk);
                                kiosk.accepts();
                            }
                            "stacked" => is_stacked = true,
                            _ => {}
                        }
                    }
                    if is_stacked {
                        break;
                    }
                }
            }
            assert_eq!(kiosk.states(), ["stacked", "stacked"], "{protocol:?}");
            assert_eq!(kiosk.ends_the_sale(), Some(yuan(150)));
            kiosk.audit();
        }
    }
}

#[test]
fn a_silent_validators_note_is_claimed_once_whatever_it_says_later() {
    for protocol in BOTH {
        let mut kiosk = given_a_note_that_is_taken(protocol, 100);
        kiosk.polls(); // the validator has been told
        kiosk.validator.be_silent();
        kiosk.polls_until_told(Event::Silent);
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Silence, None));
        kiosk.validator.speak();
        kiosk.polls_until_told(Event::Answers);
        kiosk.polls_for_a_while();
        assert_eq!(kiosk.validator.cash_box(), [100]);
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Silence, Some(LateWord::Stacked)));
        assert_eq!(kiosk.ends_the_sale(), None);
        kiosk.audit();
    }
}

#[test]
fn a_note_that_was_held_when_the_validator_fell_silent_goes_back() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        kiosk.validator.be_silent();
        kiosk.polls_until_told(Event::Silent);
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Silence, None));
        kiosk.validator.speak();
        kiosk.polls_until_told(Event::Answers);
        kiosk.polls_for_a_while();
        assert_eq!(kiosk.validator.given_back(), [100], "{protocol:?}");
        assert_eq!(the_claim(&mut kiosk), (ClaimReason::Silence, Some(LateWord::Returned)));
        kiosk.audit();
    }
}

#[test]
fn a_validator_that_is_switched_off_while_it_takes_a_note_says_what_it_found_or_the_note_is_claimed() {
    for protocol in BOTH {
        let mut kiosk = given_a_note_that_is_taken(protocol, 100);
        kiosk.polls();
        kiosk.validator.power_cycle();
        let happened = kiosk.polls_for_a_while();
        assert!(happened.contains(&Happening::Validator(Event::Restarted)), "{protocol:?}: {happened:?}");
        assert_eq!(kiosk.validator.cash_box(), [100]);
        match protocol {
            Protocol::Ssp => assert_eq!(kiosk.states(), ["stacked"]), // "note cleared into the box"
            Protocol::Cctalk => assert_eq!(the_claim(&mut kiosk), (ClaimReason::Restarted, None)),
        }
        kiosk.audit();
        // It is set up again, and takes notes.
        kiosk.is_given(20);
        kiosk.accepts();
        kiosk.polls_until_a_note_is("stacked");
        kiosk.audit();
    }
}

#[test]
fn the_cash_box_is_watched() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.validator.box_holds(1);
        kiosk.is_given(100);
        kiosk.accepts();
        kiosk.polls_until_told(Event::CashBoxFull);
        kiosk.validator.insert(50);
        kiosk.polls_until_told(Event::Rejected);
        assert_eq!(kiosk.validator.given_back(), [50]);
        assert_eq!(kiosk.validator.remove_box(), [100]);
        kiosk.polls_until_told(Event::CashBoxRemoved);
        kiosk.validator.replace_box();
        kiosk.polls_until_told(Event::CashBoxReplaced);
        assert_eq!(kiosk.ends_the_sale(), Some(yuan(100)));
        kiosk.audit();
    }
}

#[test]
fn a_note_that_comes_after_the_sale_goes_back() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        assert_eq!(kiosk.ends_the_sale(), None);
        kiosk.validator.insert(100);
        kiosk.polls_for_a_while();
        assert!(kiosk.validator.cash_box().is_empty());
        assert_eq!(kiosk.states(), Vec::<&str>::new());
    }
}

#[test]
fn the_counter_wraps_and_no_note_is_lost() {
    let mut kiosk = given_a_sale(Protocol::Cctalk);
    for _ in 0..52 {
        kiosk.validator.make_events(5);
        assert_eq!(kiosk.polls(), []);
    }
    // 260 events have been; around the turn each kind of event is read.
    for note in [100, 50, 20] {
        kiosk.is_given(note);
        kiosk.accepts();
        kiosk.polls_until_a_note_is("stacked");
    }
    assert_eq!(kiosk.ends_the_sale(), Some(yuan(170)));
    kiosk.audit();
}

#[test]
fn more_events_than_are_kept_leave_the_note_claimed_and_counted_once() {
    let mut kiosk = given_a_note_that_is_taken(Protocol::Cctalk, 100);
    kiosk.validator.make_events(6);
    kiosk.polls_until_told(Event::EventsLost);
    assert_eq!(the_claim(&mut kiosk), (ClaimReason::EventsLost, None));
    kiosk.polls_for_a_while();
    assert_eq!(kiosk.validator.cash_box(), [100]);
    assert_eq!(the_claim(&mut kiosk), (ClaimReason::EventsLost, Some(LateWord::Stacked)));
    assert_eq!(kiosk.ends_the_sale(), None);
    kiosk.audit();
}
