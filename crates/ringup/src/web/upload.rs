//! Forms with files on their way in: so many at once, and none for ever.

use std::time::Duration;

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest as _, FromRequestParts as _, Request};
use axum::http::StatusCode;
use tokio::sync::Semaphore;

use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::problem::ProblemKind;

/// Lets so many forms in at once, since each is held in memory, and each for so long: whoever sends a byte a minute keeps nobody
/// else out.
pub(in crate::web) struct Gate {
    reading: Semaphore,
    sending_max: Duration,
}

impl Gate {
    pub(in crate::web) const fn new(at_once: usize, sending_max: Duration) -> Self {
        Self { reading: Semaphore::const_new(at_once), sending_max }
    }

    /// What `read` makes of the form, or the page that says why it was not read.
    pub(in crate::web) async fn receive<T, F>(
        &self,
        app: &App,
        request: Request,
        read: impl FnOnce(Multipart) -> F,
    ) -> Result<T, PageError>
    where
        F: Future<Output = Result<T, MultipartError>>,
    {
        let (mut parts, body) = request.into_parts();
        let Ok(page) = Page::from_request_parts(&mut parts, app).await;
        let Ok(_permit) = self.reading.try_acquire() else { return Err(PageError::busy(page)) };
        let multipart = Multipart::from_request(Request::from_parts(parts, body), app).await;
        let multipart = multipart.map_err(|_| PageError::unreadable(&page))?;
        match tokio::time::timeout(self.sending_max, read(multipart)).await {
            Ok(Ok(content)) => Ok(content),
            Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(PageError::new(page, StatusCode::PAYLOAD_TOO_LARGE, ProblemKind::TooLarge))
            }
            Ok(Err(_)) => Err(PageError::unreadable(&page)),
            Err(_) => Err(PageError::busy(page)),
        }
    }
}
