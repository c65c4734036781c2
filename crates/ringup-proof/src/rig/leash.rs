//! Processes that end with us, whatever happens to us.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use super::failure::Failure;

/// Waits for the end of its input, which the kernel closes however we end, and then kills the group. Not every shell takes
/// `kill -KILL -- -1`: dash takes the two dashes for a number.
const WATCH: &str = "read -r _; kill -s KILL -- -$1 2>/dev/null";

/// A process in a group of its own. The group is killed when this is dropped, and also when we die without dropping it.
pub struct Leash {
    child: Child,
    watcher: Child,
    /// Held open as long as the process may live.
    #[cfg_attr(not(test), expect(dead_code, reason = "held, and never written to"))]
    line: Option<ChildStdin>,
}

/// A signal that is sent to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ends it at once; it cannot even know.
    Kill,
    /// Asks it to end.
    Terminate,
    /// Asks PostgreSQL to end without waiting for its clients.
    Interrupt,
    /// Ends it as a crash does.
    Abort,
    /// Stops it where it stands.
    Stop,
    /// Lets it go on.
    Continue,
}

impl Signal {
    const fn name(self) -> &'static str {
        match self {
            Self::Kill => "KILL",
            Self::Terminate => "TERM",
            Self::Interrupt => "INT",
            Self::Abort => "ABRT",
            Self::Stop => "STOP",
            Self::Continue => "CONT",
        }
    }
}

impl Leash {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self, Failure> {
        let child = command.process_group(0).spawn();
        let mut child = child.map_err(Failure::doing(format!("starting {}", command.get_program().display())))?;
        match watch(child.id()) {
            Ok((watcher, line)) => Ok(Self { child, watcher, line }),
            Err(error) => {
                // Unwatched it could outlive us, so it must not live at all.
                let _ = child.kill();
                let _ = child.wait();
                Err(Failure::doing("starting sh")(error))
            }
        }
    }

    /// Its number.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|ended| ended.is_none())
    }

    /// Sends a signal to it and to everything that it started.
    pub fn signal(&mut self, signal: Signal) {
        if self.lives() {
            send(signal, &format!("-{}", self.child.id()));
        }
    }

    /// Sends a signal to it alone.
    pub fn signal_alone(&mut self, signal: Signal) {
        if self.lives() {
            send(signal, &self.child.id().to_string());
        }
    }

    /// Kills it alone, by one system call and not by a program that has to be started first: between what was seen and its end lies
    /// nothing. Waits for its end.
    pub fn strike(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Kills the group and waits for its end.
    pub fn kill(&mut self) {
        self.signal(Signal::Kill);
        let _ = self.child.wait();
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// What the system says.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }
}

fn watch(group: u32) -> io::Result<(Child, Option<ChildStdin>)> {
    let mut command = Command::new("sh");
    command.args(["-c", WATCH, "sh", &group.to_string()]).process_group(0);
    let mut watcher = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let line = watcher.stdin.take();
    Ok((watcher, line))
}

/// Sends a signal to a process by its number, or to a group by its number below zero.
pub fn send(signal: Signal, to: &str) {
    let mut kill = Command::new("kill");
    // It may have ended by itself meanwhile.
    let _ = kill.args(["-s", signal.name(), "--", to]).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// The processes that a process started, by their numbers.
#[must_use]
pub fn children_of(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

impl Drop for Leash {
    fn drop(&mut self) {
        // What it started may live on without it.
        send(Signal::Kill, &format!("-{}", self.child.id()));
        let _ = self.child.wait();
        // Before its line is closed: it has nothing left to do, and the group's number may be another's by now.
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

#[cfg(test)]
mod tests;
