//! Those who knock at the server's door: holders with a program, and the provider.

use std::time::Duration;

use reqwest::header::HeaderMap;
use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_sandbox::SignedNotification;
use serde_json::{Value, json};

use super::failure::Failure;
use super::outside;

/// What came back, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

/// Nobody answered, or not to the end: it is not known what became of the request.
#[derive(Clone, Debug)]
pub struct Unanswered(pub String);

/// A quote, as it was shown.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The card.
    pub card: CardNumber,
    /// The sealed quote.
    pub token: String,
    /// What the card gets.
    pub card_gets: Amount,
    /// What is paid, in fen.
    pub you_pay_minor: u64,
}

/// A top-up that was placed, and its payment.
#[derive(Clone, Debug)]
pub struct Order {
    /// The top-up's id.
    pub top_up: String,
    /// The code of its page.
    pub code: String,
    /// Our number at the provider.
    pub reference: String,
    /// The card.
    pub card: CardNumber,
    /// What the card gets.
    pub card_gets: Amount,
    /// What is paid, in fen.
    pub you_pay_minor: u64,
}

/// A client of one server. Cheap to clone; its connections are shared.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
}

impl Answer {
    /// Whether Alipay would stop notifying.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == 200 && self.text == "success"
    }

    /// Whether it is a repeat of an earlier answer.
    #[must_use]
    pub fn is_replayed(&self) -> bool {
        self.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
    }

    /// How many seconds the caller is asked to wait, when the server cannot do it now.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get("retry-after")?.to_str().ok()?;
        text.parse().ok().map(Duration::from_secs)
    }

    /// The body, as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A field of a JSON answer.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.json().get(name)?.as_str().map(str::to_owned)
    }
}

impl Client {
    /// A client of the server at this address.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(url: &str) -> Result<Self, Failure> {
        Ok(Self { http: outside::http_client()?, url: url.to_owned() })
    }

    /// Gets.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn get(&self, path: &str) -> Result<Answer, Unanswered> {
        answer(self.http.get(format!("{}{path}", self.url))).await
    }

    /// Posts JSON, with an idempotency key where money moves.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Answer, Unanswered> {
        let mut request = self.http.post(format!("{}{path}", self.url)).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        answer(request).await
    }

    /// Asks for a quote: `amount` as `100.00 CNY`.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn quote(&self, card: CardNumber, amount: &str) -> Result<Answer, Unanswered> {
        self.post("/api/v1/quotes", None, &json!({ "card": card.to_string(), "amount": amount })).await
    }

    /// Places a top-up to be paid on a page of Alipay's, for which nobody needs to be asked.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn place(&self, quote: &Quote, key: &str) -> Result<Answer, Unanswered> {
        let pay = json!({ "quote": quote.token, "provider": "alipay", "method": "page", "another_one": true });
        self.post("/api/v1/top-ups", Some(key), &pay).await
    }

    /// Asks how a top-up stands.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn status(&self, code: &str) -> Result<Answer, Unanswered> {
        self.get(&format!("/api/v1/top-ups/{code}")).await
    }

    /// Brings a notification; an address that is only a path is this server's.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn notify(&self, notification: &SignedNotification) -> Result<Answer, Unanswered> {
        let is_path = notification.url.starts_with('/');
        let url = if is_path { format!("{}{}", self.url, notification.url) } else { notification.url.clone() };
        let mut request = self.http.post(url).body(notification.body.clone());
        for (name, value) in &notification.headers {
            request = request.header(name, value);
        }
        answer(request).await
    }
}

impl Quote {
    /// Reads the answer to a quote; nothing when it is none.
    #[must_use]
    pub fn read(answer: &Answer, card: CardNumber) -> Option<Self> {
        let amount = |name| answer.field(name)?.parse::<Amount>().ok();
        let (card_gets, you_pay) = (amount("card_gets")?, amount("you_pay")?);
        Some(Self { card, token: answer.field("quote")?, card_gets, you_pay_minor: you_pay.minor() })
    }
}

impl Order {
    /// Reads the answer about a top-up that was placed by this quote; nothing when it is none.
    #[must_use]
    pub fn read(status: &Answer, quote: &Quote, code: &str) -> Option<Self> {
        let payments = status.json();
        let payment = payments.get("payments")?.as_array()?.last()?;
        Some(Self {
            top_up: status.field("id")?,
            code: code.to_owned(),
            reference: payment.get("reference")?.as_str()?.to_owned(),
            card: quote.card,
            card_gets: quote.card_gets,
            you_pay_minor: quote.you_pay_minor,
        })
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, Unanswered> {
    let unanswered = |error: reqwest::Error| Unanswered(error.to_string());
    let response = request.send().await.map_err(unanswered)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, text: response.text().await.map_err(unanswered)? })
}
