use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ringup_core::apply::Repeated;
use ringup_core::money::Amount;
use ringup_db::kiosk_sale::KioskNote;
use ringup_engine::kiosk::{self, Machine, Sale, SaleError};
use ringup_engine::top_up::TopUpView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Signed;
use super::read;
use super::slip::{self, SlipAnswer};
use crate::web::api::body::{Body, idempotency_key, parse_card};
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// Notes that are in the box, to be credited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct KioskSaleRequest {
    /// The card that was typed.
    card: String,
    /// The notes; their sum is what was paid.
    notes: Vec<NoteRequest>,
    /// The language of the slip: `en` or `zh-Hans`.
    language: String,
    /// The box that they are in.
    #[serde(rename = "box")]
    cash_box: String,
    /// When the sale began (RFC 3339), by the kiosk's clock.
    #[serde(default)]
    begun_at: Option<String>,
    /// Since when the line was down then (RFC 3339).
    #[serde(default)]
    offline_since: Option<String>,
}

/// A note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct NoteRequest {
    /// Its number in the kiosk's journal: `7-1790000012`.
    number: String,
    /// What it is worth: `50.00 CNY`.
    value: String,
}

/// What came of a sale. The same for every repeat, but for what happened to it since.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct KioskSaleAnswer {
    /// Its id.
    id: String,
    /// The unguessable code of its page and its receipt.
    code: String,
    /// `credited`; or `refunding`, when the card could not be topped up any more.
    state: &'static str,
    /// What the notes come to.
    paid: String,
    /// What the card got.
    card_gets: String,
    /// What came as bonus.
    bonus: Option<String>,
    /// The last four digits of the card.
    card_last_four: String,
    /// Until when the card is valid (RFC 3339).
    card_valid_until: Option<String>,
    /// The number of the receipt among those of this kiosk.
    number: Option<String>,
    /// When it was credited (RFC 3339).
    credited_at: Option<String>,
    /// The receipt.
    receipt_url: Option<String>,
    /// Where a program looks at it.
    status_url: String,
    /// What the slip must show when the money is owed back.
    claim_code: Option<String>,
    /// What the slip says.
    slip: SlipAnswer,
}

/// Books notes that are in the box. Repeated with the same key it answers the same, marked `Idempotent-Replayed: true`.
#[utoipa::path(post, path = "/api/v1/kiosk/sales", operation_id = "create_kiosk_sale", request_body = KioskSaleRequest,
    params(("Idempotency-Key" = String, Header, description = "the sale's key, drawn before its first note")),
    responses(
        (status = 201, body = KioskSaleAnswer),
        (status = 400, description = "no idempotency key, or the body cannot be read", body = Problem),
        (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
        (status = 404, description = "there is no such card: its notes are to be claimed", body = Problem),
        (status = 422, description = "a note was in another sale, or the key was used for something else", body = Problem),
        (status = 503, description = "try again after Retry-After, with the same key", body = Problem),
))]
pub(in crate::web::api) async fn create(
    State(app): State<App>,
    Signed(machine): Signed,
    headers: HeaderMap,
    Body(request): Body<KioskSaleRequest>,
) -> Result<Response, Problem> {
    let sale = sale(&headers, &request)?;
    let sold = kiosk::sell(&app.engine, &machine.kiosk, sale).await.map_err(problem)?;
    let answer = answer(&app, &machine, &sold.view);
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    if sold.repeated == Repeated::Yes {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn sale(headers: &HeaderMap, request: &KioskSaleRequest) -> Result<Sale, Problem> {
    let key = idempotency_key(headers)?;
    if request.notes.is_empty() {
        return Err(read::bad("notes_missing", "a sale has notes"));
    }
    let note = |note: &NoteRequest| {
        Ok(KioskNote { number: read::note_number(&note.number)?, value: read::note_value(&note.value)? })
    };
    Ok(Sale {
        key,
        card: parse_card(&request.card)?,
        notes: request.notes.iter().map(note).collect::<Result<_, Problem>>()?,
        language: read::language(&request.language),
        cash_box: read::cash_box(&request.cash_box)?,
        begun_at: request.begun_at.as_deref().map(read::moment).transpose()?,
        offline_since: request.offline_since.as_deref().map(read::moment).transpose()?,
    })
}

fn problem(error: SaleError) -> Problem {
    match error {
        SaleError::Notes => read::bad("notes_unusable", &error.to_string()),
        SaleError::Quote(error) => error.into(),
        SaleError::Submit(error) => error.into(),
        SaleError::NoteOfOtherKiosk(_) | SaleError::BoxUnknown | SaleError::NoteUsed(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string())
        }
    }
}

fn answer(app: &App, machine: &Machine, view: &TopUpView) -> KioskSaleAnswer {
    let (top_up, public_url) = (&view.top_up, &app.site.public_url);
    let credited_at = view.credited_at();
    let quote = &top_up.quote;
    let gets = if credited_at.is_some() { quote.card_gets } else { Amount::zero(quote.card_gets.unit()) };
    KioskSaleAnswer {
        id: top_up.id.to_string(),
        code: top_up.code.to_string(),
        state: if credited_at.is_some() { "credited" } else { "refunding" },
        paid: quote.you_pay.to_string(),
        card_gets: gets.to_string(),
        bonus: quote.bonus.filter(|_| credited_at.is_some()).map(|bonus| bonus.amount.to_string()),
        card_last_four: top_up.card().last_four(),
        card_valid_until: view.card.expires_at.map(|at| iso(at.micros())),
        number: slip::number(&machine.place, top_up),
        credited_at: credited_at.map(|at| iso(at.micros())),
        receipt_url: credited_at.map(|_| format!("{public_url}/receipts/{}", top_up.code)),
        status_url: format!("{public_url}/api/v1/top-ups/{}", top_up.code),
        claim_code: credited_at.is_none().then(|| top_up.code.to_string()),
        slip: slip::of(machine, view, public_url),
    }
}
