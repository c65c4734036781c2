//! Long work on many cards, from the command line: made, imported, activated by the batch.
//!
//! It writes beside the lane of a running server, on a connection of its own, so that holders wait for one commit and
//! not for a million rows in a queue. On SQLite they do wait for that commit.

use ringup_core::id::Node;
use ringup_core::product::Product;
use ringup_db::error::{DbError, WriteError};
use ringup_db::seam::{Database, Writer};

use crate::clock::Clock;
use crate::error::Unavailable;
use crate::ids::IdMint;
use crate::keys::Keys;
use crate::limits;
use crate::pin::PinKey;

/// What such work needs.
pub struct Bulk {
    pub(super) writer: Writer,
    pub(super) clock: Clock,
    pub(super) ids: IdMint,
    pub(super) pins: PinKey,
}

impl Bulk {
    /// Makes the connection.
    ///
    /// # Errors
    /// [`Unavailable`] when the database is not there.
    pub fn open(database: &Database, clock: Clock, keys: &Keys) -> Result<Self, Unavailable> {
        // Thousands of ids at once run ahead of the clock, where a running server's ids will be.
        let node = Node::new(limits::BULK_NODE).ok_or_else(|| Unavailable("there is no such node".to_owned()))?;
        let writer = database.writer().map_err(|error| Unavailable(error.to_string()))?;
        let ids = IdMint::open(database, node)?;
        Ok(Self { writer, clock, ids, pins: keys.pins().clone() })
    }

    /// A product by its code.
    pub(super) fn product(&mut self, code: &str) -> Result<Option<Product>, WriteError<DbError>> {
        self.writer.write(|tx| Ok(ringup_db::product::find_product_by_code(tx, code)?))
    }
}
