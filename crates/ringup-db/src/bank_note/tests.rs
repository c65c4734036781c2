use ringup_core::bank_note::{
    BankNote, ClaimCode, ClaimReason, LateWord, NoteState, Sale, SaleKey, SaleReference, SaleState,
};
use ringup_core::money::Language;
use ringup_core::time::Span;

use super::*;
use crate::testing::{card_number, cny, start};

const KIOSK: u32 = 7;

struct Journal {
    database: Database,
    _folder: tempfile::TempDir,
}

fn given_a_journal() -> Journal {
    let folder = tempfile::tempdir().unwrap();
    let database = open(&folder.path().join("journal.db"), KIOSK, start()).unwrap();
    Journal { database, _folder: folder }
}

impl Journal {
    fn try_write<T>(&self, work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, DbError>) -> Result<T, WriteError<String>> {
        self.database.writer().unwrap().write(|tx| Ok(work(tx)?))
    }

    fn write<T>(&self, work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, DbError>) -> T {
        self.try_write(work).unwrap()
    }

    fn read<T>(&self, work: impl FnOnce(&mut crate::seam::ReadTx<'_>) -> Result<T, DbError>) -> T {
        self.database.reader().unwrap().read(work).unwrap()
    }

    fn moved(&self, note: &BankNote, state: NoteState) -> BankNote {
        self.write(|tx| set_note_state(tx, note, &state));
        let found = self.read(|tx| find_note(tx, note.number)).unwrap();
        assert_eq!(found.state, state);
        found
    }
}

fn sale(key: u8) -> Sale {
    Sale {
        key: SaleKey([key; 16]),
        card: card_number(1),
        language: Language::ZhHans,
        begun_at: start(),
        state: SaleState::Open,
    }
}

#[test]
fn a_note_is_found_as_it_was_written_in_each_of_its_states() {
    let journal = given_a_journal();
    journal.write(|tx| insert_sale(tx, &sale(1)));
    let note = journal.write(|tx| insert_note(tx, Some(SaleKey([1; 16])), Some(cny(10_000)), start()));
    assert_eq!(journal.read(|tx| find_unfinished(tx)), Some(note.clone()));
    let at = |seconds| start().plus(Span::seconds(seconds));
    let note = journal.moved(&note, NoteState::Escrowed { escrowed_at: at(1) });
    let note = journal.moved(&note, NoteState::ToldToStack { told_at: at(2) });
    assert_eq!(journal.read(|tx| find_unfinished(tx)), Some(note.clone()));
    let note = journal.moved(&note, NoteState::Stacked { stacked_at: at(3) });
    assert_eq!(journal.read(|tx| find_unfinished(tx)), None);
    let note = journal.moved(&note, NoteState::Credited { credited_at: at(4) });
    let note = journal.moved(&note, NoteState::Printed { printed_at: at(5) });
    assert_eq!(journal.read(|tx| notes_of_sale(tx, SaleKey([1; 16]))), [note]);

    let returned = journal.write(|tx| insert_note(tx, None, Some(cny(10_000)), start()));
    let returned = journal.moved(&returned, NoteState::Returned { returned_at: at(6) });
    assert_eq!(journal.read(|tx| latest_note(tx)), Some(returned));
}

#[test]
fn a_claim_is_found_with_its_code_its_reason_and_what_was_said_later() {
    let journal = given_a_journal();
    let note = journal.write(|tx| insert_note(tx, None, None, start()));
    let code = ClaimCode::from_bytes([9; 16]);
    let claimed = NoteState::Claimed { claimed_at: start(), code, reason: ClaimReason::NoWord, late: None };
    let note = journal.moved(&note, claimed);
    assert_eq!(journal.read(|tx| claims(tx, 10)).as_slice(), std::slice::from_ref(&note));
    let heard = note.state.clone().hear_late(LateWord::Stacked).unwrap();
    let note = journal.moved(&note, heard);
    assert_eq!(journal.read(|tx| claims(tx, 10)), [note]);
}

#[test]
fn a_move_is_not_written_over_another_one() {
    let journal = given_a_journal();
    let note = journal.write(|tx| insert_note(tx, None, Some(cny(100)), start()));
    journal.moved(&note, NoteState::Returned { returned_at: start() });
    let again = journal.try_write(|tx| set_note_state(tx, &note, &NoteState::Escrowed { escrowed_at: start() }));
    assert_eq!(again, Err(WriteError::Conflict));
}

#[test]
fn the_tables_refuse_two_unfinished_notes_two_open_sales_and_a_credit_without_a_value() {
    let journal = given_a_journal();
    journal.write(|tx| insert_sale(tx, &sale(1)));
    assert!(journal.try_write(|tx| insert_sale(tx, &sale(2))).is_err());
    let note = journal.write(|tx| insert_note(tx, Some(SaleKey([1; 16])), None, start()));
    assert!(journal.try_write(|tx| insert_note(tx, None, None, start())).is_err());
    let stacked = NoteState::Stacked { stacked_at: start() };
    let worthless = journal.try_write(|tx| set_note_state(tx, &note, &stacked));
    assert_eq!(worthless, Err(WriteError::Failed(DbError::Broken("bank_note_stacked".to_owned()))));
}

#[test]
fn a_number_is_used_once_even_when_the_journal_is_lost() {
    let journal = given_a_journal();
    let mut last = None;
    for _ in 0..3 {
        let note = journal.write(|tx| insert_note(tx, None, None, start()));
        assert_eq!(note.number.kiosk, KIOSK);
        assert!(Some(note.number) > last);
        last = Some(note.number);
        journal.moved(&note, NoteState::Returned { returned_at: start() });
    }
    let folder = tempfile::tempdir().unwrap();
    let later = start().plus(Span::minutes(5));
    let database = open(&folder.path().join("journal.db"), KIOSK, later).unwrap();
    let other = Journal { database, _folder: folder };
    assert!(Some(other.write(|tx| insert_note(tx, None, None, later)).number) > last);
}

#[test]
fn another_kiosks_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    open(&path, KIOSK, start()).unwrap();
    open(&path, KIOSK, start()).unwrap();
    let refused = open(&path, 8, start()).unwrap_err();
    assert_eq!(refused, WriteError::Refused(OpenRefusal::OtherKiosk { found: KIOSK, wanted: 8 }));
}

