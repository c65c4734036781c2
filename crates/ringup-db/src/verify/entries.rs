use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::id::{EntryId, GrantId, PaymentId};
use ringup_core::ledger::{AccountCode, AccountKey, Balance, Cause, Entry, EntryKind, OwnerKind, Posting, Side};
use ringup_core::money::{Amount, Unit};
use ringup_core::time::Timestamp;

use super::chains::Chains;
use super::{CheckLine, Shards};
use crate::error::DbError;
use crate::journal::{read_entry, unpack};
use crate::seam::{Connected, ReadTx};

/// What the entries of some shards say, for the checks that come after them.
#[derive(Default)]
pub(super) struct ShardBooks {
    pub(super) movements: Vec<Movement>,
    /// What each payment's capture entries say it brought.
    pub(super) captured: BTreeMap<PaymentId, Vec<Amount>>,
    /// What the credits from each payment put on which card.
    pub(super) credited: BTreeMap<PaymentId, Vec<(CardNumber, Amount)>>,
    /// What the last credit from each payment says besides.
    pub(super) credits: BTreeMap<PaymentId, Credit>,
    /// Which account each payment's capture was booked on.
    pub(super) taken_by: BTreeMap<PaymentId, AccountCode>,
}

/// A credit, as its entry tells it.
#[derive(Clone, Copy)]
pub(super) struct Credit {
    pub(super) entry: EntryId,
    pub(super) card: Option<CardNumber>,
    pub(super) recorded_at: Timestamp,
    /// What of the payer's money went into it.
    pub(super) paid: Option<Amount>,
    pub(super) bonus: Option<(GrantId, Amount)>,
}

impl Credit {
    fn of(entry: &Entry) -> Self {
        let find = |code, side| {
            entry.postings.iter().find(move |posting| posting.account.code == code && posting.side == side)
        };
        let bonus = find(AccountCode::CardBonus, Side::Credit);
        Self {
            entry: entry.id,
            card: entry.chain.card(),
            recorded_at: entry.recorded_at,
            paid: find(AccountCode::LiabilityUnallocated, Side::Debit).map(|posting| posting.amount),
            bonus: bonus.map(|posting| (GrantId::from_u64(posting.account.owner), posting.amount)),
        }
    }
}

/// A posting, as far as its account is concerned.
#[derive(Clone, Copy)]
pub(super) struct Movement {
    pub(super) account: AccountKey,
    pub(super) version: u64,
    pub(super) before: Balance,
    pub(super) after: Balance,
    pub(super) entry: EntryId,
}

impl Movement {
    const fn of(posting: &Posting, entry: EntryId) -> Self {
        let Posting { account, version, before, after, .. } = *posting;
        Self { account, version, before, after, entry }
    }
}

/// Whether the entries of an account live anywhere: those of the issuer's own accounts and of purses do, the others where
/// the account does.
pub(super) const fn is_anywhere(code: AccountCode) -> bool {
    match code.owner_kind() {
        OwnerKind::Day | OwnerKind::Purse => true,
        OwnerKind::Card | OwnerKind::Grant | OwnerKind::Payment => false,
    }
}

/// Hands every movement of the issuer's own accounts and of purses to `each`, in the order of the entries' ids. An entry that cannot be
/// read is named by another check.
pub(super) fn for_each_anywhere(tx: &mut ReadTx<'_>, each: &mut dyn FnMut(Movement)) -> Result<(), DbError> {
    tx.stream("select id, postings from journal_entry order by id", &[], &mut |row| {
        let mut fields = row.fields();
        let entry = EntryId::from_u64(fields.bits()?);
        if let Ok(postings) = unpack(fields.blob()?) {
            let anywhere = postings.iter().filter(|posting| is_anywhere(posting.account.code));
            anywhere.for_each(|posting| each(Movement::of(posting, entry)));
        }
        Ok(())
    })
}

/// Every entry is balanced, and every posting moves its account by its amount.
pub(super) struct Entries {
    readable: CheckLine,
    balanced: CheckLine,
    moved: CheckLine,
}

