use std::collections::BTreeSet;

use ringup_core::apply::Touches;
use ringup_core::books::Books;
use ringup_core::card::CardNumber;
use ringup_core::id::{CaptureId, GrantId, PaymentId, PurseId, RefundId, TopUpId};
use ringup_core::product::ProductId;
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUp;

use crate::account::{ACCOUNTS_OF_OWNER, read_account};
use crate::capture::{CAPTURE_BY_ID, read_capture};
use crate::card::{self, CARD_BY_NUMBER, read_card};
use crate::dialect::locks_rows;
use crate::error::DbError;
use crate::grant::{GRANT_BY_ID, OPEN_GRANTS_OF_CARD, read_grant};
use crate::idempotency_key::{KEY_BY_HASH, read_key};
use crate::payment::{PAYMENT_BY_ID, PAYMENT_PATH, read_payment};
use crate::product::{PRODUCT_BY_ID, read_product};
use crate::purse::{PURSE_BY_ID, read_purse};
use crate::refund::{REFUND_BY_ID, read_refund};
use crate::seam::{Value, WriteTx};
use crate::top_up::{TOP_UP_BY_ID, read_top_up};

/// Loads the rows that commands with these keys need, and everything that hangs on them.
///
/// What hangs on them is said at [`Touches`]; besides, the top-up that a used idempotency key led to. Nothing is locked: each
/// row is saved only with the version it was loaded with, and what a command decides by rows that it does not write, it
/// decides under the version of a row that it writes. `house` is where this server keeps the issuer's own accounts.
///
/// # Errors
/// What the database says; [`DbError::Damaged`] when a row cannot be read.
pub fn load(tx: &mut WriteTx<'_>, touches: &Touches, house: Shard, now: Timestamp) -> Result<Books, DbError> {
    let mut wanted = Wanted::of(touches);
    let mut books = Books::default();
    load_keys(tx, touches, &mut wanted, &mut books)?;
    load_named(tx, &mut wanted, &mut books)?;
    load_top_ups(tx, &mut wanted, &mut books)?;
    load_chained_payments(tx, &mut wanted, &mut books)?;
    load_chained_captures(tx, &mut wanted, &mut books)?;
    load_chained_refunds(tx, &mut wanted, &mut books)?;
    load_purses(tx, touches, &mut wanted, &mut books)?;
    load_cards(tx, &mut wanted, &mut books)?;
    load_grants(tx, touches, &mut wanted, &mut books)?;
    load_products(tx, &wanted, &mut books)?;
    load_accounts(tx, &wanted, &mut books, (house, now))?;
    Ok(books)
}

/// The same with the cards and purses locked until the transaction ends, each in the order of their numbers: for a batch that has met other
/// writers, who then wait for it instead of coming before it again.
///
/// # Errors
/// As [`load`].
pub fn load_locked(tx: &mut WriteTx<'_>, touches: &Touches, house: Shard, now: Timestamp) -> Result<Books, DbError> {
    let books = load(tx, touches, house, now)?;
    if !locks_rows(tx) {
        return Ok(books);
    }
    let cards = books.cards().flat_map(card::key).collect();
    CARD_BY_NUMBER.lock_all(tx, cards, &mut |_| Ok(()))?;
    let purses = books.purses().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    PURSE_BY_ID.lock_all(tx, purses, &mut |_| Ok(()))?;
    // What was read before the lock may be older than what its last holder wrote.
    load(tx, touches, house, now)
}

/// The keys that are known so far, each once and in order.
#[derive(Default)]
struct Wanted {
    cards: BTreeSet<CardNumber>,
    top_ups: BTreeSet<TopUpId>,
    payments: BTreeSet<PaymentId>,
    captures: BTreeSet<CaptureId>,
    refunds: BTreeSet<RefundId>,
    grants: BTreeSet<GrantId>,
    purses: BTreeSet<PurseId>,
    products: BTreeSet<ProductId>,
    /// Payments and purses that have accounts with rows of their own.
    owners: BTreeSet<(Shard, u64)>,
}

impl Wanted {
    fn of(touches: &Touches) -> Self {
        Self {
            cards: touches.cards.iter().copied().collect(),
            top_ups: touches.top_ups.iter().copied().collect(),
            payments: touches.payments.iter().copied().collect(),
            captures: BTreeSet::new(),
            refunds: touches.refunds.iter().copied().collect(),
            grants: touches.grants.iter().copied().collect(),
            purses: touches.purses.iter().copied().collect(),
            products: touches.products.iter().copied().collect(),
            owners: touches.purses.iter().map(|id| (id.shard(), id.as_u64())).collect(),
        }
    }

