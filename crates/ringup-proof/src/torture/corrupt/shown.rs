//! What holders see: what each card holds, how each top-up stands, what each receipt says.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rig::client::{Answer, Client, Order};
use crate::rig::failure::Failure;
use crate::rig::issuer::Issuer;
use crate::torture::holdings;
use crate::torture::orders::at_once;

/// Everything that is shown, by what it is about.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    all: BTreeMap<String, Sight>,
}

/// One thing, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sight {
    /// This is said of it.
    Said(String),
    /// It cannot be shown now, and that is said: a server error, or a row that is found to be damaged.
    Refused(String),
}

/// That something is shown otherwise.
pub struct Difference {
    /// What, and how.
    pub text: String,
    /// Whether all that differs is refused, and nothing said wrongly.
    pub is_refusal: bool,
}

impl Shown {
    /// Looks at everything: top-ups and receipts through the server, holdings from the rows, as the server reads them.
    pub async fn look(issuer: &Issuer, orders: &[Order]) -> Result<Self, Failure> {
        let client = Client::new(&issuer.url())?;
        let mut shown = Self::default();
        let codes = orders.iter().map(|order| order.code.clone());
        let seen = at_once(codes, 8, |code| {
            let client = client.clone();
            async move {
                let status = client.status(&code).await;
                let receipt = client.get(&format!("/api/v1/receipts/{code}")).await;
                let answered =
                    |answer: Result<Answer, _>| answer.map_err(|_| Failure::new("the server does not answer"));
                Ok((code, answered(status)?, answered(receipt)?))
            }
        });
        for (code, status, receipt) in seen.await? {
            shown.all.insert(format!("top-up {code}"), sight(&status, essence));
            shown.all.insert(format!("receipt {code}"), sight(&receipt, Value::clone));
        }
        let cards = issuer.cards.iter().map(|card| card.number);
        for (card, holds) in holdings::shown(&issuer.database, cards)? {
            let sight = holds.map_or_else(Sight::Refused, Sight::Said);
            shown.all.insert(format!("card {card}"), sight);
        }
        Ok(shown)
    }

    /// How many things there are.
    pub fn count(&self) -> u64 {
        u64::try_from(self.all.len()).unwrap_or(u64::MAX)
    }

    /// The first thing that another sight of the same shows otherwise, wrong ones before refused ones.
    pub fn compare(&self, other: &Self) -> Option<Difference> {
        let mut refused = None;
        for (what, before) in &self.all {
            match other.all.get(what) {
                Some(after) if after == before => {}
                Some(Sight::Refused(why)) => {
                    refused = refused.or(Some(Difference { text: format!("{what}: {why}"), is_refusal: true }));
                }
                after => {
                    let text = format!("{what} was {before:?} and is {after:?}");
                    return Some(Difference { text, is_refusal: false });
                }
            }
        }
        refused
    }
}

fn sight(answer: &Answer, essence: impl Fn(&Value) -> Value) -> Sight {
    if answer.status >= 500 {
        return Sight::Refused(format!("{} {}", answer.status, answer.text));
    }
    Sight::Said(format!("{} {}", answer.status, essence(&answer.json())))
}

/// How a top-up stands, without what brings the payer to his provider and until when.
fn essence(status: &Value) -> Value {
    let mut status = status.clone();
    for payment in status.get_mut("payments").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(payment) = payment.as_object_mut() {
            payment.remove("hand_over");
            payment.remove("expires_at");
        }
    }
    status
}

#[cfg(test)]
mod tests;
