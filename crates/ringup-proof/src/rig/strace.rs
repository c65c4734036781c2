//! System calls, watched by `strace` and read back in the order in which they came.
//!
//! The order of the lines is the order of causes: a thread that waits for another's system call goes on only after `strace`
//! has seen the end of that call and written it down.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::failure::Failure;
use super::leash::{Leash, Signal};
use super::outside;

/// How long it may take to attach.
const ATTACH_WAIT: Duration = Duration::from_secs(20);

/// A system call, from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The line on which it began.
    pub begun: usize,
    /// The line on which it ended; the same when nothing came between.
    pub ended: usize,
    /// Its name.
    pub name: String,
    /// Its arguments, as `strace` writes them.
    pub arguments: String,
    /// What it returned, below zero when it failed; nothing when its process ended meanwhile.
    pub returned: Option<i64>,
    /// Whether `strace` kept the kernel from doing it.
    pub is_injected: bool,
}

/// A `strace` that watches processes which run already.
pub struct Watch(Leash);

impl Watch {
    /// Watches these processes and all that they start from now on, and lets a call of theirs go wrong when it is told to:
    /// `inject=fdatasync:error=EIO:when=3`.
    ///
    /// # Errors
    /// When `strace` is not installed, or must not watch.
    pub fn attach(pids: &[u32], calls: &str, injection: Option<&str>, output: &Path) -> Result<Self, Failure> {
        let mut command = Command::new("strace");
        command
            .args(["-f", "-yy", "-s", "65536", "-e", &format!("trace={calls}"), "-e", "signal=none", "-o"])
            .arg(output);
        if let Some(injection) = injection {
            command.args(["-e", injection]);
        }
        for pid in pids {
            command.args(["-p", &pid.to_string()]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut watch = Self(Leash::start(&mut command)?);
        let begun = outside::now();
        while !pids.iter().all(|&pid| is_watched(pid)) {
            if !watch.0.lives() || begun.elapsed() > ATTACH_WAIT {
                return Err(Failure::new("strace cannot watch the server"));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(watch)
    }

    /// Lets them go, and waits until everything is written down.
    ///
    /// # Errors
    /// What the system says.
    pub fn detach(mut self) -> Result<(), Failure> {
        self.0.signal_alone(Signal::Interrupt);
        self.0.wait().map(drop).map_err(Failure::doing("waiting for strace"))
    }
}

/// Whether `strace` can be used here; why not, if not.
#[must_use]
pub fn refusal() -> Option<String> {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).stdin(Stdio::null()).output();
    match tried {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(super::issuer::errors(&output)),
        Err(error) => Some(format!("strace: {error}")),
    }
}

/// Whether every thread of a process has a tracer. One that has ended meanwhile needs none.
fn is_watched(pid: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return true };
    threads.filter_map(Result::ok).all(|thread| {
        let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        status.lines().any(|line| line.strip_prefix("TracerPid:").is_some_and(|tracer| tracer.trim() != "0"))
    })
}

/// Reads lines of `strace -f -o` into calls.
#[derive(Default)]
pub struct Reading {
    line: usize,
    /// What a thread has begun and not ended: where, and how it was written so far.
    open: HashMap<String, (usize, String)>,
}

impl Reading {
    /// Reads the next line; answers the call that ended on it, if one did.
    pub fn read(&mut self, line: &str) -> Option<Call> {
        self.line += 1;
        let (thread, rest) = line.trim_start().split_once(' ')?;
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            self.open.insert(thread.to_owned(), (self.line, begun.trim_end().to_owned()));
            return None;
        }
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (_, rest) = resumed.split_once(" resumed>")?;
            let (begun, text) = self.open.remove(thread)?;
            return call(begun, self.line, &format!("{text}{rest}"));
        }
        call(self.line, self.line, rest)
    }
}

/// `fdatasync(9</data/ringup.db-wal>) = 0`
fn call(begun: usize, ended: usize, text: &str) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    // Between the two there may be blanks, to set the results below each other.
    let (before, result) = rest.rsplit_once(" = ").filter(|_| is_name)?;
    let arguments = before.trim_end().strip_suffix(')')?;
    let returned = result.split_whitespace().next()?.parse().ok();
    Some(Call {
        begun,
        ended,
        name: name.to_owned(),
        arguments: arguments.to_owned(),
        returned,
        is_injected: result.contains("(INJECTED)"),
    })
}

impl Call {
    /// What its first argument leads to: a file's path, or `TCP:[ours->theirs]`.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        let begun = self.arguments.find('<')?;
        let first = self.arguments.get(begun.checked_add(1)?..)?;
        // A socket's name holds an arrow; its end is a bracket.
        let end = if first.starts_with("TCP") { first.find("]>")?.checked_add(1)? } else { first.find('>')? };
        first.get(..end)
    }
}

#[cfg(test)]
mod tests;
