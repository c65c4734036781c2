//! Cards.

mod sight;

pub use sight::{CardSight, look_at_cards};

use ringup_core::books::PinHash;
use ringup_core::card::{Card, CardNumber, CardState, LastCredit};
use ringup_core::id::{BatchId, EntryId, TopUpId};
use ringup_core::ledger::{ChainHead, EntryHash};
use ringup_core::product::ProductId;
use ringup_core::shard::Shard;

use crate::column::{self, needed};
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

pub(crate) static CARD: Table = Table::new(
    "card",
    &[int("shard"), int("number")],
    &[int("product_id"), int("batch_id"), blob("pin_hash")],
    &[
        text("state"),
        int("expires_at"),
        int("main_minor"),
        text("main_unit"),
        int("main_version"),
        int("last_credit_top_up_id"),
        int("last_credit_minor"),
        text("last_credit_unit"),
        int("last_credit_at"),
        int("chain_entry_id"),
        int("chain_length"),
        blob("chain_hash"),
        blob("room"),
        int("version"),
    ],
);

pub(crate) static CARD_BY_NUMBER: Lookup = Lookup::new(&CARD, &[int("shard"), int("number")], "", "");

/// A card.
///
/// # Errors
/// What the database says.
pub fn find_card(tx: &mut impl Read, number: CardNumber) -> Result<Option<Card>, DbError> {
    CARD_BY_NUMBER.find_one(tx, &key(number), read_card)
}

/// The keyed hash of a card's PIN.
///
/// # Errors
/// What the database says.
pub fn find_pin(tx: &mut impl Read, number: CardNumber) -> Result<Option<PinHash>, DbError> {
    let sql = "select pin_hash from card where shard = $1 and number = $2";
    tx.query_first(sql, &key(number), |fields| Ok(PinHash(fields.bytes()?)))
}

/// A card that has been made and is not in the database yet.
#[derive(Clone, Copy, Debug)]
pub struct NewCard {
    /// Its number.
    pub number: CardNumber,
    /// The keyed hash of its PIN.
    pub pin: PinHash,
}

/// Inserts cards without money; answers the numbers that are taken already, whose cards were left as they are.
///
/// A million at once are written in a few seconds; in many small calls it takes longer, because the numbers have no order.
///
/// # Errors
/// What the database says.
pub fn insert_cards(
    tx: &mut WriteTx<'_>,
    cards: &[NewCard],
    product: ProductId,
    batch: BatchId,
    state: CardState,
) -> Result<Vec<CardNumber>, DbError> {
    // In the order of the rows, so that each page is written once.
    let mut ordered: Vec<NewCard> = cards.to_vec();
    ordered.sort_unstable_by_key(|card| card.number);
    let mut taken = Vec::new();
    for chunk in ordered.chunks(INSERTED_AT_ONCE) {
        let rows: Vec<Card> = chunk.iter().map(|card| without_money(card.number, product, batch, state)).collect();
        let mut values = Vec::with_capacity(chunk.len().saturating_mul(18));
        for (row, card) in rows.iter().zip(chunk) {
            push_new_card(&mut values, row, &card.pin);
        }
        let mut inserted = Vec::with_capacity(chunk.len());
        CARD.insert_new(tx, values, &mut |fields| {
            inserted.push(column::card_number(fields)?);
            Ok(())
        })?;
        if inserted.len() != chunk.len() {
            inserted.sort_unstable();
            // A number that was given twice is inserted once, and taken the second time.
            let mut inserted = inserted.into_iter().peekable();
            let mut numbers: Vec<CardNumber> = chunk.iter().map(|card| card.number).collect();
            numbers.sort_unstable();
            taken.extend(numbers.into_iter().filter(|number| inserted.next_if_eq(number).is_none()));
        }
    }
    Ok(taken)
}

const fn without_money(number: CardNumber, product: ProductId, batch: BatchId, state: CardState) -> Card {
    let chain = ChainHead::EMPTY;
    Card { number, product, batch, state, expires_at: None, main: None, last_credit: None, chain, version: 0 }
}

