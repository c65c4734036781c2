//! The payment providers: what they have, what they say of it, and that the two are not always the same.
//!
//! Alipay sends money back at once; WeChat Pay is at work for a while. Both know an order by our number of the payment, and a
//! refund by our number of the refund: the same number again is the same order, and the same refund.

use std::collections::BTreeMap;

use ringup_core::id::PaymentId;
use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{PaymentWord, Provider, RefundWord, TransactionId};
use ringup_core::time::{Span, Timestamp};

use crate::chance::Chance;
use crate::fault::{Fault, Faults};
use crate::trace::Trace;

/// What a provider has.
#[derive(Clone, Debug)]
pub struct ProviderBook {
    provider: Provider,
    orders: BTreeMap<PaymentId, Order>,
    taken: u64,
}

#[derive(Clone, Debug)]
struct Order {
    amount: Amount,
    expires_at: Timestamp,
    state: OrderState,
    refunds: BTreeMap<u64, Sending>,
}

#[derive(Clone, Debug)]
enum OrderState {
    /// Made, and known to nobody: Alipay knows no order before its QR code has been scanned, and cannot close it either.
    Unseen,
    Waiting,
    Closed,
    Paid {
        transaction: TransactionId,
        amount: Amount,
        paid_at: Timestamp,
    },
}

#[derive(Clone, Copy, Debug)]
enum Sending {
    /// The payer has it at this moment.
    SentAt(Timestamp),
    /// It comes to nothing at this moment.
    FailsAt(Timestamp),
    Refused,
}

/// An answer to the making of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// The payer may come.
    HandOver,
    /// It is paid already.
    AlreadyPaid,
    /// It will not be.
    Refused,
}

/// An answer to the closing of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is closed.
    Done,
    /// There is none.
    NotFound,
    /// It is paid already.
    AlreadyPaid,
}

/// Money that a provider has taken from a payer.
#[derive(Clone, Debug)]
pub struct Taken {
    /// By which provider.
    pub provider: Provider,
    /// For which payment.
    pub payment: PaymentId,
    /// How much.
    pub amount: Amount,
    /// Under which number.
    pub transaction: TransactionId,
    /// When.
    pub paid_at: Timestamp,
}

/// What came of an order to send money back.
#[derive(Clone, Debug)]
pub struct Returned {
    /// What the provider says.
    pub word: RefundWord,
    /// Whether it sends it, from now on: what it does, whatever it says.
    pub is_sent: bool,
    /// When it has come to what, where that is new.
    pub ends: Option<(Timestamp, RefundWord)>,
}

/// What a provider's doings are drawn from.
pub struct Weather<'a> {
    /// Chance.
    pub chance: &'a mut Chance,
    /// What goes wrong.
    pub faults: &'a mut Faults,
    /// What has happened.
    pub trace: &'a mut Trace,
    /// The true time.
    pub now: Timestamp,
}

impl Weather<'_> {
    /// Whether a fault strikes now; it is counted then.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.faults.strikes(fault, self.chance);
        if strikes {
            self.faults.count(fault);
            self.trace.line(self.now, format_args!("fault: {}", fault.name()));
        }
        strikes
    }
}

impl ProviderBook {
    /// A provider without orders.
    #[must_use]
    pub const fn new(provider: Provider) -> Self {
        Self { provider, orders: BTreeMap::new(), taken: 0 }
    }

    /// Makes an order, or finds it made.
    pub fn make(
        &mut self,
        payment: PaymentId,
        amount: Amount,
        expires_at: Timestamp,
        weather: &mut Weather<'_>,
    ) -> Made {
        if weather.strikes(Fault::OrderRefused) {
            return Made::Refused;
        }
        let state = match self.provider {
            Provider::Alipay => OrderState::Unseen,
            Provider::WechatPay => OrderState::Waiting,
        };
        let new = || Order { amount, expires_at, state, refunds: BTreeMap::new() };
        match self.orders.entry(payment).or_insert_with(new).state {
            OrderState::Unseen | OrderState::Waiting => Made::HandOver,
            OrderState::Paid { .. } => Made::AlreadyPaid,
            OrderState::Closed => Made::Refused,
        }
    }

    /// What it says of an order.
    pub fn word(&self, payment: PaymentId, weather: &mut Weather<'_>) -> PaymentWord {
        let Some(order) = self.orders.get(&payment) else { return PaymentWord::NotFound };
        if weather.strikes(Fault::OrderDenied) {
            return PaymentWord::NotFound;
        }
        match &order.state {
            OrderState::Unseen => PaymentWord::NotFound,
            OrderState::Waiting => PaymentWord::Waiting,
            OrderState::Closed => PaymentWord::Closed,
            OrderState::Paid { .. } if weather.strikes(Fault::WordStale) => PaymentWord::Waiting,
            OrderState::Paid { transaction, amount, paid_at } => {
                PaymentWord::Paid { transaction: transaction.clone(), amount: *amount, paid_at: *paid_at }
            }
        }
    }

