//! A PostgreSQL of our own: its data are kept between runs, its server lives as long as the measurement.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bench::BenchError;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{errors, free_address};
use crate::rig::outside;
use crate::rig::postgres::Postgres;

/// The settings that differ from PostgreSQL's own, for Ringup and for pgbench alike. Everything is durable.
pub const SETTINGS: [&str; 5] =
    ["fsync=on", "synchronous_commit=on", "shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=15min"];

/// What the names of databases begin with that live no longer than a run.
pub const STAGE_PREFIX: &str = "stage_";

/// A running server.
pub struct Cluster {
    postgres: Postgres,
    folder: PathBuf,
}

impl Cluster {
    /// Serves the cluster in this folder; makes it when it is not there.
    pub fn start(folder: &Path) -> Result<Self, BenchError> {
        if !folder.join("data/PG_VERSION").exists() {
            return Ok(Self { postgres: Postgres::make(folder, &SETTINGS)?, folder: folder.to_owned() });
        }
        let mut postgres = Postgres::at(folder, free_address(&mut Dice::new(outside::chance()))?)?;
        postgres.set_settings(SETTINGS.map(str::to_owned).to_vec());
        postgres.start()?;
        let cluster = Self { postgres, folder: folder.to_owned() };
        cluster.drop_stages()?;
        Ok(cluster)
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        self.postgres.database(database)
    }

    /// One of PostgreSQL's programs, told where the server is.
    pub fn tool(&self, name: &str) -> Command {
        self.postgres.tool(name)
    }

    /// Whether there is a database of this name.
    pub fn has_database(&self, name: &str) -> bool {
        self.tell(name, "select 1").is_ok()
    }

    /// Makes an empty database in the place of an older one.
    pub fn make_database(&self, name: &str) -> Result<(), BenchError> {
        self.drop_database(name)?;
        run(self.tool("createdb").arg(name))
    }

    /// Copies a database, file by file, and waits until the copy is on the disk.
    pub fn copy_database(&self, from: &str, to: &str) -> Result<(), BenchError> {
        self.drop_database(to)?;
        run(self.tool("createdb").args(["--strategy=file_copy", "--template", from, to]))?;
        self.tell("postgres", "checkpoint")
    }

    /// Removes a database.
    pub fn drop_database(&self, name: &str) -> Result<(), BenchError> {
        run(self.tool("dropdb").args(["--if-exists", "--force", name]))
    }

    /// Removes what a run that was cut off has left behind.
    fn drop_stages(&self) -> Result<(), BenchError> {
        let listed = output_of(self.tool("psql").args(["--no-psqlrc", "--list", "--tuples-only", "--no-align"]))?;
        let names = listed.lines().filter_map(|line| line.split('|').next());
        names.filter(|name| name.starts_with(STAGE_PREFIX)).try_for_each(|name| self.drop_database(name))
    }

    /// Does what autovacuum would do in its own time, so that it does not do it while something is measured.
    pub fn tidy_up(&self, database: &str) -> Result<(), BenchError> {
        run(self.tool("vacuumdb").args(["--analyze", "--quiet", database]))?;
        self.tell("postgres", "checkpoint")
    }

    /// Has the server run a script.
    pub fn tell(&self, database: &str, script: &str) -> Result<(), BenchError> {
        let mut psql = self.tool("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", script]);
        run(psql.arg(database))
    }
}

/// In an orderly way, because the data are kept; whatever happens to us, it is killed.
impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.postgres.stop() {
            eprintln!("ringup-proof: {error}");
        }
    }
}

/// Runs a program to its end; answers what it printed.
pub fn output_of(command: &mut Command) -> Result<String, BenchError> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(Failure::doing(&name))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{command:?} failed: {}", errors(&output)).into())
}

fn run(command: &mut Command) -> Result<(), BenchError> {
    output_of(command).map(drop)
}
