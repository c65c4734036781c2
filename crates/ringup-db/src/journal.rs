//! The journal: entries with their postings, and the seals over them.

mod packed;
pub(crate) mod seal;

use ringup_core::card::CardNumber;
use ringup_core::id::{EntryId, PurseId};
use ringup_core::ledger::{AccountCode, Balance, Cause, Chain, Entry, EntryHash, EntryKind, Side};
use ringup_core::money::{Amount, Unit};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

use crate::account::read_shard;
use crate::card;
use crate::column::{coded, needed};
use crate::dialect::{Chained, Table, blob, int};
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, Value};
pub(crate) use packed::{pack, unpack};

pub(crate) static ENTRY: Table = Table::new(
    "journal_entry",
    &[int("shard"), int("id")],
    &[
        int("card_number"),
        int("purse_id"),
        int("position"),
        int("previous_id"),
        int("kind"),
        int("cause_kind"),
        int("cause_number"),
        int("effective_at"),
        int("recorded_at"),
        blob("postings"),
        blob("hash"),
        int("seal_house"),
        int("seal_number"),
        int("seal_line"),
    ],
    &[],
);

static CHAINS: Chained = Chained::new(&ENTRY);

/// Where an entry stands under its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPlace {
    /// The house of the lane that wrote it.
    pub house: Shard,
    /// The number of the seal.
    pub number: u64,
    /// Its place among the entries of that seal, from 0.
    pub line: u64,
}

/// One line of a card's history, for its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The journal entry.
    pub entry: EntryId,
    /// What it is about.
    pub kind: EntryKind,
    /// What caused it.
    pub cause: Cause,
    /// When it happened in the world.
    pub effective_at: Timestamp,
    /// What it did to the card's own money.
    pub main: Option<Movement>,
    /// What it did to the card's bonuses, bonus by bonus.
    pub bonuses: Vec<Movement>,
}

/// What an entry did to one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Whose account: the card's number, or the bonus's id.
    pub owner: u64,
    /// In which direction.
    pub direction: Direction,
    /// How much.
    pub amount: Amount,
    /// What the account held after it.
    pub after: Balance,
}

/// In which direction value moves, seen from the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// On the card.
    In,
    /// Off the card.
    Out,
}

impl Movement {
    /// In minor units, negative when it goes off the card.
    #[must_use]
    pub fn signed_minor(&self) -> i64 {
        match self.direction {
            Direction::In => self.amount.minor_signed(),
            Direction::Out => self.amount.minor_signed().saturating_neg(),
        }
    }

    /// In which unit.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.amount.unit()
    }
}

/// What moved on a card, the latest first: `limit` entries at most, from `from` on when that is given.
///
/// Entries that moved nothing on the card itself, such as a payment's capture, are left out, so that fewer may come
/// than `limit` although there are more: the next page begins with [`Page::next`].
///
/// # Errors
/// What the database says.
pub fn card_history(tx: &mut impl Read, card: CardNumber, from: Option<EntryId>, limit: u32) -> Result<Page, DbError> {
    let entries = entries_of(tx, Chain::Card(card), from, limit)?;
    let full = u32::try_from(entries.len()).is_ok_and(|count| count >= limit);
    let next = entries.last().and_then(|entry| entry.previous).filter(|_| full);
    let lines = entries.iter().map(history_line).filter(|line| line.main.is_some() || !line.bonuses.is_empty());
    Ok(Page { lines: lines.collect(), next })
}

/// A page of a card's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its lines, the latest first.
    pub lines: Vec<HistoryLine>,
    /// The entry that the next page begins with, when there is one.
    pub next: Option<EntryId>,
}

/// The entries in a card's or purse's chain, whole, the latest first: `limit` at most, from `from` on when that is given. None when
/// that is no entry of it.
///
/// # Errors
/// What the database says.
pub fn entries_of(tx: &mut impl Read, chain: Chain, from: Option<EntryId>, limit: u32) -> Result<Vec<Entry>, DbError> {
    let shard = chain.shard();
    let newest = match (from, chain) {
        (Some(id), _) => Some(id.as_u64()),
        (None, Chain::Card(number)) => {
            let sql = "select chain_entry_id from card where shard = $1 and number = $2";
            tx.query_first(sql, &card::key(number), |fields| fields.opt_bits())?.flatten()
        }
        (None, Chain::Purse(id)) => {
            let sql = "select chain_entry_id from purse where shard = $1 and id = $2";
            tx.query_first(sql, &[shard.0.into(), id.as_u64().into()], |fields| fields.opt_bits())?.flatten()
        }
    };
    let Some(newest) = newest else { return Ok(Vec::new()) };
    let mut entries = CHAINS.find(tx, (shard, newest), limit, |fields| read_entry(fields).map(|(entry, _)| entry))?;
    entries.retain(|entry| entry.chain == chain);
    Ok(entries)
}