impl Entries {
    pub(super) fn new() -> Self {
        Self {
            readable: CheckLine::new("every entry can be read"),
            balanced: CheckLine::new("every entry is balanced per unit"),
            moved: CheckLine::new("every posting moves its account by its amount"),
        }
    }

    pub(super) fn lines(&self) -> Vec<CheckLine> {
        vec![self.readable.clone(), self.balanced.clone(), self.moved.clone()]
    }

    pub(super) fn look(
        &mut self,
        tx: &mut ReadTx<'_>,
        shards: Shards,
        chains: &mut Chains,
        books: &mut ShardBooks,
    ) -> Result<(), DbError> {
        tx.stream(include_str!("../journal/in_chains.sql"), &shards.params(), &mut |row| {
            self.readable.count();
            match read_entry(&mut row.fields()) {
                Ok((entry, _)) => {
                    self.check(&entry);
                    chains.follow(&entry);
                    books.note(&entry);
                }
                Err(error) => {
                    let mut fields = row.fields();
                    let (_, id) = (fields.int()?, fields.bits()?);
                    self.readable.find(|| format!("{}: {error}", EntryId::from_u64(id)));
                }
            }
            Ok(())
        })
    }

    fn check(&mut self, entry: &Entry) {
        self.balanced.count();
        for unit in Unit::ALL {
            let sum = |side| -> u128 {
                let lines = entry.postings.iter().filter(|line| line.side == side && line.amount.unit() == unit);
                lines.map(|line| u128::from(line.amount.minor())).sum()
            };
            let (debit, credit) = (sum(Side::Debit), sum(Side::Credit));
            if debit != credit {
                self.balanced.find(|| format!("{}: debits of {debit} and credits of {credit} minor {unit}", entry.id));
            }
        }
        if entry.postings.is_empty() {
            self.balanced.find(|| format!("{} has no postings", entry.id));
        }
        for posting in &entry.postings {
            self.moved.count();
            let grows = posting.side == posting.account.code.side();
            let fits = posting.before.moved(posting.amount, grows) == Some(posting.after)
                && posting.account.unit == posting.amount.unit();
            if !fits {
                self.moved.find(|| format!("{}: {} on {}", entry.id, posting.amount.minor(), named(&posting.account)));
            }
        }
    }
}

impl ShardBooks {
    fn note(&mut self, entry: &Entry) {
        let of_owners = entry.postings.iter().filter(|posting| !is_anywhere(posting.account.code));
        self.movements.extend(of_owners.map(|posting| Movement::of(posting, entry.id)));
        let amount_on = |code: AccountCode| -> Option<&Posting> {
            entry.postings.iter().find(|posting| posting.account.code == code && posting.side == Side::Credit)
        };
        match (entry.kind, entry.cause) {
            (EntryKind::PaymentCaptured, Cause::Payment(payment)) => {
                let amounts = amount_on(AccountCode::LiabilityUnallocated).map(|posting| posting.amount);
                self.captured.entry(payment).or_default().extend(amounts);
                let debited = entry.postings.iter().find(|posting| posting.side == Side::Debit);
                self.taken_by.extend(debited.map(|posting| (payment, posting.account.code)));
            }
            (EntryKind::TopUpCredited, Cause::Payment(payment)) => {
                let amounts =
                    amount_on(AccountCode::CardMain).and_then(|posting| Some((entry.chain.card()?, posting.amount)));
                self.credited.entry(payment).or_default().extend(amounts);
                self.credits.insert(payment, Credit::of(entry));
            }
            (_, _) => {}
        }
    }
}

/// An account, in words that name no whole card number.
pub(super) fn named(key: &AccountKey) -> String {
    match key.code {
        AccountCode::CardMain => format!("{} of card {} in {}", key.code, masked(key.owner.cast_signed()), key.unit),
        _ => format!("{} of {} in {}, shard {}", key.code, key.owner, key.unit, key.shard),
    }
}

/// A card's number as far as a log may show it.
pub(super) fn masked(number: i64) -> String {
    format!("···{:04}", number.unsigned_abs() % 10_000)
}
