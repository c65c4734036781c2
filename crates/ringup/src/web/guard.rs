//! What every request passes through, in one list: limits, headers, and no forms from other sites.

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::csrf::CsrfLayer;

use super::admission::{self, Admission};
use super::state::App;

/// The largest body of any request: forms and API requests are far below it, providers' notifications too.
pub const BODY_MAX: usize = 64 * 1024;

/// Nothing but our own files; no code or style inside a page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                                       font-src 'none'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                                       frame-ancestors 'none'; manifest-src 'self'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // A receipt's code stands in its address: no other site learns it.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=()"),
];

/// Refuses forms that come from another site, by the browser's own word (`Sec-Fetch-Site`, `Origin`).
pub fn against_other_sites(routes: Router<App>) -> Router<App> {
    let layer = CsrfLayer::new();
    routes.layer(layer).layer(middleware::from_fn(super::portal::cross_site_page))
}

/// Sends away what is too much at once.
pub fn admitted(routes: Router<App>) -> Router<App> {
    routes.layer(middleware::from_fn_with_state(Admission::new(), admission::admit))
}

/// The limits and headers of every answer.
pub fn every_request(routes: Router<App>, app: &App) -> Router<App> {
    let hsts = app.site.is_secure();
    routes
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn(move |request: Request, next: Next| async move {
            with_headers(request, next, hsts).await
        }))
        .layer(middleware::from_fn(written_to_the_log))
}

/// On the page that looks for places a visitor may let his browser say where he is; the page asks only when he presses a button.
const MAY_LOCATE: &str = "camera=(), microphone=(), geolocation=(self), payment=()";

async fn with_headers(request: Request, next: Next, hsts: bool) -> Response {
    let may_locate = request.uri().path() == "/places";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if may_locate {
        headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(MAY_LOCATE));
    }
    if hsts {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    // Pages are about one person's money: nobody keeps them but his own browser, and that only for "back".
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

/// One line a request, with its route and never its address: addresses hold receipt codes.
async fn written_to_the_log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::warn!(%method, route, status, "answered");
    } else {
        tracing::debug!(%method, route, status, "answered");
    }
    response
}
