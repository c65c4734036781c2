use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringup_core::bank_note::{ClaimCode, ClaimReason, LateWord};
use ringup_engine::kiosk::{self, Claim, ClaimError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Signed;
use super::read;
use crate::web::api::body::{Body, parse_card};
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// A note that somebody has a slip for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct ClaimRequest {
    /// What the slip says: 26 letters and digits.
    code: String,
    /// The note's number in the kiosk's journal.
    note: String,
    /// What it is worth; nothing when the validator did not say.
    #[serde(default)]
    value: Option<String>,
    /// Why, by its name.
    reason: String,
    /// What the validator said afterwards: `stacked` or `returned`.
    #[serde(default)]
    late: Option<String>,
    /// The card that was typed.
    #[serde(default)]
    card: Option<String>,
    /// The box that was in the kiosk; the one that is in it now, when that is not told.
    #[serde(default, rename = "box")]
    cash_box: Option<String>,
    /// When (RFC 3339), by the kiosk's clock.
    claimed_at: String,
}

/// A claim that is kept.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct ClaimAnswer {
    /// `open`, or `settled` by a person.
    state: &'static str,
    /// The note's number.
    reference: String,
    /// When it was heard of first (RFC 3339).
    told_at: String,
}

/// Keeps a claim. Told again it is the same one, with what the validator has said meanwhile.
#[utoipa::path(post, path = "/api/v1/kiosk/claims", operation_id = "create_kiosk_claim", request_body = ClaimRequest, responses(
    (status = 200, body = ClaimAnswer),
    (status = 400, description = "the body cannot be read", body = Problem),
    (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
    (status = 422, description = "the code is another note's, or the note has another code", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn create(
    State(app): State<App>,
    Signed(machine): Signed,
    Body(request): Body<ClaimRequest>,
) -> Result<Json<ClaimAnswer>, Problem> {
    let told = claim(&request)?;
    let note = told.note;
    let kept = kiosk::claim(&app.engine, &machine.kiosk, told).await.map_err(problem)?;
    Ok(Json(ClaimAnswer {
        state: if kept.settled.is_some() { "settled" } else { "open" },
        reference: note.to_string(),
        told_at: iso(kept.told_at.micros()),
    }))
}

fn claim(request: &ClaimRequest) -> Result<Claim, Problem> {
    let code: ClaimCode = request
        .code
        .parse()
        .map_err(|_| read::bad("claim_code_malformed", "a claim's code has 26 letters and digits"))?;
    let late = request.late.as_deref().map(|word| {
        LateWord::from_name(word).ok_or_else(|| read::bad("late_word_unknown", "the late word is stacked or returned"))
    });
    Ok(Claim {
        code,
        note: read::note_number(&request.note)?,
        value: request.value.as_deref().map(read::note_value).transpose()?,
        reason: ClaimReason::from_name(&request.reason)
            .ok_or_else(|| read::bad("claim_reason_unknown", "this is no reason of a claim"))?,
        late: late.transpose()?,
        card: request.card.as_deref().map(parse_card).transpose()?,
        cash_box: request.cash_box.as_deref().map(read::cash_box).transpose()?,
        claimed_at: read::moment(&request.claimed_at)?,
    })
}

fn problem(error: ClaimError) -> Problem {
    match error {
        ClaimError::Submit(error) => error.into(),
        ClaimError::NoteOfOtherKiosk(_)
        | ClaimError::WrongUnit
        | ClaimError::BoxUnknown
        | ClaimError::Differs
        | ClaimError::NoteClaimed => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string()),
    }
}
