//! Notifications that were not as they should be, as they came: for staff, and for a dispute.

use ringup_core::id::NotificationId;
use ringup_core::payment::Provider;
use ringup_core::time::Timestamp;

use crate::column::coded;
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

/// How much of a body is kept, in bytes.
pub const BODY_MAX: usize = 16_384;

static NOTIFICATION: Table = Table::new(
    "notification",
    &[int("id")],
    &[int("provider"), int("received_at"), text("code"), text("reference"), blob("body")],
    &[],
);

static NOTIFICATIONS: Lookup = Lookup::new(&NOTIFICATION, &[], "true", "order by id desc limit $1");

/// A notification that was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddNotification {
    /// Its id.
    pub id: NotificationId,
    /// Whose it says it is.
    pub provider: Provider,
    /// When it came.
    pub received_at: Timestamp,
    /// What was wrong with it: a stable word.
    pub code: String,
    /// Our reference, when it could be read.
    pub reference: Option<String>,
    /// Its body, the first [`BODY_MAX`] bytes.
    pub body: Vec<u8>,
}

/// Writes down a notification.
///
/// # Errors
/// What the database says.
pub fn insert_notification(tx: &mut WriteTx<'_>, notification: &OddNotification) -> Result<(), DbError> {
    let body = notification.body.get(..BODY_MAX).unwrap_or(&notification.body);
    let values: Vec<Value<'_>> = vec![
        notification.id.as_u64().into(),
        notification.provider.code().into(),
        notification.received_at.into(),
        notification.code.as_str().into(),
        notification.reference.as_deref().into(),
        body.into(),
    ];
    NOTIFICATION.insert_all(tx, values)
}

/// The latest notifications that were written down, the newest first.
///
/// # Errors
/// What the database says.
pub fn recent_notifications(tx: &mut impl Read, limit: u32) -> Result<Vec<OddNotification>, DbError> {
    NOTIFICATIONS.find(tx, &[limit.into()], |fields: &mut Fields<'_>| {
        Ok(OddNotification {
            id: NotificationId::from_u64(fields.bits()?),
            provider: coded(fields, Provider::from_code)?,
            received_at: fields.time()?,
            code: fields.text()?.to_owned(),
            reference: fields.opt_text()?.map(str::to_owned),
            body: fields.blob()?.to_vec(),
        })
    })
}

#[cfg(test)]
mod tests;
