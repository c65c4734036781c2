//! What payers and providers do in a scenario.

use ringup_core::payment::Provider;
use ringup_sandbox::{
    Fault, Forgery, Operation, OrderView, PayEffect, PayRefusal, PayerAct, SignedNotification, Switch,
};

use super::{Answer, Order, TestApp, theirs};

impl TestApp {
    /// The payer scans and pays; the provider then notifies, unless that is switched off.
    pub fn customer_pays(&self, order: &Order) {
        let effect = self.tries_to_pay(order).unwrap();
        assert_eq!(effect, PayEffect::Paid);
    }

    pub fn tries_to_pay(&self, order: &Order) -> Result<PayEffect, PayRefusal> {
        self.sandbox.control().pay(theirs(order.provider), &order.reference, PayerAct::Pay)
    }

    pub fn given_notifications_are_lost(&self) {
        self.given(Fault::NotificationLost);
    }

    /// Something goes wrong with the providers, from now on.
    pub fn given(&self, fault: Fault) {
        self.sandbox.control().add_switch(Switch {
            provider: None,
            out_trade_no: None,
            operation: None,
            next: None,
            fault,
        });
    }

    /// The next so many requests of this kind go wrong.
    pub fn given_next(&self, times: u32, operation: Operation, fault: Fault) {
        self.sandbox.control().add_switch(Switch {
            provider: None,
            out_trade_no: None,
            operation: Some(operation),
            next: Some(times),
            fault,
        });
    }

    /// Every request of this kind goes wrong, from now on.
    pub fn given_each(&self, operation: Operation, fault: Fault) {
        self.sandbox.control().add_switch(Switch {
            provider: None,
            out_trade_no: None,
            operation: Some(operation),
            next: None,
            fault,
        });
    }

    /// All is well with the providers again, but for notifications: those stay lost where they were.
    pub fn given_all_is_well_again(&self) {
        let control = self.sandbox.control();
        let were_lost = control.switches().iter().any(|switch| switch.fault == Fault::NotificationLost);
        control.clear_switches();
        if were_lost {
            self.given_notifications_are_lost();
        }
    }

    /// The provider's newest notification about an order, as it would send it.
    pub fn notification(&self, order: &Order, forgery: Forgery) -> SignedNotification {
        self.sandbox.control().notification(theirs(order.provider), &order.reference, forgery).unwrap()
    }

    /// Brings a notification to where it goes.
    pub async fn delivers(&self, notification: SignedNotification) -> Answer {
        let mut request = self.http.post(&notification.url).body(notification.body);
        for (name, value) in notification.headers {
            request = request.header(name, value);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// The provider notifies once, and is told that it may stop.
    pub async fn provider_says_so(&self, order: &Order) {
        let answer = self.delivers(self.notification(order, Forgery::None)).await;
        assert!(answer.acknowledges(order.provider), "{answer:?}");
    }

    /// The provider notifies so many times, one after the other; answers what Ringup said, as status and body.
    pub async fn provider_notifies(&self, order: &Order, times: u32, forgery: Forgery) -> Vec<(u16, String)> {
        let mut answers = Vec::new();
        for _ in 0..times {
            let answer = self.delivers(self.notification(order, forgery)).await;
            answers.push((answer.status, answer.text));
        }
        answers
    }

    /// The order in the provider's books.
    pub fn at_the_provider(&self, order: &Order) -> OrderView {
        self.sandbox.control().order(theirs(order.provider), &order.reference).unwrap()
    }

    /// What the provider has sent back of this order, in fen, refund by refund.
    pub fn sent_back(&self, order: &Order) -> Vec<u64> {
        self.at_the_provider(order).refunds.iter().map(|refund| refund.amount_minor).collect()
    }
}

impl Answer {
    /// Whether the provider takes it for "you may stop repeating yourself".
    pub fn acknowledges(&self, provider: Provider) -> bool {
        match provider {
            Provider::Alipay => self.status == 200 && self.text == "success",
            Provider::WechatPay => self.status == 204 && self.text.is_empty(),
        }
    }

    /// Whether it is the clear no that this provider understands.
    pub fn refuses(&self, provider: Provider) -> bool {
        match provider {
            Provider::Alipay => self.status == 400 && self.text == "fail",
            Provider::WechatPay => self.status == 400 && self.json()["code"] == "FAIL",
        }
    }
}