/// More entries than any card has; PostgreSQL counts steps in 32 bits with a sign.
const WHOLE_CHAIN: u32 = 2_000_000_000;

/// The first entry in a card's chain: it walks the whole chain back.
///
/// # Errors
/// What the database says.
pub fn first_entry_of(tx: &mut impl Read, card: CardNumber) -> Result<Option<Entry>, DbError> {
    Ok(entries_of(tx, Chain::Card(card), None, WHOLE_CHAIN)?.pop())
}

/// Hands every entry to `each`, in the order of shards, cards or purses and their chains, with its place under its seal.
///
/// # Errors
/// What the database says, or `each`.
pub fn for_each_entry(
    tx: &mut impl Read,
    each: &mut dyn FnMut(Entry, SealPlace) -> Result<(), DbError>,
) -> Result<(), DbError> {
    let params = [Shard(0).0.into(), Shard(u8::MAX).0.into()];
    tx.stream(include_str!("journal/in_chains.sql"), &params, &mut |row| {
        let (entry, place) = read_entry(&mut row.fields())?;
        each(entry, place)
    })
}

fn history_line(entry: &Entry) -> HistoryLine {
    let movements = |code: AccountCode| {
        entry.postings.iter().filter(move |posting| posting.account.code == code).map(|posting| Movement {
            owner: posting.account.owner,
            direction: match posting.side {
                Side::Credit => Direction::In,
                Side::Debit => Direction::Out,
            },
            amount: posting.amount,
            after: posting.after,
        })
    };
    HistoryLine {
        entry: entry.id,
        kind: entry.kind,
        cause: entry.cause,
        effective_at: entry.effective_at,
        main: movements(AccountCode::CardMain).next(),
        bonuses: movements(AccountCode::CardBonus).collect(),
    }
}

const fn purse_of(chain: Chain) -> Option<PurseId> {
    match chain {
        Chain::Card(_) => None,
        Chain::Purse(id) => Some(id),
    }
}

pub(crate) fn push_entry<'a>(out: &mut Vec<Value<'a>>, entry: &'a Entry, postings: &'a [u8], place: SealPlace) {
    let (cause_kind, cause_number) = entry.cause.parts();
    out.extend([
        entry.shard.0.into(),
        entry.id.as_u64().into(),
        entry.chain.card().map(CardNumber::as_u64).into(),
        purse_of(entry.chain).map(PurseId::as_u64).into(),
        entry.position.into(),
        entry.previous.map(EntryId::as_u64).into(),
        entry.kind.code().into(),
        cause_kind.into(),
        cause_number.into(),
        entry.effective_at.into(),
        entry.recorded_at.into(),
        postings.into(),
        entry.hash.as_bytes().as_slice().into(),
        place.house.0.into(),
        place.number.into(),
        place.line.into(),
    ]);
}

fn read_chain(fields: &mut Fields<'_>) -> Result<Chain, DbError> {
    match (fields.opt_bits()?, fields.opt_bits()?) {
        (Some(number), None) => {
            let number = CardNumber::from_u64(number).map_err(|error| DbError::Damaged(error.to_string()))?;
            Ok(Chain::Card(number))
        }
        (None, Some(id)) => Ok(Chain::Purse(PurseId::from_u64(id))),
        (_, _) => Err(DbError::Damaged("an entry in the chain of a card and a purse, or of neither".to_owned())),
    }
}

pub(crate) fn read_entry(fields: &mut Fields<'_>) -> Result<(Entry, SealPlace), DbError> {
    let shard = read_shard(fields)?;
    let id = EntryId::from_u64(fields.bits()?);
    let chain = read_chain(fields)?;
    let position = fields.count()?;
    let previous = fields.opt_bits()?.map(EntryId::from_u64);
    let kind = coded(fields, EntryKind::from_code)?;
    let (cause_kind, cause_number) = (fields.int()?, fields.bits()?);
    let cause = needed(Cause::from_parts(cause_kind, cause_number), "the cause of an entry")?;
    let (effective_at, recorded_at) = (fields.time()?, fields.time()?);
    let postings = packed::unpack(fields.blob()?)?;
    let hash = EntryHash::from_bytes(fields.bytes()?);
    let place = SealPlace { house: read_shard(fields)?, number: fields.count()?, line: fields.count()? };
    Ok((Entry { id, shard, chain, kind, cause, effective_at, recorded_at, postings, previous, position, hash }, place))
}
