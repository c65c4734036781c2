//! Forms as they arrive.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;

use super::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::problem::ProblemKind;

/// A form that could be read, or the page that says why not.
pub(super) struct Filled<T>(pub(super) T);

impl<T> FromRequest<App> for Filled<T>
where
    Form<T>: FromRequest<App, Rejection = FormRejection>,
{
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let Ok(page) = Page::from_request_parts(&mut parts, app).await;
        match Form::from_request(Request::from_parts(parts, body), app).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => {
                let status = rejection.status();
                let too_large = status == StatusCode::PAYLOAD_TOO_LARGE;
                let kind = if too_large { ProblemKind::TooLarge } else { ProblemKind::Unreadable };
                Err(PageError::new(page, status, kind))
            }
        }
    }
}
