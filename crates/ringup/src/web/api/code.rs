use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use ringup_core::top_up::TopUpCode;

use crate::web::state::App;

/// The code in an address; nothing when what stands there is none, or is not even text.
pub(super) struct TypedCode(pub(super) Option<TopUpCode>);

impl FromRequestParts<App> for TypedCode {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        Ok(Self(path.ok().and_then(|Path(code)| code.parse().ok())))
    }
}
