//! What the issuer's staff do and see in a scenario.

use std::fmt::Write as _;

use ringup_core::apply::{Outcome, RefundHowMuch, Repeated, SpentMeanwhile};
use ringup_core::card::{Card, CardState};
use ringup_core::id::{RefundId, TopUpId};
use ringup_core::job::NewCase;
use ringup_core::ledger::{Entry, Side};
use ringup_db::notification::OddNotification;
use ringup_engine::error::SubmitError;
use ringup_engine::timeline::Timeline;
use ringup_engine::top_up::IdempotencyKey;
use ringup_engine::{card, refund, top_up};

use super::{Order, START, TestApp, TestCard};

impl Order {
    pub fn top_up(&self) -> TopUpId {
        self.id.parse().unwrap()
    }
}

impl TestApp {
    /// `ringup top-up refund`, with our number of the refund.
    pub async fn refunds(
        &self,
        order: &Order,
        number: &str,
        how_much: RefundHowMuch,
    ) -> Result<(RefundId, Repeated), SubmitError> {
        let number = IdempotencyKey::parse(number).unwrap();
        refund::request(&self.engine, &number, order.top_up(), how_much, SpentMeanwhile::Refuse).await
    }

    /// The same with `--accept-loss`.
    pub async fn refunds_at_a_loss(&self, order: &Order, number: &str) -> Result<(RefundId, Repeated), SubmitError> {
        let number = IdempotencyKey::parse(number).unwrap();
        let how_much = RefundHowMuch::Whole;
        refund::request(&self.engine, &number, order.top_up(), how_much, SpentMeanwhile::AcceptLoss).await
    }

    /// The issuer decides about a card.
    pub async fn card_becomes(&self, card: &TestCard, state: CardState) {
        let outcome = card::change_state(&self.engine, card.number, state).await.unwrap();
        assert_eq!(outcome, Outcome::CardStateChanged);
    }

    /// The card as the books hold it.
    pub async fn card(&self, card: &TestCard) -> Card {
        ringup_engine::balance::show(&self.engine, card.number, None).await.unwrap().card
    }

    /// What waits for a person.
    pub async fn cases(&self) -> Vec<NewCase> {
        let cases = self.engine.read(|tx| ringup_db::review_case::open_cases(tx, 100)).await.unwrap();
        cases.into_iter().map(|case| case.case).collect()
    }

    /// The odd notifications that were written down, the latest first.
    pub async fn odd_notifications(&self) -> Vec<OddNotification> {
        self.engine.read(|tx| ringup_db::notification::recent_notifications(tx, 1_000)).await.unwrap()
    }

    /// What a holder is told about a top-up.
    pub async fn timeline(&self, order: &Order) -> Timeline {
        let view = top_up::view(&self.engine, order.code).await.unwrap().unwrap();
        Timeline::of(&view, self.clock.now())
    }

    /// The journal of a card, for people: each entry with its postings, and what the accounts hold after them.
    pub async fn journal(&self, card: &TestCard) -> String {
        let number = card.number;
        let entries = self
            .engine
            .read(move |tx| ringup_db::journal::entries_of(tx, ringup_core::ledger::Chain::Card(number), None, 100))
            .await
            .unwrap();
        entries.iter().rev().map(written).collect::<Vec<_>>().join("\n")
    }
}

fn written(entry: &Entry) -> String {
    let after = entry.effective_at.since(START).as_seconds();
    let mut text = format!("{}, effective {after} s after the beginning\n", entry.kind.name());
    for posting in &entry.postings {
        let side = match posting.side {
            Side::Debit => "debit ",
            Side::Credit => "credit",
        };
        let (code, amount, after) = (posting.account.code, posting.amount, posting.after.minor());
        writeln!(text, "  {side} {:<24} {:>12}   holds {after} fen then", code.name(), amount.to_string()).unwrap();
    }
    text
}
