//! A program that runs beside a test and never outlives it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::failure::Failure;

/// Runs the words after it, and ends them as soon as its own standard input is closed. The kernel closes that pipe
/// however we end: normally, by a panic, or killed. A terminal's Ctrl-C is left to us, so that the end is always the same.
pub const GUARD: &str = r#"
trap '' INT
trap 'exit 143' TERM HUP
"$@" </dev/null &
served=$!
trap 'kill "$served"; wait "$served"' EXIT
read -r _
"#;

/// A running program. Dropping it ends it.
pub struct Service {
    name: String,
    guard: Child,
    lines: Receiver<String>,
    log: PathBuf,
}

impl Service {
    /// Starts `command`, which must end when its standard input is closed (as [`GUARD`] does). Everything it prints also goes to `log`.
    ///
    /// # Errors
    /// When it cannot be started or the log cannot be written.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self, Failure> {
        let trouble = |what: &str| format!("{what} {name}");
        let mut written = File::create(log).map_err(Failure::doing(trouble("making the log of")))?;
        let errors = written.try_clone().map_err(Failure::doing(trouble("making the log of")))?;
        let mut guard = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .map_err(Failure::doing(trouble("starting")))?;
        let output = guard.stdout.take().ok_or_else(|| Failure::new(trouble("no output from")))?;
        let (sender, lines) = mpsc::channel();
        // The output is read to its end, or the program would stop at a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let logged = writeln!(written, "{line}");
                let heard = sender.send(line);
                if logged.is_err() && heard.is_err() {
                    break;
                }
            }
        });
        Ok(Self { name: name.to_owned(), guard, lines, log: log.to_path_buf() })
    }

    /// Waits for the line that `pick` makes something of. A program that is silent for `patience`, or ends, is a failure.
    ///
    /// # Errors
    /// As said, with the place of its log.
    pub fn wait_for<T>(&self, patience: Duration, mut pick: impl FnMut(&str) -> Option<T>) -> Result<T, Failure> {
        loop {
            match self.lines.recv_timeout(patience) {
                Ok(line) => {
                    if let Some(found) = pick(&line) {
                        return Ok(found);
                    }
                }
                Err(_) => {
                    return Err(Failure::new(format!(
                        "{} did not get ready; its log ends with:\n{}",
                        self.name,
                        self.log_end()
                    )));
                }
            }
        }
    }

    /// The last lines of what it printed.
    pub fn log_end(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let end = lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n");
        format!("{end}\n(whole log: {})", self.log.display())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("waiting for the end of {}: {error}", self.name);
        }
    }
}

#[cfg(test)]
mod tests;