    /// Whatever hangs on a top-up and is not in the books yet.
    fn note_top_up(&mut self, top_up: &TopUp, books: &Books) {
        self.top_ups.insert(top_up.id);
        self.cards.insert(top_up.card());
        self.payments.extend(top_up.newest.payment.filter(|id| books.payment(*id).is_none()));
        self.captures.extend(top_up.newest.capture);
        self.refunds.extend(top_up.newest.refund.filter(|id| books.refund(*id).is_none()));
        self.grants.extend(top_up.given.grant.filter(|id| books.grant(*id).is_none()));
        self.purses.extend(top_up.sale.map(|sale| sale.purse));
    }
}

fn load_keys(tx: &mut WriteTx<'_>, touches: &Touches, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let keys: BTreeSet<_> = touches.keys.iter().collect();
    let params = keys.iter().flat_map(|key| [key.shard().0.into(), key.0.as_slice().into()]).collect();
    KEY_BY_HASH.find_all(tx, params, &mut |fields| {
        let (key, used) = read_key(fields)?;
        books.load_key(key, used);
        // What came of it may be a payment, a refund or a caller's own number: then there is no such top-up.
        wanted.top_ups.insert(TopUpId::from_u64(used.result));
        Ok(())
    })
}

/// Payments that were named, each with its top-up and its card: the way of every credit, in one statement.
fn load_paths(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let payments = std::mem::take(&mut wanted.payments);
    let params = payments.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    PAYMENT_PATH.find_all(tx, params, &mut |fields| {
        let (payment, top_up, card) = (read_payment(fields)?, read_top_up(fields)?, read_card(fields)?);
        wanted.products.insert(card.product);
        books.load_payment(payment);
        wanted.note_top_up(&top_up, books);
        books.load_top_up(top_up);
        books.load_card(card);
        Ok(())
    })
}

/// The payments, refunds and bonuses that were named, which lead to their top-ups and cards.
fn load_named(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    load_paths(tx, wanted, books)?;
    let refunds = std::mem::take(&mut wanted.refunds);
    load_refunds(tx, &refunds, &mut |refund| {
        wanted.top_ups.insert(refund.top_up);
        books.load_refund(refund);
    })?;
    let grants = std::mem::take(&mut wanted.grants);
    load_grants_by_id(tx, &grants, &mut |grant| {
        wanted.cards.insert(grant.card);
        books.load_grant(grant);
    })
}

fn load_top_ups(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let rest = wanted.top_ups.iter().filter(|id| books.top_up(**id).is_none());
    let params = rest.flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    TOP_UP_BY_ID.find_all(tx, params, &mut |fields| {
        let top_up = read_top_up(fields)?;
        wanted.note_top_up(&top_up, books);
        books.load_top_up(top_up);
        Ok(())
    })?;
    // A payment or refund that was named itself is no end of its chain.
    for id in wanted.top_ups.clone() {
        let before: Vec<PaymentId> = books.payments_of(id).filter_map(|payment| payment.previous).collect();
        wanted.payments.extend(before.into_iter().filter(|id| books.payment(*id).is_none()));
        let before: Vec<RefundId> = books.refunds_of(id).filter_map(|refund| refund.previous).collect();
        wanted.refunds.extend(before.into_iter().filter(|id| books.refund(*id).is_none()));
    }
    Ok(())
}

/// All payments of the top-ups, from the newest back: almost always one.
fn load_chained_payments(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    while !wanted.payments.is_empty() {
        let payments = std::mem::take(&mut wanted.payments);
        load_payments(tx, &payments, &mut |payment| {
            wanted.payments.extend(payment.previous.filter(|id| books.payment(*id).is_none()));
            books.load_payment(payment);
        })?;
    }
    Ok(())
}

/// What came of the payments: all captures of the top-ups, from the newest back.
fn load_chained_captures(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let mut seen = BTreeSet::new();
    while !wanted.captures.is_empty() {
        let captures = std::mem::take(&mut wanted.captures);
        let params = captures.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
        seen.extend(captures);
        CAPTURE_BY_ID.find_all(tx, params, &mut |fields| {
            let row = read_capture(fields)?;
            wanted.captures.extend(row.capture.previous.filter(|id| !seen.contains(id)));
            let payment = books.payment(row.payment).cloned();
            let payment =
                payment.ok_or_else(|| DbError::Damaged(format!("{} was captured, and is not there", row.payment)))?;
            books.load_payment(row.of(payment));
            Ok(())
        })?;
    }
    Ok(())
}

