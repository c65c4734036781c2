//! The one poster of journal entries.

use super::Books;
use crate::apply::Moment;
use crate::card::Card;
use crate::id::{EntryId, IdsUsedUp};
use crate::ledger::{
    Account, AccountCode, AccountKey, AccountRef, Balance, Cause, Chain, ChainHead, Entry, EntryHash, Holding,
    JournalEntry, Line, Owner, Posting,
};
use crate::money::Unit;
use crate::payment::Payment;
use crate::purse::Purse;
use crate::shard::Shard;
use crate::time::Timestamp;
use crate::top_up::Grant;

/// Why an entry could not be posted. Nothing has been posted then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// An account would go below its floor.
    #[error("{} would go below zero", .0.code)]
    BelowFloor(AccountKey),
    /// A balance or a count cannot be counted any more.
    #[error("{} cannot be counted any more", .0.code)]
    TooLarge(AccountKey),
    /// An account in another unit than the one it began with.
    #[error("{} is counted in another unit than {}", .0.code, .0.unit)]
    UnitDiffers(AccountKey),
    /// The row that an account stands in is not in the books.
    #[error("the owner of {} is not in the books", .0.code)]
    OwnerUnknown(AccountKey),
    /// The card or purse in whose chain the entry would stand is not in the books.
    #[error("{0} is not in the books")]
    ChainUnknown(Chain),
    /// The command has no id left.
    #[error(transparent)]
    Ids(#[from] IdsUsedUp),
}

impl Books {
    /// Posts a balanced entry: moves each account, and adds the entry to a chain.
    ///
    /// # Errors
    /// [`PostError`]; the caller's command is then undone as a whole.
    pub(crate) fn post(
        &mut self,
        entry: &JournalEntry,
        chain: Chain,
        cause: Cause,
        effective_at: Timestamp,
        at: &mut Moment,
    ) -> Result<EntryId, PostError> {
        let shard = chain.shard();
        let mut postings = Vec::with_capacity(entry.lines().len());
        for line in entry.lines() {
            let key = account_key(line.account, line.amount.unit(), shard, at);
            postings.push(self.post_line(line, key)?);
        }
        let head = self.head(chain).ok_or(PostError::ChainUnknown(chain))?;
        let position = head.length.saturating_add(1);
        let mut posted = Entry {
            id: EntryId::from_u64(at.ids.take()?),
            shard,
            chain,
            kind: entry.kind(),
            cause,
            effective_at,
            recorded_at: at.now,
            postings,
            previous: head.last,
            position,
            hash: EntryHash::NONE,
        };
        posted.hash = posted.expected_hash(head.hash);
        let id = posted.id;
        self.put_head(chain, ChainHead { last: Some(id), length: position, hash: posted.hash });
        self.entries.push(posted);
        Ok(id)
    }

    fn head(&self, chain: Chain) -> Option<ChainHead> {
        match chain {
            Chain::Card(number) => self.cards.get(&number).map(|card| card.chain),
            Chain::Purse(id) => self.purses.get(&id).map(|purse| purse.chain),
        }
    }

    fn put_head(&mut self, chain: Chain, head: ChainHead) {
        match chain {
            Chain::Card(number) => {
                if let Some(row) = self.cards.get(&number) {
                    let row = Card { chain: head, ..row.clone() };
                    self.cards.put(number, row);
                }
            }
            Chain::Purse(id) => {
                if let Some(row) = self.purses.get(&id) {
                    let row = Purse { chain: head, ..row.clone() };
                    self.purses.put(id, row);
                }
            }
        }
    }

