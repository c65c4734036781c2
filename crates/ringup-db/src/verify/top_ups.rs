use std::collections::BTreeMap;

use ringup_core::id::{PaymentId, TopUpId};
use ringup_core::job::CaseKind;
use ringup_core::payment::{Capture, Payment, PaymentState};
use ringup_core::refund::{Refund, RefundState};
use ringup_core::time::Timestamp;
use ringup_core::top_up::{TopUp, TopUpState};

use super::entries::ShardBooks;
use super::{CREDIT_CLOCK, CheckLine, REFUND_CLOCK, Shards};
use crate::capture::{CAPTURES_WITH_PAYMENTS, read_capture};
use crate::dialect::Lookup;
use crate::error::DbError;
use crate::payment::read_payment;
use crate::refund::{REFUND, read_refund};
use crate::seam::{Fields, Query, ReadTx};
use crate::top_up::{TOP_UP, read_top_up};

static TOP_UPS: Lookup = Lookup::new(&TOP_UP, &[], "shard between $1 and $2", "");
static REFUNDS: Lookup = Lookup::new(&REFUND, &[], "shard between $1 and $2", "");

/// Each paid top-up has ended in exactly one way, or is on its way inside its clock, and the journal says the same.
pub(super) struct TopUps {
    ended: CheckLine,
    booked: CheckLine,
    refunds: CheckLine,
    owed: CheckLine,
}

/// A top-up with how often the journal credited it.
pub(super) struct Credited {
    pub(super) top_up: TopUp,
    pub(super) times: usize,
}

impl TopUps {
    pub(super) fn new() -> Self {
        Self {
            ended: CheckLine::new("every paid top-up is credited, or its money is on its way back"),
            booked: CheckLine::new("every capture and every credit is in the journal exactly once"),
            refunds: CheckLine::new("every refund is sent, or inside its clock, or with a person"),
            owed: CheckLine::new("what is owed back is what refunds have yet to send"),
        }
    }

    pub(super) fn lines(&self) -> [CheckLine; 4] {
        [self.ended.clone(), self.booked.clone(), self.refunds.clone(), self.owed.clone()]
    }

    /// Answers the top-ups of the shards, for the acknowledgements.
    pub(super) fn look(
        &mut self,
        tx: &mut ReadTx<'_>,
        shards: Shards,
        books: &ShardBooks,
        now: Timestamp,
    ) -> Result<BTreeMap<TopUpId, Credited>, DbError> {
        let key = shards.params();
        let mut top_ups: BTreeMap<TopUpId, Credited> = TOP_UPS
            .find(tx, &key, |fields| Ok(read_or_find(read_top_up(fields), &shards)))?
            .into_iter()
            .filter_map(|row| kept(row, &mut self.ended))
            .map(|top_up| (top_up.id, Credited { top_up, times: 0 }))
            .collect();
        let captured =
            CAPTURES_WITH_PAYMENTS.find(tx, &key, |fields| Ok(read_or_find(read_captured(fields), &shards)))?;
        let captured: Vec<Payment> = captured.into_iter().filter_map(|row| kept(row, &mut self.ended)).collect();
        for payment in &captured {
            self.check_payment(payment, books, &mut top_ups, now);
        }
        let paid_for: BTreeMap<PaymentId, TopUpId> =
            captured.iter().map(|payment| (payment.id, payment.top_up)).collect();
        self.check_strays(&paid_for, books);
        for credited in top_ups.values() {
            self.check_credit(credited, &paid_for);
        }
        let refunds = REFUNDS.find(tx, &key, |fields| Ok(read_or_find(read_refund(fields), &shards)))?;
        let refunds: Vec<Refund> = refunds.into_iter().filter_map(|row| kept(row, &mut self.refunds)).collect();
        self.check_refunds(tx, &refunds, now)?;
        self.check_owed(tx, shards, &refunds)?;
        Ok(top_ups)
    }

    fn check_payment(
        &mut self,
        payment: &Payment,
        books: &ShardBooks,
        top_ups: &mut BTreeMap<TopUpId, Credited>,
        now: Timestamp,
    ) {
        self.ended.count();
        self.booked.count();
        let PaymentState::Captured(Capture { amount, .. }) = &payment.state else { return };
        if books.captured.get(&payment.id).map(Vec::as_slice) != Some(&[*amount]) {
            self.booked.find(|| format!("the capture of {} is not in the journal exactly once", payment.id));
        }
        let Some(credited) = top_ups.get_mut(&payment.top_up) else {
            self.ended.find(|| format!("{} was paid for {}, which is not there", payment.id, payment.top_up));
            return;
        };
        let credits = books.credited.get(&payment.id).map_or(&[][..], Vec::as_slice);
        credited.times = credited.times.saturating_add(credits.len());
        let quote = &credited.top_up.quote;
        if credits.iter().any(|credit| *credit != (quote.card, quote.card_gets)) {
            self.booked.find(|| format!("{} put another amount, or it on another card, than promised", payment.id));
        }
        match credited.top_up.state {
            TopUpState::Placed | TopUpState::Abandoned { .. } => {
                let (id, state) = (credited.top_up.id, credited.top_up.state.name());
                self.ended.find(|| format!("{id} was paid by {} and is still {state}", payment.id));
            }
            TopUpState::Deferred { .. } => {
                let due = credited.top_up.sale.and_then(|sale| sale.credit_at);
                if due.is_none_or(|due| now.since(due) > CREDIT_CLOCK) {
                    let id = credited.top_up.id;
                    self.ended.find(|| format!("{id} was to be credited at a stated time, which is over"));
                }
            }
            TopUpState::Credited { .. } | TopUpState::Refunding { .. } | TopUpState::Refunded { .. } => {}
        }
    }

