//! The kiosk's own full-screen pages, on 127.0.0.1 of its machine.
//!
//! Plain forms: each button posts and is sent back to the one page, which shows the screen that the visit has got to. The script only spares the
//! flicker and follows the state.

mod handlers;
mod pages;
mod qr;
pub mod samples;
mod visit;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tokio::sync::watch;
use tower_http::csrf::CsrfLayer;

use self::visit::Visit;
use crate::config::ScreenSettings;
use crate::machine::{Command, Handle, View};
use crate::server::Server;

/// Between two looks at the clock and the machine.
const TICK: Duration = Duration::from_millis(200);
/// The largest form.
const BODY_MAX: usize = 4 * 1024;

const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// What the pages know.
#[derive(Clone)]
struct Screen {
    machine: Handle,
    view: watch::Receiver<View>,
    server: Server,
    visit: Arc<Mutex<Visit>>,
    settings: Arc<ScreenSettings>,
}

impl Screen {
    fn visit(&self) -> MutexGuard<'_, Visit> {
        self.visit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn view(&self) -> View {
        self.view.borrow().clone()
    }

    /// Everything personal is gone; what is in the box is credited all the same.
    fn forget(&self) {
        self.machine.send(Command::Forget);
        self.machine.send(Command::CollectionSeen);
        let mut visit = self.visit();
        *visit = Visit::new(visit.version.wrapping_add(1));
    }

    fn tick(&self) {
        let view = self.view();
        let is_over = self.visit().follow(&view, &self.settings);
        if is_over {
            self.forget();
        }
    }
}

/// Serves the pages for ever.
///
/// # Errors
/// What the system says of the listener.
pub async fn serve(
    listener: tokio::net::TcpListener,
    machine: Handle,
    server: Server,
    settings: ScreenSettings,
) -> std::io::Result<()> {
    let view = machine.view();
    let visit = Arc::new(Mutex::new(Visit::new(0)));
    let screen = Screen { machine, view, server, visit, settings: Arc::new(settings) };
    let ticking = screen.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(TICK).await;
            ticking.tick();
        }
    });
    axum::serve(listener, routes(screen)).await
}

fn routes(screen: Screen) -> Router {
    Router::new()
        .route("/", get(handlers::show))
        .route("/state", get(handlers::state))
        .route("/language", post(handlers::language))
        .route("/card", post(handlers::card))
        .route("/pay", post(handlers::pay))
        .route("/done", post(handlers::done))
        .route("/qr/amount", post(handlers::top_up::amount))
        .route("/qr/pay", post(handlers::top_up::pay))
        .route("/back", post(handlers::back))
        .route("/stop", post(handlers::stop))
        .route("/stay", post(handlers::stay))
        .route("/look", post(handlers::look))
        .route("/help", post(handlers::help))
        .route("/service", post(handlers::service))
        .route("/service/collect", post(handlers::collect))
        .route("/service/claim", post(handlers::print_claim))
        .route("/kiosk.css", get(|| asset("text/css; charset=utf-8", include_str!("../assets/kiosk.css"))))
        .route("/kiosk.js", get(|| asset("text/javascript; charset=utf-8", include_str!("../assets/kiosk.js"))))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn(for_this_machine))
        .with_state(screen)
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Only pages that name this machine get an answer: another site's name that points to 127.0.0.1 does not.
async fn for_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let mut response = if matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