/// All refunds of the top-ups, from the newest back: almost always none.
fn load_chained_refunds(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    while !wanted.refunds.is_empty() {
        let refunds = std::mem::take(&mut wanted.refunds);
        load_refunds(tx, &refunds, &mut |refund| {
            wanted.refunds.extend(refund.previous.filter(|id| books.refund(*id).is_none()));
            books.load_refund(refund);
        })?;
    }
    for id in &wanted.top_ups {
        if books.refunds_of(*id).next().is_some() {
            wanted.owners.extend(books.payments_of(*id).map(|payment| (payment.id.shard(), payment.id.as_u64())));
        }
    }
    Ok(())
}

/// The purses that were named, those that sold the top-ups or have their money, and those they are emptied into.
fn load_purses(tx: &mut WriteTx<'_>, touches: &Touches, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    if wanted.purses.is_empty() && touches.purses.is_empty() {
        return Ok(());
    }
    for id in &wanted.top_ups {
        wanted.purses.extend(books.payments_of(*id).filter_map(|payment| payment.tender.purse()));
    }
    while !wanted.purses.is_empty() {
        let purses = std::mem::take(&mut wanted.purses);
        let params = purses.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
        PURSE_BY_ID.find_all(tx, params, &mut |fields| {
            let purse = read_purse(fields)?;
            wanted.purses.extend(purse.parent);
            books.load_purse(purse);
            Ok(())
        })?;
        wanted.purses.retain(|id| books.purse(*id).is_none());
    }
    Ok(())
}

fn load_payments(
    tx: &mut WriteTx<'_>,
    ids: &BTreeSet<PaymentId>,
    each: &mut dyn FnMut(ringup_core::payment::Payment),
) -> Result<(), DbError> {
    let params = ids.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    PAYMENT_BY_ID.find_all(tx, params, &mut |fields| read_payment(fields).map(&mut *each))
}

fn load_refunds(
    tx: &mut WriteTx<'_>,
    ids: &BTreeSet<RefundId>,
    each: &mut dyn FnMut(ringup_core::refund::Refund),
) -> Result<(), DbError> {
    let params = ids.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    REFUND_BY_ID.find_all(tx, params, &mut |fields| read_refund(fields).map(&mut *each))
}

fn load_grants_by_id(
    tx: &mut WriteTx<'_>,
    ids: &BTreeSet<GrantId>,
    each: &mut dyn FnMut(ringup_core::top_up::Grant),
) -> Result<(), DbError> {
    let params = ids.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    GRANT_BY_ID.find_all(tx, params, &mut |fields| read_grant(fields).map(&mut *each))
}

fn load_cards(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let rest = wanted.cards.iter().copied().filter(|card| books.card(*card).is_none());
    let params = rest.flat_map(card::key).collect();
    CARD_BY_NUMBER.find_all(tx, params, &mut |fields| {
        let card = read_card(fields)?;
        wanted.products.insert(card.product);
        books.load_card(card);
        Ok(())
    })
}

/// The bonuses that the top-ups gave, ended or not, and those of the spending cards that have not ended.
fn load_grants(tx: &mut WriteTx<'_>, touches: &Touches, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    load_grants_by_id(tx, &wanted.grants, &mut |grant| books.load_grant(grant))?;
    let spending: BTreeSet<CardNumber> = touches.spending.iter().copied().collect();
    OPEN_GRANTS_OF_CARD.find_all(tx, spending.into_iter().flat_map(card::key).collect(), &mut |fields| {
        books.load_grant(read_grant(fields)?);
        Ok(())
    })
}

fn load_products(tx: &mut WriteTx<'_>, wanted: &Wanted, books: &mut Books) -> Result<(), DbError> {
    let params = wanted.products.iter().map(|id| id.0.into()).collect();
    PRODUCT_BY_ID.find_all(tx, params, &mut |fields| {
        books.load_product(read_product(fields)?);
        Ok(())
    })
}

/// The accounts of payments that are owed back, and the issuer's own of the day.
fn load_accounts(
    tx: &mut WriteTx<'_>,
    wanted: &Wanted,
    books: &mut Books,
    (house, now): (Shard, Timestamp),
) -> Result<(), DbError> {
    let day = u64::try_from(now.china_day()).unwrap_or(0);
    let owners = wanted.owners.iter().copied().chain([(house, day)]);
    let params = owners.flat_map(|(shard, owner)| by_id(shard, owner)).collect();
    ACCOUNTS_OF_OWNER.find_all(tx, params, &mut |fields| {
        books.load_account(read_account(fields)?);
        Ok(())
    })
}

fn by_id(shard: Shard, id: u64) -> [Value<'static>; 2] {
    [shard.0.into(), id.into()]
}
