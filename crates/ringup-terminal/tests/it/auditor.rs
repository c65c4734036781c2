//! What must hold between a cash box and a journal, whatever has happened.

use std::collections::BTreeMap;

use ringup_core::bank_note::{BankNote, LateWord, NoteState};
use ringup_sandbox::ValidatorSandbox;

use crate::support::is_in_box;

/// Each note in the box is written down as stacked, or claimed, once; nothing is credited that is not in the box; nothing is
/// unfinished; no number and no code is used twice.
pub fn audit(notes: &[BankNote], validator: &ValidatorSandbox, what: &str) {
    let mut left: BTreeMap<u64, i64> = BTreeMap::new();
    for yuan in validator.cash_box() {
        *left.entry(u64::from(yuan) * 100).or_insert(0) += 1;
    }
    let context = || format!("{what}: box {:?}, back {:?}, {notes:#?}", validator.cash_box(), validator.given_back());
    let mut take = |minor: u64| {
        let count = left.entry(minor).or_insert(0);
        *count -= 1;
        *count >= 0
    };
    for note in notes {
        assert!(note.state.stage().is_none(), "a note is unfinished: {}", context());
        let is_known_to_be_in = matches!(note.state, NoteState::Claimed { late: Some(LateWord::Stacked), .. });
        // What lies in the box may be another note than was read: then the claim says so, and a person looks.
        let differs = matches!(note.state, NoteState::Claimed { reason, .. } if reason.name().starts_with("value"));
        if is_in_box(note) || (is_known_to_be_in && !differs) {
            let value = note.value.unwrap().minor();
            assert!(take(value), "more than is in the box: {}", context());
        }
    }
    let open_claims = notes.iter().filter(|note| match note.state {
        NoteState::Claimed { late, reason, .. } => late.is_none() || reason.name().starts_with("value"),
        _ => false,
    });
    let missing: i64 = left.values().sum();
    let open_claims = i64::try_from(open_claims.count()).unwrap();
    assert!(missing <= open_claims, "a note in the box is not written down: {}", context());
    no_number_and_no_code_twice(notes, &context);
}

fn no_number_and_no_code_twice(notes: &[BankNote], context: &dyn Fn() -> String) {
    let mut numbers: Vec<_> = notes.iter().map(|note| note.number).collect();
    let codes = notes.iter().filter_map(|note| match note.state {
        NoteState::Claimed { code, .. } => Some(code),
        _ => None,
    });
    let mut codes: Vec<_> = codes.collect();
    let counts = (numbers.len(), codes.len());
    numbers.sort();
    numbers.dedup();
    codes.sort();
    codes.dedup();
    assert_eq!((numbers.len(), codes.len()), counts, "a number or a code twice: {}", context());
}
