use axum::Json;
use axum::extract::State;
use ringup_engine::balance;
use ringup_engine::pin::Pin;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, parse_card};
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// Whose balance is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BalanceRequest {
    /// The card's number; spaces are forgiven.
    card: String,
    /// The card's PIN.
    pin: String,
}

/// What is on a card.
#[derive(Serialize, ToSchema)]
pub(super) struct BalanceAnswer {
    /// The last four digits of the card.
    card_last_four: String,
    /// Its own money: `100.00 CNY`.
    balance: String,
    /// Its bonuses; the one that ends soonest first.
    bonuses: Vec<BonusAnswer>,
    /// Until when the card can be used (RFC 3339); nothing while it has not been sold.
    valid_until: Option<String>,
}

/// What is left of a bonus.
#[derive(Serialize, ToSchema)]
pub(super) struct BonusAnswer {
    /// How much.
    amount: String,
    /// Until when it can be spent (RFC 3339).
    valid_until: String,
}

/// Tells what is on a card to whoever knows its PIN. Wrong PINs are counted, and too many lock for a while.
#[utoipa::path(post, path = "/api/v1/balance", operation_id = "ask_balance", request_body = BalanceRequest, responses(
    (status = 200, body = BalanceAnswer),
    (status = 400, description = "the body, the card number or the PIN cannot be read", body = Problem),
    (status = 403, description = "the card number or the PIN is not right", body = Problem),
    (status = 429, description = "there have been too many wrong PINs: see Retry-After", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(super) async fn ask(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Body(request): Body<BalanceRequest>,
) -> Result<Json<BalanceAnswer>, Problem> {
    let card = parse_card(&request.card)?;
    let pin = Pin::parse(&request.pin).map_err(Problem::of_pin_text)?;
    let found = balance::ask(&app.engine, card, &pin, &address).await.map_err(|error| {
        let now = app.engine.now();
        Problem::of_pin(&error, now)
    })?;
    let bonuses = found
        .bonuses
        .iter()
        .map(|(grant, left)| BonusAnswer { amount: left.to_string(), valid_until: iso(grant.expires_at.micros()) });
    Ok(Json(BalanceAnswer {
        card_last_four: card.last_four(),
        balance: found.main.to_string(),
        bonuses: bonuses.collect(),
        valid_until: found.card.expires_at.map(|at| iso(at.micros())),
    }))
}
