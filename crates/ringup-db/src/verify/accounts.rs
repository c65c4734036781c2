use std::collections::BTreeMap;

use ringup_core::ledger::{Account, AccountCode, AccountKey, Balance, Holding};
use ringup_core::purse::PurseKind;
use ringup_core::shard::Shard;

use super::entries::{Movement, ShardBooks, is_anywhere, named};
use super::{CheckLine, Shards};
use crate::account::{read_account, read_shard};
use crate::column;
use crate::error::DbError;
use crate::seam::{Connected, Fields, ReadTx};

/// Each account holds what its postings say, one after the other, and is never below its floor.
pub(super) struct Accounts {
    folded: CheckLine,
    floored: CheckLine,
}

/// The accounts that stand in the rows of their owners: which, and how to read them.
const IN_ROWS: [(AccountCode, &str); 3] = [
    (
        AccountCode::CardMain,
        "select shard, number, main_unit, main_minor, main_version from card
            where main_version is not null and shard between $1 and $2",
    ),
    (
        AccountCode::CardBonus,
        "select shard, id, unit, left_minor, left_version from bonus_grant
            where left_version is not null and shard between $1 and $2",
    ),
    (
        AccountCode::LiabilityUnallocated,
        "select shard, payment_id, unit, unallocated_minor, unallocated_version from capture
            where unallocated_version is not null and shard between $1 and $2",
    ),
];

impl Accounts {
    pub(super) fn new() -> Self {
        Self {
            folded: CheckLine::new("every balance follows from its postings"),
            floored: CheckLine::new("no account is or was below its floor"),
        }
    }

    pub(super) fn lines(&self) -> [CheckLine; 2] {
        [self.folded.clone(), self.floored.clone()]
    }

