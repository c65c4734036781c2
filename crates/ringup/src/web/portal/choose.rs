//! Screen 1: the card and the amount.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, ParseAmountError, Unit};
use ringup_core::quote::{Deal, QuoteRefusal};
use ringup_core::time::Timestamp;
use ringup_engine::quote::{self, Offer, QuoteError, QuoteToken};
use serde::Deserialize;

use super::form::{Asked, Filled, typed_card};
use super::mapping::{certain_offer_for, money, offer_for, on_tile, quote_table, short_money, table_without_card};
use super::page_error::{self, PageError};
use super::settings::KeptLanguage;
use crate::web::state::App;
use crate::web::view::top_up::{ChoosePage, OtherAmount, QuoteFragment};
use crate::web::view::{AmountTile, Page, Problems, QuoteTable};

/// What the holder has typed and chosen so far.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    card: String,
    /// One of the tiles.
    #[serde(default)]
    amount: String,
    /// An amount that stands on no tile.
    #[serde(default)]
    other: String,
}

/// What an address may fill in.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Prefill {
    #[serde(default)]
    card: String,
    #[serde(default)]
    amount: String,
    /// A quote to be changed.
    #[serde(default)]
    quote: String,
}

impl Choice {
    /// As it was when this quote was made.
    pub(super) fn of(quote: &ringup_core::quote::Quote) -> Self {
        let amount = quote.card_gets.to_decimal();
        Self { card: quote.card.grouped(), amount, other: String::new() }
    }

    fn card(&self, problems: &mut Problems, page: &Page) -> Option<CardNumber> {
        typed_card(page, &self.card, problems)
    }

    /// The chosen amount, with the field that it comes from.
    fn amount(&self, problems: &mut Problems, page: &Page, unit: Unit) -> Option<(Amount, &'static str)> {
        let (field, text) =
            if self.other.trim().is_empty() { ("amount", &self.amount) } else { ("other", &self.other) };
        match Amount::parse(text, unit) {
            Ok(amount) if field == "other" && !self.amount.is_empty() && self.amount != amount.to_decimal() => {
                problems.add("other", page.t("problem-amount-both"));
                None
            }
            Ok(amount) if amount.is_zero() => {
                problems.add(field, page.t("problem-amount-negative"));
                None
            }
            Ok(amount) => Some((amount, field)),
            Err(error) => {
                problems.add(field, amount_problem(page, error));
                None
            }
        }
    }
}

fn amount_problem(page: &Page, error: ParseAmountError) -> String {
    match error {
        ParseAmountError::Empty => page.t("problem-amount-missing"),
        ParseAmountError::Negative => page.t("problem-amount-negative"),
        ParseAmountError::TooManyDecimals { .. } => page.t("problem-amount-decimals"),
        ParseAmountError::TooLarge => page.t("problem-amount-not-offered"),
        ParseAmountError::WrongUnit(unit) => page.t_one("problem-amount-unit", "unit", unit.code()),
        ParseAmountError::NotANumber => page.t("problem-amount-not-a-number"),
    }
}

/// `GET /`
pub(super) async fn show(
    State(app): State<App>,
    Asked(prefill): Asked<Prefill>,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let choice = match QuoteToken::open(app.engine.keys(), &prefill.quote) {
        Ok(quote) => Choice::of(&quote),
        Err(_) => Choice { card: prefill.card, amount: prefill.amount, other: String::new() },
    };
    let view = view(&app, page, choice, Problems::none()).await?;
    Ok((kept, page_error::show(StatusCode::OK, &view)))
}

