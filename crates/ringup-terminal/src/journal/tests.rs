use ringup_core::bank_note::{ClaimCode, ClaimReason, NoteState, SaleReference};
use ringup_core::card::CardNumber;
use ringup_core::money::{Language, Unit};
use ringup_db::Unavailable;

use super::*;

/// The power is cut at the write with this number, from 1: before it is on the disk, or just after.
pub(crate) struct Fuse {
    pub(crate) writes_left: u32,
    pub(crate) is_written: bool,
}

impl Fuse {
    pub(super) fn write<T>(
        &mut self,
        writer: &mut Writer,
        work: impl FnOnce(&mut WriteTx<'_>) -> Written<T>,
    ) -> Result<T, JournalError> {
        self.writes_left = self.writes_left.saturating_sub(1);
        if self.writes_left > 0 {
            return writer.write(work);
        }
        if self.is_written {
            writer.write(work)?;
        }
        Err(WriteError::Unavailable(Unavailable::Gone("the power is cut".to_owned())))
    }
}

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: SaleKey = SaleKey([1; 16]);

fn given_a_journal() -> (Journal, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Journal::open(&folder.path().join("journal.db"), 7, NOW).unwrap(), folder)
}

fn cny(minor: u64) -> Amount {
    Amount::new(minor, Unit::Cny).unwrap()
}

fn card() -> CardNumber {
    CardNumber::with_check_digit(888_000_000_000_000).unwrap()
}

fn reference() -> SaleReference {
    SaleReference::parse("top_0D5K2M8Q7ZJ4X").unwrap()
}

fn put_in(journal: &mut Journal, minor: u64) -> BankNote {
    let note = journal.see(Some(cny(minor)), None, NOW).unwrap();
    let note = journal.step(&note, |state| state.escrow(NOW), None).unwrap();
    let note = journal.step(&note, |state| state.tell_to_stack(NOW), None).unwrap();
    journal.step(&note, |state| state.stack(NOW), Some(Mark::CctalkCounter(3))).unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T, JournalError>) -> JournalRefusal {
    match result {
        Err(WriteError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sale_is_credited_for_what_is_in_the_box_and_printed_once() {
    let (mut journal, _folder) = given_a_journal();
    journal.begin_sale(KEY, card(), Language::En, NOW).unwrap();
    put_in(&mut journal, 10_000);
    put_in(&mut journal, 5_000);
    let back = journal.see(Some(cny(2_000)), None, NOW).unwrap();
    assert_eq!(refusal(journal.end_sale(NOW)), JournalRefusal::NoteUnfinished);
    journal.step(&back, |state| state.give_back(NOW), None).unwrap();
    assert_eq!(journal.sales_to_credit().unwrap(), []);

    let total = journal.end_sale(NOW).unwrap().unwrap();
    assert_eq!((total.amount, total.notes.len()), (cny(15_000), 2));
    assert_eq!(journal.sales_to_credit().unwrap(), [total]);
    let differs = journal.mark_credited(KEY, cny(10_000), &reference(), NOW);
    assert!(matches!(refusal(differs), JournalRefusal::AmountDiffers { .. }));
    assert_eq!(journal.mark_credited(KEY, cny(15_000), &reference(), NOW), Ok(Marked::Now));
    assert_eq!(journal.mark_credited(KEY, cny(15_000), &reference(), NOW), Ok(Marked::Already));
    let other = SaleReference::parse("top_other").unwrap();
    let credited = journal.mark_credited(KEY, cny(15_000), &other, NOW);
    assert!(matches!(refusal(credited), JournalRefusal::CreditedAsOther { .. }));
    assert_eq!(journal.sales_to_credit().unwrap(), []);

    assert_eq!(journal.sales_to_print().unwrap().len(), 1);
    assert_eq!(journal.mark_printed(KEY, NOW), Ok(Marked::Now));
    assert_eq!(journal.mark_printed(KEY, NOW), Ok(Marked::Already));
    assert_eq!(journal.sales_to_print().unwrap(), []);
    let states: Vec<&str> = journal.notes_of(KEY).unwrap().iter().map(|note| note.state.name()).collect();
    assert_eq!(states, ["printed", "printed", "returned"]);
    assert_eq!(journal.mark().unwrap(), Some(Mark::CctalkCounter(3)));
}

#[test]
fn a_sale_without_a_note_in_the_box_is_never_credited() {
    let (mut journal, _folder) = given_a_journal();
    assert_eq!(refusal(journal.end_sale(NOW)), JournalRefusal::NoSale);
    journal.begin_sale(KEY, card(), Language::En, NOW).unwrap();
    let again = journal.begin_sale(SaleKey([2; 16]), card(), Language::En, NOW);
    assert_eq!(refusal(again), JournalRefusal::SaleOpen);
    assert_eq!(journal.end_sale(NOW), Ok(None));
    assert_eq!(journal.sales_to_credit().unwrap(), []);
    assert!(matches!(refusal(journal.mark_credited(KEY, cny(1), &reference(), NOW)), JournalRefusal::Move(_)));
    assert!(matches!(refusal(journal.mark_printed(KEY, NOW)), JournalRefusal::Move(_)));
    assert_eq!(refusal(journal.begin_sale(KEY, card(), Language::En, NOW)), JournalRefusal::KeyUsed);
}

#[test]
fn a_sale_that_is_refused_for_good_is_claimed_note_by_note() {
    let (mut journal, _folder) = given_a_journal();
    journal.begin_sale(KEY, card(), Language::ZhHans, NOW).unwrap();
    put_in(&mut journal, 10_000);
    put_in(&mut journal, 10_000);
    let mut drawn = 0;
    let mut draw = || {
        drawn += 1;
        ClaimCode::from_bytes([drawn; 16])
    };
    assert!(matches!(refusal(journal.refuse_sale(KEY, &mut draw, NOW)), JournalRefusal::Move(_)));
    journal.end_sale(NOW).unwrap();
    let claimed = journal.refuse_sale(KEY, &mut draw, NOW).unwrap();
    assert_eq!(claimed.len(), 2);
    let listed = journal.claims().unwrap();
    assert_eq!(listed.len(), 2);
    for note in listed {
        let refused = matches!(
            note.state,
            NoteState::Claimed { reason: ClaimReason::SaleRefused, late: Some(LateWord::Stacked), .. }
        );
        assert!(refused, "{note:?}");
    }
    assert_eq!(journal.sales_to_credit().unwrap(), []);
    // A word of the validator changes nothing any more.
    assert_eq!(journal.hear_late(LateWord::Returned, None), Ok(None));
}
