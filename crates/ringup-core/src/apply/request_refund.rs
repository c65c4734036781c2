use super::settle::{owe_back, send_at_once, write_refund};
use super::{Inconsistency, KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::id::{RefundId, TopUpId};
use crate::ledger::recipes::{self, Reversed, ReversedBonus};
use crate::ledger::{Cause, Chain};
use crate::money::{Amount, AmountError};
use crate::payment::Payment;
use crate::top_up::{RefundReason, TopUp, TopUpState};

/// How much of a top-up is refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundHowMuch {
    /// All that is left of it.
    Whole,
    /// So much of what was paid.
    Part(Amount),
}

/// What is to be done when the card has spent what would be taken off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpentMeanwhile {
    /// Refuse.
    Refuse,
    /// Refund all the same: it is the issuer's loss.
    AcceptLoss,
}

/// A refund that staff decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestRefund {
    /// The key: our own number of this refund.
    pub key: KeyUse,
    /// Of which top-up.
    pub top_up: TopUpId,
    /// How much.
    pub how_much: RefundHowMuch,
    /// What if it has been spent.
    pub spent: SpentMeanwhile,
}

/// What a refund undoes on the card.
struct Undone {
    refund: Amount,
    main: Amount,
    bonus: Amount,
}

/// Takes a top-up off the card, wholly or in part, and owes the money back. The bonus goes with it in proportion.
pub(super) fn request_refund(books: &mut Books, command: &RequestRefund, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        if used.fingerprint != command.key.fingerprint {
            return Err(Refusal::KeyUsedForSomethingElse);
        }
        let refund = RefundId::from_u64(used.result);
        return Ok(Outcome::RefundRequested { refund, repeated: Repeated::Yes });
    }
    let top_up = books.top_up(command.top_up).ok_or(Refusal::TopUpUnknown)?.clone();
    match top_up.state {
        TopUpState::Credited { .. } => {}
        TopUpState::Deferred { .. } => return refund_deferred(books, command, top_up, at),
        TopUpState::Placed
        | TopUpState::Abandoned { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => return Err(Refusal::NotRefundable { state: top_up.state.name() }),
    }
    let undone = undo_share(&top_up, command.how_much)?;
    let (refund, payment) = reverse(books, top_up, &undone, (command.spent, RefundReason::ByStaff), at)?;
    send_at_once(books, &payment, refund, at)?;
    Ok(requested(books, command, refund, at))
}

/// Takes all that is left of a credited top-up off its card, and owes the money back; what the card has spent is lost.
pub(super) fn reverse_credited(
    books: &mut Books,
    top_up: TopUp,
    reason: RefundReason,
    at: &mut Moment,
) -> Result<RefundId, Refusal> {
    let undone = undo_share(&top_up, RefundHowMuch::Whole)?;
    let (refund, _) = reverse(books, top_up, &undone, (SpentMeanwhile::AcceptLoss, reason), at)?;
    Ok(refund)
}

fn reverse(
    books: &mut Books,
    top_up: TopUp,
    undone: &Undone,
    (spent, reason): (SpentMeanwhile, RefundReason),
    at: &mut Moment,
) -> Result<(RefundId, Payment), Refusal> {
    let mut top_up = top_up;
    let payment_id = top_up.given.payment.ok_or(Inconsistency::Missing("the credited payment"))?;
    let payment = books.payment(payment_id).ok_or(Refusal::PaymentUnknown)?.clone();
    let reversed = take_off(books, &top_up, undone, spent)?;
    let entry = recipes::top_up_reversed(&reversed)?;

    let refund = write_refund(books, &payment, (undone.refund, reason), at)?;
    books.post(&entry, Chain::Card(top_up.card()), Cause::Refund(refund), at.now, at)?;
    top_up.given.refunded = top_up.given.refunded.plus(undone.refund)?;
    top_up.given.main_undone = top_up.given.main_undone.plus(undone.main)?;
    top_up.given.bonus_undone = top_up.given.bonus_undone.plus(undone.bonus)?;
    if top_up.refundable()?.is_zero()
        && let Ok(state) = top_up.state.clone().refund(at.now, reason)
    {
        top_up.state = state;
    }
    books.put_top_up(top_up);
    Ok((refund, payment))
}