/// `POST /top-ups/quote`: the quote table for what is chosen so far, asked for by the page itself.
pub(super) async fn quote(
    State(app): State<App>,
    page: Page,
    Filled(choice): Filled<Choice>,
) -> Result<Response, PageError> {
    let offers = quote::offers(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let table = table(&app, &page, &offers, &choice).await;
    let (quote, quote_problem) = match table {
        Ok(quote) => (quote, None),
        Err(problem) => (None, Some(problem)),
    };
    let tiles = tiles(&offers, &choice, &page, app.engine.now());
    Ok(page_error::show(StatusCode::OK, &QuoteFragment { page, tiles, quote, quote_problem }))
}

/// `POST /top-ups/check`: the holder has chosen.
pub(super) async fn check(
    State(app): State<App>,
    page: Page,
    Filled(choice): Filled<Choice>,
) -> Result<Response, PageError> {
    let mut problems = Problems::none();
    let offers = quote::offers(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let unit = offer_for(&offers, &choice.card).map_or(Unit::Cny, |offer| offer.product.unit);
    let card = choice.card(&mut problems, &page);
    let amount = choice.amount(&mut problems, &page, unit);
    if let (Some(card), Some((amount, field))) = (card, amount) {
        match quote::make(&app.engine, card, amount).await {
            Ok(quoted) => {
                let address = format!("/top-ups/new?quote={}", quoted.token.as_str());
                return Ok(Redirect::to(&address).into_response());
            }
            Err(QuoteError::Unavailable(error)) => return Err(PageError::unavailable(&page, &error)),
            Err(QuoteError::CardUnknown) => problems.add("card", page.t("problem-card-refused")),
            Err(QuoteError::Refused(refusal)) => refused(&mut problems, &page, field, refusal),
        }
    }
    again(&app, page, choice, problems).await
}

/// Screen 1 again, with everything kept and what is wrong with it.
pub(super) async fn again(app: &App, page: Page, choice: Choice, problems: Problems) -> Result<Response, PageError> {
    let view = view(app, page, choice, problems).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// Why this card cannot be topped up, or not by this amount, at the field where it can be mended.
pub(in crate::web) fn refused(problems: &mut Problems, page: &Page, amount_field: &'static str, refusal: QuoteRefusal) {
    let (field, message) = match refusal {
        QuoteRefusal::CardNotActive => ("card", page.t("problem-card-refused")),
        QuoteRefusal::CardSuspended => ("card", page.t("problem-card-suspended")),
        QuoteRefusal::CardExpired => ("card", page.t("problem-card-expired")),
        QuoteRefusal::CardClosed => ("card", page.t("problem-card-closed")),
        QuoteRefusal::WrongUnit(unit) => (amount_field, page.t_one("problem-amount-unit", "unit", unit.code())),
        QuoteRefusal::AmountNotOffered | QuoteRefusal::Amount(_) => {
            (amount_field, page.t("problem-amount-not-offered"))
        }
        QuoteRefusal::BalanceTooHigh { balance_max } => {
            (amount_field, page.t_one("problem-balance-too-high", "max", money(page.words, balance_max)))
        }
    };
    problems.add(field, message);
}

async fn view(app: &App, page: Page, choice: Choice, problems: Problems) -> Result<ChoosePage, PageError> {
    let offers = quote::offers(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let quote = table(app, &page, &offers, &choice).await.ok().flatten();
    let words = page.words;
    let offer = offer_for(&offers, &choice.card);
    let amounts = offer.map(|offer| offer.product.offered.as_slice()).unwrap_or_default();
    let chosen = |amount: &Amount| choice.other.is_empty() && choice.amount == amount.to_decimal();
    // An amount from a changed quote that stands on no tile goes into the field for it.
    let on_a_tile = choice.amount.is_empty() || amounts.iter().any(chosen);
    let typed = if on_a_tile { choice.other.clone() } else { choice.amount.clone() };
    let tiles = tiles(&offers, &choice, &page, app.engine.now());
    let other = offer.and_then(|offer| offer.product.other_amounts).map(|(least, most)| OtherAmount {
        typed,
        sign: least.unit().sign(),
        hint: words.t_with("other-amount-hint", &[("min", &money(words, least)), ("max", &money(words, most))]),
    });
    Ok(ChoosePage { tiles, page, card: choice.card, other, quote, quote_problem: None, problems })
}

/// The amounts on offer. What a promotion does to them is shown once it is certain which product the card is of.
fn tiles(offers: &[Offer], choice: &Choice, page: &Page, now: Timestamp) -> Vec<AmountTile> {
    let Some(offer) = offer_for(offers, &choice.card) else { return Vec::new() };
    let certain = certain_offer_for(offers, &choice.card);
    let tile = |amount: &Amount| AmountTile {
        id: format!("pays-{}", amount.minor()),
        value: amount.to_decimal(),
        amount: short_money(page.words, *amount),
        promotion: certain.and_then(|offer| on_tile(page.words, &deal(offer, *amount, now)?)),
        chosen: choice.other.is_empty() && choice.amount == amount.to_decimal(),
    };
    offer.product.offered.iter().map(tile).collect()
}

/// What is chosen would cost and give: as the quote says when there is a card that can be topped up, else as the
/// promotions say. Why a card cannot be topped up is told only after the form was sent.
async fn table(app: &App, page: &Page, offers: &[Offer], choice: &Choice) -> Result<Option<QuoteTable>, String> {
    let Some(offer) = offer_for(offers, &choice.card) else { return Ok(None) };
    if choice.amount.is_empty() && choice.other.trim().is_empty() {
        return Ok(None);
    }
    let now = app.engine.now();
    let mut problems = Problems::none();
    let Some((amount, _)) = choice.amount(&mut problems, page, offer.product.unit) else {
        return problems.iter().next().map_or(Ok(None), |problem| Err(problem.message.clone()));
    };
    if let Ok(card) = choice.card.parse()
        && let Ok(quoted) = quote::make(&app.engine, card, amount).await
    {
        return Ok(Some(quote_table(page.words, &quoted.quote, now)));
    }
    if !offer.product.offers(amount) {
        return Err(page.t("problem-amount-not-offered"));
    }
    let nothing_certain = Deal { you_pay: amount, discount: None, bonus: None };
    let deal = certain_offer_for(offers, &choice.card).and_then(|offer| deal(offer, amount, now));
    Ok(Some(table_without_card(page.words, &deal.unwrap_or(nothing_certain), amount, now)))
}

/// What the promotions of an offer make of an amount; nothing of an amount of nothing.
fn deal(offer: &Offer, amount: Amount, now: Timestamp) -> Option<Deal<'_>> {
    Deal::of(offer.product.id, &offer.promotions, amount, now).ok()
}

#[cfg(test)]
mod tests;
