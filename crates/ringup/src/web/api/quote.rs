use axum::Json;
use axum::extract::State;
use ringup_core::money::Amount;
use ringup_engine::quote;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, amount_problem, parse_card};
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// What is to be quoted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuoteRequest {
    /// The card's number; spaces are forgiven.
    card: String,
    /// The amount with its unit: `100.00 CNY`.
    amount: String,
}

/// What a top-up would cost and give.
#[derive(Serialize, ToSchema)]
pub(super) struct QuoteAnswer {
    /// To be sent back with the top-up.
    quote: String,
    /// The last four digits of the card.
    card_last_four: String,
    /// What is paid.
    you_pay: String,
    /// What the card gets to spend.
    card_gets: String,
    /// What comes as bonus.
    bonus: Option<String>,
    /// Why what is paid and got differs from the amount.
    adjustments: Vec<AdjustmentAnswer>,
    /// Until when the card would be valid (RFC 3339).
    card_valid_until: String,
    /// Until when the quote can be taken (RFC 3339).
    valid_until: String,
}

/// One explained difference.
#[derive(Serialize, ToSchema)]
pub(super) struct AdjustmentAnswer {
    /// `discount` or `bonus`.
    kind: &'static str,
    /// By how much.
    amount: String,
    /// What the promotion is called, in English.
    name_en: String,
    /// What the promotion is called, in simplified Chinese.
    name_zh_hans: String,
}

/// Quotes a top-up. Nothing is written down.
#[utoipa::path(post, path = "/api/v1/quotes", operation_id = "create_quote", request_body = QuoteRequest, responses(
    (status = 200, body = QuoteAnswer),
    (status = 400, description = "the body, the card number or the amount cannot be read", body = Problem),
    (status = 404, description = "there is no such card", body = Problem),
    (status = 422, description = "the card cannot be topped up, or not by this amount", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    Body(request): Body<QuoteRequest>,
) -> Result<Json<QuoteAnswer>, Problem> {
    let card = parse_card(&request.card)?;
    let amount: Amount = request.amount.parse().map_err(amount_problem)?;
    let quoted = quote::make(&app.engine, card, amount).await?;
    let adjustments = quoted.quote.adjustments.iter().map(|adjustment| AdjustmentAnswer {
        kind: adjustment.kind.name(),
        amount: adjustment.amount.to_string(),
        name_en: adjustment.name.en.clone(),
        name_zh_hans: adjustment.name.zh_hans.clone(),
    });
    Ok(Json(QuoteAnswer {
        quote: quoted.token.as_str().to_owned(),
        card_last_four: card.last_four(),
        you_pay: quoted.quote.you_pay.to_string(),
        card_gets: quoted.quote.card_gets.to_string(),
        bonus: quoted.quote.bonus.map(|bonus| bonus.amount.to_string()),
        adjustments: adjustments.collect(),
        card_valid_until: iso(quoted.quote.card_valid_until.micros()),
        valid_until: iso(quoted.quote.valid_until().micros()),
    }))
}
