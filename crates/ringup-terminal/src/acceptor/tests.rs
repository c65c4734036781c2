//! The power is cut at each write of the journal, exactly: just before it is on the disk, and just after.

use std::time::Duration;

use ringup_core::bank_note::SaleReference;
use ringup_core::money::Unit;
use ringup_sandbox::{ValidatorProtocol, ValidatorSandbox, start_validator};

use super::*;
use crate::journal::tests::Fuse;
use crate::validator::Protocol;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: SaleKey = SaleKey([1; 16]);
const POLLS_MAX: u32 = 200;

const TIMING: Timing = Timing {
    answer: Duration::from_millis(500),
    gap: Duration::from_millis(20),
    tries: 5,
    look: Duration::from_millis(1),
    looks: 10,
};

/// What happens to the validator between the cut and the next start.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    Nothing,
    TimePasses,
    ItIsSwitchedOffToo,
}

fn open(
    validator: &ValidatorSandbox,
    protocol: Protocol,
    folder: &tempfile::TempDir,
    fuse: Option<Fuse>,
) -> Result<(Acceptor, Vec<Happening>), AcceptorError> {
    let mut journal = Journal::open(&folder.path().join("journal.db"), 7, NOW).unwrap();
    journal.fuse = fuse;
    let mut drawn = 0;
    let draw_code = Box::new(move || {
        drawn += 1;
        ClaimCode::from_bytes([drawn; 16])
    });
    let path = validator.path().to_owned();
    Acceptor::open(Connection { protocol, path, unit: Unit::Cny, timing: TIMING }, journal, draw_code, NOW)
}

/// One sale from its beginning to its receipt, with one note.
fn sell(acceptor: &mut Acceptor) -> Result<(), AcceptorError> {
    let card = CardNumber::with_check_digit(888_000_000_000_000).unwrap();
    acceptor.begin_sale(KEY, card, Language::En, NOW)?;
    for _ in 0..POLLS_MAX {
        for happening in acceptor.poll(NOW)? {
            let Happening::Note(note) = happening else { continue };
            match note.state {
                NoteState::Escrowed { .. } => acceptor.accept(NOW)?,
                NoteState::Stacked { .. } => {
                    let total = acceptor.end_sale(NOW)?.unwrap();
                    let reference = SaleReference::parse("top_1").unwrap();
                    acceptor.journal().mark_credited(KEY, total.amount, &reference, NOW)?;
                    acceptor.journal().mark_printed(KEY, NOW)?;
                    return Ok(());
                }
                _ => {}
            }
        }
    }
    panic!("no note came to its end");
}

fn cut_at_each_write(protocol: Protocol, played: ValidatorProtocol) {
    let mut states = std::collections::BTreeMap::new();
    for is_written in [false, true] {
        for meanwhile in [Meanwhile::Nothing, Meanwhile::TimePasses, Meanwhile::ItIsSwitchedOffToo] {
            for writes_left in 1.. {
                let validator = start_validator(played).unwrap();
                let folder = tempfile::tempdir().unwrap();
                // The first start is not cut: it finds a new journal.
                drop(open(&validator, protocol, &folder, None).unwrap());
                validator.insert(100);
                let ended = open(&validator, protocol, &folder, Some(Fuse { writes_left, is_written }))
                    .and_then(|(mut acceptor, _)| sell(&mut acceptor));
                let found = cut_and_start_again(&validator, protocol, &folder, meanwhile);
                let what = format!("{protocol:?}, write {writes_left}, written {is_written}, {meanwhile:?}: {found:?}");
                check(&validator, &found, &what);
                *states.entry(found.map_or("none", |note| note.0)).or_insert(0) += 1;
                if ended.is_ok() {
                    break; // it came to its end before the cut
                }
                assert!(matches!(ended, Err(AcceptorError::Journal(_))), "{what}: {ended:?}");
            }
        }
    }
    // Each way to end was found: otherwise the cuts were not where they should be.
    for state in ["none", "returned", "stacked", "credited", "printed"] {
        assert!(states.contains_key(state), "{protocol:?} never ended with {state}: {states:?}");
    }
}

