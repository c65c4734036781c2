//! Who asks: somebody of an agent's, signed in in this browser.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_db::clerk::Clerk;
use ringup_engine::agent::{self, Seller};
use ringup_engine::clerk::{self, Seat, SessionToken, SignedIn};

use crate::web::cookie::Cookie;
use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;

/// Somebody of an agent's, with the agent.
pub(super) struct AtWork {
    pub(super) seller: Seller,
    pub(super) clerk: Clerk,
}

/// Who is there.
pub(super) enum Visitor {
    /// Somebody of an agent's.
    Someone(Box<AtWork>),
    /// Nobody; or he was away for too long.
    Nobody {
        /// Whether the page locked itself.
        locked: bool,
    },
}

impl FromRequestParts<App> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let Ok(page) = Page::from_request_parts(parts, app).await;
        let Some(token) = token(parts) else { return Ok(Self::Nobody { locked: false }) };
        let unavailable = |error| PageError::unavailable(&page, &error);
        let clerk = match clerk::who(&app.engine, Seat::Browser, &token).await.map_err(unavailable)? {
            SignedIn::As(clerk) => clerk,
            SignedIn::Idle(_) => return Ok(Self::Nobody { locked: true }),
            SignedIn::Nobody => return Ok(Self::Nobody { locked: false }),
        };
        let seller = agent::of_place(&app.engine, clerk.place).await.map_err(unavailable)?;
        Ok(seller.map_or(Self::Nobody { locked: false }, |seller| Self::Someone(Box::new(AtWork { seller, clerk }))))
    }
}

/// Somebody of an agent's; anybody else is shown to the first page, which asks him to sign in.
pub(super) struct Working(pub(super) AtWork);

impl FromRequestParts<App> for Working {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match Visitor::from_request_parts(parts, app).await {
            Ok(Visitor::Someone(at_work)) => Ok(Self(*at_work)),
            Ok(Visitor::Nobody { .. }) => Err(Redirect::to("/agent").into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// The token in a request.
pub(super) fn token(parts: &Parts) -> Option<SessionToken> {
    Cookie::Clerk.read(&parts.headers)?.parse().ok()
}
