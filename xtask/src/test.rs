//! `cargo xtask test`: everything that can be said about Ringup by running it, on both databases.

mod browser;
mod debian;
mod packages;
mod paper;
mod postgres;

use crate::failure::Failure;
use crate::proof;
use crate::report::{Outcome, Report};
use crate::run;
use postgres::Postgres;

/// The tests read from here which database they run on; without it, each makes its own SQLite file.
const DATABASE_URL: &str = "RINGUP_TEST_DATABASE_URL";

/// What of the tests is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// The pure rules.
    Core,
    /// The database crate, on both databases.
    Db,
    /// Every Rust test, on both databases.
    Rust,
    /// The providers' own SDKs against the sandbox.
    Sdk,
    /// The pages in a browser, on both databases.
    Browser,
    /// Slips on a receipt printer in software.
    Paper,
    /// Everything that can break, broken a little.
    Torture,
}

/// What is broken, on which database: all on SQLite, which makes and breaks its files fastest, and on PostgreSQL what is
/// another matter there.
const TORTURES: [(&str, &str); 13] = [
    ("kill9", "sqlite"),
    ("kill9", "postgres"),
    ("powercut", "sqlite"),
    ("syncorder", "sqlite"),
    ("syncorder", "postgres"),
    ("iofault", "sqlite"),
    ("storm", "sqlite"),
    ("race", "sqlite"),
    ("race", "postgres"),
    ("corrupt", "sqlite"),
    ("kiosk", "sqlite"),
    ("kiosk", "postgres"),
    ("overload", "sqlite"),
];

impl Part {
    /// Reads the word after `--only`.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn parse(word: &str) -> Result<Self, Failure> {
        match word {
            "core" => Ok(Self::Core),
            "db" => Ok(Self::Db),
            "rust" => Ok(Self::Rust),
            "sdk" => Ok(Self::Sdk),
            "browser" => Ok(Self::Browser),
            "paper" => Ok(Self::Paper),
            "torture" => Ok(Self::Torture),
            other => Err(Failure::new(format!("no part `{other}`: core, db, rust, sdk, browser, paper or torture"))),
        }
    }

    fn needs_postgres(self) -> bool {
        matches!(self, Self::All | Self::Db | Self::Rust | Self::Browser | Self::Torture)
    }

    fn needs_browser(self) -> bool {
        matches!(self, Self::All | Self::Browser)
    }

    fn needs_tracer(self) -> bool {
        matches!(self, Self::All | Self::Torture)
    }

    // The workspace's tests hold the SDKs' proof.
    fn needs_sdks(self) -> bool {
        matches!(self, Self::All | Self::Rust | Self::Sdk)
    }
}

/// Installs what is missing, runs `part` on both databases and sums up.
///
/// # Errors
/// When any step failed.
pub fn test(part: Part) -> Result<(), Failure> {
    let mut report = Report::default();
    if !report.step("system packages", || debian::ensure(part)) {
        return report.finish();
    }
    if part.needs_browser() {
        report.step("npm: browser", || packages::npm("e2e/browser"));
    }
    if part.needs_sdks() {
        report.step("npm: SDKs", || packages::npm("e2e/sdk"));
        report.step("python: SDKs", || packages::python("e2e/sdk"));
    }
    let postgres = if part.needs_postgres() { report.step_with("postgresql starts", Postgres::start) } else { None };
    rust(&mut report, part, postgres.as_ref());
    if part.needs_browser() {
        pages(&mut report, postgres.as_ref());
    }
    drop(postgres);
    if matches!(part, Part::All | Part::Paper) {
        report.step("slips on emupos", paper::test);
    }
    if matches!(part, Part::All | Part::Torture) && report.step("program and instruments", proof::build) {
        for (mode, database) in TORTURES {
            report.step(&format!("torture: {mode} on {database}"), || proof::torture_shortly(mode, database));
        }
    }
    report.finish()
}

fn rust(report: &mut Report, part: Part, postgres: Option<&Postgres>) {
    // Database crates are named one by one, because the core and the sandbox would only repeat themselves. Wherever a
    // test is named alone it is with `--workspace`: another selection of crates is another selection of their
    // dependencies' features, and would compile dozens of them once more.
    let (on_sqlite, on_postgres): (&[&str], &[&str]) = match part {
        Part::All | Part::Rust => {
            (&["--workspace"], &["-p", "ringup-db", "-p", "ringup-engine", "-p", "ringup", "--tests"])
        }
        Part::Core => (&["-p", "ringup-core"], &[]),
        Part::Db => (&["-p", "ringup-db"], &["-p", "ringup-db", "--tests"]),
        Part::Sdk => (&["--workspace", "--test", "sdk"], &[]),
        Part::Browser | Part::Paper | Part::Torture => return,
    };
    report.step("rust on SQLite", || cargo_test(on_sqlite, None));
    if let (false, Some(postgres)) = (on_postgres.is_empty(), postgres) {
        report.step("rust on PostgreSQL", || cargo_test(on_postgres, Some(postgres)));
    }
}

fn cargo_test(selection: &[&str], postgres: Option<&Postgres>) -> Result<Outcome, Failure> {
    let mut command = run::cargo(&["test", "--no-fail-fast"]);
    command.args(selection);
    // A snapshot that differs is a failure to look at, never a file to write.
    command.env("INSTA_UPDATE", "no");
    match postgres {
        Some(postgres) => command.env(DATABASE_URL, postgres.url("postgres")),
        None => command.env_remove(DATABASE_URL),
    };
    run::run(&mut command)?;
    Ok(Outcome::Done)
}

fn pages(report: &mut Report, postgres: Option<&Postgres>) {
    let built = report.step("server for the browser", || {
        // The scenarios' crate needs the program, so that this builds it as the Rust tests did, and not anew.
        let examples = ["--example", "gallery", "--example", "kiosk_gallery"];
        run::run(run::cargo(&["build", "--workspace", "--bins"]).args(examples))?;
        Ok(Outcome::Done)
    });
    if !built {
        return;
    }
    report.step("browser: samples", || browser::gallery("gallery", "gallery.mjs"));
    report.step("browser: a kiosk's screens", || browser::gallery("kiosk_gallery", "kiosk.mjs"));
    report.step("browser on SQLite", || browser::test("sqlite", None));
    if let Some(postgres) = postgres {
        report.step("browser on PostgreSQL", || browser::test("postgres", Some(&postgres.url("ringup_browser"))));
    }
}

#[cfg(test)]
mod tests;
