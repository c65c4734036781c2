//! Bonuses on cards.

use ringup_core::card::CardNumber;
use ringup_core::id::GrantId;
use ringup_core::money::Amount;
use ringup_core::shard::Shard;
use ringup_core::top_up::Grant;

use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};

pub(crate) static GRANT: Table = Table::new(
    "bonus_grant",
    &[int("shard"), int("id")],
    &[int("card_number"), int("amount_minor"), text("unit"), int("expires_at")],
    &[int("left_minor"), int("left_version"), int("lapsed_at"), int("version")],
);

pub(crate) static GRANT_BY_ID: Lookup = Lookup::new(&GRANT, &[int("shard"), int("id")], "", "");
pub(crate) static OPEN_GRANTS_OF_CARD: Lookup =
    Lookup::new(&GRANT, &[int("shard"), int("card_number")], "and lapsed_at is null", "order by expires_at, id");

/// A bonus.
///
/// # Errors
/// What the database says.
pub fn find_grant(tx: &mut impl Read, id: GrantId) -> Result<Option<Grant>, DbError> {
    GRANT_BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_grant)
}

/// The bonuses of a card that have not lapsed, with what is left of each; the one that lapses soonest first.
///
/// # Errors
/// What the database says.
pub fn open_grants_of(tx: &mut impl Read, card: CardNumber) -> Result<Vec<(Grant, Amount)>, DbError> {
    let shard = Shard::of_card(card);
    OPEN_GRANTS_OF_CARD.find(tx, &[shard.0.into(), card.as_u64().into()], read_grant_and_rest)
}

/// A bonus with what is left of it.
pub(crate) fn read_grant_and_rest(fields: &mut Fields<'_>) -> Result<(Grant, Amount), DbError> {
    let grant = read_grant(fields)?;
    let unit = grant.amount.unit();
    Ok((grant, grant.left.map_or(Amount::zero(unit), |left| left.balance.available(unit))))
}

pub(crate) fn push_grant(out: &mut Vec<Value<'_>>, grant: &Grant) {
    out.extend([
        grant.id.shard().0.into(),
        grant.id.as_u64().into(),
        grant.card.as_u64().into(),
        grant.amount.minor().into(),
        grant.amount.unit().code().into(),
        grant.expires_at.into(),
    ]);
    push_changing(out, grant, grant.version);
}

pub(crate) fn push_grant_update(out: &mut Vec<Value<'_>>, was: &Grant, now: &Grant) {
    out.extend([now.id.shard().0.into(), now.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing(out: &mut Vec<Value<'_>>, grant: &Grant, version: u64) {
    out.extend([
        grant.left.map(|left| left.balance.minor()).into(),
        grant.left.map(|left| left.version).into(),
        grant.lapsed_at.into(),
        version.into(),
    ]);
}

pub(crate) fn read_grant(fields: &mut Fields<'_>) -> Result<Grant, DbError> {
    fields.int()?; // the shard is in the id
    let id = GrantId::from_u64(fields.bits()?);
    let card = column::card_number(fields)?;
    let amount = column::amount_and_unit(fields)?;
    let expires_at = fields.time()?;
    let left = column::holding(fields, amount.unit())?;
    let lapsed_at = fields.opt_time()?;
    Ok(Grant { id, card, amount, expires_at, left, lapsed_at, version: fields.count()? })
}
