use super::place_top_up::append_event;
use super::record_given_back::record_given_back;
use super::settle::settle;
use super::{Difference, Moment, Outcome, Refusal};
use crate::books::Books;
use crate::event::EventKind;
use crate::id::CaptureId;
use crate::ledger::{AccountRef, Cause, Chain, recipes};
use crate::money::Amount;
use crate::payment::{
    Capture, InvalidTransition, Payment, PaymentState, PaymentWord, ProviderReport, ReportSource, Tender, TransactionId,
};
use crate::purse::{PurseKind, PurseState};
use crate::time::Timestamp;

/// Books what a provider tells us about a payment, or answers when we ask. May be told the same any number of times.
pub(super) fn record_payment(books: &mut Books, report: &ProviderReport, at: &mut Moment) -> Result<Outcome, Refusal> {
    let payment = books.payment(report.payment).ok_or(Refusal::PaymentUnknown)?.clone();
    if payment.tender.provider() != Some(report.provider) {
        return Err(Refusal::ReportDiffers(Difference::Provider));
    }
    match &report.word {
        PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined => Ok(Outcome::StillWaiting),
        PaymentWord::Closed => abandon(books, payment, at),
        PaymentWord::Paid { transaction, amount, paid_at } => {
            check_paid(&payment, transaction, *amount, report.source)?;
            capture(books, payment, (Some(transaction), *amount, *paid_at), at)
        }
        PaymentWord::GivenBack { transaction, amount, paid_at } => {
            check_paid(&payment, transaction, *amount, report.source)?;
            record_given_back(books, payment, (transaction, *amount, *paid_at), at)
        }
    }
}

fn check_paid(
    payment: &Payment,
    transaction: &TransactionId,
    told: Amount,
    source: ReportSource,
) -> Result<(), Refusal> {
    if told.unit() != payment.amount.unit() {
        return Err(Refusal::ReportDiffers(Difference::Unit));
    }
    let known = match &payment.state {
        PaymentState::Captured(known) if Some(transaction) == known.transaction.as_ref() => Some(known.amount),
        PaymentState::Captured(_) => return Err(Refusal::ReportDiffers(Difference::Transaction)),
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => None,
    };
    let asked = known.unwrap_or(payment.amount);
    match source {
        // A notification that names another amount is not believed: the caller asks the provider, whose
        // answer over TLS to our own question decides.
        ReportSource::Notification if told != asked => Err(Refusal::ReportDiffers(Difference::Amount { told, asked })),
        // Nothing was paid, whatever the provider calls it: there is nothing to credit or to give back.
        ReportSource::Query if told.is_zero() => Err(Refusal::ReportDiffers(Difference::Amount { told, asked })),
        ReportSource::Notification | ReportSource::Query => Ok(()),
    }
}

/// Books that the money is there, and settles what becomes of it.
pub(super) fn capture(
    books: &mut Books,
    payment: Payment,
    (transaction, amount, paid_at): (Option<&TransactionId>, Amount, Timestamp),
    at: &mut Moment,
) -> Result<Outcome, Refusal> {
    match book_capture(books, payment, (transaction, amount, paid_at), at)? {
        Some(payment) => settle(books, &payment, (amount, paid_at), at),
        None => Ok(Outcome::AlreadyRecorded), // providers repeat themselves
    }
}

/// Books that the money is there; nothing when that was known.
pub(super) fn book_capture(
    books: &mut Books,
    payment: Payment,
    (transaction, amount, paid_at): (Option<&TransactionId>, Amount, Timestamp),
    at: &mut Moment,
) -> Result<Option<Payment>, Refusal> {
    let mut payment = payment;
    let id = CaptureId::from_u64(at.ids.take()?);
    let capture = Capture { id, previous: None, captured_at: paid_at, transaction: transaction.cloned(), amount };
    payment.state = match payment.state.capture(capture) {
        Ok(state) => state,
        Err(InvalidTransition { .. }) => return Ok(None),
    };
    books.put_captured(payment.clone());
    let card = books.top_up(payment.top_up).ok_or(Refusal::TopUpUnknown)?.card();
    let entry = recipes::payment_captured(taken_on(books, &payment), payment.id, amount)?;
    books.post(&entry, Chain::Card(card), Cause::Payment(payment.id), paid_at, at)?;
    append_event(books, payment.top_up, (EventKind::Captured, Some(payment.id), Some(amount)), paid_at, at)?;
    Ok(Some(payment))
}

/// Where the money is. What a late sale has put into a cash box that was counted meanwhile is what was too much in it.
fn taken_on(books: &Books, payment: &Payment) -> AccountRef {
    match payment.tender {
        Tender::Purse { kind: PurseKind::CashBox, purse } => match books.purse(purse).map(|purse| purse.state) {
            Some(PurseState::Closed(_)) => AccountRef::over_short(purse),
            Some(PurseState::Open) | None => payment.tender.account(),
        },
        Tender::Purse { .. } | Tender::Provider { .. } => payment.tender.account(),
    }
}

fn abandon(books: &mut Books, payment: Payment, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut payment = payment;
    payment.state = match payment.state.abandon(at.now) {
        Ok(state) => state,
        Err(InvalidTransition { .. }) => return Ok(Outcome::AlreadyRecorded),
    };
    let top_up_id = payment.top_up;
    books.put_payment(payment);
    // Whether the top-up ends depends on its other payments, which are not written: its own row stands for them all.
    books.hold_top_up(top_up_id);
    let all_ended = books.payments_of(top_up_id).all(|payment| match payment.state {
        PaymentState::Abandoned { .. } => true,
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Captured(_) => false,
    });
    let mut top_up = books.top_up(top_up_id).ok_or(Refusal::TopUpUnknown)?.clone();
    if all_ended && let Ok(state) = top_up.state.clone().abandon(at.now) {
        top_up.state = state;
        books.put_top_up(top_up);
        append_event(books, top_up_id, (EventKind::Abandoned, None, None), at.now, at)?;
    }
    Ok(Outcome::PaymentAbandoned)
}