    /// The accounts of cards, bonuses and payments, which live where their entries do.
    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>, shards: Shards, books: &mut ShardBooks) -> Result<(), DbError> {
        let mut accounts = self.rows(tx, shards, |code| !is_anywhere(code))?;
        for (code, sql) in IN_ROWS {
            tx.stream(sql, &shards.params(), &mut |row| {
                match read_holding(&mut row.fields(), code) {
                    Ok(account) => drop(accounts.insert(account.key, account)),
                    Err(error) => self.folded.find(|| format!("an account of {shards}: {error}")),
                }
                Ok(())
            })?;
        }
        let movements = &mut books.movements;
        movements.sort_unstable_by_key(|movement| (movement.account, movement.version));
        for of_one in movements.chunk_by(|a, b| a.account == b.account) {
            let Some(first) = of_one.first() else { continue };
            let mut fold = Fold::default();
            for movement in of_one {
                self.take(&mut fold, movement);
            }
            self.compare(&first.account, &fold, accounts.remove(&first.account));
        }
        self.find_empty(accounts);
        Ok(())
    }

    /// The issuer's own accounts and those of purses, whose entries live anywhere.
    pub(super) fn look_anywhere(&mut self, tx: &mut ReadTx<'_>, all: Anywhere) -> Result<(), DbError> {
        let mut accounts = self.rows(tx, Shards::ALL, is_anywhere)?;
        for kind in PurseKind::ALL {
            let sql = "select shard, id, unit, holds_minor, holds_version from purse
                where holds_version is not null and kind = $1";
            tx.stream(sql, &[kind.code().into()], &mut |row| {
                match read_holding(&mut row.fields(), kind.account()) {
                    Ok(account) => drop(accounts.insert(account.key, account)),
                    Err(error) => self.folded.find(|| format!("a purse: {error}")),
                }
                Ok(())
            })?;
        }
        for (key, mut of_one) in all.0 {
            for (_, movement) in std::mem::take(&mut of_one.early) {
                self.take(&mut of_one.fold, &movement);
            }
            self.compare(&key, &of_one.fold, accounts.remove(&key));
        }
        self.find_empty(accounts);
        Ok(())
    }

    /// Takes a movement of the issuer's own accounts or of a purse. They come in the order of their ids, which is almost that in which
    /// they were posted: what comes early waits.
    pub(super) fn follow(&mut self, all: &mut Anywhere, movement: Movement) {
        let of_one = all.0.entry(movement.account).or_default();
        if movement.version > of_one.fold.version.saturating_add(1) {
            let version = movement.version;
            if of_one.early.insert(version, movement).is_some() {
                self.folded.find(|| format!("{} has two postings {version}", named(&movement.account)));
            }
            return;
        }
        self.take(&mut of_one.fold, &movement);
        while let Some(next) = of_one.early.remove(&of_one.fold.version.saturating_add(1)) {
            self.take(&mut of_one.fold, &next);
        }
    }

    fn rows(
        &mut self,
        tx: &mut ReadTx<'_>,
        shards: Shards,
        wanted: fn(AccountCode) -> bool,
    ) -> Result<BTreeMap<AccountKey, Account>, DbError> {
        let mut accounts = BTreeMap::new();
        let sql = "select shard, owner, code, unit, balance_minor, version from account where shard between $1 and $2";
        tx.stream(sql, &shards.params(), &mut |row| {
            match read_account(&mut row.fields()) {
                Ok(account) if wanted(account.key.code) => drop(accounts.insert(account.key, account)),
                Ok(_) => {}
                Err(error) => self.folded.find(|| format!("an account of {shards}: {error}")),
            }
            Ok(())
        })?;
        Ok(accounts)
    }

    fn take(&mut self, fold: &mut Fold, movement: &Movement) {
        if movement.version != fold.version.saturating_add(1) || movement.before != fold.balance {
            let (entry, key) = (movement.entry, &movement.account);
            self.folded.find(|| format!("{entry} does not follow what {} held before it", named(key)));
        }
        self.check_floor(&movement.account, movement.after);
        *fold = Fold { balance: movement.after, version: movement.version };
    }

    fn compare(&mut self, key: &AccountKey, fold: &Fold, account: Option<Account>) {
        self.folded.count();
        match account {
            None => self.folded.find(|| format!("{} has postings and no row", named(key))),
            Some(account) if (account.balance, account.version) != (fold.balance, fold.version) => {
                let (told, found) = (account.balance.minor(), fold.balance.minor());
                self.folded.find(|| format!("{} tells {told} and its postings {found}", named(key)));
            }
            Some(account) => self.check_floor(key, account.balance),
        }
    }

    fn find_empty(&mut self, accounts: BTreeMap<AccountKey, Account>) {
        for account in accounts.values() {
            self.folded.count();
            self.folded.find(|| format!("{} has no postings", named(&account.key)));
        }
    }

    fn check_floor(&mut self, key: &AccountKey, balance: Balance) {
        self.floored.count();
        if key.code.has_floor() && balance < Balance::ZERO {
            self.floored.find(|| format!("{} holds {}", named(key), balance.minor()));
        }
    }
}

/// What an account holds after the movements so far.
#[derive(Clone, Copy)]
struct Fold {
    balance: Balance,
    version: u64,
}

impl Default for Fold {
    fn default() -> Self {
        Self { balance: Balance::ZERO, version: 0 }
    }
}

/// Accounts whose entries live anywhere, so far.
#[derive(Default)]
pub(super) struct Anywhere(BTreeMap<AccountKey, SoFar>);

#[derive(Default)]
struct SoFar {
    fold: Fold,
    /// Movements that came before the one they follow.
    early: BTreeMap<u64, Movement>,
}

fn read_holding(fields: &mut Fields<'_>, code: AccountCode) -> Result<Account, DbError> {
    let shard: Shard = read_shard(fields)?;
    let owner = fields.bits()?;
    let unit = column::unit(fields)?;
    let holding = column::needed(column::holding(fields, unit)?, "a balance")?;
    let Holding { unit, balance, version } = holding;
    Ok(Account { key: AccountKey { shard, code, owner, unit }, balance, version })
}
