//! What happens to money once a provider has it: on the card, or back.

use super::place_top_up::{append_event, append_job, check_card};
use super::record_refund::succeed;
use super::{Inconsistency, Moment, Outcome, Refusal};
use crate::books::Books;
use crate::card::LastCredit;
use crate::event::EventKind;
use crate::id::{GrantId, ReceiptId, RefundId, TopUpId};
use crate::job::{COLLECTED_WITHIN, JobKind};
use crate::ledger::recipes::{self, Credited};
use crate::ledger::{Cause, Chain};
use crate::money::Amount;
use crate::payment::{Payment, Tender};
use crate::purse::PurseKind;
use crate::refund::{Refund, RefundState};
use crate::time::Timestamp;
use crate::top_up::{Grant, RefundReason, TopUp, TopUpState};

/// Puts captured money on the card when that can still be done, and owes it back otherwise.
///
/// The rules, in order: a top-up that has been paid before is not paid twice; too little goes back whole; a promise
/// with promotions is kept for a day; a card that can no longer be topped up gets nothing; of too much, the excess
/// goes back.
pub(super) fn settle(
    books: &mut Books,
    payment: &Payment,
    (captured, paid_at): (Amount, Timestamp),
    at: &mut Moment,
) -> Result<Outcome, Refusal> {
    let top_up = books.top_up(payment.top_up).ok_or(Refusal::TopUpUnknown)?.clone();
    let reason = match top_up.state {
        TopUpState::Deferred { .. }
        | TopUpState::Credited { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => Some(RefundReason::PaidTwice),
        TopUpState::Placed | TopUpState::Abandoned { .. } => {
            why_not_credit(books, &top_up, (captured, paid_at), at.now)?
        }
    };
    match reason {
        Some(reason) => {
            let mut top_up = top_up;
            if let Ok(state) = top_up.state.clone().refund(at.now, reason)
                && reason != RefundReason::PaidTwice
            {
                top_up.state = state;
                books.put_top_up(top_up);
            }
            let refund = owe_back(books, payment, (captured, reason), at)?;
            Ok(Outcome::OwedBack { refund })
        }
        None => {
            let paid = top_up.quote.you_pay;
            let outcome = credit_or_defer(books, payment, top_up, at)?;
            let excess = captured.minus(paid).map_err(Inconsistency::from)?;
            if !excess.is_zero() {
                owe_back(books, payment, (excess, RefundReason::Overpaid), at)?;
            }
            Ok(outcome)
        }
    }
}

fn credit_or_defer(books: &mut Books, payment: &Payment, top_up: TopUp, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut top_up = top_up;
    number_receipt(books, &mut top_up)?;
    match top_up.sale.and_then(|sale| sale.credit_at) {
        Some(credit_at) if at.now < credit_at => {
            top_up.state = top_up.state.defer(at.now).map_err(|_| Inconsistency::Missing("an unpaid top-up"))?;
            top_up.given.payment = Some(payment.id);
            let (id, gets) = (top_up.id, top_up.quote.card_gets);
            books.put_top_up(top_up);
            append_job(books, (JobKind::CreditTopUp, id.as_u64()), credit_at, at)?;
            append_event(books, id, (EventKind::Deferred, Some(payment.id), Some(gets)), at.now, at)?;
            Ok(Outcome::Deferred { until: credit_at })
        }
        Some(_) | None => {
            credit(books, payment, top_up, at)?;
            Ok(Outcome::Credited)
        }
    }
}

/// Gives the receipt of a sale its number: the next of its store, kiosk or agent.
fn number_receipt(books: &mut Books, top_up: &mut TopUp) -> Result<(), Refusal> {
    let Some(sale) = &mut top_up.sale else { return Ok(()) };
    let numbered_in = books.purse(sale.purse).ok_or(Refusal::PurseUnknown)?.numbered_in();
    let mut purse = books.purse(numbered_in).ok_or(Refusal::PurseUnknown)?.clone();
    purse.receipts = purse.receipts.saturating_add(1);
    sale.number = Some(purse.receipts);
    books.put_purse(purse);
    Ok(())
}

/// Puts on the card what was paid before, now that its time has come; back, when the card can no longer be topped up.
pub(super) fn credit_deferred(books: &mut Books, id: TopUpId, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut top_up = books.top_up(id).ok_or(Refusal::TopUpUnknown)?.clone();
    match top_up.state {
        TopUpState::Deferred { .. } => {}
        TopUpState::Placed
        | TopUpState::Abandoned { .. }
        | TopUpState::Credited { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => return Ok(Outcome::NothingToDo),
    }
    if let Some(until) = top_up.sale.and_then(|sale| sale.credit_at)
        && at.now < until
    {
        return Ok(Outcome::NotDue { until });
    }
    let payment = top_up.given.payment.and_then(|payment| books.payment(payment));
    let payment = payment.ok_or(Inconsistency::Missing("the deferred payment"))?.clone();
    let card = books.card(top_up.card()).ok_or(Inconsistency::Missing("the top-up's card"))?;
    match check_card(books, card, top_up.quote.card_gets, at.now) {
        Ok(()) => {
            credit(books, &payment, top_up, at)?;
            Ok(Outcome::Credited)
        }
        Err(Refusal::Quote(_)) => {
            let reason = RefundReason::CardRefused;
            let paid = top_up.quote.you_pay;
            if let Ok(state) = top_up.state.clone().refund(at.now, reason) {
                top_up.state = state;
                books.put_top_up(top_up);
            }
            let refund = owe_back(books, &payment, (paid, reason), at)?;
            Ok(Outcome::OwedBack { refund })
        }
        Err(other) => Err(other),
    }
}

fn why_not_credit(
    books: &Books,
    top_up: &TopUp,
    (captured, paid_at): (Amount, Timestamp),
    now: Timestamp,
) -> Result<Option<RefundReason>, Refusal> {
    if top_up.quote.you_pay.exceeds(captured)? {
        return Ok(Some(RefundReason::Underpaid));
    }
    if !top_up.quote.is_honoured_at(paid_at) {
        return Ok(Some(RefundReason::TooLate));
    }
    let card = books.card(top_up.card()).ok_or(Inconsistency::Missing("the top-up's card"))?;
    match check_card(books, card, top_up.quote.card_gets, now) {
        Ok(()) => Ok(None),
        Err(Refusal::Quote(_)) => Ok(Some(RefundReason::CardRefused)),
        Err(other) => Err(other),
    }
}

/// Value, bonus, expiry, receipt number and timeline: all in the same commit.
fn credit(books: &mut Books, payment: &Payment, top_up: TopUp, at: &mut Moment) -> Result<(), Refusal> {
    let mut top_up = top_up;
    let quote = top_up.quote.clone();
    let grant = match quote.bonus {
        None => None,
        Some(bonus) => {
            let id = GrantId::from_u64(at.ids.take()?);
            let expires_at = at.now.plus(bonus.lasts);
            let card = quote.card;
            let amount = bonus.amount;
            books.put_grant(Grant { id, card, amount, expires_at, left: None, lapsed_at: None, version: 0 });
            append_job(books, (JobKind::LapseGrant, id.as_u64()), expires_at, at)?;
            Some((id, bonus.amount))
        }
    };
    let entry = recipes::top_up_credited(&Credited {
        card: quote.card,
        payment: payment.id,
        paid: quote.you_pay,
        card_gets: quote.card_gets,
        bonus: grant,
    })?;
    books.post(&entry, Chain::Card(quote.card), Cause::Payment(payment.id), at.now, at)?;

    let mut card = books.card(quote.card).ok_or(Inconsistency::Missing("the top-up's card"))?.clone();
    let product = books.product(card.product).ok_or(Inconsistency::Missing("the card's product"))?;
    card.expires_at = Some(card.expiry_after_top_up(product, at.now));
    card.last_credit = Some(LastCredit { top_up: top_up.id, amount: quote.card_gets, credited_at: at.now });
    books.put_card(card);

    let receipt = ReceiptId::from_u64(at.ids.take()?);
    top_up.state = top_up.state.credit(at.now, receipt).map_err(|_| Inconsistency::Missing("an uncredited top-up"))?;
    top_up.given.payment = Some(payment.id);
    top_up.given.grant = grant.map(|(id, _)| id);
    let id = top_up.id;
    books.put_top_up(top_up);
    append_event(books, id, (EventKind::Credited, Some(payment.id), Some(quote.card_gets)), at.now, at)?;
    Ok(())
}

pub(super) fn owe_back(
    books: &mut Books,
    payment: &Payment,
    (amount, reason): (Amount, RefundReason),
    at: &mut Moment,
) -> Result<RefundId, Refusal> {
    let card = books.top_up(payment.top_up).ok_or(Refusal::TopUpUnknown)?.card();
    let entry = recipes::payment_owed_back(payment.id, amount)?;
    books.post(&entry, Chain::Card(card), Cause::Payment(payment.id), at.now, at)?;
    let refund = write_refund(books, payment, (amount, reason), at)?;
    send_at_once(books, payment, refund, at)?;
    Ok(refund)
}

/// What came off a float goes back on it in the same commit: nobody else has to be asked.
pub(super) fn send_at_once(
    books: &mut Books,
    payment: &Payment,
    refund: RefundId,
    at: &mut Moment,
) -> Result<(), Refusal> {
    match payment.tender {
        Tender::Purse { kind: PurseKind::Float, .. } => {
            let refund = books.refund(refund).ok_or(Refusal::RefundUnknown)?.clone();
            succeed(books, refund, (payment.tender.account(), at.now), at)?;
            Ok(())
        }
        Tender::Provider { .. } | Tender::Purse { .. } => Ok(()),
    }
}

/// Writes down a refund that has been booked, and the job that sends it; of cash, the job that looks whether it was collected.
pub(super) fn write_refund(
    books: &mut Books,
    payment: &Payment,
    (amount, reason): (Amount, RefundReason),
    at: &mut Moment,
) -> Result<RefundId, Refusal> {
    let id = RefundId::from_u64(at.ids.take()?);
    books.add_refund(Refund {
        id,
        payment: payment.id,
        top_up: payment.top_up,
        previous: None,
        amount,
        reason,
        state: RefundState::Requested,
        requested_at: at.now,
        version: 0,
    });
    let run_at = match payment.tender {
        Tender::Provider { .. } => Some(at.now),
        Tender::Purse { kind: PurseKind::Float, .. } => None,
        Tender::Purse { .. } => Some(at.now.plus(COLLECTED_WITHIN)),
    };
    if let Some(run_at) = run_at {
        append_job(books, (JobKind::SendRefund, id.as_u64()), run_at, at)?;
    }
    append_event(books, payment.top_up, (EventKind::RefundRequested, Some(payment.id), Some(amount)), at.now, at)?;
    Ok(id)
}
