//! The real server, in a process of its own.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use super::failure::Failure;
use super::issuer::Issuer;
use super::leash::{Leash, Signal};
use super::outside;

/// How long a server may take until it is ready, before it counts as one that never will be.
pub const READY_WAIT: Duration = Duration::from_secs(60);

/// How often it is asked.
const KNOCK_EVERY: Duration = Duration::from_millis(5);

/// A server that runs. It is killed when this is dropped.
pub struct Server {
    leash: Leash,
    listen: SocketAddr,
    log: PathBuf,
}

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Words before the program: `["strace", "-f", …]`.
    pub front: Vec<String>,
    /// The whole command line of another server for the same issuer, instead of the program's.
    pub instead: Vec<String>,
    /// Environment variables over the settings: `("RINGUP_SERVER__NODE", "2")`.
    pub environment: Vec<(String, String)>,
    /// Where it listens, when not where the issuer's server does.
    pub listen: Option<SocketAddr>,
}

impl Server {
    /// Starts it; it is not ready yet.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(issuer: &Issuer, launch: &Launch) -> Result<Self, Failure> {
        let listen = launch.listen.unwrap_or(issuer.listen);
        let log = issuer.folder.join(format!("server-{}.log", listen.port()));
        let mut command = match launch.instead.is_empty() {
            true => issuer.command_after(&launch.front, ["serve"]),
            false => {
                let mut words = launch.front.iter().chain(&launch.instead);
                let mut command = Command::new(words.next().map_or("", String::as_str));
                command.args(words).current_dir(&issuer.folder).stdin(Stdio::null());
                command
            }
        };
        command.env("RINGUP_SERVER__LISTEN", listen.to_string());
        command.envs(launch.environment.iter().map(|(name, value)| (name, value)));
        Self::start_command(&mut command, listen, log)
    }

    /// Starts a server by any command that makes one listen there.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_command(command: &mut Command, listen: SocketAddr, log: PathBuf) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).append(true).open(&log);
        let file = file.map_err(Failure::doing(log.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        Ok(Self { leash: Leash::start(command)?, listen, log })
    }

    /// Starts it and waits until it is ready; answers how long that took.
    ///
    /// # Errors
    /// When it ends, or is not ready in [`READY_WAIT`].
    pub fn start_ready(issuer: &Issuer, launch: &Launch) -> Result<(Self, Duration), Failure> {
        let mut server = Self::start(issuer, launch)?;
        let took = server.wait_ready(READY_WAIT)?;
        Ok((server, took))
    }

    /// Waits until `/readyz` says so; answers how long that took.
    ///
    /// # Errors
    /// When the server ends, or is not ready in time.
    pub fn wait_ready(&mut self, at_most: Duration) -> Result<Duration, Failure> {
        let begun = outside::now();
        loop {
            if self.readiness().is_some_and(|answer| answer.is_ready()) {
                return Ok(begun.elapsed());
            }
            if !self.leash.lives() {
                return Err(Failure::new(format!("the server ended: {}", self.last_words())));
            }
            if begun.elapsed() > at_most {
                return Err(Failure::new(format!("the server is not ready after {at_most:?}: {}", self.last_words())));
            }
            thread::sleep(KNOCK_EVERY);
        }
    }

    /// What `/readyz` answers now; nothing when nobody answers.
    #[must_use]
    pub fn readiness(&self) -> Option<Readiness> {
        ask(self.listen, "/readyz")
    }

    /// The number of its process; with words before it, of those.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.leash.pid()
    }

    /// Where it listens.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// The base address of its pages.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> bool {
        self.leash.lives()
    }

    /// Sends it a signal, and to whatever stands before it.
    pub fn signal(&mut self, signal: Signal) {
        self.leash.signal(signal);
    }

    /// Sends a signal to its process alone.
    pub fn signal_alone(&mut self, signal: Signal) {
        self.leash.signal_alone(signal);
    }

    /// Kills it where it stands, and waits for its end.
    pub fn kill(&mut self) {
        self.leash.kill();
    }

    /// Asks it to stop, as a service manager does, and waits for its end.
    ///
    /// # Errors
    /// What the system says.
    pub fn terminate(&mut self) -> Result<ExitStatus, Failure> {
        self.leash.signal(Signal::Terminate);
        self.leash.wait().map_err(Failure::doing("waiting for the server"))
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// What the system says.
    pub fn wait(&mut self) -> Result<ExitStatus, Failure> {
        self.leash.wait().map_err(Failure::doing("waiting for the server"))
    }

    /// The end of what it said to its log.
    #[must_use]
    pub fn last_words(&self) -> String {
        let mut text = String::new();
        // Where there is no log there are no last words.
        let _ = File::open(&self.log).and_then(|mut file| file.read_to_string(&mut text));
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join(" | ")
    }
}

/// The panics that an issuer's servers have told of in their logs.
///
/// # Errors
/// When the logs cannot be read.
pub fn panics_in(issuer: &Issuer) -> Result<Vec<String>, Failure> {
    let failed = |error| Failure::doing::<std::io::Error>(issuer.folder.display())(error);
    let mut panics = Vec::new();
    for entry in fs::read_dir(&issuer.folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            let log = fs::read(&path).map_err(failed)?;
            let log = String::from_utf8_lossy(&log);
            panics.extend(log.lines().filter(|line| line.contains("panicked at")).map(str::to_owned));
        }
    }
    Ok(panics)
}

/// What `/readyz` answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The status line and the body, as they came.
    pub text: String,
}

impl Readiness {
    /// Whether it said yes.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.text.starts_with("HTTP/1.1 200")
    }

    /// Whether it said no, as it should: 503.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.text.starts_with("HTTP/1.1 503")
    }
}

/// One GET on a connection of its own, without a client that keeps anything.
fn ask(address: SocketAddr, path: &str) -> Option<Readiness> {
    let wait = Some(Duration::from_secs(5));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(wait).ok()?;
    stream.set_write_timeout(wait).ok()?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    Some(Readiness { text })
}
