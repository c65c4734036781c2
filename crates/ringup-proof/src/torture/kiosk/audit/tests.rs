use ringup_core::bank_note::{ClaimCode, ClaimReason, NoteNumber, SaleKey, SaleReference};
use ringup_core::books::KeyHash;
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::time::Timestamp;

use super::books::Booked;
use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const SALE: SaleKey = SaleKey([1; 16]);
const RECEIPT: &[u8] = b"Receipt top_1";

fn card(last: u64) -> CardNumber {
    CardNumber::with_check_digit(622_588_000_000_000 + last).unwrap()
}

fn note(running: u64, yuan: u64, state: NoteState) -> Known {
    let number = NoteNumber { kiosk: 1, running };
    let value = Some(Amount::new(yuan * 100, Unit::Cny).unwrap());
    Known { note: BankNote { number, sale: Some(SALE), value, seen_at: NOW, state }, booked: None, is_claimed: false }
}

fn booked() -> Booked {
    Booked { key: KeyHash([9; 16]), card: card(1), paid_minor: 12_000, is_topped_up: true }
}

fn claimed() -> NoteState {
    let code = ClaimCode::from_bytes([3; 16]);
    NoteState::Claimed { claimed_at: NOW, code, reason: ClaimReason::NoWord, late: None }
}

/// Notes of a hundred and of twenty were credited, one of fifty went back, one of ten is claimed and in the box.
fn round() -> Evidence {
    let printed = NoteState::Printed { printed_at: NOW };
    let mut notes = vec![
        note(1, 100, printed.clone()),
        note(2, 20, printed),
        note(3, 50, NoteState::Returned { returned_at: NOW }),
        note(4, 10, claimed()),
    ];
    (notes[0].booked, notes[1].booked) = (Some(booked()), Some(booked()));
    notes[3].is_claimed = true;
    let reference = SaleReference::parse("top_1").unwrap();
    let state = SaleState::Printed { printed_at: NOW, reference };
    Evidence {
        notes,
        sales: vec![Sale { key: SALE, card: card(1), language: Language::En, begun_at: NOW, state }],
        chosen: card(1),
        cards: vec![(card(1), 12_000), (card(2), 0)],
        in_box: vec![100, 20, 10],
        given_back: vec![50],
        ever_credited: 20_000,
        in_purse: 20_000,
        slips: vec![RECEIPT.to_vec(), b"Claim slip 1-4".to_vec()],
        is_inside: false,
    }
}

#[test]
fn a_round_in_which_each_note_is_where_it_is_said_to_be_holds() {
    assert_eq!(round().wrong(), Vec::<String>::new());
}

#[test]
fn what_is_not_so_is_found() {
    type Change = fn(&mut Evidence);
    let changes: [(Change, &str); 16] = [
        (|round| round.is_inside = true, "a note is still inside the validator"),
        (|round| round.notes[0].note.state = NoteState::Stacked { stacked_at: NOW }, "note 1-1 is still stacked"),
        (|round| round.notes[0].booked = None, "note 1-1 is printed; at the server: booked false, claimed false"),
        (|round| round.notes[0].is_claimed = true, "note 1-1 is printed; at the server: booked true, claimed true"),
        (|round| round.notes[2].booked = Some(booked()), "note 1-3 is returned; at the server: booked true"),
        (|round| round.notes[3].is_claimed = false, "note 1-4 is claimed; at the server: booked false, claimed false"),
        // A note was credited that is not in the box; one is in the box and was forgotten.
        (|round| round.in_box = vec![20, 10], "of 100 yuan 0 came into the box"),
        (|round| round.in_box.push(50), "of 50 yuan 1 came into the box"),
        (|round| round.given_back.clear(), "of 50 yuan 0 came into the box and 0 went back"),
        (|round| round.cards[0].1 = 24_000, "is to get 12000 fen, and got 24000"),
        (|round| round.chosen = card(2), "is for card"),
        (|round| round.in_purse = 10_000, "has 20000 fen credited, and the purse of the box holds 10000"),
        (|round| round.notes[1].booked.as_mut().unwrap().key = KeyHash([8; 16]), "it is booked more than once"),
        (|round| round.notes[0].booked.as_mut().unwrap().is_topped_up = false, "are booked as"),
        (|round| round.slips[0].clear(), "0 receipts came out"),
        (|round| round.slips.push(RECEIPT.to_vec()), "2 receipts came out, 0 of them marked"),
    ];
    for (change, expected) in changes {
        let mut changed = round();
        change(&mut changed);
        let wrong = changed.wrong();
        let is_found = wrong.iter().any(|wrong| wrong.contains(expected));
        assert!(is_found, "{expected}: {wrong:?}");
    }
}

#[test]
fn a_second_receipt_is_right_when_it_says_that_it_is_one() {
    let mut again = round();
    again.slips.push([RECEIPT, b" REPRINT".as_slice()].concat());
    assert_eq!(again.wrong(), Vec::<String>::new());
    let mut report = Report::new("kiosk", 1);
    again.count(&mut report);
    assert_eq!(report.count("receipts printed again, and marked"), 1);
    assert_eq!(report.count("notes printed"), 2);
}
