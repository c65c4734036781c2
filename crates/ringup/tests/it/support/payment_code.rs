//! What clerks do at a till in a scenario.

use ringup_core::apply::{AddPayment, Again, Command, KeyUse, OpenPurse, Outcome, PlaceTopUp, SoldBy};
use ringup_core::books::{Fingerprint, KeyHash};
use ringup_core::id::{PaymentId, PurseId};
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::payment::{PayMethod, PaymentCode, Provider};
use ringup_core::purse::PurseKind;
use ringup_core::top_up::Channel;
use ringup_engine::payment::{CodeAnswer, pay_by_code};
use ringup_engine::{chance, quote};
use ringup_sandbox::Payer;

use super::{Order, TestApp, TestCard, theirs};

fn key_use() -> KeyUse {
    KeyUse { key: KeyHash(chance::bytes()), fingerprint: Fingerprint([0; 16]) }
}

impl Order {
    pub fn payment(&self) -> PaymentId {
        PaymentId::from_reference(&self.reference).unwrap()
    }
}

impl TestApp {
    /// A drawer that is open, in a store with a safe.
    pub async fn given_a_drawer(&self) -> PurseId {
        let nothing = Amount::zero(Unit::Cny);
        let mut purse = None;
        for (kind, parent) in [(PurseKind::Safe, false), (PurseKind::TillSession, true)] {
            let parent = if parent { purse } else { None };
            let open = OpenPurse { key: key_use(), kind, parent, credit_limit: nothing, opening: nothing };
            let outcome = self.engine.submit(Command::OpenPurse(open)).await.unwrap();
            let Outcome::PurseOpened { purse: opened, .. } = outcome else { panic!("{outcome:?}") };
            purse = Some(opened);
        }
        purse.unwrap()
    }

    /// The clerk writes down a top-up that is to be paid by a code of this provider's app.
    pub async fn clerk_places(&self, till: PurseId, card: &TestCard, amount: &str, provider: Provider) -> Order {
        let quoted = quote::make(&self.engine, card.number, amount.parse().unwrap()).await.unwrap();
        let place = PlaceTopUp {
            key: key_use(),
            channel: Channel::Store,
            sold_by: Some(SoldBy { purse: till, credit_at: None }),
            quote: quoted.quote,
            provider,
            method: PayMethod::Code,
            language: Language::En,
            again: Again::Confirmed,
        };
        let outcome = self.engine.submit(Command::PlaceTopUp(place)).await.unwrap();
        let Outcome::Placed { code, .. } = outcome else { panic!("{outcome:?}") };
        self.order_of(code).await
    }

    /// The clerk tries again with another code.
    pub async fn clerk_begins_another_payment(&self, order: &Order, provider: Provider) -> Order {
        let add = AddPayment { key: key_use(), top_up: order.top_up(), provider, method: PayMethod::Code };
        self.engine.submit(Command::AddPayment(add)).await.unwrap();
        self.order_of(order.code).await
    }

    /// The payer's phone shows a code.
    pub fn given_a_code(&self, provider: Provider, payer: Payer) -> PaymentCode {
        PaymentCode::parse(&self.sandbox.control().show_code(theirs(provider), payer)).unwrap()
    }

    /// The clerk scans a code for the latest payment of an order.
    pub async fn clerk_scans(&self, order: &Order, code: &PaymentCode) -> CodeAnswer {
        pay_by_code(&self.engine, order.payment(), code).await.unwrap()
    }

    /// A top-up at a till whose payer has shown a code of this kind.
    pub async fn given_a_scan(&self, card: &TestCard, provider: Provider, payer: Payer) -> (Order, CodeAnswer) {
        let till = self.given_a_drawer().await;
        let order = self.clerk_places(till, card, "50.00 CNY", provider).await;
        let answer = self.clerk_scans(&order, &self.given_a_code(provider, payer)).await;
        (order, answer)
    }
}
