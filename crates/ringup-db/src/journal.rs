//! The journal: entries with their postings, and the seals over them.

mod packed;
pub(crate) mod seal;

use ringup_core::card::CardNumber;
use ringup_core::id::{EntryId, Node};
use ringup_core::ledger::{AccountCode, Balance, Cause, Entry, EntryHash, EntryKind, Side};
use ringup_core::money::{Amount, Unit};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

use crate::account::read_shard;
use crate::column::{self, coded, needed};
use crate::dialect::{Lookup, Table, blob, int};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};
pub(crate) use packed::pack;

pub(crate) static ENTRY: Table = Table::new(
    "journal_entry",
    &[int("shard"), int("card_number"), int("position")],
    &[
        int("id"),
        int("kind"),
        int("cause_kind"),
        int("cause_number"),
        int("effective_at"),
        int("recorded_at"),
        blob("postings"),
        blob("hash"),
        int("seal_node"),
        int("seal_number"),
        int("seal_line"),
    ],
    &[],
);

static ENTRIES_OF_CARD: Lookup =
    Lookup::new(&ENTRY, &[int("shard"), int("card_number")], "and position < $3", "order by position desc limit $4");

/// Where an entry stands under its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPlace {
    /// The node that wrote it.
    pub node: u8,
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
    /// Its place in the card's chain: the cursor for the page after this one.
    pub position: u64,
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

/// What moved on a card, the latest first: `limit` entries at most, those before `before` when that is given.
///
/// Entries that moved nothing on the card itself, such as a payment's capture, are left out, so that fewer may come
/// than `limit` although there are more: the next page begins before the last `position` of [`Page::next`].
///
/// # Errors
/// What the database says.
pub fn card_history(tx: &mut impl Read, card: CardNumber, before: Option<u64>, limit: u32) -> Result<Page, DbError> {
    let entries = entries_of(tx, card, before, limit)?;
    let full = u32::try_from(entries.len()).is_ok_and(|count| count >= limit);
    let next = entries.last().map(|entry| entry.position).filter(|position| full && *position > 1);
    let lines = entries.iter().map(history_line).filter(|line| line.main.is_some() || !line.bonuses.is_empty());
    Ok(Page { lines: lines.collect(), next })
}

/// A page of a card's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its lines, the latest first.
    pub lines: Vec<HistoryLine>,
    /// Where the next page begins, when there is one.
    pub next: Option<u64>,
}

/// The entries in a card's chain, whole, the latest first: `limit` at most, those before `before` when that is given.
///
/// # Errors
/// What the database says.
pub fn entries_of(
    tx: &mut impl Read,
    card: CardNumber,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Entry>, DbError> {
    let before = before.and_then(|position| i64::try_from(position).ok()).unwrap_or(i64::MAX);
    let key = [Shard::of_card(card).0.into(), card.as_u64().into(), before.into(), limit.into()];
    ENTRIES_OF_CARD.find(tx, &key, |fields| read_entry(fields).map(|(entry, _)| entry))
}

/// Hands every entry to `each`, in the order of shards, cards and their chains, with its place under its seal.
///
/// # Errors
/// What the database says, or `each`.
pub fn for_each_entry(
    tx: &mut impl Read,
    each: &mut dyn FnMut(Entry, SealPlace) -> Result<(), DbError>,
) -> Result<(), DbError> {
    let sql = "select shard, card_number, position, id, kind, cause_kind, cause_number, effective_at, recorded_at,
            postings, hash, seal_node, seal_number, seal_line
        from journal_entry order by shard, card_number, position";
    tx.stream(sql, &[], &mut |row| {
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
        position: entry.position,
        kind: entry.kind,
        cause: entry.cause,
        effective_at: entry.effective_at,
        main: movements(AccountCode::CardMain).next(),
        bonuses: movements(AccountCode::CardBonus).collect(),
    }
}

pub(crate) fn push_entry<'a>(out: &mut Vec<Value<'a>>, entry: &'a Entry, postings: &'a [u8], place: SealPlace) {
    let (cause_kind, cause_number) = entry.cause.parts();
    out.extend([
        entry.shard.0.into(),
        entry.card.as_u64().into(),
        entry.position.into(),
        entry.id.as_u64().into(),
        entry.kind.code().into(),
        cause_kind.into(),
        cause_number.into(),
        entry.effective_at.into(),
        entry.recorded_at.into(),
        postings.into(),
        entry.hash.as_bytes().as_slice().into(),
        place.node.into(),
        place.number.into(),
        place.line.into(),
    ]);
}

pub(crate) fn read_entry(fields: &mut Fields<'_>) -> Result<(Entry, SealPlace), DbError> {
    let shard = read_shard(fields)?;
    let card = column::card_number(fields)?;
    let position = fields.count()?;
    let id = EntryId::from_u64(fields.bits()?);
    let kind = coded(fields, EntryKind::from_code)?;
    let (cause_kind, cause_number) = (fields.int()?, fields.bits()?);
    let cause = needed(Cause::from_parts(cause_kind, cause_number), "the cause of an entry")?;
    let (effective_at, recorded_at) = (fields.time()?, fields.time()?);
    let postings = packed::unpack(fields.blob()?)?;
    let hash = EntryHash::from_bytes(fields.bytes()?);
    let node = fields.int()?;
    let node = u8::try_from(node).ok().and_then(Node::new).map(Node::number);
    let place = SealPlace { node: needed(node, "the node of a seal")?, number: fields.count()?, line: fields.count()? };
    Ok((Entry { id, shard, card, kind, cause, effective_at, recorded_at, postings, position, hash }, place))
}
