//! What both providers keep: orders, refunds, switches, and the events that the merchant must hear of.
//!
//! No IO and no clock in here: the time is an argument, and events wait in an outbox until the courier takes them.

mod code;
mod outcome;

use std::collections::{HashMap, HashSet};

pub use code::{CancelEffect, CodeEffect, CodeRefusal, Payer, ShownCode};
pub use outcome::{CloseRefusal, NewRefund, PayEffect, PayRefusal, PlaceRefusal, RefundEffect, RefundRefusal};

use crate::{
    china_time,
    fault::{AMOUNT_CHANGE_MINOR, AmountOutcome, Family, Fault, Operation, Place, Switches},
    limits,
    order::{Attempt, EventKind, Life, NewOrder, Order, OrderState, Provider, Refund, RefundStatus},
    outside,
};

/// Something that the merchant must hear of, with the order as it was then.
#[derive(Clone, Debug)]
pub struct Event {
    /// The provider's number of it; the same in all tries.
    pub id: String,
    /// How many came before it; both platform keys get their turn by it.
    pub turn: u64,
    /// What it tells.
    pub kind: EventKind,
    /// When it happened.
    pub at: i64,
    /// The order as it was then, without its attempts.
    pub order: Order,
}

/// Both providers' books.
pub struct World {
    /// The switches that are on.
    pub switches: Switches,
    orders: HashMap<OrderKey, Order>,
    events: HashMap<OrderKey, Vec<Event>>,
    outbox: Vec<Event>,
    /// The codes that payers' phones have shown, oldest first.
    codes: Vec<ShownCode>,
    /// Refunds that end by themselves after a while.
    processing: Vec<(OrderKey, String)>,
    /// Where the "first request" of an amount ending in 96 or 97 has struck already.
    struck: HashSet<(OrderKey, Operation)>,
    sequence: u64,
    turns: u64,
}

/// An order's name: the merchant's number is unique with each provider.
pub type OrderKey = (Provider, String);

impl World {
    /// Empty books.
    pub fn new() -> Self {
        // Numbers start anywhere, so that two runs on one day do not use the same ones.
        let start = u64::from_be_bytes(outside::random_bytes()) % 10_000_000_000_000;
        Self {
            switches: Switches::default(),
            orders: HashMap::new(),
            events: HashMap::new(),
            outbox: Vec::new(),
            codes: Vec::new(),
            processing: Vec::new(),
            struck: HashSet::new(),
            sequence: start,
            turns: 0,
        }
    }

    /// The order as it stands now.
    pub fn order(&mut self, provider: Provider, out_trade_no: &str, now: i64) -> Option<&Order> {
        let key = (provider, out_trade_no.to_owned());
        self.settle(&key, now);
        self.orders.get(&key)
    }

    /// The merchant's number of the order that has this number with the provider.
    pub fn out_trade_no_of(&self, provider: Provider, trade_no: &str) -> Option<String> {
        let mut orders = self.orders.values().filter(|order| order.request.provider == provider);
        orders.find(|order| order.trade_no() == Some(trade_no)).map(|order| order.request.out_trade_no.clone())
    }

    /// All orders, oldest first.
    pub fn all_orders(&mut self, now: i64) -> Vec<&Order> {
        self.settle_all(now);
        let mut orders: Vec<&Order> = self.orders.values().collect();
        orders.sort_by_key(|order| (order.created_at, order.request.out_trade_no.as_str()));
        orders
    }

    /// Makes an order, or finds the same one again.
    pub fn place(&mut self, request: NewOrder, now: i64) -> Result<(), PlaceRefusal> {
        let key = (request.provider, request.out_trade_no.clone());
        self.settle(&key, now);
        let Some(order) = self.orders.get_mut(&key) else {
            let order = Order {
                request,
                created_at: now,
                state: OrderState::Unseen,
                refunds: Vec::new(),
                attempts: Vec::new(),
                is_declined: false,
            };
            self.orders.insert(key, order);
            return Ok(());
        };
        match &order.state {
            OrderState::Paid { .. } => Err(PlaceRefusal::Paid),
            OrderState::Closed { .. } => Err(PlaceRefusal::Closed),
            OrderState::Unseen | OrderState::Waiting { .. } if !is_same(&order.request, &request) => {
                Err(PlaceRefusal::Differs)
            }
            OrderState::Unseen | OrderState::Waiting { .. } => {
                // The same order again gets a fresh code.
                order.request.code_expires_at = request.code_expires_at;
                order.request.life = request.life;
                Ok(())
            }
        }
    }

