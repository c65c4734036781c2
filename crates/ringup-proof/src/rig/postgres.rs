//! A PostgreSQL of our own: made in a folder, on a port of its own, killed in every way, started again.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::dice::Dice;
use super::failure::Failure;
use super::issuer::{errors, free_address};
use super::leash::{Leash, Signal, children_of, send};
use super::outside;

/// How long a cluster may take to recover and take connections.
const READY_WAIT: Duration = Duration::from_secs(60);

/// How long the children of a killed postmaster have to notice.
const ORPHANS_WAIT: Duration = Duration::from_secs(1);

/// Whom it runs as, when we are root: it refuses to be root itself.
const USER: &str = "postgres";

/// The role that owns the databases.
const ROLE: &str = "ringup";

/// Where Debian and others keep its programs, the newest first.
const PROGRAM_FOLDERS: &str = "/usr/lib/postgresql";

/// A cluster, and its server while that runs.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    address: SocketAddr,
    /// Settings over its own: `fsync=off`.
    settings: Vec<String>,
    /// Words before the program: `["strace", "-f", …]`.
    front: Vec<String>,
    server: Option<Leash>,
}

impl Postgres {
    /// Makes a cluster in this folder, which must be empty or not there, and starts it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or will not start.
    pub fn make(folder: &Path, settings: &[&str]) -> Result<Self, Failure> {
        let address = free_address(&mut Dice::new(outside::chance()))?;
        let mut postgres = Self::at(folder, address)?;
        postgres.settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        postgres.init()?;
        postgres.start()?;
        Ok(postgres)
    }

    /// A cluster that is in this folder already, not started.
    ///
    /// # Errors
    /// When PostgreSQL is not installed.
    pub fn at(folder: &Path, address: SocketAddr) -> Result<Self, Failure> {
        let (folder, programs) = (folder.to_owned(), programs()?);
        Ok(Self { folder, programs, address, settings: Vec::new(), front: Vec::new(), server: None })
    }

    /// Starts it after these words from now on.
    pub fn set_front(&mut self, front: Vec<String>) {
        self.front = front;
    }

    /// Starts it with these settings from now on, such as `fsync=off`.
    pub fn set_settings(&mut self, settings: Vec<String>) {
        self.settings = settings;
    }

