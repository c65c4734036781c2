//! What cards hold, read past the server: from the rows.

use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::money::Unit;
use ringup_db::error::DbError;
use ringup_db::seam::{Database, Reader};
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

fn open(address: &str) -> Result<Reader, Failure> {
    let unreadable = || Failure::doing::<DbError>("reading balances");
    let url: DatabaseUrl = address.parse().map_err(Failure::doing("the database's address"))?;
    Database::open(url).and_then(|database| database.reader()).map_err(unreadable())
}

fn read(address: &str, cards: &[CardNumber]) -> Result<BTreeMap<CardNumber, u64>, Failure> {
    let mut reader = open(address)?;
    let held = reader.read(|tx| {
        let mut held = BTreeMap::new();
        for card in cards {
            let balance = ringup_db::account::card_balance(tx, *card, Unit::Cny)?;
            held.insert(*card, balance.available(Unit::Cny).minor());
        }
        Ok(held)
    });
    held.map_err(|error: DbError| Failure::doing("reading balances")(error))
}

/// What is shown of each of these cards, as a text; or why it cannot be shown.
///
/// # Errors
/// When the database cannot be opened.
pub fn shown(
    database: &str,
    cards: impl IntoIterator<Item = CardNumber>,
) -> Result<BTreeMap<CardNumber, Result<String, String>>, Failure> {
    let (address, cards) = (database.to_owned(), cards.into_iter().collect::<Vec<_>>());
    let reading = std::thread::spawn(move || {
        let mut reader = open(&address)?;
        let shown = cards.into_iter().map(|card| (card, show(&mut reader, card)));
        Ok(shown.collect())
    });
    reading.join().map_err(|_| Failure::new("reading balances was cut off"))?
}

/// As the engine shows a card to whoever has its PIN.
fn show(reader: &mut Reader, card: CardNumber) -> Result<String, String> {
    let shown = reader.read(|tx| {
        let Some(found) = ringup_db::card::find_card(tx, card)? else { return Ok("no such card".to_owned()) };
        let Some(product) = ringup_db::product::find_product(tx, found.product)? else {
            return Ok("no such product".to_owned());
        };
        let main = ringup_db::account::card_balance(tx, card, product.unit)?.available(product.unit);
        let bonuses = ringup_db::grant::open_grants_of(tx, card)?;
        let bonuses: Vec<String> =
            bonuses.iter().map(|(grant, left)| format!("{left} until {}", grant.expires_at)).collect();
        Ok(format!("{main}, bonuses {bonuses:?}"))
    });
    shown.map_err(|error: DbError| error.to_string())
}
