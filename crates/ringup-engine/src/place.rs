//! Places: taken over from a list, held in memory, and searched.
//!
//! The table is read whole and kept as an index, because a search looks at distances, hours and words at once, which no
//! index of the database does. Each search asks the table for its version first: whoever wrote places, on whichever server,
//! the next search shows it.

mod file;
mod import;
mod index;
mod local;
mod search;

use std::sync::{Arc, Mutex, PoisonError};

use ringup_core::place::{Place, PlaceCode};
use ringup_core::time::Timestamp;

pub use file::{FileError, RowRefusal};
pub use import::{ImportError, ImportPlaces, ImportReport, RefusedRow, RefusedRows, import, parse, write};
pub use index::{City, PlaceIndex};
pub use local::Zones;
pub use search::{Centre, Cursor, Filters, Found, FoundPlace, ParseCursorError, Search, SearchText};

use crate::Engine;
use crate::error::Unavailable;

/// The places as they were read last.
#[derive(Default)]
pub(crate) struct HeldPlaces {
    held: Mutex<Option<Arc<PlaceIndex>>>,
    /// One reads while the others wait for it.
    reading: tokio::sync::Mutex<()>,
}

impl HeldPlaces {
    fn of_version(&self, version: u64) -> Option<Arc<PlaceIndex>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|index| index.version() == version).map(Arc::clone)
    }

    fn hold(&self, index: &Arc<PlaceIndex>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Of two that were read beside each other the newer one stays.
        if held.as_ref().is_none_or(|held| held.version() < index.version()) {
            *held = Some(Arc::clone(index));
        }
    }
}

/// All places as the database has them now.
///
/// # Errors
/// [`Unavailable`].
pub async fn index(engine: &Engine) -> Result<Arc<PlaceIndex>, Unavailable> {
    let version = engine.read(|tx| ringup_db::place::places_version(tx)).await?;
    if let Some(held) = engine.places().of_version(version) {
        return Ok(held);
    }
    let _turn = engine.places().reading.lock().await;
    if let Some(held) = engine.places().of_version(version) {
        return Ok(held);
    }
    let read = engine.read(|tx| {
        let version = ringup_db::place::places_version(tx)?;
        Ok(PlaceIndex::new(version, ringup_db::place::places(tx)?))
    });
    let index = Arc::new(read.await?);
    engine.places().hold(&index);
    Ok(index)
}

/// Looks for places.
///
/// # Errors
/// [`Unavailable`].
pub async fn search(engine: &Engine, search: Search) -> Result<Found, Unavailable> {
    let index = index(engine).await?;
    let now = engine.now();
    // A search through very many places takes milliseconds, for which no other request should wait.
    let silent = now.minus(crate::kiosk::SILENT_AFTER);
    let out_of_order = engine.read(move |tx| ringup_db::kiosk::out_of_order(tx, silent)).await?;
    let found = tokio::task::spawn_blocking(move || index.search_without(&out_of_order, &search, now));
    found.await.map_err(|_| Unavailable("a search was cut off".to_owned()))
}

/// The place with this code.
///
/// # Errors
/// [`Unavailable`].
pub async fn find(engine: &Engine, code: &PlaceCode) -> Result<Option<Arc<Place>>, Unavailable> {
    Ok(index(engine).await?.find(code).map(Arc::clone))
}

/// When a sale made at a place now would be credited: for a till, a receipt, a page. Now, where the place's zone is not known.
#[must_use]
pub fn credited_at(place: &Place, now: Timestamp) -> Timestamp {
    let mut zones = Zones::new(now);
    match zones.local(&place.time_zone) {
        // "At once" is this second, not the minute that the clock shows.
        Some(local) if !place.crediting.times().is_empty() => {
            zones.moment(&place.time_zone, place.crediting.credited_at(local)).unwrap_or(now)
        }
        Some(_) | None => now,
    }
}

#[cfg(test)]
mod tests;
