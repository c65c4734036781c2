use std::collections::BTreeMap;

use ringup_core::ledger::{Account, AccountKey, Balance};
use ringup_core::shard::Shard;

use super::CheckLine;
use super::entries::{Movement, ShardBooks, named};
use crate::account::read_account;
use crate::error::DbError;
use crate::seam::{Connected, ReadTx};

/// Each account holds what its postings say, one after the other, and is never below its floor.
pub(super) struct Accounts {
    folded: CheckLine,
    floored: CheckLine,
}

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

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>, shard: Shard, books: &mut ShardBooks) -> Result<(), DbError> {
        let mut accounts = BTreeMap::new();
        let sql = "select shard, owner, code, unit, balance_minor, version from account where shard = $1";
        tx.stream(sql, &[shard.0.into()], &mut |row| {
            match read_account(&mut row.fields()) {
                Ok(account) => {
                    accounts.insert(account.key, account);
                }
                Err(error) => self.folded.find(|| format!("an account of shard {shard}: {error}")),
            }
            Ok(())
        })?;
        let movements = &mut books.movements;
        movements.sort_unstable_by_key(|movement| (movement.account, movement.version));
        for of_one in movements.chunk_by(|a, b| a.account == b.account) {
            let Some(first) = of_one.first() else { continue };
            self.fold(of_one, accounts.remove(&first.account));
        }
        for account in accounts.values() {
            self.folded.count();
            self.folded.find(|| format!("{} has no postings", named(&account.key)));
        }
        Ok(())
    }

    fn fold(&mut self, movements: &[Movement], account: Option<Account>) {
        self.folded.count();
        let mut last = (Balance::ZERO, 0_u64);
        for movement in movements {
            let (balance, version) = last;
            if movement.version != version.saturating_add(1) || movement.before != balance {
                let (entry, key) = (movement.entry, &movement.account);
                self.folded.find(|| format!("{entry} does not follow what {} held before it", named(key)));
            }
            self.check_floor(&movement.account, movement.after);
            last = (movement.after, movement.version);
        }
        let Some(first) = movements.first() else { return };
        match account {
            None => self.folded.find(|| format!("{} has postings and no row", named(&first.account))),
            Some(account) if (account.balance, account.version) != last => {
                let (told, found) = (account.balance.minor(), last.0.minor());
                self.folded.find(|| format!("{} tells {told} and its postings {found}", named(&account.key)));
            }
            Some(account) => self.check_floor(&account.key, account.balance),
        }
    }

    fn check_floor(&mut self, key: &AccountKey, balance: Balance) {
        self.floored.count();
        if key.code.has_floor() && balance < Balance::ZERO {
            self.floored.find(|| format!("{} holds {}", named(key), balance.minor()));
        }
    }
}