#[test]
fn a_sale_is_found_where_it_waits() {
    let journal = given_a_journal();
    let mut sale = sale(3);
    journal.write(|tx| insert_sale(tx, &sale));
    assert_eq!(journal.read(|tx| find_open_sale(tx)), Some(sale.clone()));
    let reference = SaleReference::parse("top_0D5K2M8Q7ZJ4X").unwrap();
    let closed = SaleState::Closed { closed_at: start() };
    let credited = SaleState::Credited { credited_at: start(), reference: reference.clone() };
    let printed = SaleState::Printed { printed_at: start(), reference };
    for (state, waits) in [(closed, [1, 0]), (credited, [0, 1]), (printed, [0, 0])] {
        journal.write(|tx| set_sale_state(tx, &sale, &state));
        sale.state = state;
        assert_eq!(journal.read(|tx| find_sale(tx, sale.key)), Some(sale.clone()));
        let found = [journal.read(|tx| sales_to_credit(tx)).len(), journal.read(|tx| sales_credited(tx)).len()];
        assert_eq!(found, waits, "{}", sale.state.name());
    }
}

#[test]
fn a_mark_takes_the_place_of_the_last_one() {
    let journal = given_a_journal();
    assert_eq!(journal.read(|tx| find_mark(tx)), None);
    for mark in [Mark::CctalkCounter(255), Mark::SspBit(true), Mark::SspBit(false)] {
        journal.write(|tx| keep_mark(tx, mark));
        assert_eq!(journal.read(|tx| find_mark(tx)), Some(mark));
        assert_eq!(journal.read(|tx| find_answer(tx)), None);
        journal.write(|tx| keep_answer(tx, &[0xF0, 0xEE, 1]));
        assert_eq!(journal.read(|tx| find_answer(tx)), Some(vec![0xF0, 0xEE, 1]));
    }
}