    /// Entries about payments that were never captured.
    fn check_strays(&mut self, paid_for: &BTreeMap<PaymentId, TopUpId>, books: &ShardBooks) {
        let booked = books.captured.keys().chain(books.credited.keys());
        let stray = booked.filter(|payment| !paid_for.contains_key(payment));
        for payment in stray {
            self.booked.find(|| format!("the journal books {payment}, which no provider has captured"));
        }
    }

    fn check_credit(&mut self, credited: &Credited, paid_for: &BTreeMap<PaymentId, TopUpId>) {
        let Credited { top_up, times } = credited;
        let expected = usize::from(top_up.state.receipt().is_some());
        if *times != expected {
            let (id, state) = (top_up.id, top_up.state.name());
            self.booked.find(|| format!("{id} is {state}, and the journal credits it {times} times"));
        }
        let paid_by = top_up.given.payment.and_then(|payment| paid_for.get(&payment));
        if expected == 1 && paid_by != Some(&top_up.id) {
            self.ended.find(|| format!("{} was credited without a payment", top_up.id));
        }
    }

    fn check_refunds(&mut self, tx: &mut ReadTx<'_>, refunds: &[Refund], now: Timestamp) -> Result<(), DbError> {
        for refund in refunds {
            self.refunds.count();
            let late = match refund.state {
                RefundState::Requested => now.since(refund.requested_at) > REFUND_CLOCK,
                RefundState::Failed { .. } => true,
                RefundState::Succeeded { .. } => false,
            };
            if !late {
                continue;
            }
            let sql = "select count(*) from review_case where shard = $1 and top_up_id = $2 and kind <> $3";
            let about_words = CaseKind::RatingReported.code();
            let params = [refund.top_up.shard().0.into(), refund.top_up.as_u64().into(), about_words.into()];
            let cases = tx.query_first(sql, &params, |fields| fields.int())?;
            if cases.unwrap_or(0) == 0 {
                let (id, state) = (refund.id, refund.state.name());
                self.refunds.find(|| format!("{id} is {state} for too long, and nobody was asked to look"));
            }
        }
        Ok(())
    }
}

impl TopUps {
    fn check_owed(&mut self, tx: &mut ReadTx<'_>, shards: Shards, refunds: &[Refund]) -> Result<(), DbError> {
        let mut unsent: BTreeMap<u64, i128> = BTreeMap::new();
        for refund in refunds {
            match refund.state {
                RefundState::Requested | RefundState::Failed { .. } => {
                    *unsent.entry(refund.payment.as_u64()).or_default() += i128::from(refund.amount.minor());
                }
                RefundState::Succeeded { .. } => {}
            }
        }
        let sql = "select owner, balance_minor from account
            where shard between $1 and $2 and code = 21 and balance_minor <> 0";
        let owed = tx.query(sql, &shards.params(), |fields| Ok((fields.bits()?, fields.int()?)))?;
        for (payment, minor) in owed {
            self.owed.count();
            let sending = unsent.remove(&payment).unwrap_or(0);
            if sending != i128::from(minor) {
                let payment = PaymentId::from_u64(payment);
                self.owed.find(|| format!("{payment}: {minor} minor units are owed back, and {sending} to be sent"));
            }
        }
        for (payment, sending) in unsent {
            let payment = PaymentId::from_u64(payment);
            self.owed.find(|| format!("{payment}: nothing is owed back, and {sending} minor units are to be sent"));
        }
        Ok(())
    }
}

/// A capture with its payment, which must be the one it was of.
fn read_captured(fields: &mut Fields<'_>) -> Result<Payment, DbError> {
    let row = read_capture(fields)?;
    let payment = read_payment(fields)?;
    if (row.top_up, row.provider, row.capture.amount.unit())
        != (payment.top_up, payment.tender.provider(), payment.amount.unit())
    {
        let id = payment.id;
        return Err(DbError::Damaged(format!("what was captured for {id} names another top-up, provider or unit")));
    }
    Ok(row.of(payment))
}

fn read_or_find<T>(row: Result<T, DbError>, shards: &Shards) -> Result<T, String> {
    row.map_err(|error| format!("a row of {shards}: {error}"))
}

fn kept<T>(row: Result<T, String>, line: &mut CheckLine) -> Option<T> {
    match row {
        Ok(row) => Some(row),
        Err(finding) => {
            line.find(|| finding);
            None
        }
    }
}
