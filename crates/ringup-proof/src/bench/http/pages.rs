//! What holders and programs ask besides: balance, a new top-up, the history of a card, a receipt.

use std::path::PathBuf;

use ringup_core::time::Span;
use ringup_core::top_up::TopUpCode;
use ringup_engine::balance::CardPass;
use ringup_engine::keys::Keys;
use serde_json::json;

use super::{CONNECTIONS, Http, Point};
use crate::bench::BenchError;
use crate::bench::load::{RequestFile, get, post};
use crate::bench::report::Report;
use crate::bench::store::Stage;
use crate::bench::world::{PAID_AT, Placed, pin_of};
use crate::rig::dice::Dice;

const CARDS_SEED: u64 = 11;

/// How many different requests there are at most; then they begin again.
const REQUESTS_MAX: usize = 200_000;

impl Http<'_> {
    /// The balance of a random card, by its number and PIN.
    pub fn balance(&self, report: &mut Report) -> Result<(), BenchError> {
        let stage = self.store.stage(self.world)?;
        self.balance_on(&stage, &self.name("balance", CONNECTIONS), report)
    }

    /// The same on a copy that is there already, on which nothing has been credited.
    pub fn balance_on(&self, stage: &Stage<'_>, name: &str, report: &mut Report) -> Result<(), BenchError> {
        let rounds = self.measure(stage, &self.asking_balances()?)?;
        report.add_all(rounds.figures(name));
        Ok(())
    }

    fn asking_balances(&self) -> Result<Point, BenchError> {
        let requests = self.store.scratch("balance");
        let of_card = |placed: &Placed| {
            let body = json!({ "card": placed.card.to_string(), "pin": pin_of(placed.card) }).to_string();
            post("/api/v1/balance", "application/json", "", &body)
        };
        RequestFile::write(&requests, self.random_cards().iter().map(of_card))?;
        // Nothing has been credited here, so each card holds what it came with.
        let expect_text = Some("\"10.00 CNY\"".to_owned());
        Ok(Point { again: true, expect_text, ..Point::new(requests, CONNECTIONS) })
    }

    /// A quote, and the top-up that it leads to. It is paid on a page of Alipay's, whose address the server signs by itself:
    /// a QR code would need Alipay's answer, and on this machine that would measure whoever plays Alipay.
    pub fn place(&self, report: &mut Report) -> Result<(), BenchError> {
        let requests = self.store.scratch("place");
        let of_card = |placed: &Placed| {
            let body = json!({ "card": placed.card.to_string(), "amount": "50.00 CNY" }).to_string();
            post("/api/v1/quotes", "application/json", "", &body)
        };
        RequestFile::write(&requests, self.random_cards().iter().map(of_card))?;
        let stage = self.store.stage(self.world)?;
        let point = Point { again: true, then_place: true, ..Point::new(requests, CONNECTIONS) };
        let rounds = self.measure(&stage, &point)?;
        report.add_all(rounds.figures(&self.name("place", CONNECTIONS)));
        Ok(())
    }

    /// The pages of what has just been credited.
    pub(super) fn pages_of(
        &self,
        stage: &Stage<'_>,
        credited: &[Placed],
        report: &mut Report,
    ) -> Result<(), BenchError> {
        if !self.effort.everything {
            return Ok(());
        }
        let receipts = self.store.scratch("receipts");
        let receipt = |one: &Placed| get(&format!("/receipts/{}", TopUpCode::from_bytes(one.code)), "");
        RequestFile::write(&receipts, shuffled(credited).iter().map(receipt))?;
        let keys = self.store.keys()?;
        let histories = self.store.scratch("histories");
        RequestFile::write(&histories, shuffled(credited).iter().map(|one| history(one, &keys)))?;
        for (name, requests) in [("receipt", receipts), ("history", histories)] {
            let rounds = self.measure(stage, &page(requests))?;
            report.add_all(rounds.figures(&self.name(name, CONNECTIONS)));
        }
        Ok(())
    }

    fn random_cards(&self) -> Vec<Placed> {
        let mut cards = self.world.placed.clone();
        Dice::new(CARDS_SEED).shuffle(&mut cards);
        cards.truncate(REQUESTS_MAX);
        cards
    }
}

fn page(requests: PathBuf) -> Point {
    Point { again: true, expect_text: Some("</html>".to_owned()), ..Point::new(requests, CONNECTIONS) }
}

/// The page of a card whose PIN has been given.
fn history(placed: &Placed, keys: &Keys) -> Vec<u8> {
    let pass = CardPass { card: placed.card, until: PAID_AT.plus(Span::minutes(10)) };
    get("/balance/card", &format!("cookie: card={}\r\n", pass.seal(keys)))
}

fn shuffled(placed: &[Placed]) -> Vec<Placed> {
    let mut placed = placed.to_vec();
    Dice::new(CARDS_SEED).shuffle(&mut placed);
    placed.truncate(REQUESTS_MAX);
    placed
}
