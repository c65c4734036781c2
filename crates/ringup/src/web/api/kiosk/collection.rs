use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringup_engine::device::EnrolCode;
use ringup_engine::kiosk::{self, CollectionError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Signed;
use super::read;
use super::status::BoxAnswer;
use crate::web::api::body::Body;
use crate::web::problem::Problem;
use crate::web::state::App;

/// Two people stand before the kiosk and take its box out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct CollectionRequest {
    /// The code of each.
    codes: [String; 2],
    /// The box that is taken out.
    #[serde(rename = "box")]
    cash_box: String,
}

/// The box that may be taken out, and the one that is in use from now on.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct CollectionAnswer {
    /// The one that is taken out.
    taken: BoxAnswer,
    /// The one that sales name from now on.
    #[serde(rename = "box")]
    cash_box: BoxAnswer,
}

/// Exchanges the box, by two people's codes. With the same codes and box again it answers the same.
#[utoipa::path(post, path = "/api/v1/kiosk/collections", operation_id = "create_kiosk_collection", request_body = CollectionRequest, responses(
    (status = 200, body = CollectionAnswer),
    (status = 400, description = "the body cannot be read", body = Problem),
    (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
    (status = 422, description = "a code cannot be used, both are one person's, or it is another box", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn create(
    State(app): State<App>,
    Signed(machine): Signed,
    Body(request): Body<CollectionRequest>,
) -> Result<Json<CollectionAnswer>, Problem> {
    let purse = read::cash_box(&request.cash_box)?;
    let [one, two] = request.codes.map(|code| code.parse::<EnrolCode>());
    let (Ok(one), Ok(two)) = (one, two) else { return Err(problem(CollectionError::CodeUnusable)) };
    let exchanged = kiosk::collect(&app.engine, &machine.kiosk, purse, [&one, &two]).await;
    let (taken, next) = exchanged.map_err(problem)?;
    Ok(Json(CollectionAnswer {
        taken: BoxAnswer::of(&taken, &machine.kiosk),
        cash_box: BoxAnswer::of(&next, &machine.kiosk),
    }))
}

fn problem(error: CollectionError) -> Problem {
    match error {
        CollectionError::Submit(error) => error.into(),
        CollectionError::CodeUnusable
        | CollectionError::SamePerson
        | CollectionError::BoxUnknown
        | CollectionError::BoxTaken => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string()),
    }
}
