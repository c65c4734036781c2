use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use ringup_core::card::CardNumber;
use ringup_core::money::ParseAmountError;
use ringup_engine::top_up::IdempotencyKey;

use crate::web::problem::Problem;

/// A JSON body, or the problem document that says what is wrong with it.
pub(super) struct Body<T>(pub(super) T);

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    Json<T>: FromRequest<S, Rejection = JsonRejection>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => {
                let code = match rejection.status() {
                    StatusCode::UNSUPPORTED_MEDIA_TYPE => "content_type",
                    StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
                    _ => "body_malformed",
                };
                Err(Problem::new(rejection.status(), code, rejection.body_text()))
            }
        }
    }
}

/// The caller's idempotency key: missing or unusable is 400.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let missing = || {
        let detail = "a POST that moves money needs the header Idempotency-Key";
        Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_missing", detail)
    };
    let text = headers.get("idempotency-key").ok_or_else(missing)?;
    let parsed = text.to_str().ok().and_then(|text| IdempotencyKey::parse(text).ok());
    parsed.ok_or_else(|| {
        let detail = ringup_engine::top_up::ParseIdempotencyKeyError.to_string();
        Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_malformed", detail)
    })
}

/// A card number in a body.
pub(super) fn parse_card(text: &str) -> Result<CardNumber, Problem> {
    use ringup_core::card::ParseCardNumberError as Error;
    text.parse().map_err(|error: Error| {
        let code = match error {
            Error::Empty => "card_number_missing",
            Error::NotDigits => "card_number_not_digits",
            Error::Length => "card_number_length",
            Error::CheckDigit => "card_number_mistyped",
        };
        Problem::new(StatusCode::BAD_REQUEST, code, error.to_string())
    })
}

/// An amount in a body that is none.
pub(super) fn amount_problem(error: ParseAmountError) -> Problem {
    let code = match error {
        ParseAmountError::Empty => "amount_missing",
        ParseAmountError::Negative => "amount_negative",
        ParseAmountError::TooManyDecimals { .. } => "amount_decimals",
        ParseAmountError::TooLarge => "amount_too_large",
        ParseAmountError::WrongUnit(_) => "wrong_unit",
        ParseAmountError::NotANumber => "amount_not_a_number",
    };
    Problem::new(StatusCode::BAD_REQUEST, code, error.to_string())
}
