//! The command line.

mod agent;
mod card;
mod catalogue;
mod kiosk;
mod migrate;
mod place;
mod rating;
mod review;
mod store;
mod top_up;
mod verify;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ringup_core::id::Node;
use ringup_engine::{Engine, limits};

use crate::config::Settings;
use crate::demo::{self, DemoOptions, Ending};
use crate::web::state::Site;
use crate::{open, serve};

/// What any command may end with.
pub(crate) type CommandError = Box<dyn std::error::Error + Send + Sync>;

/// The top-up platform for prepaid phone cards.
#[derive(Parser)]
#[command(name = "ringup", version)]
struct Cli {
    /// The settings' file; every key can also be set as RINGUP_SECTION__KEY.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database: `sqlite:PATH` or `postgres://…`; over the settings.
    #[arg(long, alias = "database", global = true, value_name = "URL")]
    db: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the pages and the API.
    Serve,
    /// Shows everything on a fresh database with providers that are played.
    Demo(DemoArgs),
    /// Brings the database's tables up to date.
    Migrate(migrate::Args),
    /// Checks every rule of the ledger, a line each; exits 1 when one is broken.
    Verify(verify::Args),
    /// Makes, imports, activates, suspends and closes cards.
    Card(card::Args),
    /// Loads products and promotions from a file.
    Catalogue(catalogue::Args),
    /// Takes over and shows the places where cards are topped up face to face.
    Place(place::Args),
    /// Looks at top-ups and refunds them.
    TopUp(top_up::Args),
    /// Shows what a person must look at.
    Review(review::Args),
    /// Ratings of places that were reported as abuse: shown or hidden.
    Rating(rating::Args),
    /// Stores, their clerks and tills, and cash for the bank.
    Store(store::Args),
    /// Agents, their licences, floats, people and keys.
    Agent(agent::Args),
    /// Kiosks, their boxes and claims.
    Kiosk(kiosk::Args),
}

#[derive(clap::Args)]
struct DemoArgs {
    /// The data folder, made fresh.
    #[arg(long, default_value = "./ringup-demo")]
    data: PathBuf,
    /// Where the pages listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the sandbox listens.
    #[arg(long, default_value = "127.0.0.1:8081")]
    sandbox_listen: SocketAddr,
    /// Ends after the top-ups; exits 0 when all were credited.
    #[arg(long)]
    once: bool,
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match carry_out(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ringup: {error}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(cli: Cli) -> Result<ExitCode, CommandError> {
    let mut settings = Settings::read(cli.config.as_deref())?;
    let database = cli.db;
    if let Some(url) = &database {
        settings.database.url.clone_from(url);
    }
    start_log(&settings.server.log);
    let runtime = tokio::runtime::Runtime::new()?;
    match cli.command {
        Command::Serve => {
            let engine = open::engine(&settings, settings.node()?, settings.clock())?;
            runtime.block_on(serve(&settings, engine))
        }
        Command::Demo(args) => runtime.block_on(demo(args, database)),
        Command::Migrate(args) => migrate::run(&settings, &args),
        Command::Verify(args) => verify::run(&settings, &args),
        Command::Card(args) => card::run(&settings, args, &runtime),
        Command::Catalogue(args) => runtime.block_on(catalogue::run(engine(&settings)?, &args)),
        Command::Place(args) => runtime.block_on(place::run(engine(&settings)?, args)),
        Command::TopUp(args) => runtime.block_on(top_up::run(engine(&settings)?, &args)),
        Command::Review(args) => runtime.block_on(review::run(engine(&settings)?, &args)),
        Command::Rating(args) => runtime.block_on(rating::run(engine(&settings)?, &args)),
        Command::Store(args) => runtime.block_on(store::run(engine(&settings)?, args)),
        Command::Agent(args) => runtime.block_on(agent::run(engine(&settings)?, args)),
        Command::Kiosk(args) => runtime.block_on(kiosk::run(engine(&settings)?, args)),
    }
}

/// Writes the log to standard error, so that a table on standard output stays a table.
pub fn start_log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::try_new(filter).unwrap_or_else(|_| "info".into());
    let coloured = std::io::stderr().is_terminal();
    // A log that was started before, by a test, stays.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured).with_writer(std::io::stderr).try_init();
}

async fn serve(settings: &Settings, engine: Engine) -> Result<ExitCode, CommandError> {
    if let Some(address) = settings.server.metrics_listen {
        serve::serve_metrics(address)?;
    }
    let listener = serve::listen(settings.server.listen).await?;
    let (public_url, behind_proxy) = (settings.public_url(), settings.server.behind_proxy);
    let site = Site { public_url, behind_proxy, font: settings.font()? };
    tracing::info!(listen = %settings.server.listen, database = %open::shown(settings), "serving");
    serve::run(engine, site, listener).await?;
    Ok(ExitCode::SUCCESS)
}

async fn demo(args: DemoArgs, database: Option<String>) -> Result<ExitCode, CommandError> {
    let ending = if args.once { Ending::AtOnce } else { Ending::WhenStopped };
    let options =
        DemoOptions { data: args.data, listen: args.listen, sandbox_listen: args.sandbox_listen, database, ending };
    demo::run(options).await?;
    Ok(ExitCode::SUCCESS)
}

/// The engine of a command beside a running server: as another node, so that their ids never meet. Connecting blocks, so
/// it is made before anything asynchronous runs.
fn engine(settings: &Settings) -> Result<Engine, CommandError> {
    let node = Node::new(limits::BULK_NODE).ok_or("the command line's node is out of range")?;
    Ok(open::engine(settings, node, settings.clock())?)
}
