//! Enrolling a till: the office gives a code, the till makes a key that never leaves it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_engine::device::{self, EnrolCode, EnrolError, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

use crate::web::form::Filled;
use crate::web::page_error::{self, PageError};
use crate::web::signed::SignatureError;
use crate::web::state::App;
use crate::web::view::store::EnrolPage;
use crate::web::view::{Page, Problems};

/// What the form sends. The script adds the key; without it there is none.
#[derive(Deserialize)]
pub(super) struct EnrolForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    algorithm: String,
    #[serde(default)]
    public_key: String,
}

/// What the script keeps beside the key.
#[derive(Serialize)]
struct Enrolled {
    device: String,
}

/// `GET /store/enrol`
pub(super) async fn show(page: Page) -> Response {
    page_error::show(StatusCode::OK, &EnrolPage { page, notice: None, problems: Problems::none() })
}

/// In place of a till's page, for whoever is none.
pub(super) fn not_enrolled(page: Page, why: &SignatureError) -> Response {
    let notice = match why {
        SignatureError::Missing => None,
        SignatureError::ClockWrong => Some(page.t("till-clock-wrong")),
        SignatureError::Replayed => Some(page.t("till-replayed")),
        SignatureError::DeviceUnknown => Some(page.t("till-not-enrolled")),
        SignatureError::Malformed
        | SignatureError::BodyDiffers
        | SignatureError::Wrong
        | SignatureError::Unavailable(_) => Some(page.t("till-signature-wrong")),
    };
    page_error::show(StatusCode::UNAUTHORIZED, &EnrolPage { page, notice, problems: Problems::none() })
}

/// `POST /store/enrol`
pub(super) async fn enrol(
    State(app): State<App>,
    page: Page,
    Filled(form): Filled<EnrolForm>,
) -> Result<Response, PageError> {
    let refused = |page: Page, key: &str| {
        let problems = Problems::one("code", page.t(key));
        let view = EnrolPage { page, notice: None, problems };
        Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
    };
    let Ok(code) = form.code.parse::<EnrolCode>() else { return refused(page, "problem-enrol-code") };
    let algorithm = SignatureAlgorithm::from_name(&form.algorithm);
    let key = URL_SAFE_NO_PAD.decode(&form.public_key).ok();
    let Some((algorithm, key)) = algorithm.zip(key) else { return refused(page, "problem-enrol-script") };
    match device::enrol(&app.engine, &code, algorithm, key).await {
        Ok(device) => Ok(Json(Enrolled { device: device.id.to_string() }).into_response()),
        Err(EnrolError::CodeUnusable) => refused(page, "problem-enrol-code"),
        Err(EnrolError::KeyUnusable) => refused(page, "problem-enrol-script"),
        Err(EnrolError::Submit(error)) => Err(PageError::submit(&page, &error)),
    }
}
