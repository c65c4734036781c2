use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::id::PurseId;
use crate::ledger::{AccountRef, Cause, Chain, recipes};
use crate::money::Amount;
use crate::purse::{PurseKind, PurseState};

/// Money that goes between a purse and the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveCash {
    /// The caller's key.
    pub key: KeyUse,
    /// The safe, or the float.
    pub purse: PurseId,
    /// What happens.
    pub how: CashMove,
}

/// What happens between a purse and the bank.
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
}

/// Books what goes between a purse and the bank.
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
        (PurseKind::Float, CashMove::FloatBought(amount)) => (amount, recipes::float_bought(account, amount)),
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
