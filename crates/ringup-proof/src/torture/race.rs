//! `race`: a hundred equal requests at the same moment have one effect, and all get the same answer.
//!
//! On PostgreSQL two servers share the database, and the hundred are spread over both.

mod servers;

use std::collections::BTreeMap;
use std::sync::Arc;

use ringup_core::card::CardNumber;
use serde_json::Value;
use tokio::sync::Barrier;

use crate::rig::client::{Answer, Order, Quote, Unanswered};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Product;
use crate::torture::orders::{Door, at_once, placing, quote, until_answered};
use crate::torture::report::Report;
use crate::torture::{Setup, holdings};
use servers::Servers;

/// How many say the same.
const CALLERS: usize = 100;

/// After so many rounds the books are checked.
const VERIFY_EVERY: u64 = 100;

/// In one of so many rounds the provider is asked for its QR code by all of them.
const QR_EVERY: u64 = 20;

/// What can be broken on purpose: one of the hundred has a key of its own; the same payment is told of two orders.
const SABOTAGES: &[&str] = &["second-key", "tamper"];

/// Runs it.
///
/// # Errors
/// When it cannot go on.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(SABOTAGES)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let mut dice = Dice::new(setup.seed);
    let servers = Servers::start(setup, dice.draw(), &runtime)?;
    let mut race = Race { cards: servers.cards(Product::Gifts), servers, sabotage, expected: BTreeMap::new() };
    let mut report = Report::new("race", setup.seed);
    let rounds = setup.rounds_or(1_000, 60);
    for round in 1..=rounds {
        runtime.block_on(race.round(round, &mut dice, &mut report))?;
        report.add("rounds", 1);
        if sabotage == Some("tamper") && round == 1 {
            println!("  tampered: {}", race.servers.stage.tamper(dice.draw(), "journal_entry")?);
        }
        if round.is_multiple_of(VERIFY_EVERY) || round == rounds {
            race.servers.verify(&format!("round {round}"), &mut report)?;
            race.compare_balances(&mut report)?;
        }
        if report.is_broken() {
            break;
        }
    }
    race.servers.end()?;
    Ok(report)
}

/// The track.
struct Race {
    servers: Servers,
    cards: Vec<CardNumber>,
    sabotage: Option<&'static str>,
    /// What each card must hold.
    expected: BTreeMap<CardNumber, u64>,
}

/// One request of a hundred.
#[derive(Clone)]
struct Ask {
    key: String,
    body: Value,
}

impl Race {
    async fn round(&mut self, round: u64, dice: &mut Dice, report: &mut Report) -> Result<(), Failure> {
        let card = *dice.pick(&self.cards).ok_or_else(|| Failure::new("there are no cards"))?;
        let quote = quote(self.servers.client(0), card, "100.00 CNY").await?;
        let door = if round.is_multiple_of(QR_EVERY) { Door::Qr } else { Door::Page };
        let ask = Ask { key: dice.key(), body: placing(&quote, door.name()) };
        let order = self.place_at_once(round, (&quote, ask), dice, report).await?;
        if round.is_multiple_of(4) {
            self.place_two_things_with_one_key(round, (&quote, dice.key()), report).await?;
        }
        self.notify_at_once(round, &order, report).await?;
        let holds = self.expected.entry(card).or_default();
        *holds = holds.saturating_add(order.card_gets.minor());
        Ok(())
    }

    /// A hundred place the same with the same key; answers the one top-up that there must be.
    async fn place_at_once(
        &self,
        round: u64,
        (quote, ask): (&Quote, Ask),
        dice: &mut Dice,
        report: &mut Report,
    ) -> Result<Order, Failure> {
        let mut asks = vec![ask.clone(); CALLERS];
        if let (Some("second-key"), Some(last)) = (self.sabotage, asks.last_mut()) {
            last.key = dice.key();
        }
        let answers = self.ask_all(asks, report).await?;
        let first = answers.first().cloned().ok_or_else(|| Failure::new("nobody asked"))?;
        let fresh = answers.iter().filter(|answer| answer.status == 201 && !answer.is_replayed()).count();
        let equal = answers.iter().filter(|answer| answer.status == 201 && answer.text == first.text).count();
        let odd = answers.iter().find(|answer| answer.status != 201 || answer.text != first.text);
        report.must(odd.is_none(), || {
            let odd = odd.map_or_else(String::new, |odd| format!("{} {}", odd.status, odd.text));
            format!("round {round}: of {CALLERS} equal placings {equal} are answered {}, one {odd}", first.text)
        });
        // Whoever was told to come back asked again, and is a repeat then: so one at most, and one when nobody was.
        report.must(fresh == 1, || {
            format!("round {round}: {fresh} of {CALLERS} equal placings say that they are the first")
        });
        report.add("equal placings", equal.try_into().unwrap_or(u64::MAX));
        report.add("of them replayed", (CALLERS - fresh.min(CALLERS)).try_into().unwrap_or(u64::MAX));
        let other = placing(quote, "mobile");
        let client = self.servers.client(dice.position(2));
        let refused = until_answered(|| client.post("/api/v1/top-ups", Some(&ask.key), &other)).await?;
        let code = refused.field("code").unwrap_or_default();
        report.must((refused.status, code.as_str()) == (422, KEY_USED), || {
            format!("round {round}: the key with another body is answered {} {}", refused.status, refused.text)
        });
        report.add("refused with another body", u64::from(refused.status == 422));
        let code = first.field("code").ok_or_else(|| Failure::new(format!("not placed: {}", first.text)))?;
        let status = until_answered(|| self.servers.client(0).status(&code)).await?;
        Order::read(&status, quote, &code).ok_or_else(|| Failure::new(format!("no order: {}", status.text)))
    }

