//! What each command must come to, in the auditor's own words: captures, credits, refunds, bonuses that lapse.

use ringup_core::apply::{Outcome, RecordRefund, RefundHowMuch, RequestRefund, SpentMeanwhile};
use ringup_core::batch::Decision;
use ringup_core::id::{GrantId, PaymentId, RefundId, TopUpId};
use ringup_core::ledger::AccountCode;
use ringup_core::money::Unit;
use ringup_core::payment::{PaymentWord, Provider, ProviderReport, RefundWord, ReportSource};

use super::model::{GrantModel, Life, Meant, Model, PaidBy};
use super::rules::{Said, same_answer};
use crate::store::Store;

const DAY: i64 = 86_400_000_000;

/// The account of what a provider owes.
pub(super) const fn clearing(provider: Provider) -> AccountCode {
    match provider {
        Provider::Alipay => AccountCode::ClearingAlipay,
        Provider::WechatPay => AccountCode::ClearingWechatPay,
    }
}

impl Model {
    pub(super) fn record_payment(&mut self, store: &Store, report: &ProviderReport, now: i64) -> Said {
        let Some(payment) = self.payments.get(&report.payment) else { return Ok("payment_unknown") };
        if payment.by != PaidBy::Provider(report.provider) {
            return Ok("report_differs");
        }
        match &report.word {
            PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined => Ok("still waiting"),
            PaymentWord::Closed => Ok(self.abandon(report.payment)),
            // No payer of this world shows a code, and nothing else is cancelled.
            PaymentWord::GivenBack { .. } => Ok("given back"),
            PaymentWord::Paid { transaction, amount, paid_at } => {
                let told = amount.minor_signed();
                let is_told = report.source == ReportSource::Notification;
                if let Some(captured) = payment.captured {
                    let is_other = payment.transaction.as_deref() != Some(transaction.as_str());
                    let differs = is_other || (is_told && told != captured);
                    return Ok(if differs { "report_differs" } else { "already recorded" });
                }
                if (is_told && told != payment.asked) || told == 0 {
                    return Ok("report_differs");
                }
                self.capture(report.payment, (Some(transaction.as_str()), told));
                self.settle(store, report.payment, (told, paid_at.micros(), now))
            }
        }
    }

