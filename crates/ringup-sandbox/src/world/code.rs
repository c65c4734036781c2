//! Payments by code: the payer's phone shows one, the merchant scans it, and may cancel what came of it.

use serde::{Deserialize, Serialize};

use super::{PayEffect, PlaceRefusal, World};
use crate::{
    fault::{Family, Fault, Place},
    limits,
    order::{Door, NewOrder, OrderState, Provider, Refund, RefundStatus},
    outside,
};

/// What the payer does when his code is scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// Nothing: small amounts are taken without asking him.
    #[default]
    PaysAtOnce,
    /// He is asked to confirm; what he does then is for a control call or the phone's page.
    MustConfirm,
    /// He has not enough money.
    LacksMoney,
}

/// A code that a payer's phone has shown.
#[derive(Clone, Debug)]
pub struct ShownCode {
    /// Whose app.
    pub provider: Provider,
    /// The digits.
    pub digits: String,
    /// Until when it can be scanned.
    pub expires_at: i64,
    payer: Payer,
    is_used: bool,
}

/// What bringing a code brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeEffect {
    /// The money is with the provider.
    Paid,
    /// The payer must confirm.
    Waiting,
    /// The payer's bank said no at once.
    Declined,
}

/// Why no money is taken for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// The order is paid, closed, or another one.
    Order(PlaceRefusal),
    /// Nobody has been shown such a code, or it has been used.
    Invalid,
    /// It is older than a minute.
    Expired,
    /// The payer has not enough.
    LacksMoney,
}

/// What cancelling brought about. Doing it again brings about the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelEffect {
    /// It was unpaid, and is closed.
    Closed,
    /// It was paid, and the money went back.
    GivenBack,
    /// There is no such order.
    Unknown,
}

impl World {
    /// A payer's phone shows a new code.
    pub fn show_code(&mut self, provider: Provider, payer: Payer, now: i64) -> ShownCode {
        let random = u64::from_be_bytes(outside::random_bytes());
        let digits = match provider {
            Provider::Alipay => format!("28{:016}", random % 10_000_000_000_000_000),
            Provider::WechatPay => format!("13{:016}", random % 10_000_000_000_000_000),
        };
        let expires_at = now.saturating_add(limits::PAYMENT_CODE_LIFE);
        let shown = ShownCode { provider, digits, expires_at, payer, is_used: false };
        self.codes.push(shown.clone());
        let surplus = self.codes.len().saturating_sub(limits::PAYMENT_CODES_KEPT_MAX);
        self.codes.drain(..surplus);
        shown
    }

    /// The merchant brings a code. A code that has been tried is used up, whatever came of it.
    pub fn pay_by_code(&mut self, request: NewOrder, digits: &str, now: i64) -> Result<CodeEffect, CodeRefusal> {
        let (provider, out_trade_no) = (request.provider, request.out_trade_no.clone());
        let code = self.codes.iter_mut().find(|code| code.provider == provider && code.digits == digits);
        let code = code.filter(|code| !code.is_used).map(|code| {
            code.is_used = true;
            code.clone()
        });
        if let Some(order) = self.order(provider, &out_trade_no, now) {
            return match order.state {
                OrderState::Paid { .. } => Err(CodeRefusal::Order(PlaceRefusal::Paid)),
                OrderState::Closed { .. } => Err(CodeRefusal::Order(PlaceRefusal::Closed)),
                OrderState::Unseen | OrderState::Waiting { .. } => Ok(CodeEffect::Waiting),
            };
        }
        let code = code.ok_or(CodeRefusal::Invalid)?;
        if now >= code.expires_at {
            return Err(CodeRefusal::Expired);
        }
        if code.payer == Payer::LacksMoney {
            return Err(CodeRefusal::LacksMoney);
        }
        self.place(request, now).map_err(CodeRefusal::Order)?;
        // A new order can be opened.
        let _ = self.scan(provider, &out_trade_no, now);
        if code.payer == Payer::MustConfirm {
            return Ok(CodeEffect::Waiting);
        }
        match self.pay(provider, &out_trade_no, now) {
            Ok(PayEffect::Paid) => Ok(CodeEffect::Paid),
            Ok(PayEffect::Declined) => {
                self.decline(provider, &out_trade_no);
                Ok(CodeEffect::Declined)
            }
            Ok(PayEffect::Nothing) | Err(_) => Ok(CodeEffect::Waiting),
        }
    }

    /// The payer says no. A payment by code has had its one try by that.
    pub fn decline(&mut self, provider: Provider, out_trade_no: &str) {
        if let Some(order) = self.orders.get_mut(&(provider, out_trade_no.to_owned())) {
            order.is_declined = order.request.door == Door::Code;
        }
    }

    /// The merchant cancels a payment by code.
    pub fn cancel(&mut self, provider: Provider, out_trade_no: &str, now: i64) -> CancelEffect {
        let place = Place { provider, out_trade_no: Some(out_trade_no), operation: None };
        for fault in self.switches.take(Family::Cancel, &place) {
            match fault {
                // The payer was quicker by a hair.
                Fault::PaidAsCancelled => drop(self.pay(provider, out_trade_no, now)),
                Fault::CancelForgotten => return CancelEffect::Closed,
                _ => {}
            }
        }
        let key = (provider, out_trade_no.to_owned());
        self.settle(&key, now);
        let number = self.next_number(provider, now);
        let Some(order) = self.orders.get_mut(&key) else { return CancelEffect::Unknown };
        match order.state {
            OrderState::Closed { .. } => CancelEffect::Closed,
            OrderState::Unseen | OrderState::Waiting { .. } => {
                let trade_no = order.trade_no().map(str::to_owned);
                order.state = OrderState::Closed { trade_no, closed_at: now };
                CancelEffect::Closed
            }
            OrderState::Paid { paid_minor, .. } => {
                let left = paid_minor.saturating_sub(order.refunded_minor());
                if left > 0 {
                    order.refunds.push(Refund {
                        refund_no: format!("5{number}"),
                        out_refund_no: format!("CANCEL{out_trade_no}"),
                        amount_minor: left,
                        reason: None,
                        notify_url: None,
                        created_at: now,
                        status: RefundStatus::Success,
                        finished_at: Some(now),
                    });
                }
                CancelEffect::GivenBack
            }
        }
    }

    /// The orders by code that wait for their payer to confirm, oldest first.
    pub fn waiting_for_a_payer(&mut self, provider: Provider, now: i64) -> Vec<String> {
        let orders = self.all_orders(now).into_iter().filter(|order| {
            order.request.provider == provider
                && order.request.door == Door::Code
                && matches!(order.state, OrderState::Waiting { .. })
                && !order.is_declined
        });
        orders.map(|order| order.request.out_trade_no.clone()).collect()
    }
}

#[cfg(test)]
mod tests;
