//! The demo's data folder: made fresh each time, but only where it is the demo's own.

use std::fs;
use std::io;
use std::path::Path;

/// A file that says whose the folder is.
const MARK: &str = "THIS-IS-A-DEMO";

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Something is in it that no demo wrote.
    #[error("{0} is not empty and was not made by the demo: name another folder with --data")]
    NotOurs(String),
    /// It cannot be made or emptied.
    #[error("{path}: {source}")]
    Io {
        /// The folder.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// Makes the folder, or empties it when a demo made it.
pub(super) fn make_fresh(folder: &Path) -> Result<(), FolderError> {
    let failed = |source| FolderError::Io { path: folder.display().to_string(), source };
    if folder.exists() {
        let is_empty = fs::read_dir(folder).map_err(failed)?.next().is_none();
        if !is_empty && !folder.join(MARK).exists() {
            return Err(FolderError::NotOurs(folder.display().to_string()));
        }
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(folder.join(MARK), "Made by `ringup demo`, and made anew each time it runs.\n").map_err(failed)
}

#[cfg(test)]
mod tests;