/// How many cards stand in memory as parameters at once.
const INSERTED_AT_ONCE: usize = 4_096;

pub(crate) fn key(number: CardNumber) -> [Value<'static>; 2] {
    [Shard::of_card(number).0.into(), number.as_u64().into()]
}

pub(crate) fn push_new_card<'a>(out: &mut Vec<Value<'a>>, card: &'a Card, pin: &'a PinHash) {
    out.extend(key(card.number));
    out.extend([card.product.0.into(), card.batch.as_u64().into(), pin.0.as_slice().into()]);
    push_changing(out, card, card.version);
}

pub(crate) fn push_card_update<'a>(out: &mut Vec<Value<'a>>, was: &Card, now: &'a Card) {
    out.extend(key(now.number));
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing<'a>(out: &mut Vec<Value<'a>>, card: &'a Card, version: u64) {
    let last = card.last_credit;
    let hash = (card.chain.length > 0).then_some(card.chain.hash.as_bytes().as_slice());
    out.extend([
        card.state.name().into(),
        card.expires_at.into(),
        card.main.map(|main| main.balance.minor()).into(),
        card.main.map(|main| main.unit.code()).into(),
        card.main.map(|main| main.version).into(),
        last.map(|last| last.top_up.as_u64()).into(),
        last.map(|last| last.amount.minor()).into(),
        last.map(|last| last.amount.unit().code()).into(),
        last.map(|last| last.credited_at).into(),
        card.chain.last.map(EntryId::as_u64).into(),
        card.chain.length.into(),
        hash.into(),
        column::room(room_for(card)),
        version.into(),
    ]);
}

/// A card's row grows with its first posting, by the account and the head of the chain, and with its first credit.
const fn room_for(card: &Card) -> usize {
    let unsold = if card.expires_at.is_none() { 8 } else { 0 };
    let without_posting = if card.main.is_none() { 2 + 3 + 1 + 8 + 1 + 32 } else { 0 };
    let without_credit = if card.last_credit.is_none() { 8 + 2 + 3 + 8 } else { 0 };
    unsold + without_posting + without_credit
}

pub(crate) fn read_card(fields: &mut Fields<'_>) -> Result<Card, DbError> {
    read_card_and_pin(fields).map(|(card, _)| card)
}

fn read_card_and_pin(fields: &mut Fields<'_>) -> Result<(Card, PinHash), DbError> {
    fields.int()?; // the shard follows from the number
    let number = column::card_number(fields)?;
    let product = ProductId(read_u32(fields)?);
    let batch = BatchId::from_u64(fields.bits()?);
    let pin = PinHash(fields.bytes()?);
    let state = fields.text()?;
    let state = needed(CardState::from_name(state), "a card's state")?;
    let expires_at = fields.opt_time()?;
    let main = column::holding_and_unit(fields)?;
    let last_top_up = fields.opt_bits()?.map(TopUpId::from_u64);
    let last_amount = column::opt_amount_and_unit(fields)?;
    let last_credit = match (last_top_up, last_amount, fields.opt_time()?) {
        (Some(top_up), Some(amount), Some(credited_at)) => Some(LastCredit { top_up, amount, credited_at }),
        _ => None,
    };
    let last = fields.opt_bits()?.map(EntryId::from_u64);
    let length = fields.count()?;
    let hash = match fields.opt_blob()? {
        Some(bytes) => {
            let bytes = bytes.try_into().map_err(|_| DbError::Damaged("a chain's hash".to_owned()))?;
            EntryHash::from_bytes(bytes)
        }
        None => EntryHash::NONE,
    };
    let chain = ChainHead { last, length, hash };
    fields.opt_blob()?; // the room
    let version = fields.count()?;
    Ok((Card { number, product, batch, state, expires_at, main, last_credit, chain, version }, pin))
}

pub(crate) fn read_u32(fields: &mut Fields<'_>) -> Result<u32, DbError> {
    let number = fields.int()?;
    u32::try_from(number).map_err(|_| DbError::Damaged(format!("{number} is too large")))
}

#[cfg(test)]
mod tests;