    fn init(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.folder).map_err(Failure::doing(self.folder.display()))?;
        self.give_away()?;
        let mut command = self.command("initdb");
        command.arg(format!("--pgdata={}", self.data().display()));
        command.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
        command.arg(format!("--username={ROLE}"));
        run(command)
    }

    /// Gives the folder to the user that the server runs as.
    fn give_away(&self) -> Result<(), Failure> {
        if !is_root() {
            return Ok(());
        }
        let mut command = Command::new("chown");
        command.arg("-R").arg(format!("{USER}:")).arg(&self.folder);
        run(command)
    }

    /// Starts it, and waits until it takes connections; answers how long that took.
    ///
    /// # Errors
    /// When it will not.
    pub fn start(&mut self) -> Result<Duration, Failure> {
        let begun = outside::now();
        let mut command = self.command_after("postgres", &self.front);
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        command.args(["-p", &self.address.port().to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.args(["-c", "max_connections=200"]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log());
        let log = log.map_err(Failure::doing(self.log().display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.server = Some(Leash::start(&mut command)?);
        self.wait_until_it_takes_connections()?;
        Ok(begun.elapsed())
    }

    /// Waits until it takes connections.
    ///
    /// # Errors
    /// When it has ended, or takes too long.
    pub fn wait_until_it_takes_connections(&mut self) -> Result<(), Failure> {
        let begun = outside::now();
        while !self.takes_connections() {
            if !self.lives() {
                return Err(Failure::new(format!("postgres ended; see {}", self.log().display())));
            }
            if begun.elapsed() > READY_WAIT {
                return Err(Failure::new(format!("postgres is not ready after {READY_WAIT:?}")));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Whether it takes connections now.
    #[must_use]
    pub fn takes_connections(&self) -> bool {
        let mut command = self.command("pg_isready");
        command.args(["--quiet", "--host=127.0.0.1", "--port", &self.address.port().to_string()]);
        command.status().is_ok_and(|status| status.success())
    }

    /// Whether its postmaster runs.
    pub fn lives(&mut self) -> bool {
        self.server.as_mut().is_some_and(Leash::lives)
    }

    /// One of PostgreSQL's own programs, told where this server is and who we are.
    #[must_use]
    pub fn tool(&self, program: &str) -> Command {
        let mut command = self.command(program);
        command.args(["--host=127.0.0.1", "--port", &self.address.port().to_string()]);
        command.arg(format!("--username={ROLE}"));
        command
    }

    /// Makes an empty database; answers its address.
    ///
    /// # Errors
    /// What `createdb` says.
    pub fn create_database(&self, name: &str) -> Result<String, Failure> {
        let mut command = self.tool("createdb");
        command.arg(name);
        run(command)?;
        Ok(self.database(name))
    }

    /// The address of a database in it.
    #[must_use]
    pub fn database(&self, name: &str) -> String {
        format!("postgres://{ROLE}@{}/{name}?sslmode=disable", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The number of its postmaster.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.server.as_ref().map(Leash::pid)
    }

    /// The numbers of the backends that serve connections now.
    #[must_use]
    pub fn backends(&self) -> Vec<u32> {
        // Its helpers are named by their work; a backend is named by its role, database and client.
        let is_backend = |pid: &u32| title_of(*pid).starts_with(&format!("postgres: {ROLE} "));
        self.children().into_iter().filter(is_backend).collect()
    }

    /// All that its postmaster started. Each of them is in a process group of its own.
    #[must_use]
    pub fn children(&self) -> Vec<u32> {
        self.pid().map(children_of).unwrap_or_default()
    }

    /// The numbers of its postmaster and of all that it started.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        self.pid().into_iter().chain(self.children()).collect()
    }

    /// Kills its postmaster alone, where it stands. Its children end when they notice; who does not notice soon is killed,
    /// because no other postmaster starts before.
    pub fn kill_postmaster(&mut self) {
        let children = self.children();
        if let Some(mut server) = self.server.take() {
            server.kill();
        }
        if !are_gone_within(ORPHANS_WAIT, &children) {
            for child in &children {
                send(Signal::Kill, &child.to_string());
            }
            are_gone_within(ORPHANS_WAIT, &children);
        }
    }

    /// Kills all of it, where it stands.
    pub fn kill(&mut self) {
        let children = self.children();
        if let Some(mut server) = self.server.take() {
            server.kill();
        }
        for child in &children {
            send(Signal::Kill, &child.to_string());
        }
        are_gone_within(ORPHANS_WAIT, &children);
    }

    /// Sends a signal to all of it: to the postmaster first, so that it starts nobody else.
    pub fn signal(&mut self, signal: Signal) {
        if let Some(server) = &mut self.server {
            server.signal(signal);
        }
        for child in self.children() {
            send(signal, &child.to_string());
        }
    }

    /// Asks it to end without waiting for its clients.
    pub fn interrupt(&mut self) {
        if let Some(server) = &mut self.server {
            server.signal(Signal::Interrupt);
        }
    }

    /// Stops it in an orderly way, without waiting for its clients.
    ///
    /// # Errors
    /// What the system says.
    pub fn stop(&mut self) -> Result<(), Failure> {
        self.interrupt();
        if let Some(mut server) = self.server.take() {
            server.wait().map_err(Failure::doing("waiting for postgres"))?;
        }
        Ok(())
    }

    /// Gives each page a checksum from now on; it must be stopped.
    ///
    /// # Errors
    /// What `pg_checksums` says.
    pub fn enable_checksums(&self) -> Result<(), Failure> {
        let mut command = self.command("pg_checksums");
        command.arg("--enable").arg("-D").arg(self.data());
        run(command)
    }

    /// Where it keeps what is in it.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What it says.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    fn command(&self, program: &str) -> Command {
        self.command_after(program, &[])
    }

    /// As the user that it runs as. `setpriv` becomes the program, so that the process started is the program itself.
    fn command_after(&self, program: &str, front: &[String]) -> Command {
        let program = self.programs.join(program);
        let mut words: Vec<std::ffi::OsString> = front.iter().map(Into::into).collect();
        if is_root() {
            words.extend(["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"].map(Into::into));
        }
        words.push(program.into_os_string());
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        // Its user may not enter the folder that we stand in.
        command.args(words).current_dir("/").env_remove("PGPORT").env_remove("PGDATA");
        command
    }
}

/// Waits until none of these processes is there any more; answers whether that came about in time.
pub fn are_gone_within(at_most: Duration, pids: &[u32]) -> bool {
    let begun = outside::now();
    while pids.iter().any(|pid| Path::new(&format!("/proc/{pid}")).exists()) {
        if begun.elapsed() > at_most {
            return false;
        }
        thread::sleep(Duration::from_millis(2));
    }
    true
}

fn title_of(pid: u32) -> String {
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&words).into_owned()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|ours| ours.uid() == 0)
}

fn programs() -> Result<PathBuf, Failure> {
    let missing = || Failure::new(format!("PostgreSQL is not installed: no {PROGRAM_FOLDERS}/*/bin/initdb"));
    let versions = fs::read_dir(PROGRAM_FOLDERS).map_err(|_| missing())?;
    let folders = versions.filter_map(Result::ok).map(|version| version.path().join("bin"));
    let mut found: Vec<PathBuf> = folders.filter(|folder| folder.join("initdb").exists()).collect();
    found.sort();
    found.pop().ok_or_else(missing)
}

fn run(mut command: Command) -> Result<(), Failure> {
    let output = command.stdin(Stdio::null()).output().map_err(Failure::doing(format!("{command:?}")))?;
    if output.status.success() { Ok(()) } else { Err(Failure::new(format!("{command:?} failed: {}", errors(&output)))) }
}