/// What has not come on the card yet goes back whole: there is nothing to take off.
fn refund_deferred(
    books: &mut Books,
    command: &RequestRefund,
    top_up: TopUp,
    at: &mut Moment,
) -> Result<Outcome, Refusal> {
    let mut top_up = top_up;
    let refundable = top_up.refundable()?;
    match command.how_much {
        RefundHowMuch::Whole => {}
        RefundHowMuch::Part(amount) if amount == refundable => {}
        RefundHowMuch::Part(_) => return Err(Refusal::RefundAmount { refundable }),
    }
    let payment = top_up.given.payment.and_then(|payment| books.payment(payment));
    let payment = payment.ok_or(Inconsistency::Missing("the deferred payment"))?.clone();
    let reason = RefundReason::ByStaff;
    if let Ok(state) = top_up.state.clone().refund(at.now, reason) {
        top_up.state = state;
    }
    top_up.given.refunded = refundable;
    books.put_top_up(top_up);
    let refund = owe_back(books, &payment, (refundable, reason), at)?;
    Ok(requested(books, command, refund, at))
}

fn requested(books: &mut Books, command: &RequestRefund, refund: RefundId, at: &Moment) -> Outcome {
    let used = UsedKey { fingerprint: command.key.fingerprint, result: refund.as_u64(), used_at: at.now };
    books.put_key(command.key.key, used);
    Outcome::RefundRequested { refund, repeated: Repeated::No }
}

/// The share of the card's value and bonus that goes with this much of what was paid.
///
/// Shares are counted on the sum of all refunds, so that many small ones undo exactly as much as one whole one.
fn undo_share(top_up: &TopUp, how_much: RefundHowMuch) -> Result<Undone, Refusal> {
    let refundable = top_up.refundable()?;
    let refund = match how_much {
        RefundHowMuch::Whole => refundable,
        RefundHowMuch::Part(amount) => amount,
    };
    if refund.is_zero() || refund.unit() != refundable.unit() || refund.exceeds(refundable)? {
        return Err(Refusal::RefundAmount { refundable });
    }
    let (quote, given) = (&top_up.quote, &top_up.given);
    let refunded = given.refunded.plus(refund)?;
    let main = share(quote.card_gets, refunded, quote.you_pay)?.minus(given.main_undone)?;
    let bonus = match quote.bonus {
        Some(bonus) => share(bonus.amount, refunded, quote.you_pay)?.minus(given.bonus_undone)?,
        None => given.bonus_undone,
    };
    Ok(Undone { refund, main, bonus })
}

/// `whole` times `part` by `of`, rounded down.
fn share(whole: Amount, part: Amount, of: Amount) -> Result<Amount, AmountError> {
    let product = u128::from(whole.minor()).checked_mul(u128::from(part.minor())).ok_or(AmountError::TooLarge)?;
    let share = product.checked_div(u128::from(of.minor())).ok_or(AmountError::NoWeights)?;
    Amount::new(u64::try_from(share).map_err(|_| AmountError::TooLarge)?, whole.unit())
}

fn take_off(books: &Books, top_up: &TopUp, undone: &Undone, spent: SpentMeanwhile) -> Result<Reversed, Refusal> {
    let main_left = undone.main.at_most(books.card_main(top_up.card(), undone.main.unit()))?;
    let main_short = undone.main.minus(main_left)?;
    let mut bonus_short = Amount::zero(undone.bonus.unit());
    let mut bonus = None;
    if let Some(id) = top_up.given.grant {
        let grant = books.grant(id).ok_or(Inconsistency::Missing("the top-up's bonus"))?;
        // What lapsed is the issuer's again already: there is nothing to take off, and nothing was spent.
        if grant.lapsed_at.is_none() && !undone.bonus.is_zero() {
            let left = undone.bonus.at_most(books.bonus_left(grant))?;
            bonus_short = undone.bonus.minus(left)?;
            bonus = Some(ReversedBonus { grant: id, share: undone.bonus, left });
        }
    }
    let is_short = !main_short.is_zero() || !bonus_short.is_zero();
    if is_short && spent == SpentMeanwhile::Refuse {
        return Err(Refusal::CardHasSpent { main_short, bonus_short });
    }
    let payment = top_up.given.payment.ok_or(Inconsistency::Missing("the credited payment"))?;
    Ok(Reversed { card: top_up.card(), payment, refund: undone.refund, main: undone.main, main_left, bonus })
}
