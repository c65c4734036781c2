use super::place_top_up::append_event;
use super::{Difference, Inconsistency, Moment, Outcome, Refusal};
use crate::books::Books;
use crate::event::EventKind;
use crate::id::{CaseId, RefundId, TopUpId};
use crate::job::{ANSWERED_WITHIN, CaseKind, NewCase};
use crate::ledger::{AccountRef, Cause, Chain, recipes};
use crate::payment::{InvalidTransition, RefundWord};
use crate::refund::{Refund, RefundState};
use crate::time::Timestamp;

/// A provider's word on a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRefund {
    /// Which refund.
    pub refund: RefundId,
    /// What it says.
    pub word: RefundWord,
}

/// Books what a provider tells us about a refund, or answers when we ask. May be told the same any number of times.
pub(super) fn record_refund(books: &mut Books, command: &RecordRefund, at: &mut Moment) -> Result<Outcome, Refusal> {
    let refund = books.refund(command.refund).ok_or(Refusal::RefundUnknown)?.clone();
    let tender = books.payment(refund.payment).ok_or(Refusal::PaymentUnknown)?.tender;
    // What was paid in cash or off a float is given back by nobody but us: no provider knows anything of it.
    if tender.provider().is_none() {
        return Err(Refusal::ReportDiffers(Difference::Provider));
    }
    match &command.word {
        RefundWord::NotFound | RefundWord::Processing => Ok(Outcome::StillWaiting),
        RefundWord::Succeeded { succeeded_at } => succeed(books, refund, (tender.account(), *succeeded_at), at),
        RefundWord::Failed { reason } => fail(books, refund, reason, at),
    }
}

/// Books that the payer has his money back, from this account.
pub(super) fn succeed(
    books: &mut Books,
    refund: Refund,
    (given_by, succeeded_at): (AccountRef, Timestamp),
    at: &mut Moment,
) -> Result<Outcome, Refusal> {
    let mut refund = refund;
    refund.state = match refund.state.succeed(succeeded_at) {
        Ok(state) => state,
        Err(InvalidTransition { .. }) => return Ok(Outcome::AlreadyRecorded),
    };
    let card = books.top_up(refund.top_up).ok_or(Refusal::TopUpUnknown)?.card();
    let entry = recipes::refund_sent(given_by, refund.payment, refund.amount)?;
    books.post(&entry, Chain::Card(card), Cause::Refund(refund.id), succeeded_at, at)?;
    let (top_up, payment, amount) = (refund.top_up, refund.payment, refund.amount);
    books.put_refund(refund);
    append_event(books, top_up, (EventKind::RefundSucceeded, Some(payment), Some(amount)), succeeded_at, at)?;
    finish_top_up(books, top_up, at.now)?;
    Ok(Outcome::RefundRecorded)
}

/// A top-up whose money was all to go back is refunded once every refund of it has been sent.
fn finish_top_up(books: &mut Books, id: TopUpId, now: Timestamp) -> Result<(), Refusal> {
    let all_sent = books.refunds_of(id).all(|refund| match refund.state {
        RefundState::Succeeded { .. } => true,
        RefundState::Requested | RefundState::Failed { .. } => false,
    });
    let mut top_up = books.top_up(id).ok_or(Inconsistency::Missing("the refund's top-up"))?.clone();
    if all_sent && let Ok(state) = top_up.state.clone().finish_refund(now) {
        top_up.state = state;
        books.put_top_up(top_up);
    }
    Ok(())
}

fn fail(books: &mut Books, refund: Refund, reason: &str, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut refund = refund;
    refund.state = match refund.state.fail(at.now, reason.to_owned()) {
        Ok(state) => state,
        Err(InvalidTransition { .. }) => return Ok(Outcome::AlreadyRecorded),
    };
    let (id, top_up, payment, amount) = (refund.id, refund.top_up, refund.payment, refund.amount);
    books.put_refund(refund);
    append_event(books, top_up, (EventKind::RefundFailed, Some(payment), Some(amount)), at.now, at)?;
    books.append_case(NewCase {
        id: CaseId::from_u64(at.ids.take()?),
        kind: CaseKind::RefundFailed,
        top_up,
        detail: format!("{id} of {amount}: {reason}"),
        opened_at: at.now,
        due_at: at.now.plus(ANSWERED_WITHIN),
    });
    Ok(Outcome::RefundRecorded)
}
