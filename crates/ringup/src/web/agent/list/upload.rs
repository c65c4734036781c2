//! The file of a list on its way in.

use std::time::Duration;

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;
use ringup_engine::limits;
use tokio::sync::Semaphore;

use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::problem::ProblemKind;

/// A file that is a little too large is still read, to be told so at its field.
pub(in crate::web::agent) const BODY_MAX: usize = limits::LIST_BYTES_MAX + 256 * 1024;

/// So many files are read at once: each is held in memory.
static READING: Semaphore = Semaphore::const_new(2);

/// How long the sending of one may take: whoever sends a byte a minute keeps nobody else out.
const SENDING_MAX: Duration = Duration::from_secs(120);

/// What stands in the file; nothing when none was chosen.
pub(in crate::web::agent) struct Uploaded(pub(super) Vec<u8>);

impl FromRequest<App> for Uploaded {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let Ok(page) = Page::from_request_parts(&mut parts, app).await;
        let busy = || {
            let kind = ProblemKind::Busy { retry_after_seconds: u64::from(limits::RETRY_AFTER_SECONDS) };
            PageError::new(page.clone(), StatusCode::SERVICE_UNAVAILABLE, kind)
        };
        let _permit = READING.try_acquire().map_err(|_| busy())?;
        let multipart = Multipart::from_request(Request::from_parts(parts, body), app).await;
        let multipart = multipart.map_err(|_| PageError::unreadable(&page))?;
        match tokio::time::timeout(SENDING_MAX, read(multipart)).await {
            Ok(Ok(content)) => Ok(Self(content)),
            Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(PageError::new(page, StatusCode::PAYLOAD_TOO_LARGE, ProblemKind::TooLarge))
            }
            Ok(Err(_)) => Err(PageError::unreadable(&page)),
            Err(_) => Err(busy()),
        }
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
