//! Questions for a quote, by the JSON API.

use axum::http::StatusCode;
use ringup_core::money::Amount;
use ringup_engine::quote::QuoteToken;

use super::Site;
use super::answer::Answer;
use super::request::Asked;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::{Check, Target};

/// Bodies of `POST /api/v1/quotes`.
pub const TARGET: Target = Target {
    name: "quote_request",
    claims: "a quote that is given opens as what was answered and asked, and adds up; anything else is a problem document",
    bytes_max: 1_024,
    prepare: || Ok(Box::new(Asking(Site::open()?))),
};

struct Asking(Site);

impl Check for Asking {
    fn check(&mut self, data: &[u8]) -> Checked {
        let body = self.0.next()?.filled(data);
        let asked = Asked::new("POST", "/api/v1/quotes", &[("content-type", "application/json")], &body);
        let Some(answer) = self.0.ask(&asked)? else { return Ok(Reached::Refused) };
        if answer.status != StatusCode::OK {
            return Ok(Reached::Refused);
        }
        self.is_what_was_asked(&body, &answer)?;
        Ok(Reached::Accepted)
    }
}

impl Asking {
    fn is_what_was_asked(&self, body: &[u8], answer: &Answer) -> Result<(), Broken> {
        let asked: serde_json::Value = serde_json::from_slice(body).map_err(Broken::doing("what was asked"))?;
        let said = answer.json()?;
        let amount = |name: &str| -> Result<Amount, Broken> {
            said[name].as_str().unwrap_or_default().parse().map_err(Broken::doing("an amount in the answer"))
        };
        let keys = self.0.house.engine.keys();
        let quote = QuoteToken::open(keys, said["quote"].as_str().unwrap_or_default())
            .map_err(Broken::doing("the quote in the answer"))?;
        same("what is paid", &amount("you_pay")?, &quote.you_pay)?;
        same("what the card gets", &amount("card_gets")?, &quote.card_gets)?;
        same("the card", &asked["card"].as_str().unwrap_or_default().parse(), &Ok(quote.card))?;
        same("the amount", &asked["amount"].as_str().unwrap_or_default().parse(), &Ok(quote.card_gets))?;
        let more = quote.you_pay.exceeds(quote.card_gets).unwrap_or(true);
        holds(!more && !quote.you_pay.is_zero(), || format!("{} for {}", quote.you_pay, quote.card_gets))
    }
}
