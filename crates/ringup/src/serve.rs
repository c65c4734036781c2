//! The server: pages and API, the worker that does due jobs, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use ringup_core::time::Span;
use ringup_engine::{Engine, job, notice, sweep};
use tokio::net::TcpListener;

use crate::web;
use crate::web::state::{App, Site};

/// WeChat Pay asks that its certificates are fetched at least every twelve hours.
const CERTIFICATES_EVERY: Span = Span::hours(10);

/// Why the server ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It could not listen, or could not go on.
    #[error("the server cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// It could not go on.
    #[error(transparent)]
    Serve(#[from] std::io::Error),
    /// `/metrics` could not listen.
    #[error("metrics: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// Takes the address.
///
/// # Errors
/// [`ServeError::Listen`].
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// Serves until Ctrl-C or SIGTERM; requests under way are finished first.
///
/// # Errors
/// [`ServeError`].
pub async fn run(engine: Engine, site: Site, listener: TcpListener) -> Result<(), ServeError> {
    run_with(engine, site, listener, Router::new()).await
}

/// The same, with more routes.
///
/// # Errors
/// [`ServeError`].
pub async fn run_with(engine: Engine, site: Site, listener: TcpListener, more: Router<App>) -> Result<(), ServeError> {
    let worker = tokio::spawn(job::run_for_ever(engine.clone()));
    let sweeper = tokio::spawn(sweep::run_for_ever(engine.clone()));
    let texts = tokio::spawn(notice::hear_for_ever(engine.clone()));
    let certificates = tokio::spawn(keep_certificates(engine.clone()));
    let app = App { engine, site: Arc::new(site) };
    let service = web::router_with(app, more).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(asked_to_stop()).await;
    worker.abort();
    sweeper.abort();
    texts.abort();
    certificates.abort();
    Ok(served?)
}

/// Starts `/metrics` on its own listener.
///
/// # Errors
/// [`ServeError::Metrics`].
pub fn serve_metrics(address: SocketAddr) -> Result<(), ServeError> {
    Ok(metrics_exporter_prometheus::PrometheusBuilder::new().with_http_listener(address).install()?)
}

/// Fetches WeChat Pay's platform certificates now and then; between two keys both are believed.
async fn keep_certificates(engine: Engine) {
    loop {
        engine.refresh_certificates().await;
        let micros = u64::try_from(CERTIFICATES_EVERY.as_micros()).unwrap_or(u64::MAX);
        tokio::time::sleep(std::time::Duration::from_micros(micros)).await;
    }
}

async fn asked_to_stop() {
    let interrupted = async {
        // Where signals cannot be listened for, only the end of the process ends the server.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
