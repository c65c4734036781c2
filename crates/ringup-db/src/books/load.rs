use std::collections::BTreeSet;

use ringup_core::apply::Touches;
use ringup_core::books::Books;
use ringup_core::card::CardNumber;
use ringup_core::id::{GrantId, PaymentId, RefundId, TopUpId};
use ringup_core::product::ProductId;
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

use crate::account::{ACCOUNTS_OF_OWNER, read_account};
use crate::card::{self, CARD_BY_NUMBER, read_card};
use crate::dialect::locks_rows;
use crate::error::DbError;
use crate::grant::{GRANT_BY_ID, OPEN_GRANTS_OF_CARD, read_grant};
use crate::idempotency_key::{KEY_BY_HASH, read_key};
use crate::payment::{PAYMENT_BY_ID, PAYMENTS_OF_TOP_UP, read_payment};
use crate::product::{PRODUCT_BY_ID, read_product};
use crate::refund::{REFUND_BY_ID, REFUNDS_OF_TOP_UP, read_refund};
use crate::seam::{Value, WriteTx};
use crate::top_up::{TOP_UP_BY_ID, read_top_up};

/// Loads the rows that commands with these keys need, and everything that hangs on them.
///
/// What hangs on them is said at [`Touches`]; besides, the top-up that a used idempotency key led to. On PostgreSQL the cards, and
/// after them the accounts, are locked in the order of their keys: a card's lock covers its top-ups, payments,
/// refunds and bonuses, because everything that is done to them is done through their card.
///
/// # Errors
/// What the database says; [`DbError::Damaged`] when a row cannot be read.
pub fn load(tx: &mut WriteTx<'_>, touches: &Touches, now: Timestamp) -> Result<Books, DbError> {
    let mut wanted = Wanted::default();
    wanted.note(touches);
    let mut books = Books::default();
    load_keys(tx, touches, &mut wanted, &mut books)?;
    find_top_ups(tx, &mut wanted)?;
    // Which card a top-up is for never changes, so it may be read before the card is locked. On SQLite nothing else can
    // change it either, and this reading is the only one.
    load_top_ups(tx, &mut wanted, &mut books)?;
    load_cards(tx, &mut wanted, &mut books)?;
    if locks_rows(tx) {
        if touches.keys.iter().any(|key| books.key(*key).is_none()) {
            // Another server may have used it while this one waited for the card. It leads to a top-up, so it comes first.
            load_keys(tx, touches, &mut wanted, &mut books)?;
        }
        load_top_ups(tx, &mut wanted, &mut books)?;
    }
    load_attempts(tx, &mut wanted, &mut books)?;
    load_grants(tx, &mut wanted, &mut books)?;
    load_products(tx, &wanted, &mut books)?;
    load_accounts(tx, &wanted, &mut books, now)?;
    Ok(books)
}

/// The keys that are known so far, each once and in order.
#[derive(Default)]
struct Wanted {
    cards: BTreeSet<CardNumber>,
    top_ups: BTreeSet<TopUpId>,
    payments: BTreeSet<PaymentId>,
    refunds: BTreeSet<RefundId>,
    grants: BTreeSet<GrantId>,
    products: BTreeSet<ProductId>,
    /// Whose accounts: payments, cards and bonuses, each with its shard.
    owners: BTreeSet<(Shard, u64)>,
}