    /// Half of a hundred ask for one thing and half for another, with one key: one half wins, the other is refused.
    async fn place_two_things_with_one_key(
        &self,
        round: u64,
        (quote, key): (&Quote, String),
        report: &mut Report,
    ) -> Result<(), Failure> {
        let ask = |method| Ask { key: key.clone(), body: placing(quote, method) };
        let asks: Vec<Ask> = (0..CALLERS).map(|n| ask(if n % 2 == 0 { "page" } else { "mobile" })).collect();
        let answers = self.ask_all(asks, report).await?;
        let of_half = |half: usize, status: u16| {
            answers.iter().enumerate().filter(|(n, answer)| n % 2 == half && answer.status == status).count()
        };
        let won = [0, 1].map(|half| (of_half(half, 201), of_half(1 - half, 422)));
        let fresh = answers.iter().filter(|answer| answer.status == 201 && !answer.is_replayed()).count();
        let half = CALLERS / 2;
        report.must(won.contains(&(half, half)) && fresh == 1, || {
            format!("round {round}: two bodies with one key: {won:?} placed and refused, {fresh} said to be the first")
        });
        report.add("two bodies with one key", 1);
        Ok(())
    }

    /// A hundred times the same notification: each is thanked for, one has an effect.
    async fn notify_at_once(&self, round: u64, order: &Order, report: &mut Report) -> Result<(), Failure> {
        let notification = Arc::new(self.servers.genuine(order));
        let barrier = Arc::new(Barrier::new(CALLERS));
        let answers = at_once(0..CALLERS, CALLERS, |n| {
            let (client, notification) = (self.servers.client(n).clone(), Arc::clone(&notification));
            let barrier = Arc::clone(&barrier);
            async move {
                barrier.wait().await;
                asked_until(|| client.notify(&notification)).await
            }
        });
        let mut thanked = 0;
        for (answer, again) in answers.await? {
            thanked += usize::from(answer.is_success());
            report.add("come back later", again);
        }
        report.must(thanked == CALLERS, || {
            format!("round {round}: {thanked} of {CALLERS} equal notifications were taken")
        });
        report.add("equal notifications", thanked.try_into().unwrap_or(u64::MAX));
        self.servers.acks.credited(order)?;
        let status = until_answered(|| self.servers.client(1).status(&order.code)).await?;
        let state = status.field("state").unwrap_or_default();
        report.must(state == "credited", || format!("round {round}: {} is {state} after all that", order.top_up));
        Ok(())
    }

    /// All at the same moment, spread over the servers; each asks again when told to come back.
    async fn ask_all(&self, asks: Vec<Ask>, report: &mut Report) -> Result<Vec<Answer>, Failure> {
        let barrier = Arc::new(Barrier::new(asks.len()));
        let side_by_side = asks.len();
        let answers = at_once(asks.into_iter().enumerate(), side_by_side, |(n, ask)| {
            let (client, barrier) = (self.servers.client(n).clone(), Arc::clone(&barrier));
            async move {
                barrier.wait().await;
                asked_until(|| client.post("/api/v1/top-ups", Some(&ask.key), &ask.body)).await
            }
        });
        let mut all = Vec::with_capacity(side_by_side);
        for (answer, again) in answers.await? {
            report.add("come back later", again);
            all.push(answer);
        }
        Ok(all)
    }

    /// Each card holds what its one effect of each round put on it.
    fn compare_balances(&self, report: &mut Report) -> Result<(), Failure> {
        let held = holdings::of_cards(&self.servers.stage.issuer.database, self.expected.keys().copied())?;
        for (card, minor) in &self.expected {
            let holds = held.get(card).copied().unwrap_or(0);
            report.must(holds == *minor, || format!("card {card} holds {holds} fen and should hold {minor}"));
        }
        Ok(())
    }
}

/// Another body with a key that was used: its stable code.
const KEY_USED: &str = "idempotency_key_reused";

/// Asks until it is not told to come back; answers how often it was.
async fn asked_until<F>(ask: impl Fn() -> F) -> Result<(Answer, u64), Failure>
where
    F: Future<Output = Result<Answer, Unanswered>>,
{
    let mut again = 0;
    loop {
        match ask().await {
            Ok(answer) if answer.status == 503 && again < 1_000 => again += 1,
            Ok(answer) => return Ok((answer, again)),
            Err(Unanswered(why)) => return Err(Failure::new(format!("a request was not answered: {why}"))),
        }
    }
}
