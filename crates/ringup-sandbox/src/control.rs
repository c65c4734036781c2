//! The powers over the sandbox: play the payer, switch faults, send notifications again, look at the books.
//!
//! [`Control`] is for Rust; `http` gives the same powers as JSON under `/_sandbox/`.

pub(crate) mod http;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    courier::{self, SignedNotification, Twist},
    fault::Switch,
    limits,
    mail::{Mail, MailFault},
    order::{Attempt, Door, Order, OrderState, Provider, Refund},
    sms::SmsControl,
    world::{Event, PayEffect, PayRefusal, Payer},
};

/// A handle to a running sandbox.
#[derive(Clone)]
pub struct Control(pub(crate) Arc<App>);

/// What the payer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerAct {
    /// Opens the order and pays.
    Pay,
    /// Opens the order and says no.
    Decline,
    /// Opens the order and leaves it.
    Nothing,
}

/// What is to be wrong with a notification that is sent or made by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgery {
    /// Nothing: it is genuine.
    #[default]
    None,
    /// Signed by a key that is not the provider's.
    WrongKey,
    /// Signed properly, and one yuan more than the truth.
    Amount,
    /// WeChat Pay's test signature.
    Probe,
}

/// Why no notification could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotifyRefusal {
    /// There is no such order.
    #[error("no such order")]
    UnknownOrder,
    /// Nothing has happened that the merchant would be told.
    #[error("nothing has happened that the merchant would be told")]
    NothingHappened,
    /// The merchant named no address for it.
    #[error("the merchant named no address for it")]
    NoAddress,
}

/// An order as the control interface shows it.
#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    /// Whose.
    pub provider: Provider,
    /// The merchant's number.
    pub out_trade_no: String,
    /// The provider's number, once there is one.
    pub trade_no: Option<String>,
    /// How the payer comes.
    pub door: Door,
    /// What the payer sees.
    pub description: String,
    /// What was asked, in fen.
    pub total_minor: u64,
    /// What was paid, in fen.
    pub paid_minor: Option<u64>,
    /// `unseen`, `waiting`, `paid`, `closed`.
    pub state: &'static str,
    /// The page that plays the payer's phone.
    pub phone_url: String,
    /// Where notifications go.
    pub notify_url: Option<String>,
    /// Money given back.
    pub refunds: Vec<Refund>,
    /// Every try to tell the merchant something, with the merchant's answers.
    pub notifications: Vec<Attempt>,
}

impl Control {
    /// Plays the payer.
    ///
    /// # Errors
    /// [`PayRefusal`]: unknown, expired, closed or paid already.
    pub fn pay(&self, provider: Provider, out_trade_no: &str, act: PayerAct) -> Result<PayEffect, PayRefusal> {
        self.0.with_world(|world, now| match act {
            PayerAct::Pay => world.pay(provider, out_trade_no, now),
            PayerAct::Decline => world.scan(provider, out_trade_no, now).map(|()| {
                world.decline(provider, out_trade_no);
                PayEffect::Declined
            }),
            PayerAct::Nothing => world.scan(provider, out_trade_no, now).map(|()| PayEffect::Nothing),
        })
    }

    /// The payer's phone shows a payment code: its digits. It can be scanned for a minute, once.
    #[must_use]
    pub fn show_code(&self, provider: Provider, payer: Payer) -> String {
        self.0.with_world(|world, now| world.show_code(provider, payer, now).digits)
    }

    /// Switches one more fault on.
    pub fn add_switch(&self, switch: Switch) {
        self.0.with_world(|world, _| world.switches.add(switch));
    }