type Found = Option<(&'static str, NoteState)>;

fn cut_and_start_again(
    validator: &ValidatorSandbox,
    protocol: Protocol,
    folder: &tempfile::TempDir,
    meanwhile: Meanwhile,
) -> Found {
    match meanwhile {
        Meanwhile::Nothing => {}
        Meanwhile::TimePasses => validator.time_passes(),
        Meanwhile::ItIsSwitchedOffToo => validator.power_cycle(),
    }
    let (mut acceptor, _) = open(validator, protocol, folder, None).unwrap();
    for _ in 0..TIMING.looks {
        acceptor.poll(NOW).unwrap(); // a note on its way arrives
    }
    assert_eq!(acceptor.journal().unfinished(), Ok(None));
    acceptor.journal().latest().unwrap().map(|note| (note.state.name(), note.state))
}

fn check(validator: &ValidatorSandbox, found: &Found, what: &str) {
    match found {
        Some((_, NoteState::Stacked { .. } | NoteState::Credited { .. } | NoteState::Printed { .. })) => {
            assert_eq!(validator.cash_box(), [100], "{what}");
        }
        Some((_, NoteState::Claimed { late, .. })) => match late {
            Some(LateWord::Stacked) => assert_eq!(validator.cash_box(), [100], "{what}"),
            Some(LateWord::Returned) => assert_eq!(validator.cash_box(), [0; 0], "{what}"),
            None => {}
        },
        None | Some((_, NoteState::Returned { .. })) => assert_eq!(validator.cash_box(), [0; 0], "{what}"),
        Some((_, NoteState::Seen | NoteState::Escrowed { .. } | NoteState::ToldToStack { .. })) => {
            panic!("unfinished: {what}");
        }
    }
}

#[test]
fn a_cut_at_any_write_leaves_each_note_where_the_box_says_with_ssp() {
    cut_at_each_write(Protocol::Ssp, ValidatorProtocol::Ssp);
}

#[test]
fn a_cut_at_any_write_leaves_each_note_where_the_box_says_with_cctalk() {
    cut_at_each_write(Protocol::Cctalk, ValidatorProtocol::Cctalk);
}

#[test]
fn what_the_validator_told_is_not_lost_when_the_disk_fails_for_a_while() {
    for (protocol, played) in [(Protocol::Ssp, ValidatorProtocol::Ssp), (Protocol::Cctalk, ValidatorProtocol::Cctalk)] {
        let validator = start_validator(played).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (mut acceptor, _) = open(&validator, protocol, &folder, None).unwrap();
        let card = CardNumber::with_check_digit(888_000_000_000_000).unwrap();
        acceptor.begin_sale(KEY, card, Language::En, NOW).unwrap();
        validator.insert(50);
        let mut failures = 0;
        let mut stacked = false;
        for _ in 0..POLLS_MAX {
            // Each first try to write fails.
            acceptor.journal.fuse = Some(Fuse { writes_left: 1, is_written: false });
            let first = acceptor.poll(NOW);
            failures += u32::from(first.is_err());
            acceptor.journal.fuse = None;
            for happening in first.into_iter().flatten().chain(acceptor.poll(NOW).unwrap()) {
                if let Happening::Note(note) = happening {
                    stacked |= matches!(note.state, NoteState::Stacked { .. });
                }
            }
            if acceptor.held().is_ok() {
                acceptor.accept(NOW).unwrap();
            }
            if stacked {
                break;
            }
        }
        assert!(stacked && failures > 0, "{protocol:?}: {stacked}, {failures} failures");
        assert_eq!(validator.cash_box(), [50]);
        assert_eq!(acceptor.journal().notes_of(KEY).unwrap().len(), 1);
    }
}
