//! Forms, questions and codes as they arrive: what cannot be read becomes a page that says so.

use std::convert::Infallible;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use ringup_core::card::{CardNumber, ParseCardNumberError};
use serde::de::DeserializeOwned;

use super::page_error::PageError;
use crate::web::state::App;
use crate::web::view::problem::ProblemKind;
use crate::web::view::{Page, Problems};

/// The card number in a form, or what is wrong with it at the field `card`.
pub(in crate::web) fn typed_card(page: &Page, text: &str, problems: &mut Problems) -> Option<CardNumber> {
    let key = match text.parse() {
        Ok(card) => return Some(card),
        Err(ParseCardNumberError::Empty) => "problem-card-missing",
        Err(ParseCardNumberError::NotDigits) => "problem-card-not-digits",
        Err(ParseCardNumberError::Length) => "problem-card-length",
        Err(ParseCardNumberError::CheckDigit) => "problem-card-mistyped",
    };
    problems.add("card", page.t(key));
    None
}

/// A form that could be read, or the page that says why not.
pub(in crate::web) struct Filled<T>(pub(in crate::web) T);

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

/// What an address asks after its `?`. One that makes no sense asks nothing: people mend and cut addresses by hand.
pub(in crate::web) struct Asked<T>(pub(in crate::web) T);

impl<T: Default + DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self(Query::try_from_uri(&parts.uri).map_or_else(|_| T::default(), |Query(asked)| asked)))
    }
}

/// The code in an address, as it was typed. One that is not even text is at no page of ours.
pub(in crate::web) struct TypedCode(pub(in crate::web) String);

impl FromRequestParts<App> for TypedCode {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        if let Ok(Path(code)) = Path::from_request_parts(parts, app).await {
            return Ok(Self(code));
        }
        let Ok(page) = Page::from_request_parts(parts, app).await;
        Err(PageError::not_found(&page))
    }
}
