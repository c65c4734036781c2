//! What holders do in a scenario, through the API.

use ringup_core::payment::Provider;
use ringup_core::top_up::TopUpCode;
use serde_json::{Value, json};

use super::{TestApp, TestCard};

/// A top-up that was placed.
#[derive(Clone, Debug)]
pub struct Order {
    pub code: TopUpCode,
    /// The top-up's id as text.
    pub id: String,
    pub provider: Provider,
    /// Our number at the provider.
    pub reference: String,
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

/// A new idempotency key.
pub fn key() -> String {
    ringup_engine::top_up::IdempotencyKey::draw().as_str().to_owned()
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// A field of a JSON answer.
    pub fn field(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.text)).to_owned()
    }

    /// Status and stable code of a problem document.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        assert_eq!(self.json()["status"], self.status);
        (self.status, self.field("code"))
    }

    /// Where the answer leads to.
    pub fn location(&self) -> String {
        self.header("location").unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl TestApp {
    /// A program asks for what is on a card.
    pub async fn asks_what_is_on(&self, card: &TestCard, pin: &str) -> Answer {
        let body = json!({ "card": card.number.to_string(), "pin": pin });
        Answer::of(self.http.post(format!("{}/api/v1/balance", self.url)).json(&body).send().await.unwrap()).await
    }

    pub async fn post_json(&self, path: &str, key: Option<&str>, body: &Value) -> Answer {
        let mut request = self.http.post(format!("{}{path}", self.url)).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.http.get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }

    pub async fn quotes(&self, card: &TestCard, amount: &str) -> Answer {
        self.post_json("/api/v1/quotes", None, &json!({ "card": card.number.to_string(), "amount": amount })).await
    }

    /// The sealed quote for this card and amount.
    pub async fn given_a_quote(&self, card: &TestCard, amount: &str) -> String {
        let quote = self.quotes(card, amount).await;
        assert_eq!(quote.status, 200, "{}", quote.text);
        quote.field("quote")
    }

    /// Quotes and places in one go, with a key of its own.
    pub async fn places(&self, card: &TestCard, amount: &str, provider: Provider) -> Order {
        let answer = self.tries_to_place(card, amount, provider, &key()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        self.order(&answer).await
    }

    pub async fn tries_to_place(&self, card: &TestCard, amount: &str, provider: Provider, key: &str) -> Answer {
        let quote = self.given_a_quote(card, amount).await;
        self.takes_quote(&quote, provider, Some(key)).await
    }

    pub async fn takes_quote(&self, quote: &str, provider: Provider, key: Option<&str>) -> Answer {
        let body = json!({ "quote": quote, "provider": provider.name(), "method": "qr" });
        self.post_json("/api/v1/top-ups", key, &body).await
    }

    /// The order that an answer to a placing tells of.
    pub async fn order(&self, placed: &Answer) -> Order {
        let code = placed.field("code").parse().unwrap();
        self.order_of(code).await
    }

    /// The order with this code: its latest payment.
    pub async fn order_of(&self, code: TopUpCode) -> Order {
        let status = self.get(&format!("/api/v1/top-ups/{code}")).await.json();
        let payment = status["payments"].as_array().unwrap().last().unwrap();
        Order {
            code,
            id: status["id"].as_str().unwrap().to_owned(),
            provider: Provider::from_name(payment["provider"].as_str().unwrap()).unwrap(),
            reference: payment["reference"].as_str().unwrap().to_owned(),
        }
    }

    pub async fn state_of(&self, order: &Order) -> String {
        self.status_of(order).await["state"].as_str().unwrap().to_owned()
    }

    pub async fn status_of(&self, order: &Order) -> Value {
        self.get(&format!("/api/v1/top-ups/{}", order.code)).await.json()
    }

    /// The state of each of its payments, the oldest first.
    pub async fn payments_of(&self, order: &Order) -> Vec<String> {
        let status = self.status_of(order).await;
        let payments = status["payments"].as_array().unwrap().iter();
        payments.map(|payment| payment["state"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks until the top-up is in this state: for what the provider's courier brings by itself.
    pub async fn until_it_is(&self, order: &Order, state: &str) {
        let waiting = async { while self.state_of(order).await != state {} };
        tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await.expect(state);
    }

    /// A top-up that has been paid and credited.
    pub async fn given_a_credited_top_up(&self, card: &TestCard, amount: &str, provider: Provider) -> Order {
        let order = self.places(card, amount, provider).await;
        self.customer_pays(&order);
        self.provider_says_so(&order).await;
        assert_eq!(self.state_of(&order).await, "credited");
        order
    }

    /// The same in a language, paid with Alipay.
    pub async fn given_a_credited_top_up_in(&self, language: &str, card: &TestCard, amount: &str) -> Order {
        let quote = self.given_a_quote(card, amount).await;
        let body = json!({ "quote": quote, "provider": "alipay", "method": "qr", "language": language });
        let order = self.order(&self.post_json("/api/v1/top-ups", Some(&key()), &body).await).await;
        self.customer_pays(&order);
        self.provider_says_so(&order).await;
        order
    }
}