    fn post_line(&mut self, line: &Line, key: AccountKey) -> Result<Posting, PostError> {
        let account =
            self.held(line.account, key)?.unwrap_or(Holding { unit: key.unit, balance: Balance::ZERO, version: 0 });
        if account.unit != key.unit {
            return Err(PostError::UnitDiffers(key));
        }
        let grows = line.side == key.code.side();
        let after = account.balance.moved(line.amount, grows).ok_or(PostError::TooLarge(key))?;
        if self.floor(line.account).is_some_and(|floor| after < floor) {
            return Err(PostError::BelowFloor(key));
        }
        let version = account.version.checked_add(1).ok_or(PostError::TooLarge(key))?;
        self.hold(line.account, key, Holding { unit: key.unit, balance: after, version });
        Ok(Posting { account: key, side: line.side, amount: line.amount, before: account.balance, after, version })
    }
}

/// Where each account stands: in the row of what owns it when that is written anyway, else in a row of its own.
impl Books {
    /// How little an account may hold.
    fn floor(&self, account: AccountRef) -> Option<Balance> {
        match (account.owner, account.code) {
            (Owner::Purse(id), AccountCode::FloatAgent) => {
                let limit = self.purses.get(&id).map(|purse| purse.credit_limit)?;
                Balance::ZERO.moved(limit, false)
            }
            (_, code) => code.has_floor().then_some(Balance::ZERO),
        }
    }

    fn held(&self, account: AccountRef, key: AccountKey) -> Result<Option<Holding>, PostError> {
        match (account.owner, account.code) {
            (Owner::Card(card), _) => self.card(card).map(|card| card.main).ok_or(PostError::OwnerUnknown(key)),
            (Owner::Grant(grant), _) => self.grant(grant).map(|grant| grant.left).ok_or(PostError::OwnerUnknown(key)),
            (Owner::Payment(payment), AccountCode::LiabilityUnallocated) => {
                self.payment(payment).map(|payment| payment.unallocated).ok_or(PostError::OwnerUnknown(key))
            }
            (Owner::Purse(purse), code) if code.is_held_by_purse() => {
                self.purse(purse).map(|purse| purse.holds).ok_or(PostError::OwnerUnknown(key))
            }
            (Owner::Payment(_) | Owner::Purse(_) | Owner::Today, _) => {
                let held =
                    |account: &Account| Holding { unit: key.unit, balance: account.balance, version: account.version };
                Ok(self.accounts.get(&key).map(held))
            }
        }
    }

    fn hold(&mut self, account: AccountRef, key: AccountKey, holding: Holding) {
        match (account.owner, account.code) {
            (Owner::Card(number), _) => {
                if let Some(row) = self.cards.get(&number) {
                    let row = Card { main: Some(holding), ..row.clone() };
                    self.cards.put(number, row);
                }
            }
            (Owner::Grant(id), _) => {
                if let Some(row) = self.grants.get(&id) {
                    let row = Grant { left: Some(holding), ..*row };
                    self.grants.put(id, row);
                }
            }
            (Owner::Payment(id), AccountCode::LiabilityUnallocated) => {
                if let Some(row) = self.payments.get(&id) {
                    let row = Payment { unallocated: Some(holding), ..row.clone() };
                    self.payments.put(id, row);
                }
            }
            (Owner::Purse(id), code) if code.is_held_by_purse() => {
                if let Some(row) = self.purses.get(&id) {
                    let row = Purse { holds: Some(holding), ..row.clone() };
                    self.purses.put(id, row);
                }
            }
            (Owner::Payment(_) | Owner::Purse(_) | Owner::Today, _) => {
                self.accounts.put(key, Account { key, balance: holding.balance, version: holding.version });
            }
        }
    }
}

fn account_key(account: AccountRef, unit: Unit, shard: Shard, at: &Moment) -> AccountKey {
    let (shard, owner) = match account.owner {
        Owner::Card(card) => (shard, card.as_u64()),
        Owner::Grant(grant) => (shard, grant.as_u64()),
        Owner::Payment(payment) => (shard, payment.as_u64()),
        Owner::Purse(purse) => (purse.shard(), purse.as_u64()),
        Owner::Today => (at.house, u64::try_from(at.now.china_day()).unwrap_or(0)),
    };
    AccountKey { shard, code: account.code, owner, unit }
}