    /// The payer opens the order: from now on there is a trade.
    pub fn scan(&mut self, provider: Provider, out_trade_no: &str, now: i64) -> Result<(), PayRefusal> {
        let key = (provider, out_trade_no.to_owned());
        self.settle(&key, now);
        let trade_no = self.next_number(provider, now);
        let order = self.orders.get_mut(&key).ok_or(PayRefusal::Unknown)?;
        match &order.state {
            OrderState::Unseen if now >= order.request.code_expires_at => Err(PayRefusal::CodeExpired),
            OrderState::Unseen => {
                let expires_at = match order.request.life {
                    Life::At(expires_at) => expires_at,
                    Life::AfterScan(micros) => now.saturating_add(micros),
                };
                order.state = OrderState::Waiting { trade_no, opened_at: now, expires_at };
                Ok(())
            }
            // WeChat Pay leaves an expired order open (`NOTPAY`) until the merchant closes it, but takes no money for it.
            OrderState::Waiting { expires_at, .. } if now >= *expires_at => Err(PayRefusal::CodeExpired),
            OrderState::Waiting { .. } if order.is_declined => Err(PayRefusal::Closed),
            OrderState::Waiting { .. } => Ok(()),
            OrderState::Paid { .. } => Err(PayRefusal::Paid),
            OrderState::Closed { .. } => Err(PayRefusal::Closed),
        }
    }

    /// The payer presses "pay".
    pub fn pay(&mut self, provider: Provider, out_trade_no: &str, now: i64) -> Result<PayEffect, PayRefusal> {
        self.scan(provider, out_trade_no, now)?;
        let place = Place { provider, out_trade_no: Some(out_trade_no), operation: None };
        let key = (provider, out_trade_no.to_owned());
        let order = self.orders.get_mut(&key).ok_or(PayRefusal::Unknown)?;
        let mut paid_minor = order.request.total_minor;
        match AmountOutcome::of(paid_minor) {
            Some(AmountOutcome::Declined) => return Ok(PayEffect::Declined),
            Some(AmountOutcome::Nothing) => return Ok(PayEffect::Nothing),
            Some(AmountOutcome::Overpaid) => paid_minor = paid_minor.saturating_add(AMOUNT_CHANGE_MINOR),
            _ => {}
        }
        for fault in self.switches.take(Family::Payment, &place) {
            if let Fault::PaidOtherAmount { amount_minor } = fault {
                paid_minor = amount_minor;
            }
        }
        if let OrderState::Waiting { trade_no, .. } = &order.state {
            order.state = OrderState::Paid { trade_no: trade_no.clone(), paid_minor, paid_at: now };
        }
        self.emit(&key, EventKind::Paid, now);
        Ok(PayEffect::Paid)
    }

    /// The merchant closes an unpaid order.
    pub fn close(&mut self, provider: Provider, out_trade_no: &str, now: i64) -> Result<(), CloseRefusal> {
        let key = (provider, out_trade_no.to_owned());
        self.settle(&key, now);
        let order = self.orders.get_mut(&key).ok_or(CloseRefusal::Unknown)?;
        match &order.state {
            OrderState::Unseen if provider == Provider::Alipay => {
                let place = Place { provider, out_trade_no: Some(out_trade_no), operation: None };
                if !self.switches.take(Family::Close, &place).is_empty() {
                    order.state = OrderState::Closed { trade_no: None, closed_at: now };
                }
                Err(CloseRefusal::Unknown)
            }
            OrderState::Unseen | OrderState::Waiting { .. } => {
                let trade_no = order.trade_no().map(str::to_owned);
                order.state = OrderState::Closed { trade_no, closed_at: now };
                Ok(())
            }
            OrderState::Paid { .. } => Err(CloseRefusal::Paid),
            OrderState::Closed { .. } => Err(CloseRefusal::Closed),
        }
    }

    /// The merchant gives money back.
    pub fn refund(&mut self, key: &OrderKey, new: NewRefund, now: i64) -> Result<RefundEffect, RefundRefusal> {
        self.settle(key, now);
        let refund_no = self.next_number(key.0, now);
        let order = self.orders.get_mut(key).ok_or(RefundRefusal::Unknown)?;
        let OrderState::Paid { paid_minor, .. } = order.state else { return Err(RefundRefusal::NotPaid) };
        if let Some(earlier) = order.refund(&new.out_refund_no) {
            let same = earlier.amount_minor == new.amount_minor;
            return if same { Ok(RefundEffect::Repeated) } else { Err(RefundRefusal::Differs) };
        }
        if new.amount_minor == 0 || order.refunded_minor().saturating_add(new.amount_minor) > paid_minor {
            return Err(RefundRefusal::TooMuch);
        }
        let at_once = key.0 == Provider::Alipay;
        let out_refund_no = new.out_refund_no.clone();
        order.refunds.push(Refund {
            refund_no: format!("5{refund_no}"),
            out_refund_no: new.out_refund_no,
            amount_minor: new.amount_minor,
            reason: new.reason,
            notify_url: new.notify_url,
            created_at: now,
            status: if at_once { RefundStatus::Success } else { RefundStatus::Processing },
            finished_at: at_once.then_some(now),
        });
        if at_once {
            self.emit(key, EventKind::Refunded { out_refund_no }, now);
        } else {
            self.processing.push((key.clone(), out_refund_no));
        }
        Ok(RefundEffect::New)
    }

