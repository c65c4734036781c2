//! A PostgreSQL of our own: its data is kept between runs, its server lives as long as the measurement.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::bench::failure::{Failure, doing};

/// The settings that differ from PostgreSQL's own, for Ringup and for pgbench alike. Everything is durable.
pub const SETTINGS: [(&str, &str); 6] = [
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("shared_buffers", "1GB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "15min"),
    ("max_connections", "200"),
];

const SCRIPT: &str = include_str!("cluster.sh");

/// A running server.
pub struct Cluster {
    programs: PathBuf,
    port: u16,
    server: Child,
}

impl Cluster {
    /// Serves the cluster in this folder on a free port of 127.0.0.1; makes it when it is not there.
    pub fn start(folder: &Path) -> Result<Self, Failure> {
        let programs = programs()?;
        std::fs::create_dir_all(folder).map_err(doing(folder.display()))?;
        let port = free_port()?;
        // PostgreSQL refuses to run as root; Debian's package brings a user for it.
        let mut command = if is_root() {
            run(Command::new("chown").arg("-R").arg("postgres:postgres").arg(folder))?;
            check_the_way(folder)?;
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let settings = SETTINGS.iter().flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]);
        command.current_dir("/").args(["-c", SCRIPT, "cluster.sh"]).arg(&programs).arg(folder).arg(port.to_string());
        command.args(settings).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().map_err(doing("starting PostgreSQL"))?;
        let answer = server.stdout.take().ok_or("PostgreSQL says nothing")?;
        let ready = BufReader::new(answer).lines().map_while(Result::ok).any(|line| line == "ready");
        if !ready {
            let _ = server.wait();
            return Err(format!("PostgreSQL did not start; see {}", folder.join("log").display()).into());
        }
        Ok(Self { programs, port, server })
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://ringup@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// One of PostgreSQL's programs, told where the server is.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.args(["--host=127.0.0.1", "--username=ringup"]).arg(format!("--port={}", self.port));
        command
    }

    /// Makes an empty database in the place of an older one.
    pub fn make_database(&self, name: &str) -> Result<(), Failure> {
        self.drop_database(name)?;
        run(self.program("createdb").arg(name))
    }

    /// Copies a database, file by file, and waits until the copy is on the disk.
    pub fn copy_database(&self, from: &str, to: &str) -> Result<(), Failure> {
        self.drop_database(to)?;
        run(self.program("createdb").args(["--strategy=file_copy", "--template", from, to]))?;
        self.tell("postgres", "checkpoint")
    }

    /// Removes a database.
    pub fn drop_database(&self, name: &str) -> Result<(), Failure> {
        run(self.program("dropdb").args(["--if-exists", "--force", name]))
    }

    /// What autovacuum would do in its own time, so that it does not do it while something is measured.
    pub fn tidy_up(&self, database: &str) -> Result<(), Failure> {
        run(self.program("vacuumdb").args(["--analyze", "--quiet", database]))?;
        self.tell("postgres", "checkpoint")
    }

    /// Has the server run a statement.
    pub fn tell(&self, database: &str, statement: &str) -> Result<(), Failure> {
        run(self
            .program("psql")
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement])
            .arg(database))
    }
}

/// The script stops the server when the pipe to it closes; however this program ends, the kernel closes it.
impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

fn programs() -> Result<PathBuf, Failure> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|folders| folders.filter_map(Result::ok).map(|folder| folder.path().join("bin")).collect())
        .unwrap_or_default();
    found.retain(|folder| folder.join("initdb").exists() && folder.join("pgbench").exists());
    found.sort();
    found.pop().ok_or_else(|| "PostgreSQL and pgbench are not installed".into())
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|this| std::os::unix::fs::MetadataExt::uid(&this) == 0)
}

/// PostgreSQL's user must be able to pass through the folders above its own.
fn check_the_way(folder: &Path) -> Result<(), Failure> {
    for above in folder.ancestors().skip(1) {
        let mode = std::fs::metadata(above).map_err(doing(above.display()))?.permissions().mode();
        if mode & 0o001 == 0 {
            let above = above.display();
            return Err(format!("the user postgres may not enter {above}: name another folder by --data").into());
        }
    }
    Ok(())
}

fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let ended = command.stdin(Stdio::null()).output().map_err(doing(&name))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&ended.stderr).trim()).into())
}
