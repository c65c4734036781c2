//! A kiosk's journal, read by somebody who is not the kiosk.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use ringup_core::bank_note::{BankNote, Sale};
use ringup_db::bank_note as rows;
use ringup_db::error::DbError;
use ringup_db::seam::{Database, Reader};
use ringup_db::url::DatabaseUrl;

use super::moment::Moment;
use crate::rig::failure::Failure;
use crate::rig::outside;

/// Between two looks. The shortest state lasts as long as a sync.
const LOOK_EVERY: Duration = Duration::from_micros(100);
/// How long a state is waited for, on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many notes are looked at: more than a run has.
const NOTES_MAX: u32 = 100_000;

/// An open journal. To be closed before the kiosk is killed: whoever closes a database last tidies it up, and the kiosk is to find it as
/// it was left.
pub(super) struct Journal(Reader);

/// What is written in a journal.
pub(super) struct Written {
    /// The notes, the oldest first.
    pub(super) notes: Vec<BankNote>,
    /// Nothing is on its way any more: no note, no sale, no claim, no slip.
    pub(super) is_at_rest: bool,
}

impl Journal {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let opened = Database::open(DatabaseUrl::Sqlite(path.to_owned())).and_then(|database| database.reader());
        opened.map(Self).map_err(Failure::doing("opening a journal"))
    }

    pub(super) fn latest(&mut self) -> Result<Option<BankNote>, Failure> {
        let latest = self.0.read::<_, DbError>(|tx| rows::latest_note(tx));
        latest.map_err(Failure::doing("reading a journal"))
    }

    pub(super) fn read(&mut self) -> Result<Written, Failure> {
        let read = self.0.read::<_, DbError>(|tx| {
            let mut notes = rows::latest_notes(tx, NOTES_MAX)?;
            notes.reverse();
            let is_at_rest = rows::find_unfinished(tx)?.is_none()
                && rows::find_open_sale(tx)?.is_none()
                && rows::sales_to_credit(tx)?.is_empty()
                && rows::sales_credited(tx)?.is_empty()
                && rows::claims_to_tell(tx, 1)?.is_empty()
                && rows::claims_to_print(tx, 1)?.is_empty();
            Ok(Written { notes, is_at_rest })
        });
        read.map_err(Failure::doing("reading a journal"))
    }

    /// The sales that these notes were put in for, each once.
    pub(super) fn sales_of(&mut self, notes: &[BankNote]) -> Result<Vec<Sale>, Failure> {
        let mut keys: Vec<_> = notes.iter().filter_map(|note| note.sale).collect();
        keys.dedup();
        let read = self.0.read::<_, DbError>(|tx| {
            let sales: Result<Vec<_>, _> = keys.iter().map(|key| rows::find_sale(tx, *key)).collect();
            Ok(sales?.into_iter().flatten().collect())
        });
        read.map_err(Failure::doing("reading a journal"))
    }

    /// Waits until a note after this one has got so far, or has left the way; says whether it did in time.
    pub(super) fn waits_for(&mut self, after: u64, moment: Moment) -> Result<bool, Failure> {
        let begun = outside::now();
        while begun.elapsed() < PATIENCE {
            let note = self.latest()?.filter(|note| note.number.running > after);
            if note.is_some_and(|note| Moment::of(&note.state).is_none_or(|reached| reached >= moment)) {
                return Ok(true);
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(false)
    }
}

/// The note that a dead kiosk wrote down last, read from a copy: its own files are left as they are.
pub(super) fn last_of_the_dead(journal: &Path, aside: &Path) -> Result<Option<BankNote>, Failure> {
    let copied = Failure::doing::<std::io::Error>;
    std::fs::create_dir_all(aside).map_err(copied(aside.display().to_string()))?;
    for end in ["", "-wal"] {
        let (from, to) = (with_end(journal, end), with_end(&aside.join("journal.db"), end));
        let _ = std::fs::remove_file(&to);
        if from.exists() {
            std::fs::copy(&from, &to).map(drop).map_err(copied(from.display().to_string()))?;
        }
    }
    let _ = std::fs::remove_file(with_end(&aside.join("journal.db"), "-shm"));
    Journal::open(&aside.join("journal.db"))?.latest()
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}
