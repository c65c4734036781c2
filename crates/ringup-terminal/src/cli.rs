//! The command line: what whoever installs a kiosk types.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::clock;
use crate::config::Settings;
use crate::courier;
use crate::device_key::DeviceKey;
use crate::journal::Journal;
use crate::machine;
use crate::printer::SlipPrinter;
use crate::screen;
use crate::server::{self, Server};
use crate::wire::Policy;

/// The program inside a Ringup kiosk.
#[derive(Debug, Parser)]
#[command(name = "ringup-terminal", version)]
struct Cli {
    /// The settings file.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Makes this machine's key and has the server know it.
    Enrol {
        /// The code that `ringup kiosk add` or `ringup kiosk invite` has printed.
        #[arg(required = true, num_args = 1..)]
        code: Vec<String>,
    },
    /// Lists the notes of the journal, the newest first: number, value, state.
    Notes,
    /// Checks the journal: its file, and that each note went its way in order and stands at one place; exits 1 when something is wrong.
    Verify,
}

/// Why the program ends.
#[derive(Debug)]
struct Failure {
    code: String,
    why: String,
}

impl Failure {
    fn new(code: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { code: code.into(), why: why.to_string() }
    }
}

/// Runs the program with this process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let is_terminal = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter("info").with_ansi(is_terminal).with_writer(std::io::stderr).init();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return end(&Failure::new("runtime", error)),
    };
    let done = runtime.block_on(async {
        let settings = settings(cli.config.as_deref())?;
        match cli.command {
            Some(Verb::Enrol { code }) => enrol(&settings, &code.join(" ")).await.map(|()| ExitCode::SUCCESS),
            Some(Verb::Notes) => notes(&settings).map(|()| ExitCode::SUCCESS),
            Some(Verb::Verify) => verify(&settings),
            None => serve(settings).await.map(|()| ExitCode::SUCCESS),
        }
    });
    match done {
        Ok(code) => code,
        Err(failure) => end(&failure),
    }
}

fn end(failure: &Failure) -> ExitCode {
    tracing::error!(code = failure.code, "{}", failure.why);
    ExitCode::FAILURE
}

fn settings(config: Option<&Path>) -> Result<Settings, Failure> {
    let missing = || Failure::new("settings_missing", "--config FILE says where the settings are");
    Settings::read(config.ok_or_else(missing)?).map_err(|error| Failure::new(error.code(), error))
}

async fn enrol(settings: &Settings, code: &str) -> Result<(), Failure> {
    std::fs::create_dir_all(&settings.data).map_err(|error| Failure::new("disk", error))?;
    let enrolled = server::enrol(&settings.server, code, &settings.key_file())
        .await
        .map_err(|error| Failure::new(error.code().to_owned(), &error))?;
    tracing::info!(kiosk = enrolled.kiosk, device = enrolled.device, "this machine is enrolled");
    Ok(())
}

fn notes(settings: &Settings) -> Result<(), Failure> {
    let key = DeviceKey::read(&settings.key_file()).map_err(|error| Failure::new(error.code(), error))?;
    let journal = Journal::open(&settings.journal_file(), key.kiosk, clock::now());
    let notes = journal.and_then(|mut journal| journal.latest_notes());
    let mut out = std::io::stdout().lock();
    for note in notes.map_err(|error| Failure::new("journal", error))? {
        let value = note.value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        writeln!(out, "{}\t{value}\t{}", note.number, note.state.name())
            .map_err(|error| Failure::new("output", error))?;
    }
    Ok(())
}

/// Says it as `ringup verify` does.
fn verify(settings: &Settings) -> Result<ExitCode, Failure> {
    let key = DeviceKey::read(&settings.key_file()).map_err(|error| Failure::new(error.code(), error))?;
    let journal = Journal::open(&settings.journal_file(), key.kiosk, clock::now());
    let checks = journal.and_then(|mut journal| journal.verify()).map_err(|error| Failure::new("journal", error))?;
    let mut out = std::io::stdout().lock();
    for check in &checks {
        let word = if check.findings.is_empty() { "ok" } else { "VIOLATED" };
        let found = check.findings.len();
        writeln!(out, "{word:<8} {} ({} checked, {found} found)", check.name, check.checked)
            .and_then(|()| check.findings.iter().try_for_each(|finding| writeln!(out, "         {finding}")))
            .map_err(|error| Failure::new("output", error))?;
    }
    let is_clean = checks.iter().all(|check| check.findings.is_empty());
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn serve(settings: Settings) -> Result<(), Failure> {
    let key = DeviceKey::read(&settings.key_file()).map_err(|error| Failure::new(error.code(), error))?;
    let kiosk = key.kiosk;
    let server = Server::new(&settings.server, Arc::new(key)).map_err(|error| Failure::new("http", error))?;
    let printer = SlipPrinter::new(&settings.printer).map_err(|error| Failure::new("printer_font", error))?;
    let policy = Policy::kept(&settings.policy_file());
    let listener = tokio::net::TcpListener::bind(settings.screen.listen)
        .await
        .map_err(|error| Failure::new("screen_address_taken", error))?;
    let machine = machine::start(settings.clone(), kiosk, policy, printer);
    tracing::info!(kiosk, at = %settings.screen.listen, "the screen is served");
    let courier = courier::carry(server.clone(), machine.clone(), settings.policy_file());
    let top_ups = courier::carry_top_ups(server.clone(), machine.clone());
    let screen = screen::serve(listener, machine, server, settings.screen);
    tokio::select! {
        () = courier => Err(Failure::new("machine_ended", "the machine has ended")),
        () = top_ups => Err(Failure::new("machine_ended", "the machine has ended")),
        done = screen => done.map_err(|error| Failure::new("screen_ended", error)),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}
