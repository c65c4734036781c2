//! The one poster of journal entries.

use super::Books;
use crate::apply::Moment;
use crate::card::CardNumber;
use crate::id::{EntryId, IdsUsedUp};
use crate::ledger::{
    Account, AccountKey, AccountRef, Balance, Cause, ChainHead, Entry, EntryHash, JournalEntry, Line, Owner, Posting,
};
use crate::money::Unit;
use crate::shard::Shard;
use crate::time::Timestamp;

/// Why an entry could not be posted. Nothing has been posted then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// An account would go below its floor.
    #[error("{} would go below zero", .0.code)]
    BelowFloor(AccountKey),
    /// A balance or a count cannot be counted any more.
    #[error("{} cannot be counted any more", .0.code)]
    TooLarge(AccountKey),
    /// The card in whose chain the entry would stand is not in the books.
    #[error("the card is not in the books")]
    CardUnknown,
    /// The command has no id left.
    #[error(transparent)]
    Ids(#[from] IdsUsedUp),
}

impl Books {
    /// Posts a balanced entry: moves each account, and adds the entry to the chain of its card.
    ///
    /// # Errors
    /// [`PostError`]; the caller's command is then undone as a whole.
    pub(crate) fn post(
        &mut self,
        entry: &JournalEntry,
        card: CardNumber,
        cause: Cause,
        effective_at: Timestamp,
        at: &mut Moment,
    ) -> Result<EntryId, PostError> {
        let shard = Shard::of_card(card);
        let mut postings = Vec::with_capacity(entry.lines().len());
        for line in entry.lines() {
            let key = account_key(line.account, line.amount.unit(), shard, at.now);
            postings.push(self.post_line(line, key)?);
        }
        let mut row = self.card(card).ok_or(PostError::CardUnknown)?.clone();
        let position = row.chain.length.saturating_add(1);
        let mut posted = Entry {
            id: EntryId::from_u64(at.ids.take()?),
            shard,
            card,
            kind: entry.kind(),
            cause,
            effective_at,
            recorded_at: at.now,
            postings,
            position,
            hash: EntryHash::NONE,
        };
        posted.hash = posted.expected_hash(row.chain.hash);
        row.chain = ChainHead { length: position, hash: posted.hash };
        self.put_card(row);
        let id = posted.id;
        self.entries.push(posted);
        Ok(id)
    }

    fn post_line(&mut self, line: &Line, key: AccountKey) -> Result<Posting, PostError> {
        let account = self.accounts.get(&key).copied();
        let account = account.unwrap_or(Account { key, balance: Balance::ZERO, version: 0 });
        let grows = line.side == key.code.side();
        let after = account.balance.moved(line.amount, grows).ok_or(PostError::TooLarge(key))?;
        if key.code.has_floor() && after < Balance::ZERO {
            return Err(PostError::BelowFloor(key));
        }
        let version = account.version.checked_add(1).ok_or(PostError::TooLarge(key))?;
        self.accounts.put(key, Account { key, balance: after, version });
        Ok(Posting { account: key, side: line.side, amount: line.amount, before: account.balance, after, version })
    }
}

fn account_key(account: AccountRef, unit: Unit, shard: Shard, now: Timestamp) -> AccountKey {
    let owner = match account.owner {
        Owner::Card(card) => card.as_u64(),
        Owner::Grant(grant) => grant.as_u64(),
        Owner::Payment(payment) => payment.as_u64(),
        Owner::Today => u64::try_from(now.china_day()).unwrap_or(0),
    };
    AccountKey { shard, code: account.code, owner, unit }
}
