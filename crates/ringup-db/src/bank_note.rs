//! A kiosk's journal of bank notes: a SQLite file of its own, with tables of its own.
//!
//! It is no part of the server's database and is never on PostgreSQL: a kiosk has a disk and no server beside it. Its migrations
//! therefore stand in one folder only. What the moves mean is decided by [`ringup_core::bank_note`]; here a row is changed only when it
//! still is what the move was decided by.

mod mark;
mod note;
mod program;
mod sale;
mod top_up;
mod verify;

use std::path::Path;

use ringup_core::time::Timestamp;

pub use self::mark::{Mark, find_answer, find_mark, keep_answer, keep_mark};
pub use self::note::{
    claims, find_note, find_unfinished, insert_note, latest_note, latest_notes, notes_of_sale, set_note_state,
};
pub use self::program::{
    PendingCollection, SalePlace, begin_claim_slip, begin_receipt, claims_to_print, claims_to_tell, delete_collection,
    find_claim, find_collection, find_sale_answer, find_sale_place, insert_collection, keep_sale_answer,
    set_claim_slip, set_claim_told, set_sale_place,
};
pub use self::sale::{find_open_sale, find_sale, insert_sale, sales_credited, sales_to_credit, set_sale_state};
pub use self::top_up::{
    OpenTopUp, PendingTopUp, delete_top_up, find_pending_top_up, insert_top_up, open_top_ups, set_top_up_code,
};
pub use self::verify::{JournalCheck, verify_journal};
use crate::error::{DbError, Stop, WriteError};
use crate::migrate::{self, MigrateRefusal, Schema};
use crate::seam::{Database, Query, WriteTx};
use crate::url::DatabaseUrl;

/// Why a journal is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefusal {
    /// Its tables are not this program's.
    #[error(transparent)]
    Schema(#[from] MigrateRefusal),
    /// It is another kiosk's.
    #[error("the journal is kiosk {found}'s, and this is kiosk {wanted}")]
    OtherKiosk {
        /// Whose it is.
        found: u32,
        /// Who wants it.
        wanted: u32,
    },
}

/// Opens the journal of this kiosk, and makes it when it is not there.
///
/// # Errors
/// [`OpenRefusal`] inside [`WriteError::Refused`]; what the database says otherwise.
pub fn open(path: &Path, kiosk: u32, now: Timestamp) -> Result<Database, WriteError<OpenRefusal>> {
    let database = Database::open(DatabaseUrl::Sqlite(path.to_owned()))?;
    migrate::migrate_to(&database, Schema::KioskJournal, now).map_err(|error| match error {
        WriteError::Refused(refusal) => WriteError::Refused(OpenRefusal::Schema(refusal)),
        WriteError::Conflict => WriteError::Conflict,
        WriteError::Unavailable(why) => WriteError::Unavailable(why),
        WriteError::CommitUnknown(why) => WriteError::CommitUnknown(why),
        WriteError::Failed(error) => WriteError::Failed(error),
    })?;
    database.writer()?.write(|tx| claim_journal(tx, kiosk, now))?;
    Ok(database)
}

fn claim_journal(tx: &mut WriteTx<'_>, kiosk: u32, now: Timestamp) -> Result<(), Stop<OpenRefusal>> {
    let sql = "insert into kiosk (one, number, next_note) values (1, $1, $2) on conflict (one) do nothing";
    tx.execute(sql, &[kiosk.into(), now.seconds().into()])?;
    let found = kiosk_number(tx)?;
    if found == kiosk {
        return Ok(());
    }
    Err(Stop::Refused(OpenRefusal::OtherKiosk { found, wanted: kiosk }))
}

fn kiosk_number(tx: &mut WriteTx<'_>) -> Result<u32, DbError> {
    let number = tx.query_first("select number from kiosk", &[], |fields| fields.int())?;
    let number = number.ok_or_else(|| DbError::Damaged("the journal is nobody's".to_owned()))?;
    u32::try_from(number).map_err(|_| DbError::Damaged(format!("{number} is no kiosk's number")))
}

#[cfg(test)]
mod tests;