impl Wanted {
    fn note(&mut self, touches: &Touches) {
        self.cards.extend(&touches.cards);
        self.top_ups.extend(&touches.top_ups);
        self.payments.extend(&touches.payments);
        self.refunds.extend(&touches.refunds);
        self.grants.extend(&touches.grants);
        self.products.extend(&touches.products);
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

/// The top-ups of payments and refunds, and the cards of bonuses.
fn find_top_ups(tx: &mut WriteTx<'_>, wanted: &mut Wanted) -> Result<(), DbError> {
    let payments = wanted.payments.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    PAYMENT_BY_ID.find_all(tx, payments, &mut |fields| {
        wanted.top_ups.insert(read_payment(fields)?.top_up);
        Ok(())
    })?;
    let refunds = wanted.refunds.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    REFUND_BY_ID.find_all(tx, refunds, &mut |fields| {
        wanted.top_ups.insert(read_refund(fields)?.top_up);
        Ok(())
    })?;
    let grants = wanted.grants.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    GRANT_BY_ID.find_all(tx, grants, &mut |fields| {
        wanted.cards.insert(read_grant(fields)?.card);
        Ok(())
    })
}

fn load_top_ups(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let params = wanted.top_ups.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    TOP_UP_BY_ID.find_all(tx, params, &mut |fields| {
        let top_up = read_top_up(fields)?;
        wanted.cards.insert(top_up.card());
        wanted.grants.extend(top_up.given.grant);
        books.load_top_up(top_up);
        Ok(())
    })
}

fn load_cards(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let params = in_row_order(wanted.cards.iter().map(|number| (Shard::of_card(*number), card::key(*number))));
    CARD_BY_NUMBER.lock_all(tx, params, &mut |fields| {
        let card = read_card(fields)?;
        wanted.products.insert(card.product);
        wanted.owners.insert((Shard::of_card(card.number), card.number.as_u64()));
        books.load_card(card);
        Ok(())
    })
}

/// All payments and refunds of the top-ups.
fn load_attempts(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let params: Vec<Value<'_>> = wanted.top_ups.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    PAYMENTS_OF_TOP_UP.find_all(tx, params.clone(), &mut |fields| {
        let payment = read_payment(fields)?;
        wanted.owners.insert((payment.id.shard(), payment.id.as_u64()));
        books.load_payment(payment);
        Ok(())
    })?;
    REFUNDS_OF_TOP_UP.find_all(tx, params, &mut |fields| {
        books.load_refund(read_refund(fields)?);
        Ok(())
    })
}

/// The bonuses that were named, ended or not, and those of the cards that have not ended.
fn load_grants(tx: &mut WriteTx<'_>, wanted: &mut Wanted, books: &mut Books) -> Result<(), DbError> {
    let Wanted { cards, grants, owners, .. } = wanted;
    let mut load = |fields: &mut crate::seam::Fields<'_>| {
        let grant = read_grant(fields)?;
        owners.insert((grant.id.shard(), grant.id.as_u64()));
        books.load_grant(grant);
        Ok(())
    };
    let named = grants.iter().flat_map(|id| by_id(id.shard(), id.as_u64())).collect();
    GRANT_BY_ID.find_all(tx, named, &mut load)?;
    let cards = in_row_order(cards.iter().map(|number| (Shard::of_card(*number), card::key(*number))));
    OPEN_GRANTS_OF_CARD.find_all(tx, cards, &mut load)
}

fn load_products(tx: &mut WriteTx<'_>, wanted: &Wanted, books: &mut Books) -> Result<(), DbError> {
    let params = wanted.products.iter().map(|id| id.0.into()).collect();
    PRODUCT_BY_ID.find_all(tx, params, &mut |fields| {
        books.load_product(read_product(fields)?);
        Ok(())
    })
}

/// The accounts of everything that was loaded, and those of the day in each of their shards.
fn load_accounts(tx: &mut WriteTx<'_>, wanted: &Wanted, books: &mut Books, now: Timestamp) -> Result<(), DbError> {
    let mut owners = wanted.owners.clone();
    let day = u64::try_from(now.china_day()).unwrap_or(0);
    let shards: BTreeSet<Shard> = wanted.cards.iter().map(|number| Shard::of_card(*number)).collect();
    owners.extend(shards.into_iter().map(|shard| (shard, day)));
    let params = owners.iter().flat_map(|(shard, owner)| by_id(*shard, *owner)).collect();
    ACCOUNTS_OF_OWNER.lock_all(tx, params, &mut |fields| {
        books.load_account(read_account(fields)?);
        Ok(())
    })
}

fn by_id(shard: Shard, id: u64) -> [Value<'static>; 2] {
    [shard.0.into(), id.into()]
}

/// Keys in the order of their rows, so that neighbours are read one after the other.
fn in_row_order<const N: usize>(keys: impl Iterator<Item = (Shard, [Value<'static>; N])>) -> Vec<Value<'static>> {
    let mut keys: Vec<_> = keys.collect();
    keys.sort_by_key(|(shard, _)| *shard);
    keys.into_iter().flat_map(|(_, key)| key).collect()
}
