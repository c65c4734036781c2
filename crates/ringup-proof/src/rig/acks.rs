//! Acknowledgements, kept outside: what callers were told, in the form that `ringup verify --acks` reads.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::client::Order;
use super::failure::Failure;

/// A file of acknowledgements. Each stands in it before it is counted.
pub struct Acks {
    path: PathBuf,
    written: Mutex<Written>,
}

struct Written {
    file: File,
    count: u64,
}

impl Acks {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).write(true).truncate(true).open(path);
        let file = file.map_err(Failure::doing(path.display()))?;
        Ok(Self { path: path.to_owned(), written: Mutex::new(Written { file, count: 0 }) })
    }

    /// Goes on with a file, or begins it when it is not there.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn go_on(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::doing::<std::io::Error>(path.display())(error);
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        let lines = fs::read_to_string(path).map_err(failed)?.lines().count();
        let count = u64::try_from(lines).unwrap_or(u64::MAX);
        Ok(Self { path: path.to_owned(), written: Mutex::new(Written { file, count }) })
    }

    /// Writes down that a caller was told: this top-up is on its card.
    ///
    /// # Errors
    /// When it cannot be written; then it is not counted.
    pub fn credited(&self, order: &Order) -> Result<(), Failure> {
        let line = format!("{} {} {}\n", order.top_up, order.card, order.card_gets);
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // One write for each line, without a buffer: what is counted has left this process.
        written.file.write_all(line.as_bytes()).map_err(Failure::doing(self.path.display()))?;
        written.count = written.count.saturating_add(1);
        Ok(())
    }

    /// How many have been written down.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
