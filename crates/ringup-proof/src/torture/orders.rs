//! Many orders at once: placed over HTTP, with everything that a provider must know to tell of them.

use std::future::Future;
use std::time::Duration;

use ringup_core::card::CardNumber;
use serde_json::json;
use tokio::task::JoinSet;

use crate::rig::client::{Answer, Client, Order, Quote, Unanswered};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;

/// How often something is asked again before the run is given up.
const TRIES: usize = 400;

/// How long somebody waits before he asks again.
const AGAIN: Duration = Duration::from_millis(25);

/// How the payer is to get to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// By an address that the server signs by itself: no provider is asked.
    Page,
    /// By a QR code, which the provider must make.
    Qr,
}

impl Door {
    /// As the API calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Qr => "qr",
        }
    }
}

/// Does this for each thing, `side_by_side` at a time; answers in the order of the things.
///
/// # Errors
/// The first failure; the rest is cut off.
pub async fn at_once<T, R, F>(
    things: impl IntoIterator<Item = T>,
    side_by_side: usize,
    work: impl Fn(T) -> F,
) -> Result<Vec<R>, Failure>
where
    R: Send + 'static,
    F: Future<Output = Result<R, Failure>> + Send + 'static,
{
    let (mut running, mut done) = (JoinSet::new(), Vec::new());
    let joined = |ended: Result<_, tokio::task::JoinError>| ended.map_err(Failure::doing("a task"));
    for (position, thing) in things.into_iter().enumerate() {
        if running.len() == side_by_side
            && let Some(ended) = running.join_next().await
        {
            done.push(joined(ended)?);
        }
        let work = work(thing);
        running.spawn(async move { (position, work.await) });
    }
    while let Some(ended) = running.join_next().await {
        done.push(joined(ended)?);
    }
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Asks until there is an answer that is not "come back later".
///
/// # Errors
/// When that takes too long.
pub async fn until_answered<F>(ask: impl Fn() -> F) -> Result<Answer, Failure>
where
    F: Future<Output = Result<Answer, Unanswered>>,
{
    let mut last = String::new();
    for _ in 0..TRIES {
        match ask().await {
            Ok(answer) if answer.status != 503 && answer.status != 429 => return Ok(answer),
            Ok(answer) => last = answer.text,
            Err(Unanswered(why)) => last = why,
        }
        tokio::time::sleep(AGAIN).await;
    }
    Err(Failure::new(format!("no answer after {TRIES} tries: {last}")))
}

/// A quote for this card.
///
/// # Errors
/// When there is none.
pub async fn quote(client: &Client, card: CardNumber, amount: &str) -> Result<Quote, Failure> {
    let answer = until_answered(|| client.quote(card, amount)).await?;
    Quote::read(&answer, card).ok_or_else(|| Failure::new(format!("no quote: {} {}", answer.status, answer.text)))
}

/// What a caller sends to place a top-up.
#[must_use]
pub fn placing(quote: &Quote, method: &str) -> serde_json::Value {
    json!({ "quote": quote.token, "provider": "alipay", "method": method, "another_one": true })
}

/// Places a top-up of this card.
///
/// # Errors
/// When the server will not.
pub async fn place(
    client: &Client,
    card: CardNumber,
    amount: &str,
    (door, key): (Door, String),
) -> Result<Order, Failure> {
    let quote = quote(client, card, amount).await?;
    let body = placing(&quote, door.name());
    let placed = until_answered(|| client.post("/api/v1/top-ups", Some(&key), &body)).await?;
    let refused = |answer: &Answer| Failure::new(format!("not placed: {} {}", answer.status, answer.text));
    let code = placed.field("code").ok_or_else(|| refused(&placed))?;
    let status = until_answered(|| client.status(&code)).await?;
    Order::read(&status, &quote, &code).ok_or_else(|| refused(&status))
}

/// Places many, each on a card that is drawn.
///
/// # Errors
/// When the server will not, or there are no cards.
pub async fn place_many(
    client: &Client,
    cards: &[CardNumber],
    (count, amount, door): (u64, &'static str, Door),
    dice: &mut Dice,
) -> Result<Vec<Order>, Failure> {
    let mut drawn = Vec::new();
    for _ in 0..count {
        let card = dice.pick(cards).copied().ok_or_else(|| Failure::new("there are no cards"))?;
        drawn.push((card, dice.key()));
    }
    at_once(drawn, 32, |(card, key)| {
        let client = client.clone();
        async move { place(&client, card, amount, (door, key)).await }
    })
    .await
}

/// How a top-up stands, by the word of the API.
///
/// # Errors
/// When there is no answer.
pub async fn state_of(client: &Client, code: &str) -> Result<String, Failure> {
    let answer = until_answered(|| client.status(code)).await?;
    Ok(answer.field("state").unwrap_or_else(|| format!("{} {}", answer.status, answer.text)))
}
