use ringup_core::books::Changes;
use ringup_core::id::Node;
use ringup_core::ledger::Entry;
use ringup_core::time::Timestamp;

use crate::account::{ACCOUNT, push_account, push_account_update};
use crate::card::{CARD, push_card_update, push_new_card};
use crate::error::DbError;
use crate::event::{EVENT, push_event};
use crate::grant::{GRANT, push_grant, push_grant_update};
use crate::idempotency_key::{KEY, push_key};
use crate::job::{JOB, push_job};
use crate::journal::{self, ENTRY, SealPlace, push_entry, seal::write_seal};
use crate::payment::{PAYMENT, push_payment, push_payment_update};
use crate::refund::{REFUND, push_refund, push_refund_update};
use crate::review_case::{CASE, push_case};
use crate::seam::{Value, WriteTx};
use crate::top_up::{TOP_UP, push_top_up, push_top_up_update};

/// Saves what a batch did: rows that are new, rows that changed (each guarded by the version it was loaded with), and the
/// journal entries under the node's next seal.
///
/// # Errors
/// [`DbError::Conflict`] when somebody else wrote one of the rows: run the batch again, from the load on.
/// [`DbError::Broken`] when a rule of the database would be broken, such as a provider's transaction number that is
/// another payment's. The transaction cannot be committed then.
pub fn save(tx: &mut WriteTx<'_>, node: Node, changes: &Changes, now: Timestamp) -> Result<(), DbError> {
    save_top_ups(tx, changes)?;
    save_cards(tx, changes)?;
    save_accounts(tx, changes)?;
    save_entries(tx, node, &changes.entries, now)?;
    KEY.insert_all(tx, rows(&changes.new_keys, |out, (key, used)| push_key(out, key, used)))?;
    EVENT.insert_all(tx, rows(&changes.events, push_event))?;
    JOB.insert_all(tx, rows(&changes.jobs, push_job))?;
    CASE.insert_all(tx, rows(&changes.cases, push_case))
}

fn save_top_ups(tx: &mut WriteTx<'_>, changes: &Changes) -> Result<(), DbError> {
    let mut new_top_ups = Vec::new();
    for top_up in &changes.new_top_ups {
        push_top_up(&mut new_top_ups, top_up)?;
    }
    TOP_UP.insert_all(tx, new_top_ups)?;
    TOP_UP.update_all(tx, rows(&changes.top_ups, |out, update| push_top_up_update(out, &update.was, &update.now)))?;
    PAYMENT.insert_all(tx, rows(&changes.new_payments, push_payment))?;
    PAYMENT
        .update_all(tx, rows(&changes.payments, |out, update| push_payment_update(out, &update.was, &update.now)))?;
    REFUND.insert_all(tx, rows(&changes.new_refunds, push_refund))?;
    REFUND.update_all(tx, rows(&changes.refunds, |out, update| push_refund_update(out, &update.was, &update.now)))
}

fn save_cards(tx: &mut WriteTx<'_>, changes: &Changes) -> Result<(), DbError> {
    CARD.insert_all(tx, rows(&changes.new_cards, |out, (card, pin)| push_new_card(out, card, pin)))?;
    CARD.update_all(tx, rows(&changes.cards, |out, update| push_card_update(out, &update.was, &update.now)))?;
    GRANT.insert_all(tx, rows(&changes.new_grants, push_grant))?;
    GRANT.update_all(tx, rows(&changes.grants, |out, update| push_grant_update(out, &update.was, &update.now)))
}

fn save_accounts(tx: &mut WriteTx<'_>, changes: &Changes) -> Result<(), DbError> {
    ACCOUNT.insert_all(tx, rows(&changes.new_accounts, push_account))?;
    ACCOUNT.update_all(tx, rows(&changes.accounts, |out, update| push_account_update(out, &update.was, &update.now)))
}

fn save_entries(tx: &mut WriteTx<'_>, node: Node, entries: &[Entry], now: Timestamp) -> Result<(), DbError> {
    if entries.is_empty() {
        return Ok(());
    }
    let number = write_seal(tx, node, entries, now)?;
    let mut packed = Vec::new();
    let mut ends = Vec::with_capacity(entries.len());
    for entry in entries {
        journal::pack(&mut packed, &entry.postings);
        ends.push(packed.len());
    }
    let mut values = Vec::with_capacity(entries.len().saturating_mul(14));
    let mut start = 0;
    for ((line, entry), end) in (0_u64..).zip(entries).zip(ends) {
        let postings = packed.get(start..end).unwrap_or_default();
        push_entry(&mut values, entry, postings, SealPlace { node: node.number(), number, line });
        start = end;
    }
    ENTRY.insert_all(tx, values)
}

/// The parameters of many rows.
fn rows<'a, T>(items: &'a [T], push: impl Fn(&mut Vec<Value<'a>>, &'a T)) -> Vec<Value<'a>> {
    let mut values = Vec::new();
    for item in items {
        push(&mut values, item);
    }
    values
}
