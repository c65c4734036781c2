//! That buyers showed who they were: no more than what proves that they did.

use ringup_core::card::CardNumber;
use ringup_core::id::{ClerkId, IdentityCheckId, PlaceId};
use ringup_core::time::Timestamp;

use crate::dialect::{Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Query as _, Read, Value, WriteTx};

static CHECK: Table = Table::new(
    "identity_check",
    &[int("id")],
    &[
        int("card_number"),
        int("place_id"),
        text("document"),
        text("last_four"),
        blob("number_hash"),
        int("checked_by"),
        int("checked_at"),
    ],
    &[],
);

/// That a buyer showed who he is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityCheck {
    /// Its id.
    pub id: IdentityCheckId,
    /// For which card.
    pub card: CardNumber,
    /// At which store.
    pub place: PlaceId,
    /// What kind of document he showed.
    pub document: String,
    /// The last four characters of its number.
    pub last_four: String,
    /// The keyed hash of the whole number.
    pub number_hash: [u8; 16],
    /// Who looked at it.
    pub checked_by: ClerkId,
    /// When.
    pub checked_at: Timestamp,
}

/// Writes down a check.
///
/// # Errors
/// What the database says.
pub fn insert_identity_check(tx: &mut WriteTx<'_>, check: &IdentityCheck) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        check.id.as_u64().into(),
        check.card.as_u64().into(),
        check.place.as_u64().into(),
        check.document.as_str().into(),
        check.last_four.as_str().into(),
        check.number_hash.as_slice().into(),
        check.checked_by.as_u64().into(),
        check.checked_at.into(),
    ];
    CHECK.insert_all(tx, values)
}

/// When somebody last showed who he is for a card, since a moment.
///
/// # Errors
/// What the database says.
pub fn last_identity_check(
    tx: &mut impl Read,
    card: CardNumber,
    since: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    let sql = "select checked_at from identity_check where card_number = $1 and checked_at >= $2
        order by checked_at desc
        limit 1";
    tx.query_first(sql, &[card.as_u64().into(), since.into()], |fields| fields.time())
}
