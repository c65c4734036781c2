//! Accounts: what each holds.

use ringup_core::card::CardNumber;
use ringup_core::ledger::{Account, AccountCode, AccountKey, Balance};
use ringup_core::money::Unit;
use ringup_core::shard::Shard;

use crate::column::{self, coded};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, Value};

pub(crate) static ACCOUNT: Table = Table::new(
    "account",
    &[int("shard"), int("owner"), int("code"), text("unit")],
    &[],
    &[int("balance_minor"), int("version")],
);

pub(crate) static ACCOUNTS_OF_OWNER: Lookup = Lookup::new(&ACCOUNT, &[int("shard"), int("owner")], "", "");

/// What a card holds to spend, of its own money.
///
/// # Errors
/// What the database says.
pub fn card_balance(tx: &mut impl Read, card: CardNumber, unit: Unit) -> Result<Balance, DbError> {
    let sql = "select main_minor from card where shard = $1 and number = $2 and main_unit = $3";
    let key = [Shard::of_card(card).0.into(), card.as_u64().into(), unit.code().into()];
    let balance = tx.query_first(sql, &key, |fields| fields.int().map(Balance::from_minor))?;
    Ok(balance.unwrap_or(Balance::ZERO))
}

/// The sum of all accounts of a code, over all owners and shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// Which of the chart.
    pub code: AccountCode,
    /// In what.
    pub unit: Unit,
    /// How much, on the accounts' own side.
    pub balance: Balance,
}

/// The trial balance: debits and credits of each unit are equal in it.
///
/// # Errors
/// What the database says.
pub fn trial_balance(tx: &mut impl Read) -> Result<Vec<Total>, DbError> {
    tx.query(include_str!("account/trial_balance.sql"), &[], |fields| {
        let code = coded(fields, AccountCode::from_code)?;
        let unit = column::unit(fields)?;
        Ok(Total { code, unit, balance: Balance::from_minor(fields.int()?) })
    })
}

pub(crate) fn push_account(out: &mut Vec<Value<'_>>, account: &Account) {
    push_key(out, &account.key);
    out.extend([account.balance.minor().into(), account.version.into()]);
}

pub(crate) fn push_account_update(out: &mut Vec<Value<'_>>, was: &Account, now: &Account) {
    push_account(out, now);
    out.push(was.version.into());
}

fn push_key(out: &mut Vec<Value<'_>>, key: &AccountKey) {
    out.extend([key.shard.0.into(), key.owner.into(), key.code.code().into(), key.unit.code().into()]);
}

pub(crate) fn read_account(fields: &mut Fields<'_>) -> Result<Account, DbError> {
    let shard = read_shard(fields)?;
    let owner = fields.bits()?;
    let code = coded(fields, AccountCode::from_code)?;
    let unit = column::unit(fields)?;
    let balance = Balance::from_minor(fields.int()?);
    Ok(Account { key: AccountKey { shard, code, owner, unit }, balance, version: fields.count()? })
}

pub(crate) fn read_shard(fields: &mut Fields<'_>) -> Result<Shard, DbError> {
    let number = fields.int()?;
    u8::try_from(number).map(Shard).map_err(|_| DbError::Damaged(format!("{number} is no shard")))
}