    /// The merchant's numbers of the order and refund that have this refund number.
    pub fn refund_by_number(&self, provider: Provider, out_refund_no: &str) -> Option<(&Order, &Refund)> {
        let orders = self.orders.values().filter(|order| order.request.provider == provider);
        orders.filter_map(|order| order.refund(out_refund_no).map(|refund| (order, refund))).next()
    }

    /// Refunds that the caller must end after a while; each is handed out once.
    pub fn take_processing(&mut self) -> Vec<(OrderKey, String)> {
        std::mem::take(&mut self.processing)
    }

    /// Ends a refund that was being processed.
    pub fn finish_refund(&mut self, key: &OrderKey, out_refund_no: &str, now: i64) {
        let place = Place { provider: key.0, out_trade_no: Some(&key.1), operation: None };
        let is_abnormal = !self.switches.take(Family::Refund, &place).is_empty();
        let Some(order) = self.orders.get_mut(key) else { return };
        let Some(refund) = order.refunds.iter_mut().find(|refund| refund.out_refund_no == out_refund_no) else {
            return;
        };
        refund.status = if is_abnormal { RefundStatus::Abnormal } else { RefundStatus::Success };
        refund.finished_at = Some(now);
        self.emit(key, EventKind::Refunded { out_refund_no: out_refund_no.to_owned() }, now);
    }

    /// Closes what has expired.
    pub fn settle_all(&mut self, now: i64) {
        let due = self.orders.iter().filter(|(_, order)| is_over(order, now));
        let keys: Vec<OrderKey> = due.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.settle(&key, now);
        }
    }

    /// Whether a fault of "the first request of a kind" strikes this order's request; each strikes once.
    pub fn strikes_first(&mut self, key: OrderKey, operation: Operation) -> bool {
        self.struck.insert((key, operation))
    }

    /// The events of an order so far.
    pub fn events(&self, key: &OrderKey) -> &[Event] {
        self.events.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Takes the events that nobody has heard of yet.
    pub fn take_outbox(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.outbox)
    }

    /// Writes down a try to tell the merchant something.
    pub fn record_attempt(&mut self, key: &OrderKey, attempt: Attempt) {
        if let Some(order) = self.orders.get_mut(key) {
            order.attempts.push(attempt);
            let surplus = order.attempts.len().saturating_sub(limits::ATTEMPTS_KEPT_MAX);
            order.attempts.drain(..surplus);
        }
    }

    fn settle(&mut self, key: &OrderKey, now: i64) {
        let Some(order) = self.orders.get_mut(key).filter(|order| is_over(order, now)) else { return };
        let trade_no = order.trade_no().map(str::to_owned);
        order.state = OrderState::Closed { trade_no, closed_at: now };
        // Only Alipay tells that a trade's time was over; with WeChat Pay the merchant has to ask.
        if key.0 == Provider::Alipay {
            self.emit(key, EventKind::Closed, now);
        }
    }

    fn emit(&mut self, key: &OrderKey, kind: EventKind, now: i64) {
        let number = self.next_number(key.0, now);
        let Some(order) = self.orders.get(key) else { return };
        let id = match key.0 {
            Provider::Alipay => number,
            Provider::WechatPay => format!("EV-{number}"),
        };
        let order = Order { attempts: Vec::new(), ..order.clone() };
        let event = Event { id, turn: self.turns, kind, at: now, order };
        self.turns = self.turns.wrapping_add(1);
        self.events.entry(key.clone()).or_default().push(event.clone());
        self.outbox.push(event);
    }

    /// The provider's next number: 28 digits that begin as the provider's own do.
    fn next_number(&mut self, provider: Provider, now: i64) -> String {
        self.sequence = self.sequence.wrapping_add(1);
        let (date, sequence) = (china_time::compact_date(now), self.sequence);
        match provider {
            Provider::Alipay => format!("{date}2200{sequence:016}"),
            Provider::WechatPay => format!("420000{date}{sequence:014}"),
        }
    }
}

/// Whether an unpaid order's time is over: Alipay's trades have their own end, WeChat Pay's orders a week.
fn is_over(order: &Order, now: i64) -> bool {
    match (&order.state, order.request.provider) {
        (OrderState::Waiting { expires_at, .. }, Provider::Alipay) => now >= *expires_at,
        (OrderState::Unseen | OrderState::Waiting { .. }, Provider::WechatPay) => {
            now >= order.created_at.saturating_add(limits::WECHAT_PAY_ORDER_LIFE)
        }
        _ => false,
    }
}

/// Whether two requests with one number mean the same order. Times do not count: a retry carries later ones.
fn is_same(one: &NewOrder, other: &NewOrder) -> bool {
    let essence = |request: &NewOrder| NewOrder { code_expires_at: 0, life: Life::At(0), ..request.clone() };
    essence(one) == essence(other)
}

#[cfg(test)]
mod tests;
