//! Schemas of PostgreSQL: several installations in one database, and a fresh one for each test.

use std::convert::Infallible;

use ringup_core::secret::Secret;

use crate::error::{DbError, WriteError};
use crate::seam::Database;
use crate::url::DatabaseUrl;

/// Makes an empty schema on a PostgreSQL server and tells its own address; on SQLite a file is a schema, and its address
/// comes back.
///
/// # Errors
/// [`DbError::Statement`] when the name has others than small letters, digits and `_`, or is taken; what the database says.
pub fn make(url: DatabaseUrl, name: &str) -> Result<DatabaseUrl, DbError> {
    let DatabaseUrl::Postgres(server) = &url else { return Ok(url) };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(DbError::Statement(format!("{name:?} is no name for a schema")));
    }
    let server = server.reveal();
    let joint = if server.contains('?') { '&' } else { '?' };
    let own = DatabaseUrl::Postgres(Secret::new(format!("{server}{joint}options=-c%20search_path%3D{name}")));
    let made = Database::open(url.clone())?
        .writer()?
        .write::<_, Infallible>(|tx| Ok(tx.batch(&format!("create schema {name}"))?));
    match made {
        Ok(()) => Ok(own),
        Err(WriteError::Failed(error)) => Err(error),
        Err(error) => Err(DbError::Statement(error.to_string())),
    }
}
