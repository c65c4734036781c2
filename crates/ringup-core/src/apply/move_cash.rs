use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::id::PurseId;
use crate::ledger::{AccountCode, AccountKey, AccountRef, Cause, Chain, recipes};
use crate::money::Amount;
use crate::payment::Provider;
use crate::purse::{Purse, PurseKind, PurseState};

/// Money that goes between a purse, the bank, and what the owner of a float has earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveCash {
    /// The caller's key.
    pub key: KeyUse,
    /// The safe, or the float.
    pub purse: PurseId,
    /// What happens.
    pub how: CashMove,
}

/// What happens between a purse, the bank, and what the owner of a float has earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CashMove {
    /// Cash leaves the safe for the bank.
    SentToBank(Amount),
    /// The bank has counted what left the safe.
    Banked {
        /// What had been sent.
        sent: Amount,
        /// What the bank found.
        banked: Amount,
    },
    /// The safe is filled from the bank.
    FetchedFromBank(Amount),
    /// An agent's transfer has arrived: it is on his float.
    FloatBought(Amount),
    /// An agent has paid a provider: it is on his float, and the provider owes it to us.
    FloatPaid {
        /// Who took it.
        provider: Provider,
        /// What was really paid.
        amount: Amount,
    },
    /// An agent has earned commission.
    CommissionEarned(Amount),
    /// What he earned by sales that were reversed is taken back, also when it has been paid.
    CommissionTakenBack(Amount),
    /// He is paid what he has earned, by a transfer.
    CommissionPaid(Amount),
    /// The same, onto his float.
    CommissionToFloat(Amount),
}

/// Books what goes between a purse, the bank, and what the owner of a float has earned.
pub(super) fn move_cash(books: &mut Books, command: &MoveCash, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        if used.fingerprint != command.key.fingerprint {
            return Err(Refusal::KeyUsedForSomethingElse);
        }
        return Ok(Outcome::CashMoved { repeated: Repeated::Yes });
    }
    let purse = books.purse(command.purse).ok_or(Refusal::PurseUnknown)?.clone();
    if purse.state != PurseState::Open {
        return Err(Refusal::PurseClosed);
    }
    let account = AccountRef::purse(purse.kind, purse.id);
    let (amount, entry) = match (purse.kind, command.how) {
        (PurseKind::Safe, CashMove::SentToBank(amount)) => (amount, recipes::cash_sent_to_bank(account, amount)),
        (PurseKind::Safe, CashMove::Banked { sent, banked }) if sent.unit() == banked.unit() => {
            (sent, recipes::cash_banked(&purse, (sent, banked)))
        }
        (PurseKind::Safe, CashMove::FetchedFromBank(amount)) => (amount, recipes::cash_fetched(account, amount)),
        (PurseKind::Float, CashMove::FloatBought(amount)) => {
            let bank = AccountRef::of_today(AccountCode::Bank);
            (amount, recipes::float_bought(bank, account, amount))
        }
        (PurseKind::Float, CashMove::FloatPaid { provider, amount }) => {
            (amount, recipes::float_bought(AccountRef::clearing(provider), account, amount))
        }
        (PurseKind::Float, CashMove::CommissionEarned(amount)) => {
            (amount, recipes::commission_earned(purse.id, amount))
        }
        (PurseKind::Float, CashMove::CommissionTakenBack(amount)) => {
            (amount, recipes::commission_taken_back(purse.id, amount))
        }
        (PurseKind::Float, CashMove::CommissionPaid(amount)) => {
            let bank = AccountRef::of_today(AccountCode::Bank);
            (amount, recipes::commission_paid(purse.id, bank, payable(books, &purse, amount)?))
        }
        (PurseKind::Float, CashMove::CommissionToFloat(amount)) => {
            (amount, recipes::commission_paid(purse.id, account, payable(books, &purse, amount)?))
        }
        (_, _) => return Err(Refusal::PurseUnsuited),
    };
    if amount.unit() != purse.unit {
        return Err(Refusal::PurseUnsuited);
    }
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    books.post(&entry?, Chain::Purse(purse.id), Cause::Purse(purse.id), at.now, at)?;
    let used = UsedKey { fingerprint: command.key.fingerprint, result: purse.id.as_u64(), used_at: at.now };
    books.put_key(command.key.key, used);
    Ok(Outcome::CashMoved { repeated: Repeated::No })
}

/// So much, when the owner of a float has earned it and has not been paid.
fn payable(books: &Books, purse: &Purse, amount: Amount) -> Result<Amount, Refusal> {
    let (shard, code) = (purse.id.shard(), AccountCode::CommissionPayable);
    let key = AccountKey { shard, code, owner: purse.id.as_u64(), unit: purse.unit };
    let payable = books.balance(&key).available(purse.unit);
    if amount.unit() != purse.unit {
        return Err(Refusal::PurseUnsuited);
    }
    if amount.exceeds(payable)? { Err(Refusal::CommissionInsufficient { payable }) } else { Ok(amount) }
}
