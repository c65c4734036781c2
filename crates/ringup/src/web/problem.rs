//! Errors of the API: problem documents (RFC 9457) with a stable `code`. The one mapping from an error to a status.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ringup_core::plan::FindRefusal;
use ringup_core::time::Timestamp;
use ringup_engine::balance::PinError;
use ringup_engine::error::{ErrorKind, SubmitError, Unavailable};
use ringup_engine::limits;
use ringup_engine::pin::ParsePinError;
use ringup_engine::plan::{AdviseError, FindError};
use ringup_engine::quote::QuoteError;
use ringup_engine::top_up::PlaceError;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`: the code says all.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// After how many seconds to come back: the header, not a field.
    #[serde(skip)]
    #[schema(ignore)]
    retry_after_seconds: Option<u32>,
    /// A stable name for programs.
    code: String,
    /// What happened, for people.
    detail: String,
}

impl Problem {
    /// A problem with this status and code.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            retry_after_seconds: (status == StatusCode::SERVICE_UNAVAILABLE).then_some(limits::RETRY_AFTER_SECONDS),
            code: code.to_owned(),
            detail: detail.into(),
        }
    }

    fn of_submit(error: &SubmitError) -> Self {
        match error.kind() {
            ErrorKind::Refused => {
                let status = match error.code() {
                    "card_unknown" | "top_up_unknown" | "payment_unknown" => StatusCode::NOT_FOUND,
                    "another_one" | "top_up_not_payable" => StatusCode::CONFLICT,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Self::new(status, error.code(), error.to_string())
            }
            ErrorKind::Unavailable => Self::unavailable(error.code()),
            ErrorKind::Inconsistent => {
                tracing::error!(%error, "the books are inconsistent: a person must look");
                let detail = "something is wrong here; nothing was changed";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.code(), detail)
            }
        }
    }

    /// A text that is no PIN.
    pub(super) fn of_pin_text(error: ParsePinError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "pin_malformed", error.to_string())
    }

    /// Why a card is not shown.
    pub(super) fn of_pin(error: &PinError, now: Timestamp) -> Self {
        match error {
            PinError::Wrong => Self::new(StatusCode::FORBIDDEN, error.code(), error.to_string()),
            PinError::Locked { until } => {
                let seconds = until.since(now).as_micros().max(0) / 1_000_000;
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1);
                let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, error.code(), error.to_string());
                Self { retry_after_seconds: Some(seconds), ..problem }
            }
            PinError::Submit(submit) => Self::of_submit(submit),
        }
    }

    /// Why it is not certain where a call would go.
    fn of_find(refusal: &FindRefusal, detail: String) -> Self {
        let status = match refusal {
            FindRefusal::Missing | FindRefusal::Number(_) => StatusCode::BAD_REQUEST,
            FindRefusal::Unknown => StatusCode::NOT_FOUND,
            FindRefusal::Several(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, refusal.code(), detail)
    }

    fn unavailable(code: &str) -> Self {
        let detail = "try again in a moment, with the same idempotency key";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        Self::of_submit(&error)
    }
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        Self::of_submit(&error.into())
    }
}

impl From<QuoteError> for Problem {
    fn from(error: QuoteError) -> Self {
        match &error {
            QuoteError::CardUnknown => Self::new(StatusCode::NOT_FOUND, error.code(), error.to_string()),
            QuoteError::Refused(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string()),
            QuoteError::Unavailable(_) => Self::unavailable(error.code()),
        }
    }
}

impl From<PlaceError> for Problem {
    fn from(error: PlaceError) -> Self {
        match &error {
            PlaceError::Submit(submit) => Self::of_submit(submit),
            PlaceError::TopUpUnknown => Self::new(StatusCode::NOT_FOUND, error.code(), error.to_string()),
            PlaceError::QuoteUnreadable | PlaceError::ProviderNotOffered => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string())
            }
        }
    }
}

impl From<FindError> for Problem {
    fn from(error: FindError) -> Self {
        match &error {
            FindError::Refused(refusal) => Self::of_find(refusal, refusal.to_string()),
            FindError::Unavailable(_) => Self::unavailable("unavailable"),
        }
    }
}

impl From<AdviseError> for Problem {
    fn from(error: AdviseError) -> Self {
        match &error {
            AdviseError::ProductUnknown => Self::new(StatusCode::NOT_FOUND, error.code(), error.to_string()),
            AdviseError::Destination { position, why } => {
                Self::of_find(why, format!("calls[{position}]: {}", with_names(why)))
            }
            AdviseError::Refused(refusal) => {
                let at = refusal.position().map(|position| format!("calls[{position}]: ")).unwrap_or_default();
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), format!("{at}{refusal}"))
            }
            AdviseError::Unavailable(_) => Self::unavailable(error.code()),
        }
    }
}

/// Why a destination was not found; where there are several, with the codes to choose from.
fn with_names(why: &FindRefusal) -> String {
    match why {
        FindRefusal::Several(several) => {
            let codes: Vec<&str> = several.iter().map(|destination| destination.code.as_str()).collect();
            format!("{why}: {}", codes.join(", "))
        }
        FindRefusal::Missing | FindRefusal::Number(_) | FindRefusal::Unknown => why.to_string(),
    }
}
