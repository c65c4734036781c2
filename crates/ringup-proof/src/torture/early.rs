//! A server that says yes too early, to show that somebody notices: the sabotage of `syncorder`.
//!
//! It is the real engine behind the real pages, but a notification is answered `success` before it is handed to them. No such
//! switch is in Ringup itself.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use ringup::config::Settings;
use ringup::web::state::{App, Site};
use ringup::{open, serve, web};
use ringup_engine::Engine;
use ringup_engine::clock::Clock;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::rig::failure::Failure;
use crate::rig::issuer::Issuer;

/// A notification is not longer than this.
const BODY_BYTES_MAX: usize = 64 * 1_024;

/// The hidden command.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The settings' file.
    settings: PathBuf,
}

/// The words that start this server for an issuer.
///
/// # Errors
/// When this program cannot be found.
pub fn command(issuer: &Issuer) -> Result<Vec<String>, Failure> {
    let ours = std::env::current_exe().map_err(Failure::doing("finding this program"))?;
    Ok(vec![ours.display().to_string(), "serve-early".to_owned(), issuer.settings().display().to_string()])
}

/// Serves.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    match serve_early(&args.settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("ringup-proof: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn serve_early(settings: &Path) -> Result<(), Failure> {
    let settings = Settings::read(Some(settings)).map_err(Failure::doing("settings"))?;
    let node = settings.node().map_err(Failure::doing("settings"))?;
    let engine = open::engine(&settings, node, Clock::System).map_err(Failure::doing("opening"))?;
    let runtime = Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    runtime.block_on(listen(&settings, engine))
}

async fn listen(settings: &Settings, engine: Engine) -> Result<(), Failure> {
    let listener = serve::listen(settings.server.listen).await.map_err(Failure::doing("listening"))?;
    let site = Site { public_url: settings.public_url(), behind_proxy: false, font: None };
    let router = web::router(App { engine, site: Arc::new(site) });
    let early = Router::new().fallback(answer_first).with_state(router);
    let service = early.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await.map_err(Failure::doing("serving"))
}

/// What is about money is acknowledged at once, and done afterwards; everything else is done as always.
async fn answer_first(State(router): State<Router>, request: Request) -> Response {
    if !request.uri().path().starts_with("/notifications/") {
        return router.oneshot(request).await.into_response();
    }
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    tokio::spawn(router.oneshot(Request::from_parts(head, Body::from(body))));
    "success".into_response()
}
