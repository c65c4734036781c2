//! Paying by a QR code on the screen: an amount, its price, and who takes the payment.

use std::time::Duration;

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_db::bank_note::PendingTopUp;
use serde::Deserialize;

use super::to_the_screen;
use crate::chance;
use crate::machine::{AskTopUp, Command};
use crate::screen::Screen;
use crate::screen::visit::Step;
use crate::wire::{CardMay, Quote};
use crate::words::Words;

/// Whoever has touched an amount waits no longer for the server.
const QUOTE_WAIT: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
pub(in crate::screen) struct AmountForm {
    amount: String,
}

/// An amount is chosen: its price, and what promotions make of it.
pub(in crate::screen) async fn amount(State(screen): State<Screen>, Form(form): Form<AmountForm>) -> Redirect {
    let Step::Amount { card, may: Some(may), .. } = screen.visit().step.clone() else { return to_the_screen() };
    screen.visit().touch();
    let amount = form.amount.parse::<Amount>().ok().filter(|amount| may.offered.contains(amount));
    let Some(amount) = amount else { return to_the_screen() };
    let is_offered = !screen.view().providers().is_empty();
    let quoted = if is_offered { quote(&screen, card, amount).await } else { Err("qr-error-offline") };
    let mut visit = screen.visit();
    if matches!(visit.step, Step::Amount { .. }) {
        visit.step = match quoted {
            Ok(quote) => Step::Price { card, may, quote, error: None, is_again: false },
            Err(error) => Step::Amount { card, may: Some(may), error: Some(error) },
        };
        visit.touch();
    }
    to_the_screen()
}

async fn quote(screen: &Screen, card: CardNumber, amount: Amount) -> Result<Quote, &'static str> {
    let body = serde_json::json!({ "card": card.to_string(), "amount": amount.to_string() });
    let asked = tokio::time::timeout(QUOTE_WAIT, screen.server.post("/api/v1/quotes", &body, None)).await;
    let Ok(Ok(answer)) = asked else { return Err("qr-error-offline") };
    match answer.status {
        200 => answer.read::<Quote>().ok_or("qr-error-other"),
        _ => Err(refusal(&answer.code())),
    }
}

/// The sentence for a refusal.
pub(in crate::screen) fn refusal(code: &str) -> &'static str {
    match code {
        "balance_too_high" => "qr-error-balance-too-high",
        "quote_expired" => "qr-error-quote-expired",
        "another_one" => "qr-again",
        "busy" | "unavailable" => "qr-error-busy",
        "provider_not_offered" => "qr-error-provider",
        _ => "qr-error-other",
    }
}

#[derive(Deserialize)]
pub(in crate::screen) struct ProviderForm {
    provider: String,
    /// That this is another one, when the same was put on the card a moment ago.
    #[serde(default)]
    again: Option<String>,
}

/// Who takes the payment is chosen: one key for this attempt, whatever happens to it.
pub(in crate::screen) async fn pay(State(screen): State<Screen>, Form(form): Form<ProviderForm>) -> Redirect {
    let is_offered = screen.view().providers().contains(&form.provider);
    let mut visit = screen.visit();
    visit.touch();
    let Step::Price { card, may, quote, is_again, .. } = visit.step.clone() else { return to_the_screen() };
    if !is_offered {
        visit.step = Step::Price { card, may, quote, error: Some("qr-error-offline"), is_again };
        return to_the_screen();
    }
    let key = chance::bytes();
    let pending = PendingTopUp {
        key,
        quote: quote.quote.clone(),
        provider: form.provider.clone(),
        language: Words(visit.language).tag().to_owned(),
        another_one: is_again && form.again.is_some(),
    };
    screen.machine.send(Command::AskTopUp(Box::new(AskTopUp { pending, card, language: visit.language })));
    visit.step = Step::Scan { card, may, quote, provider: form.provider, key };
    to_the_screen()
}

/// What a price goes back to when the server has refused it.
pub(in crate::screen) fn refused(card: CardNumber, may: CardMay, quote: Quote, code: &str) -> Step {
    match (refusal(code), code) {
        (error, "another_one") => Step::Price { card, may, quote, error: Some(error), is_again: true },
        (error, "busy" | "unavailable" | "provider_not_offered") => {
            Step::Price { card, may, quote, error: Some(error), is_again: false }
        }
        (error, _) => Step::Amount { card, may: Some(may), error: Some(error) },
    }
}
