//! The measured server, in a process of its own: the same engine, router and worker as `ringup serve`, and one more route that
//! does nothing, which says what the server itself costs.
//!
//! Its clock stands at the world's time, so that notifications signed ahead are still believed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::post;
use ringup::config::{AlipaySettings, Mode, Settings};
use ringup::web::guard::BODY_MAX;
use ringup::web::state::{App, Site};
use ringup::{cli, open, serve};
use ringup_core::time::Timestamp;
use ringup_engine::clock::{Clock, ManualClock};
use ringup_sandbox::{DEMO_ALIPAY_APP_ID, DEMO_ALIPAY_SELLER_ID};

use super::BenchError;
use crate::rig::issuer::agreed_folder;

/// Where the route is that does nothing.
pub const NO_OP: &str = "/bench/no-op";

/// Where nobody answers.
const NOBODY: &str = "http://127.0.0.1:9/gateway.do";

/// What the server is told by whoever measures it.
#[derive(clap::Args)]
pub struct Args {
    /// The database.
    #[arg(long)]
    db: String,
    /// The folder of the secrets.
    #[arg(long)]
    keys: PathBuf,
    /// Where it listens.
    #[arg(long)]
    listen: SocketAddr,
    /// Where its clock stands, in microseconds since 1970.
    #[arg(long)]
    at: i64,
}

/// Serves until it is told to stop.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    match serve(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ringup-proof: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(args: &Args) -> Result<(), BenchError> {
    let agreed = agreed_folder()?;
    let mut settings = Settings::default();
    settings.server.mode = Mode::Test;
    settings.server.listen = args.listen;
    settings.database.url.clone_from(&args.db);
    settings.keys.folder.clone_from(&args.keys);
    settings.alipay = Some(AlipaySettings {
        gateway_url: NOBODY.to_owned(),
        app_id: DEMO_ALIPAY_APP_ID.to_owned(),
        seller_id: DEMO_ALIPAY_SELLER_ID.to_owned(),
        private_key_file: agreed.join("alipay_merchant_private_key.pem"),
        public_key_file: Some(agreed.join("alipay_platform_public_key.pem")),
        app_cert_file: None,
        alipay_cert_file: None,
        root_certs_file: None,
    });
    cli::start_log(&settings.server.log);
    let clock = Clock::Manual(ManualClock::at(Timestamp::from_micros(args.at)));
    let engine = open::engine(&settings, settings.node()?, clock)?;
    let site = Site { public_url: settings.public_url(), behind_proxy: false, font: None };
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = serve::listen(args.listen).await?;
        serve::run_with(engine, site, listener, no_op()).await?;
        Ok(())
    })
}

fn no_op() -> Router<App> {
    Router::new().route(NO_OP, post(read_and_forget))
}

/// Reads the body as the notifications' handler does.
async fn read_and_forget(body: Body) -> StatusCode {
    match axum::body::to_bytes(body, BODY_MAX).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE,
    }
}
