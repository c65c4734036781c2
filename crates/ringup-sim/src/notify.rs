//! How providers tell: again and again until they are heard, late, twice, in any order, and not always the truth.

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{PaymentWord, Provider, ProviderReport, RefundWord, ReportSource, TransactionId};
use ringup_core::time::{Span, Timestamp};

use crate::fault::Fault;
use crate::provider::Taken;
use crate::server::{Told, hear};
use crate::sim::Sim;
use crate::task::Owner;

/// After how many seconds a provider repeats what was not heard; a day in all, as the two state it.
const REPEATED_AFTER: [i64; 9] = [15, 30, 180, 600, 1_800, 3_600, 7_200, 21_600, 54_000];

impl Sim {
    /// A provider tells of money that it has taken.
    pub fn tell_of_payment(&self, taken: &Taken) {
        let word =
            PaymentWord::Paid { transaction: taken.transaction.clone(), amount: taken.amount, paid_at: taken.paid_at };
        let report = |provider, word| {
            Told::Payment(ProviderReport { provider, payment: taken.payment, source: ReportSource::Notification, word })
        };
        self.tell(report(taken.provider, word.clone()));
        while self.with(|world| world.strikes(Fault::NotificationRepeated)) {
            self.tell(report(taken.provider, word.clone()));
        }
        if self.with(|world| world.strikes(Fault::NotificationChanged)) {
            let asked = self.find_payment(taken.payment).map(|payment| payment.amount);
            if let Some(amount) = asked.and_then(|asked| other_amount(asked, taken.amount)) {
                let word = PaymentWord::Paid { transaction: taken.transaction.clone(), amount, paid_at: taken.paid_at };
                self.tell(report(taken.provider, word));
            }
        }
        if self.with(|world| world.strikes(Fault::NotificationForeign)) {
            let other = match taken.provider {
                Provider::Alipay => Provider::WechatPay,
                Provider::WechatPay => Provider::Alipay,
            };
            self.tell(report(other, word));
        }
    }

    /// Somebody who has a provider's key tells of a payment that nobody made, with an amount that is not ours.
    pub fn tell_a_forgery(&self, payment: PaymentId) {
        let Some(payment) = self.find_payment(payment) else { return };
        let number = self.with(|world| world.chance.bits());
        let Ok(transaction) = TransactionId::parse(&format!("forged-{number}")) else { return };
        let Some(amount) = other_amount(payment.amount, payment.amount) else { return };
        let word = PaymentWord::Paid { transaction, amount, paid_at: self.now() };
        let source = ReportSource::Notification;
        let Some(provider) = payment.tender.provider() else { return };
        self.tell(Told::Payment(ProviderReport { provider, payment: payment.id, source, word }));
    }

    /// A provider tells, signed, of a refund that it has nothing to do with: it is handed over in cash.
    pub fn tell_of_cash_refund(&self, refund: RefundId) {
        let payment = self.with(|world| world.store.refunds.get(&refund).map(|refund| refund.payment));
        let Some(payment) = payment else { return };
        self.tell(Told::Refund(refund, payment, RefundWord::Succeeded { succeeded_at: self.now() }));
    }

    /// A provider tells what came of a refund, when it has come to that.
    pub fn tell_of_refund(
        &self,
        provider: Provider,
        (refund, payment): (RefundId, PaymentId),
        ends_at: Timestamp,
        word: RefundWord,
    ) {
        if provider == Provider::Alipay && self.with(|world| world.chance.per_mille(500)) {
            return; // Alipay answers at once, and seldom tells besides
        }
        let sim = self.clone();
        self.executor().spawn(Owner::World, async move {
            sim.executor().sleep(ends_at.since(sim.now())).await;
            sim.tell(Told::Refund(refund, payment, word));
        });
    }

    /// Tells it until it is heard.
    fn tell(&self, told: Told) {
        let sim = self.clone();
        self.executor().spawn(Owner::World, async move {
            if sim.with(|world| world.strikes(Fault::NotificationLate)) {
                let hours = sim.with(|world| world.chance.from_to(1, 60));
                sim.executor().sleep(Span::hours(hours)).await;
            }
            for pause in REPEATED_AFTER {
                let millis = sim.with(|world| world.chance.from_to(50, 3_000));
                sim.executor().sleep(Span::micros(millis * 1_000)).await;
                if sim.reaches_a_server(told.clone()).await {
                    return;
                }
                sim.executor().sleep(Span::seconds(pause)).await;
            }
        });
    }

    async fn reaches_a_server(&self, told: Told) -> bool {
        if self.with(|world| world.strikes(Fault::NotificationLost)) {
            return false;
        }
        let Some(server) = self.any_server() else { return false };
        let (answer, answered) = self.executor().channel();
        let sim = self.clone();
        self.executor().spawn(Owner::Server(server), async move {
            answer.send(hear(&sim, server, told).await);
        });
        let is_heard = answered.await.unwrap_or(false);
        is_heard && !self.with(|world| world.strikes(Fault::AnswerLost))
    }

    /// A server that is up, if there is one.
    #[must_use]
    pub fn any_server(&self) -> Option<usize> {
        self.with(|world| {
            let count = u64::try_from(world.servers.len()).unwrap_or(0);
            let server = usize::try_from(world.chance.below(count)).ok()?;
            world.servers.get(server).is_some_and(|state| state.is_up).then_some(server)
        })
    }
}

/// An amount that is neither of these.
fn other_amount(one: Amount, other: Amount) -> Option<Amount> {
    let minor = one.minor().max(other.minor()) + 700;
    Amount::new(minor, Unit::Cny).ok()
}