#[test]
fn a_journal_is_never_made_on_a_server() {
    let test = crate::testing::empty_database();
    if matches!(test.database.url(), DatabaseUrl::Sqlite(_)) {
        return; // only a server can refuse
    }
    let refused = migrate::migrate_to(&test.database, Schema::KioskJournal, start());
    assert!(matches!(refused, Err(WriteError::Failed(DbError::Statement(_)))), "{refused:?}");
}

fn broken(journal: &Journal) -> Vec<(&'static str, Vec<String>)> {
    let checks = journal.read(verify_journal);
    checks.into_iter().filter(|check| !check.findings.is_empty()).map(|check| (check.name, check.findings)).collect()
}

#[test]
fn a_journal_in_which_notes_went_their_way_is_verified_and_one_that_was_changed_is_not() {
    let journal = given_a_journal();
    journal.write(|tx| insert_sale(tx, &sale(1)));
    let note = journal.write(|tx| insert_note(tx, Some(SaleKey([1; 16])), Some(cny(10_000)), start()));
    let note = journal.moved(&note, NoteState::Escrowed { escrowed_at: start() });
    let note = journal.moved(&note, NoteState::ToldToStack { told_at: start() });
    let note = journal.moved(&note, NoteState::Stacked { stacked_at: start() });
    assert_eq!(broken(&journal), []);

    // It is in the box, and somebody wrote that it went back.
    let note = journal.moved(&note, NoteState::Returned { returned_at: start() });
    let order = "every note went its way in order, and stands at one place of it";
    assert_eq!(broken(&journal), [(order, vec![note.number.to_string()])]);
}

#[test]
fn a_note_that_is_credited_in_a_sale_that_is_not_is_found() {
    let journal = given_a_journal();
    journal.write(|tx| insert_sale(tx, &sale(1)));
    let note = journal.write(|tx| insert_note(tx, Some(SaleKey([1; 16])), Some(cny(10_000)), start()));
    let note = journal.moved(&note, NoteState::Stacked { stacked_at: start() });
    let note = journal.moved(&note, NoteState::Credited { credited_at: start() });
    assert_eq!(broken(&journal), [("every note stands where its sale stands", vec![note.number.to_string()])]);
}

#[test]
fn a_sale_that_is_to_be_credited_for_nothing_is_found() {
    let journal = given_a_journal();
    let open = sale(1);
    journal.write(|tx| insert_sale(tx, &open));
    journal.write(|tx| set_sale_state(tx, &open, &SaleState::Closed { closed_at: start() }));
    let name = "every sale that is to be credited, or was, has a note in the box";
    assert_eq!(broken(&journal), [(name, vec!["01".repeat(16)])]);
}

#[test]
fn two_sales_that_were_credited_as_one_are_found() {
    let journal = given_a_journal();
    for key in [1, 2] {
        let open = sale(key);
        journal.write(|tx| insert_sale(tx, &open));
        let note = journal.write(|tx| insert_note(tx, Some(open.key), Some(cny(10_000)), start()));
        let note = journal.moved(&note, NoteState::Stacked { stacked_at: start() });
        journal.moved(&note, NoteState::Credited { credited_at: start() });
        let reference = SaleReference::parse("top_1").unwrap();
        journal.write(|tx| set_sale_state(tx, &open, &SaleState::Credited { credited_at: start(), reference }));
    }
    assert_eq!(broken(&journal), [("no two sales were credited as one", vec!["01".repeat(16), "02".repeat(16)])]);
}

#[test]
fn a_note_that_was_put_in_for_no_sale_is_nothing_wrong() {
    let journal = given_a_journal();
    journal.write(|tx| insert_note(tx, None, None, start()));
    assert_eq!(broken(&journal), []);
}
