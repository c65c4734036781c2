//! Where a database is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ringup_core::secret::Secret;

/// `sqlite:PATH` or `postgres://…`.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file on this machine; its folder must be there.
    Sqlite(PathBuf),
    /// A PostgreSQL server: the whole address, with its password.
    Postgres(Secret<String>),
}

/// Why a text is no database URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseUrlError {
    /// It begins with neither.
    #[error("a database URL begins with \"sqlite:\" or \"postgres://\"")]
    Scheme,
    /// No file is named.
    #[error("\"sqlite:\" is followed by the path of a file")]
    NoPath,
}

impl DatabaseUrl {
    /// The file of an SQLite database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = ParseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            // People write sqlite://path as well, as other programs want it.
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(ParseUrlError::NoPath) } else { Ok(Self::Sqlite(PathBuf::from(path))) };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Secret::new(text.to_owned())));
        }
        Err(ParseUrlError::Scheme)
    }
}

/// The address with `***` where its password stands.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&masked(url.reveal())),
        }
    }
}

fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "postgres://***".to_owned() };
    let (address, query) = match rest.split_once('?') {
        // A password may stand among the parameters too; none of them is needed to recognise a server.
        Some((address, _)) => (address, "?***"),
        None => (rest, ""),
    };
    match address.rsplit_once('@') {
        Some((who, host)) => {
            let who = who.split_once(':').map_or_else(|| who.to_owned(), |(user, _)| format!("{user}:***"));
            format!("{scheme}://{who}@{host}{query}")
        }
        None => format!("{scheme}://{address}{query}"),
    }
}

#[cfg(test)]
mod tests;
