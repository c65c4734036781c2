//! What cards hold, read past the server: from the rows.

use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::money::Unit;
use ringup_db::seam::Database;
use ringup_db::url::DatabaseUrl;

use crate::rig::failure::Failure;

/// What each of these cards holds of its own money, in fen.
///
/// Runs on a thread of its own: connecting blocks, and these words are also said inside asynchronous tasks.
///
/// # Errors
/// When the database cannot be read.
pub fn of_cards(
    database: &str,
    cards: impl IntoIterator<Item = CardNumber>,
) -> Result<BTreeMap<CardNumber, u64>, Failure> {
    let (address, cards) = (database.to_owned(), cards.into_iter().collect::<Vec<_>>());
    let reading = std::thread::spawn(move || read(&address, &cards));
    reading.join().map_err(|_| Failure::new("reading balances was cut off"))?
}

fn read(address: &str, cards: &[CardNumber]) -> Result<BTreeMap<CardNumber, u64>, Failure> {
    let unreadable = || Failure::doing("reading balances");
    let url: DatabaseUrl = address.parse().map_err(Failure::doing("the database's address"))?;
    let database = Database::open(url).map_err(unreadable())?;
    let mut reader = database.reader().map_err(unreadable())?;
    let held = reader.read(|tx| {
        let mut held = BTreeMap::new();
        for card in cards {
            let balance = ringup_db::account::card_balance(tx, *card, Unit::Cny)?;
            held.insert(*card, balance.available(Unit::Cny).minor());
        }
        Ok(held)
    });
    held.map_err(|error: ringup_db::error::DbError| Failure::doing("reading balances")(error))
}
