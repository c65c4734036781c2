use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::card::{CardNumber, Standing};
use crate::id::GrantId;
use crate::ledger::{Cause, Chain, recipes};
use crate::money::Amount;

/// A use of the card, such as a call, to be charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordUsage {
    /// The caller's key.
    pub key: KeyUse,
    /// Which card.
    pub card: CardNumber,
    /// How much.
    pub amount: Amount,
    /// The number that the caller gave this use.
    pub number: u64,
}

/// Charges a use of the card: bonuses first, the one that lapses soonest before the others, then the card's own money.
pub(super) fn record_usage(books: &mut Books, command: &RecordUsage, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        if used.fingerprint != command.key.fingerprint {
            return Err(Refusal::KeyUsedForSomethingElse);
        }
        return Ok(Outcome::UsageCharged { repeated: Repeated::Yes });
    }
    if command.amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    let card = books.card(command.card).ok_or(Refusal::CardUnknown)?;
    let product = books.product(card.product).ok_or(Refusal::ProductUnknown)?;
    if card.standing(product, at.now) != Standing::Good {
        return Err(Refusal::CardNotUsable);
    }
    let unit = command.amount.unit();
    let floor = product.balance_min;
    let (bonuses, rest) = take_bonuses(books, command, at)?;
    let spendable = books.card_main(command.card, unit).minus(floor).unwrap_or(Amount::zero(unit));
    if rest.exceeds(spendable)? {
        let available = command.amount.minus(rest)?.plus(spendable)?;
        return Err(Refusal::BalanceInsufficient { available });
    }
    let entry = recipes::usage_charged(command.card, &bonuses, rest)?;
    books.post(&entry, Chain::Card(command.card), Cause::Usage(command.number), at.now, at)?;
    let used = UsedKey { fingerprint: command.key.fingerprint, result: command.number, used_at: at.now };
    books.put_key(command.key.key, used);
    Ok(Outcome::UsageCharged { repeated: Repeated::No })
}

/// What each bonus gives, and what is left to be paid by the card's own money.
fn take_bonuses(
    books: &Books,
    command: &RecordUsage,
    at: &Moment,
) -> Result<(Vec<(GrantId, Amount)>, Amount), Refusal> {
    let mut grants: Vec<_> = books
        .grants_of(command.card)
        .filter(|grant| grant.amount.unit() == command.amount.unit())
        .filter(|grant| grant.lapsed_at.is_none() && at.now < grant.expires_at)
        .collect();
    grants.sort_by_key(|grant| (grant.expires_at, grant.id));
    let mut rest = command.amount;
    let mut taken = Vec::new();
    for grant in grants {
        let part = rest.at_most(books.bonus_left(grant))?;
        if !part.is_zero() {
            rest = rest.minus(part)?;
            taken.push((grant.id, part));
        }
    }
    Ok((taken, rest))
}
