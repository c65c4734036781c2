use super::*;

const fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(second)
}

fn reference() -> SaleReference {
    SaleReference::parse("top_1").unwrap()
}

fn code() -> ClaimCode {
    ClaimCode::from_bytes([7; 16])
}

fn claimed() -> NoteState {
    NoteState::Claimed { claimed_at: at(8), code: code(), reason: ClaimReason::NoWord, late: None }
}

type Move = fn(NoteState) -> Result<NoteState, InvalidTransition>;

/// Every move, and which of the states it is allowed in.
const MOVES: [(&str, Move, [bool; 8]); 8] = [
    ("escrow", |state| state.escrow(at(20)), [true, false, false, false, false, false, false, false]),
    ("tell", |state| state.tell_to_stack(at(20)), [false, true, false, false, false, false, false, false]),
    ("stack", |state| state.stack(at(20)), [true, true, true, false, false, false, false, false]),
    ("give back", |state| state.give_back(at(20)), [true, true, true, false, false, false, false, false]),
    (
        "claim",
        |state| state.claim(at(20), ClaimCode::from_bytes([7; 16]), ClaimReason::NoWord),
        [true, true, true, true, false, false, false, false],
    ),
    ("credit", |state| state.credit(at(20)), [false, false, false, true, false, false, false, false]),
    ("print", |state| state.print(at(20)), [false, false, false, false, true, false, false, false]),
    ("hear", |state| state.hear_late(LateWord::Stacked), [false, false, false, false, false, false, false, true]),
];

#[test]
fn a_note_moves_only_as_the_table_allows() {
    let states = [
        NoteState::Seen,
        NoteState::Escrowed { escrowed_at: at(2) },
        NoteState::ToldToStack { told_at: at(3) },
        NoteState::Stacked { stacked_at: at(4) },
        NoteState::Credited { credited_at: at(5) },
        NoteState::Printed { printed_at: at(6) },
        NoteState::Returned { returned_at: at(7) },
        claimed(),
    ];
    for (name, make, allowed) in MOVES {
        for (state, allowed) in states.iter().zip(allowed) {
            assert_eq!(make(state.clone()).is_ok(), allowed, "{name} from {}", state.name());
        }
    }
    let unfinished: Vec<bool> = states.iter().map(|state| state.stage().is_some()).collect();
    assert_eq!(unfinished, [true, true, true, false, false, false, false, false]);
}

#[test]
fn the_first_late_word_stays() {
    let heard = claimed().hear_late(LateWord::Returned).unwrap();
    assert!(heard.hear_late(LateWord::Stacked).is_err());
}

#[test]
fn a_sale_is_credited_and_printed_once_and_not_while_it_is_open() {
    let open = SaleState::Open;
    assert!(open.clone().credit(at(1), reference()).is_err());
    let closed = open.close(at(1)).unwrap();
    assert!(closed.clone().close(at(1)).is_err());
    assert!(closed.clone().print(at(1)).is_err());
    let credited = closed.credit(at(2), reference()).unwrap();
    assert!(credited.clone().credit(at(2), reference()).is_err());
    assert!(credited.clone().abandon(at(2)).is_err());
    let printed = credited.print(at(3)).unwrap();
    assert!(printed.clone().print(at(3)).is_err());
    assert!(SaleState::Open.abandon(at(1)).unwrap().abandon(at(2)).is_err());
}

#[test]
fn numbers_and_keys_are_written_as_slips_and_headers_have_them() {
    assert_eq!(NoteNumber { kiosk: 7, running: 1_790_000_012 }.to_string(), "7-1790000012");
    assert_eq!(SaleKey([0xAB; 16]).to_string(), "ab".repeat(16));
}

#[test]
fn a_reference_is_short_and_visible() {
    assert!(SaleReference::parse("").is_err());
    assert!(SaleReference::parse("top 1").is_err());
    assert!(SaleReference::parse(&"x".repeat(101)).is_err());
    assert_eq!(SaleReference::parse("top_1").unwrap().as_str(), "top_1");
}
