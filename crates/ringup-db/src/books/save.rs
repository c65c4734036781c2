use ringup_core::books::Changes;
use ringup_core::ledger::Entry;
use ringup_core::payment::{Payment, PaymentState};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

use crate::account::{ACCOUNT, push_account, push_account_update};
use crate::capture::{CAPTURE, push_capture, push_capture_update};
use crate::card::{CARD, push_card_update, push_new_card};
use crate::dialect::write_together;
use crate::error::DbError;
use crate::event::{EVENT, push_event};
use crate::grant::{GRANT, push_grant, push_grant_update};
use crate::idempotency_key::{KEY, push_key};
use crate::job::{JOB, push_job};
use crate::journal::{self, ENTRY, SealPlace, push_entry, seal::write_seal};
use crate::payment::{PAYMENT, push_payment, push_payment_update};
use crate::purse::{PURSE, push_purse, push_purse_update};
use crate::refund::{REFUND, push_refund, push_refund_update};
use crate::review_case::{CASE, push_case};
use crate::seam::{Value, WriteTx};
use crate::top_up::{TOP_UP, push_top_up, push_top_up_update};

/// Saves what a batch did: rows that are new, rows that changed (each guarded by the version it was loaded with), and the
/// journal entries under the next seal of the lane's house.
///
/// # Errors
/// [`DbError::Conflict`] when somebody else wrote one of the rows: run the batch again, from the load on.
/// [`DbError::Broken`] when a rule of the database would be broken, such as a provider's transaction number that is
/// another payment's. The transaction cannot be committed then.
pub fn save(tx: &mut WriteTx<'_>, house: Shard, changes: &Changes, now: Timestamp) -> Result<(), DbError> {
    let mut new_top_ups = Vec::new();
    for top_up in &changes.new_top_ups {
        push_top_up(&mut new_top_ups, top_up)?;
    }
    let packed = Packed::of(&changes.entries);
    let entries = seal_entries(tx, house, (&changes.entries, &packed), now)?;
    // A payment's own row is not written any more once it has been captured.
    let is_captured = |payment: &Payment| matches!(payment.state, PaymentState::Captured(_));
    let (captured, others) = changes.payments.iter().partition::<Vec<_>, _>(|update| is_captured(&update.was));
    let (newly, open) = others.into_iter().partition::<Vec<_>, _>(|update| is_captured(&update.now));
    let new_captures = newly.into_iter().map(|update| &update.now).chain(&changes.new_payments);
    let updates = [
        TOP_UP.updated(rows(&changes.top_ups, |out, update| push_top_up_update(out, &update.was, &update.now))),
        PAYMENT.updated(rows(open, |out, update| push_payment_update(out, &update.was, &update.now))),
        CAPTURE.updated(rows(captured, |out, update| push_capture_update(out, &update.was, &update.now))),
        REFUND.updated(rows(&changes.refunds, |out, update| push_refund_update(out, &update.was, &update.now))),
        CARD.updated(rows(&changes.cards, |out, update| push_card_update(out, &update.was, &update.now))),
        GRANT.updated(rows(&changes.grants, |out, update| push_grant_update(out, &update.was, &update.now))),
        PURSE.updated(rows(&changes.purses, |out, update| push_purse_update(out, &update.was, &update.now))),
        ACCOUNT.updated(rows(&changes.accounts, |out, update| push_account_update(out, &update.was, &update.now))),
    ];
    let inserts = [
        TOP_UP.inserted(new_top_ups),
        PAYMENT.inserted(rows(&changes.new_payments, push_payment)),
        CAPTURE.inserted(rows(new_captures, push_capture)),
        REFUND.inserted(rows(&changes.new_refunds, push_refund)),
        CARD.inserted(rows(&changes.new_cards, |out, (card, pin)| push_new_card(out, card, pin))),
        GRANT.inserted(rows(&changes.new_grants, push_grant)),
        PURSE.inserted(rows(&changes.new_purses, push_purse)),
        ACCOUNT.inserted(rows(&changes.new_accounts, push_account)),
        ENTRY.inserted(entries),
        KEY.inserted(rows(&changes.new_keys, |out, (key, used)| push_key(out, key, used))),
        EVENT.inserted(rows(&changes.events, push_event)),
        JOB.inserted(rows(&changes.jobs, push_job)),
        CASE.inserted(rows(&changes.cases, push_case)),
    ];
    write_together(tx, updates.into_iter().chain(inserts).collect())
}

/// The postings of entries, packed one behind the other.
struct Packed {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Packed {
    fn of(entries: &[Entry]) -> Self {
        let mut packed = Self { bytes: Vec::new(), ends: Vec::with_capacity(entries.len()) };
        for entry in entries {
            journal::pack(&mut packed.bytes, &entry.postings);
            packed.ends.push(packed.bytes.len());
        }
        packed
    }
}

/// Puts the entries under the next seal of the lane's house; answers their rows.
fn seal_entries<'a>(
    tx: &mut WriteTx<'_>,
    house: Shard,
    (entries, packed): (&'a [Entry], &'a Packed),
    now: Timestamp,
) -> Result<Vec<Value<'a>>, DbError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let number = write_seal(tx, house, entries, now)?;
    let mut values = Vec::with_capacity(entries.len().saturating_mul(16));
    let mut start = 0;
    for ((line, entry), end) in (0_u64..).zip(entries).zip(&packed.ends) {
        let postings = packed.bytes.get(start..*end).unwrap_or_default();
        push_entry(&mut values, entry, postings, SealPlace { house, number, line });
        start = *end;
    }
    Ok(values)
}

/// The parameters of many rows.
fn rows<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    push: impl Fn(&mut Vec<Value<'a>>, &'a T),
) -> Vec<Value<'a>> {
    let mut values = Vec::new();
    for item in items {
        push(&mut values, item);
    }
    values
}
