//! Who asks: the till that signed, and the clerk who is signed in on it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_db::device::Device;
use ringup_engine::clerk::{self, Seat, SessionToken, SignedIn};
use ringup_engine::store::{self, Counter};

use crate::web::cookie::Cookie;
use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;

/// The till that signed a request. The guard has put it there.
pub(super) struct Till(pub(super) Device);

impl FromRequestParts<App> for Till {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        if let Some(device) = parts.extensions.get::<Device>() {
            return Ok(Self(device.clone()));
        }
        let Ok(page) = Page::from_request_parts(parts, app).await;
        Err(PageError::not_found(&page))
    }
}

/// Who is at the till.
pub(super) enum Attended {
    /// A clerk serves.
    By(Box<Counter>),
    /// Nobody; or the clerk left it alone for too long.
    Nobody {
        /// Whether it locked itself.
        locked: bool,
    },
}

impl FromRequestParts<App> for Attended {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let Till(device) = Till::from_request_parts(parts, app).await?;
        let Ok(page) = Page::from_request_parts(parts, app).await;
        let Some(token) = token(parts) else { return Ok(Self::Nobody { locked: false }) };
        let unavailable = |error| PageError::unavailable(&page, &error);
        let clerk = match clerk::who(&app.engine, Seat::Till(device.id), &token).await.map_err(unavailable)? {
            SignedIn::As(clerk) => clerk,
            SignedIn::Idle(_) => return Ok(Self::Nobody { locked: true }),
            SignedIn::Nobody => return Ok(Self::Nobody { locked: false }),
        };
        let counter = store::of_device(&app.engine, &device).await.map_err(unavailable)?;
        let (store, place) = counter.ok_or_else(|| PageError::not_found(&page))?;
        Ok(Self::By(Box::new(Counter { store, place, device, clerk })))
    }
}

/// A till that is attended; anybody else is shown to the first page, which asks him to sign in.
pub(super) struct Serving(pub(super) Counter);

impl FromRequestParts<App> for Serving {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match Attended::from_request_parts(parts, app).await {
            Ok(Attended::By(counter)) => Ok(Self(*counter)),
            Ok(Attended::Nobody { .. }) => Err(Redirect::to("/store").into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// The clerk's token in a request.
pub(super) fn token(parts: &Parts) -> Option<SessionToken> {
    Cookie::Clerk.read(&parts.headers)?.parse().ok()
}