    /// Every mail that the mail server took, the oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.0.post.mails()
    }

    /// What goes wrong with each mail from now on; nothing, when there is no fault.
    pub fn set_mail_fault(&self, fault: Option<MailFault>) {
        self.0.post.set_fault(fault);
    }

    /// The SMS centre.
    #[must_use]
    pub fn sms(&self) -> SmsControl {
        self.0.sms.clone()
    }

    /// What is switched on.
    #[must_use]
    pub fn switches(&self) -> Vec<Switch> {
        self.0.with_world(|world, _| world.switches.all().to_vec())
    }

    /// Switches every fault off.
    pub fn clear_switches(&self) {
        self.0.with_world(|world, _| world.switches.clear());
    }

    /// Sends the newest notification of an order again, now, past all switches; answers what the merchant said.
    ///
    /// # Errors
    /// [`NotifyRefusal`].
    pub async fn notify(
        &self,
        provider: Provider,
        out_trade_no: &str,
        times: u32,
        forgery: Forgery,
    ) -> Result<Vec<Attempt>, NotifyRefusal> {
        let event = self.newest_event(provider, out_trade_no)?;
        let mut attempts = Vec::new();
        for _ in 0..times.min(limits::NOTIFY_AGAIN_MAX) {
            let attempt = courier::send_again(&self.0, &event, twist(&event, forgery)).await;
            attempts.push(attempt.ok_or(NotifyRefusal::NoAddress)?);
        }
        Ok(attempts)
    }

    /// Makes the newest notification of an order without sending it.
    ///
    /// # Errors
    /// [`NotifyRefusal`].
    pub fn notification(
        &self,
        provider: Provider,
        out_trade_no: &str,
        forgery: Forgery,
    ) -> Result<SignedNotification, NotifyRefusal> {
        let event = self.newest_event(provider, out_trade_no)?;
        courier::sign(&self.0, &event, twist(&event, forgery)).ok_or(NotifyRefusal::NoAddress)
    }

    /// All orders, oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderView> {
        self.0.with_world(|world, now| world.all_orders(now).into_iter().map(|order| view(&self.0, order)).collect())
    }

    /// One order.
    #[must_use]
    pub fn order(&self, provider: Provider, out_trade_no: &str) -> Option<OrderView> {
        self.0.with_world(|world, now| world.order(provider, out_trade_no, now).map(|order| view(&self.0, order)))
    }

    fn newest_event(&self, provider: Provider, out_trade_no: &str) -> Result<Event, NotifyRefusal> {
        self.0.with_world(|world, now| {
            world.order(provider, out_trade_no, now).ok_or(NotifyRefusal::UnknownOrder)?;
            let events = world.events(&(provider, out_trade_no.to_owned()));
            events.last().cloned().ok_or(NotifyRefusal::NothingHappened)
        })
    }
}

fn twist(event: &Event, forgery: Forgery) -> Twist {
    let changed = event.order.amount_minor().saturating_add(crate::fault::AMOUNT_CHANGE_MINOR);
    match forgery {
        Forgery::None => Twist::default(),
        Forgery::WrongKey => Twist { is_forged: true, ..Twist::default() },
        Forgery::Amount => Twist { amount_minor: Some(changed), ..Twist::default() },
        Forgery::Probe => Twist { is_probe: true, ..Twist::default() },
    }
}

fn view(app: &App, order: &Order) -> OrderView {
    let request = &order.request;
    let (state, paid_minor) = match &order.state {
        OrderState::Unseen => ("unseen", None),
        OrderState::Waiting { .. } => ("waiting", None),
        OrderState::Paid { paid_minor, .. } => ("paid", Some(*paid_minor)),
        OrderState::Closed { .. } => ("closed", None),
    };
    OrderView {
        provider: request.provider,
        out_trade_no: request.out_trade_no.clone(),
        trade_no: order.trade_no().map(str::to_owned),
        door: request.door,
        description: request.description.clone(),
        total_minor: request.total_minor,
        paid_minor,
        state,
        phone_url: app.phone_url(request.provider, &request.out_trade_no),
        notify_url: request.notify_url.clone(),
        refunds: order.refunds.clone(),
        notifications: order.attempts.clone(),
    }
}

#[cfg(test)]
mod tests;
