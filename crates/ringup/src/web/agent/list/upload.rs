//! The file of a list on its way in.

use std::time::Duration;

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use ringup_engine::limits;

use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::upload::Gate;

/// A file that is a little too large is still read, to be told so at its field.
pub(in crate::web::agent) const BODY_MAX: usize = limits::LIST_BYTES_MAX + 256 * 1024;

static GATE: Gate = Gate::new(2, Duration::from_secs(120));

/// What stands in the file; nothing when none was chosen.
pub(in crate::web::agent) struct Uploaded(pub(super) Vec<u8>);

impl FromRequest<App> for Uploaded {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        Ok(Self(GATE.receive(app, request, read).await?))
    }
}

async fn read(mut multipart: Multipart) -> Result<Vec<u8>, MultipartError> {
    let mut content = Vec::new();
    while let Some(field) = multipart.next_field().await? {
        if field.name() == Some("list") {
            content = field.bytes().await?.to_vec();
        }
    }
    Ok(content)
}