    fn abandon(&mut self, id: PaymentId) -> &'static str {
        let Some(payment) = self.payments.get_mut(&id) else { return "payment_unknown" };
        if payment.is_abandoned || payment.captured.is_some() {
            return "already recorded";
        }
        payment.is_abandoned = true;
        let top_up = payment.top_up;
        let is_open = |id: &PaymentId| self.payments.get(id).is_some_and(|payment| !payment.is_abandoned);
        let is_payable = self.top_ups.get(&top_up).is_some_and(|top_up| top_up.payments.iter().any(is_open));
        if let Some(top_up) = self.top_ups.get_mut(&top_up).filter(|top_up| top_up.life == Life::Placed && !is_payable)
        {
            top_up.life = Life::Abandoned;
        }
        "abandoned"
    }

    pub(super) fn capture(&mut self, id: PaymentId, (transaction, amount): (Option<&str>, i64)) {
        let Some(payment) = self.payments.get_mut(&id) else { return };
        payment.is_abandoned = false;
        payment.captured = Some(amount);
        payment.transaction = transaction.map(str::to_owned);
        let by = payment.by;
        match by {
            PaidBy::Provider(provider) => self.add_to_total(clearing(provider), Unit::Cny, amount),
            PaidBy::Cash(purse) if self.is_closed(purse) => self.name_difference(purse, amount),
            PaidBy::Cash(purse) => self.add_to_purse(purse, amount),
            PaidBy::Float(purse) => self.add_to_purse(purse, -amount),
        }
    }

    /// Money that was taken goes on the card, now or later, or back.
    pub(super) fn settle(&mut self, store: &Store, id: PaymentId, (amount, paid_at, now): (i64, i64, i64)) -> Said {
        let missing = || format!("the top-up of {id} is missing");
        let top_up_id = self.payments.get(&id).map(|payment| payment.top_up).ok_or_else(missing)?;
        let top_up = self.top_ups.get(&top_up_id).ok_or_else(missing)?;
        let card = self.cards.get(&top_up.card).ok_or_else(missing)?;
        let is_first = matches!(top_up.life, Life::Placed | Life::Abandoned);
        let is_enough = amount >= top_up.pays;
        let is_in_time = !top_up.has_promotion || paid_at < top_up.quoted_at + DAY;
        let fits_card = self.why_not_topped_up(card, top_up.gets, now).is_none();
        if is_first && is_enough && is_in_time && fits_card {
            let excess = amount - top_up.pays;
            let credit_at = top_up.sale.and_then(|sale| sale.credit_at);
            self.number_receipt(top_up_id);
            let waits = credit_at.is_some_and(|at| now < at);
            if waits {
                self.defer(id);
            } else {
                self.credit(store, id, now)?;
            }
            if excess > 0 {
                self.owe(id, excess);
            }
            return Ok(if waits { "deferred" } else { "credited" });
        }
        if let Some(top_up) = self.top_ups.get_mut(&top_up_id).filter(|_| is_first) {
            top_up.life = Life::Refunding;
        }
        self.owe(id, amount);
        Ok("owed back")
    }

    pub(super) fn credit(&mut self, store: &Store, id: PaymentId, now: i64) -> Result<(), String> {
        let missing = || format!("what {id} pays for is missing");
        let payment = self.payments.get_mut(&id).ok_or_else(missing)?;
        payment.waiting = 0;
        let top_up_id = payment.top_up;
        let top_up = self.top_ups.get_mut(&top_up_id).ok_or_else(missing)?;
        top_up.life = Life::Credited;
        top_up.was_credited = true;
        top_up.paid_by = Some(id);
        let (gets, discount, bonus) = (top_up.gets, top_up.gets - top_up.pays, top_up.bonus);
        if let Some((amount, unit, lasts)) = bonus {
            // Which number the bonus has is the books' to say; that it is a new one is not.
            let grant = store.top_ups.get(&top_up_id).and_then(|top_up| top_up.given.grant);
            let grant = grant.ok_or_else(|| format!("{top_up_id} gave no bonus"))?;
            top_up.grant =
                Some(GrantModel { id: grant, unit, left: amount, expires_at: now + lasts, has_lapsed: false });
            if self.grants.insert(grant, top_up_id).is_some() {
                return Err(format!("{grant} was there already"));
            }
        }
        let card = self.cards.get_mut(&top_up.card).ok_or_else(missing)?;
        let product = self.products.get(&card.product).ok_or_else(missing)?;
        card.main += gets;
        card.last_credit = Some((gets, now));
        let extended = now + product.added_per_top_up;
        card.expires_at = Some(card.expires_at.map_or(extended, |at| at.max(extended)));
        self.add_to_total(AccountCode::ExpensePromotion, Unit::Cny, discount);
        if let Some((amount, unit, _)) = bonus {
            self.add_to_total(AccountCode::ExpensePromotion, unit, amount);
        }
        Ok(())
    }

    /// So much is owed back; what came off a float is on it again at once.
    pub(super) fn owe(&mut self, id: PaymentId, amount: i64) {
        let Some(payment) = self.payments.get_mut(&id) else { return };
        let (by, top_up) = (payment.by, payment.top_up);
        let PaidBy::Float(float) = by else {
            payment.owed += amount;
            self.new_refunds.push((id, amount, false));
            return;
        };
        payment.sent += amount;
        self.new_refunds.push((id, amount, true));
        self.add_to_purse(float, amount);
        self.end_when_all_is_sent(top_up);
    }

    pub(super) fn request_refund(&mut self, command: &RequestRefund, decision: &Decision) -> Said {
        match self.known(&command.key) {
            Err(code) => return Ok(code),
            Ok(Some(meant)) => return same_answer(meant, decision, "refund requested again"),
            Ok(None) => {}
        }
        let Some(top_up) = self.top_ups.get(&command.top_up) else { return Ok("top_up_unknown") };
        if top_up.life == Life::Deferred {
            return self.refund_before_its_time(command, decision);
        }
        if top_up.life != Life::Credited {
            return Ok("top_up_not_refundable");
        }
        let most = top_up.pays - top_up.refunded;
        let amount = match command.how_much {
            RefundHowMuch::Whole => most,
            RefundHowMuch::Part(amount) => amount.minor_signed(),
        };
        if amount <= 0 || amount > most {
            return Ok("refund_amount");
        }
        // What goes with it is counted on all refunds together, so that nothing is lost by rounding.
        let refunded = i128::from(top_up.refunded + amount);
        let share = |whole: i64| i64::try_from(i128::from(whole) * refunded / i128::from(top_up.pays)).unwrap_or(0);
        let main = share(top_up.gets) - top_up.main_undone;
        let bonus = top_up.bonus.map_or(0, |(whole, _, _)| share(whole)) - top_up.bonus_undone;
        let has = self.cards.get(&top_up.card).map_or(0, |card| card.main);
        let grant = top_up.grant.filter(|grant| !grant.has_lapsed);
        let (main_left, bonus_left) = (main.min(has), bonus.min(grant.map_or(0, |grant| grant.left)));
        let is_short = main_left < main || (grant.is_some() && bonus_left < bonus);
        if is_short && command.spent == SpentMeanwhile::Refuse {
            return Ok("card_has_spent");
        }
        let Ok(Outcome::RefundRequested { refund, .. }) = decision else { return Ok("refund requested") };
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::Requested(*refund)));
        self.take_off(command, (amount, main, main_left), grant.map(|grant| (grant.unit, bonus, bonus_left)), bonus)?;
        Ok("refund requested")
    }

    fn take_off(
        &mut self,
        command: &RequestRefund,
        (amount, main, main_left): (i64, i64, i64),
        bonus: Option<(Unit, i64, i64)>,
        bonus_share: i64,
    ) -> Result<(), String> {
        let missing = || format!("{} is missing", command.top_up);
        let top_up = self.top_ups.get_mut(&command.top_up).ok_or_else(missing)?;
        top_up.refunded += amount;
        top_up.main_undone += main;
        top_up.bonus_undone += bonus_share;
        if top_up.refunded == top_up.pays {
            top_up.life = Life::Refunding;
        }
        if let (Some(grant), Some((_, _, left))) = (top_up.grant.as_mut(), bonus) {
            grant.left -= left;
        }
        let (card, paid_by) = (top_up.card, top_up.paid_by.ok_or_else(missing)?);
        self.cards.get_mut(&card).ok_or_else(missing)?.main -= main_left;
        self.add_to_total(AccountCode::ExpenseRefundLoss, Unit::Cny, main - main_left);
        self.add_to_total(AccountCode::ExpensePromotion, Unit::Cny, amount - main);
        if let Some((unit, share, left)) = bonus {
            self.add_to_total(AccountCode::ExpenseRefundLoss, unit, share - left);
            self.add_to_total(AccountCode::ExpensePromotion, unit, -share);
        }
        self.owe(paid_by, amount);
        Ok(())
    }

    pub(super) fn record_refund(&mut self, command: &RecordRefund) -> &'static str {
        let Some(refund) = self.refunds.get_mut(&command.refund) else { return "refund_unknown" };
        let by = self.payments.get(&refund.payment).map(|payment| payment.by);
        let Some(PaidBy::Provider(provider)) = by else { return "report_differs" };
        match command.word {
            RefundWord::NotFound | RefundWord::Processing => return "still waiting",
            RefundWord::Failed { .. } if refund.is_sent || refund.has_failed => return "already recorded",
            RefundWord::Failed { .. } => {
                refund.has_failed = true;
                return "refund recorded";
            }
            RefundWord::Succeeded { .. } if refund.is_sent => return "already recorded",
            RefundWord::Succeeded { .. } => {}
        }
        let amount = refund.amount;
        self.sent(command.refund);
        self.add_to_total(clearing(provider), Unit::Cny, -amount);
        "refund recorded"
    }

    /// What is owed by this refund has been given back.
    pub(super) fn sent(&mut self, refund: RefundId) {
        let Some(refund) = self.refunds.get_mut(&refund) else { return };
        refund.is_sent = true;
        let Some(payment) = self.payments.get_mut(&refund.payment) else { return };
        payment.owed -= refund.amount;
        payment.sent += refund.amount;
        let top_up = payment.top_up;
        self.end_when_all_is_sent(top_up);
    }

    fn end_when_all_is_sent(&mut self, top_up: TopUpId) {
        let is_of_it = |payment: &PaymentId| self.payments.get(payment).is_some_and(|payment| payment.top_up == top_up);
        let is_under_way = self.refunds.values().any(|refund| !refund.is_sent && is_of_it(&refund.payment))
            || self.new_refunds.iter().any(|(payment, _, is_sent)| !is_sent && is_of_it(payment));
        let top_up = self.top_ups.get_mut(&top_up);
        if let Some(top_up) = top_up.filter(|top_up| top_up.life == Life::Refunding && !is_under_way) {
            top_up.life = Life::Refunded;
        }
    }

    pub(super) fn lapse(&mut self, grant: GrantId, now: i64) -> &'static str {
        let top_up = self.grants.get(&grant).and_then(|top_up| self.top_ups.get_mut(top_up));
        let Some(grant) = top_up.and_then(|top_up| top_up.grant.as_mut()) else { return "grant_unknown" };
        if grant.has_lapsed {
            return "nothing to do";
        }
        if now < grant.expires_at {
            return "not due";
        }
        let (left, unit) = (std::mem::take(&mut grant.left), grant.unit);
        grant.has_lapsed = true;
        self.add_to_total(AccountCode::IncomeBreakage, unit, left);
        "lapsed"
    }
}