    /// Closes an order that waits.
    pub fn close(&mut self, payment: PaymentId) -> Closed {
        match self.orders.get_mut(&payment) {
            None => Closed::NotFound,
            Some(order) => match order.state {
                OrderState::Unseen => Closed::NotFound,
                OrderState::Waiting | OrderState::Closed => {
                    order.state = OrderState::Closed;
                    Closed::Done
                }
                OrderState::Paid { .. } => Closed::AlreadyPaid,
            },
        }
    }

    /// A payer pays: nothing when the order is not there, or no longer takes money.
    pub fn pay(&mut self, payment: PaymentId, now: Timestamp, weather: &mut Weather<'_>) -> Option<Taken> {
        let order = self.orders.get_mut(&payment)?;
        let is_open = match order.state {
            OrderState::Paid { .. } => return None,
            OrderState::Unseen | OrderState::Waiting => now < order.expires_at,
            OrderState::Closed => false,
        };
        if !is_open && !weather.strikes(Fault::PaidAfterClose) {
            return None;
        }
        let mut amount = order.amount;
        if weather.strikes(Fault::OtherAmount) {
            let other = order.amount.minor_signed() + weather.chance.from_to(-order.amount.minor_signed() / 2, 5_000);
            amount = Amount::new(u64::try_from(other.max(1)).unwrap_or(1), Unit::Cny).unwrap_or(amount);
        }
        let repeats = self.taken > 0 && weather.strikes(Fault::TransactionRepeated);
        if !repeats {
            self.taken += 1;
        }
        let transaction = TransactionId::parse(&format!("{}-{}", self.provider, self.taken)).ok()?;
        order.state = OrderState::Paid { transaction: transaction.clone(), amount, paid_at: now };
        Some(Taken { provider: self.provider, payment, amount, transaction, paid_at: now })
    }

    /// Sends money back, or finds it sent; the same number sends it once.
    pub fn send_back(
        &mut self,
        (number, payment, amount): (u64, PaymentId, Amount),
        now: Timestamp,
        weather: &mut Weather<'_>,
    ) -> Returned {
        let refused = || Returned { word: refusal(), is_sent: false, ends: None };
        let takes = match self.provider {
            Provider::Alipay => Span::micros(0),
            Provider::WechatPay => Span::seconds(weather.chance.from_to(1, 600)),
        };
        let Some(order) = self.orders.get_mut(&payment) else { return refused() };
        let OrderState::Paid { amount: paid, .. } = order.state else { return refused() };
        if let Some(known) = order.refunds.get(&number) {
            return Returned { word: known.word_at(now), is_sent: false, ends: None };
        }
        if amount.minor() > paid.minor() || weather.strikes(Fault::RefundRefused) {
            order.refunds.insert(number, Sending::Refused);
            return refused();
        }
        let is_slow = weather.strikes(Fault::RefundSlow);
        let takes = if is_slow { Span::minutes(weather.chance.from_to(10, 20 * 60)) } else { takes };
        let ends_at = now.plus(takes);
        if weather.strikes(Fault::RefundAbnormal) {
            let sending = Sending::FailsAt(ends_at);
            order.refunds.insert(number, sending);
            return Returned { word: sending.word_at(now), is_sent: false, ends: Some((ends_at, refusal())) };
        }
        let sending = Sending::SentAt(ends_at);
        order.refunds.insert(number, sending);
        let ends = Some((ends_at, RefundWord::Succeeded { succeeded_at: ends_at }));
        let is_denied = weather.strikes(Fault::RefundRefusedButSent);
        Returned { word: if is_denied { refusal() } else { sending.word_at(now) }, is_sent: true, ends }
    }

    /// What it says of a refund.
    pub fn refund_word(
        &self,
        (number, payment): (u64, PaymentId),
        now: Timestamp,
        weather: &mut Weather<'_>,
    ) -> RefundWord {
        let refund = self.orders.get(&payment).and_then(|order| order.refunds.get(&number));
        match refund {
            None => RefundWord::NotFound,
            Some(_) if weather.strikes(Fault::RefundDenied) => RefundWord::NotFound,
            Some(sending) => sending.word_at(now),
        }
    }
}

impl Sending {
    /// What is said of it at this moment.
    fn word_at(self, now: Timestamp) -> RefundWord {
        match self {
            Self::SentAt(at) | Self::FailsAt(at) if now < at => RefundWord::Processing,
            Self::SentAt(at) => RefundWord::Succeeded { succeeded_at: at },
            Self::FailsAt(_) | Self::Refused => refusal(),
        }
    }
}

fn refusal() -> RefundWord {
    RefundWord::Failed { reason: "REFUSED: the provider will not".to_owned() }
}
