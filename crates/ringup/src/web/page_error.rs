//! Errors of pages: the one mapping from an error to a page that says what happened and what to do.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use ringup_engine::error::{ErrorKind, SubmitError, Unavailable};
use ringup_engine::limits;

use crate::web::view::Page;
use crate::web::view::problem::{ProblemKind, ProblemPage};

/// A page in place of the one that was asked for.
#[derive(Debug)]
pub struct PageError {
    page: Box<Page>,
    status: StatusCode,
    kind: ProblemKind,
}

impl PageError {
    /// This problem, with this status.
    #[must_use]
    pub fn new(page: Page, status: StatusCode, kind: ProblemKind) -> Self {
        Self { page: Box::new(page), status, kind }
    }

    /// Nothing is at this address.
    pub(in crate::web) fn not_found(page: &Page) -> Self {
        Self::new(page.clone(), StatusCode::NOT_FOUND, ProblemKind::NotFound)
    }

    /// The quote's time is over.
    pub(in crate::web) fn expired(page: &Page) -> Self {
        Self::new(page.clone(), StatusCode::GONE, ProblemKind::Expired)
    }

    /// The form is not one of ours.
    pub(in crate::web) fn unreadable(page: &Page) -> Self {
        Self::new(page.clone(), StatusCode::BAD_REQUEST, ProblemKind::Unreadable)
    }

    /// The database does not serve.
    pub(in crate::web) fn unavailable(page: &Page, error: &Unavailable) -> Self {
        tracing::warn!(%error, "a page could not be shown");
        Self::busy(page.clone())
    }

    /// It is to be asked again in a moment.
    pub(in crate::web) fn busy(page: Page) -> Self {
        let kind = ProblemKind::Busy { retry_after_seconds: u64::from(limits::RETRY_AFTER_SECONDS) };
        Self::new(page, StatusCode::SERVICE_UNAVAILABLE, kind)
    }

    /// The books say no in a way that no form can mend, or the database does not serve.
    pub(in crate::web) fn submit(page: &Page, error: &SubmitError) -> Self {
        let kind = match error.kind() {
            ErrorKind::Unavailable => {
                tracing::warn!(%error, "a form could not be worked on");
                return Self::busy(page.clone());
            }
            ErrorKind::Refused => (StatusCode::CONFLICT, ProblemKind::SentBefore),
            ErrorKind::Inconsistent => {
                tracing::error!(%error, "the books are inconsistent: a person must look");
                (StatusCode::INTERNAL_SERVER_ERROR, ProblemKind::Broken)
            }
        };
        Self::new(page.clone(), kind.0, kind.1)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let retry_after = match self.kind {
            ProblemKind::Busy { retry_after_seconds } => Some(retry_after_seconds),
            ProblemKind::Locked { minutes } => Some(minutes.saturating_mul(60)),
            ProblemKind::NotFound
            | ProblemKind::Broken
            | ProblemKind::Expired
            | ProblemKind::TooLarge
            | ProblemKind::Unreadable
            | ProblemKind::CrossSite
            | ProblemKind::SentBefore => None,
        };
        let mut response = show(self.status, &ProblemPage::new(*self.page, self.kind, None));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A page with its status.
pub(in crate::web) fn show(status: StatusCode, view: &impl Template) -> Response {
    match view.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
