//! The rule: no acknowledgement leaves before its batch is on the disk.

use std::collections::HashMap;

use crate::rig::provider::transaction_of;
use crate::rig::strace::Call;

/// What was found about the acknowledgements of one trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Acknowledgements of a payment.
    pub payments: u64,
    /// Acknowledgements of a placing.
    pub placings: u64,
    /// Answers that showed a top-up as credited.
    pub shown: u64,
    /// Of those of payments, how many were recognised in the log by their transaction's number.
    pub recognised: u64,
    /// Writes of the log.
    pub writes: u64,
    /// Syncs of the log.
    pub syncs: u64,
    /// Acknowledgements that left too early, in words.
    pub early: Vec<String>,
}

/// A request that has not been answered.
struct Request {
    /// The line on which its first bytes had come.
    came: usize,
    text: String,
    /// The first write of the log, after it came, that holds its transaction's number: later ones may be of others, who write the
    /// same page.
    logged: Option<(usize, usize)>,
}

/// Looks at the calls of a trace, one after the other.
#[derive(Default)]
pub struct Order {
    requests: HashMap<String, Request>,
    /// The same for all requests that ever came, by the order's number.
    logged: HashMap<String, (usize, usize)>,
    /// Beginning and end of each write of the log, by their beginning.
    writes: Vec<(usize, usize)>,
    /// Beginning and end of each sync of the log that the kernel has done.
    syncs: Vec<(usize, usize)>,
    found: Found,
}

impl Order {
    /// Looks at the next call.
    pub fn look(&mut self, call: &Call) {
        let Some(target) = call.target() else { return };
        match call.name.as_str() {
            "pwrite64" | "pwritev" | "write" | "writev" if is_log(target) => self.log_written(call),
            "fsync" | "fdatasync" if is_log(target) && call.returned == Some(0) && !call.is_injected => {
                self.found.syncs += 1;
                self.syncs.push((call.begun, call.ended));
            }
            "read" | "recvfrom" | "readv"
                if target.starts_with("TCP") && call.returned.is_some_and(|bytes| bytes > 0) =>
            {
                self.came(target, call);
            }
            "write" | "writev" | "sendto" | "sendmsg" if target.starts_with("TCP") => self.answered(target, call),
            _ => {}
        }
    }

    /// What was found in all.
    #[must_use]
    pub fn found(self) -> Found {
        self.found
    }

    fn log_written(&mut self, call: &Call) {
        self.found.writes += 1;
        self.writes.push((call.begun, call.ended));
        for request in self.requests.values_mut().filter(|request| request.logged.is_none()) {
            let Some(reference) = reference_in(&request.text) else { continue };
            if call.arguments.contains(&transaction_of(reference)) {
                request.logged = Some((call.begun, call.ended));
                self.logged.entry(reference.to_owned()).or_insert((call.begun, call.ended));
            }
        }
    }

    fn came(&mut self, connection: &str, call: &Call) {
        let text = quoted(&call.arguments);
        match self.requests.get_mut(connection) {
            Some(request) if !text.starts_with("POST ") && !text.starts_with("GET ") => request.text.push_str(text),
            _ => {
                let request = Request { came: call.begun, text: text.to_owned(), logged: None };
                self.requests.insert(connection.to_owned(), request);
            }
        }
    }

    fn answered(&mut self, connection: &str, call: &Call) {
        if !call.arguments.contains("HTTP/1.1 20") {
            return;
        }
        let Some(request) = self.requests.remove(connection) else { return };
        let what = if request.text.starts_with("POST /notifications/") {
            self.found.payments += 1;
            reference_in(&request.text).unwrap_or_default()
        } else if request.text.starts_with("POST /api/v1/top-ups") && call.arguments.contains("HTTP/1.1 201") {
            if call.arguments.contains("idempotent-replayed") {
                // It was durable before this request came.
                return;
            }
            self.found.placings += 1;
            "a placing"
        } else if request.text.starts_with("GET /api/v1/top-ups/") {
            return self.shown(call);
        } else {
            return;
        };
        self.found.recognised += u64::from(request.logged.is_some());
        let written = request.logged.or_else(|| self.first_write_after(request.came));
        let is_durable = written.is_some_and(|(_, written)| self.is_synced(written, call.begun));
        if !is_durable {
            self.found.early.push(format!("the answer about {what} left on line {} before it was synced", call.begun));
        }
    }

    /// What is shown as credited is on the disk, whoever asks.
    fn shown(&mut self, call: &Call) {
        let Some(reference) = credited_in(&call.arguments) else { return };
        self.found.shown += 1;
        let written = self.logged.get(reference);
        let is_durable = written.is_some_and(|&(_, written)| self.is_synced(written, call.begun));
        if !is_durable {
            self.found
                .early
                .push(format!("{reference} was shown as credited on line {} before it was synced", call.begun));
        }
    }

    fn first_write_after(&self, line: usize) -> Option<(usize, usize)> {
        self.writes.iter().copied().find(|(begun, _)| *begun > line)
    }

    /// Whether a sync began after this line and ended before that one.
    fn is_synced(&self, after: usize, before: usize) -> bool {
        self.syncs.iter().rev().any(|&(begun, ended)| begun > after && ended < before)
    }
}

/// SQLite's log, or PostgreSQL's.
fn is_log(path: &str) -> bool {
    path.ends_with("-wal") || path.contains("/pg_wal/")
}

/// The first text in quotation marks, as it is escaped.
fn quoted(arguments: &str) -> &str {
    let text = arguments.split_once('"').map_or("", |(_, text)| text);
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The number of the order behind a top-up that an answer shows as credited, in the trace's writing.
fn credited_in(arguments: &str) -> Option<&str> {
    let (_, rest) = arguments.split_once(r#"\"state\":\"credited\""#)?;
    let (_, rest) = rest.split_once(r#"\"reference\":\""#)?;
    rest.split_once('\\').map(|(reference, _)| reference)
}

/// The number of the order that a notification is about.
fn reference_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("out_trade_no=")?;
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end)
}

#[cfg(test)]
mod tests;
