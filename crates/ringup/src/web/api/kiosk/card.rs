use axum::Json;
use axum::extract::State;
use ringup_core::promotion::{Gift, Promotion};
use ringup_engine::kiosk;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Signed;
use crate::web::api::body::{Body, parse_card};
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// The card that was typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct KioskCardRequest {
    /// Its number; spaces are forgiven.
    card: String,
}

/// What may be put in for a card.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct KioskCardAnswer {
    /// The last four digits of the card.
    card_last_four: String,
    /// The most that may be put in.
    most: String,
    /// The amounts that can be paid by QR code, the tiles of its product that it has room for.
    offered: Vec<String>,
    /// Until when the card would be valid (RFC 3339).
    card_valid_until: String,
    /// What promotions make of notes.
    rule: RuleAnswer,
}

/// What promotions make of notes: of each list the best one applies that the sum reaches.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct RuleAnswer {
    /// What comes as bonus.
    bonus: Vec<RuleLine>,
    /// What would be taken off a price, and comes on the card instead.
    discount: Vec<RuleLine>,
}

/// One promotion.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct RuleLine {
    /// From which sum on.
    from: String,
    /// What it gives.
    gives: String,
    /// What it is called, in English.
    name_en: String,
    /// What it is called, in simplified Chinese.
    name_zh_hans: String,
}

/// Asks, before the first note, whether a card may be topped up, and how much at most.
#[utoipa::path(post, path = "/api/v1/kiosk/cards", operation_id = "ask_kiosk_card", request_body = KioskCardRequest, responses(
    (status = 200, body = KioskCardAnswer),
    (status = 400, description = "the body or the card number cannot be read", body = Problem),
    (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
    (status = 404, description = "there is no such card", body = Problem),
    (status = 422, description = "the card cannot be topped up: take no note", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn ask(
    State(app): State<App>,
    Signed(machine): Signed,
    Body(request): Body<KioskCardRequest>,
) -> Result<Json<KioskCardAnswer>, Problem> {
    let card = parse_card(&request.card)?;
    let may = kiosk::may_top_up(&app.engine, &machine.kiosk, card).await?;
    let line = |promotion: &Promotion, gives: String| RuleLine {
        from: promotion.spend_at_least.to_string(),
        gives,
        name_en: promotion.name.en.clone(),
        name_zh_hans: promotion.name.zh_hans.clone(),
    };
    let mut rule = RuleAnswer { bonus: Vec::new(), discount: Vec::new() };
    for promotion in &may.promotions {
        match promotion.gives {
            Gift::Bonus { amount, .. } => rule.bonus.push(line(promotion, amount.to_string())),
            Gift::Discount(amount) => rule.discount.push(line(promotion, amount.to_string())),
        }
    }
    Ok(Json(KioskCardAnswer {
        card_last_four: may.card.last_four(),
        most: may.most.to_string(),
        offered: may.offered.iter().map(ToString::to_string).collect(),
        card_valid_until: iso(may.card_valid_until.micros()),
        rule,
    }))
}
