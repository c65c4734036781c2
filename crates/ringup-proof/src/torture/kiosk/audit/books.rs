use ringup_core::bank_note::BankNote;
use ringup_core::books::KeyHash;
use ringup_core::card::CardNumber;
use ringup_db::error::DbError;
use ringup_db::kiosk_sale::KioskSale;
use ringup_db::seam::{Database, ReadTx};
use ringup_db::{cash_box, kiosk, kiosk_claim, kiosk_sale, purse};

use crate::rig::failure::Failure;

/// What the server says, read past it: from the rows.
pub(super) struct Told {
    /// Of each note that was asked about.
    pub(super) notes: Vec<Known>,
    /// What is in the purse of the kiosk's box, in fen.
    pub(super) in_purse: u64,
}

/// A note as the journal has it, and what the server says of it.
pub(crate) struct Known {
    pub(super) note: BankNote,
    /// The sale that it was credited in.
    pub(super) booked: Option<Booked>,
    pub(super) is_claimed: bool,
}

/// What a sale was booked as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Booked {
    pub(super) key: KeyHash,
    pub(super) card: CardNumber,
    pub(super) paid_minor: u64,
    /// Whether a top-up came of it.
    pub(super) is_topped_up: bool,
}

/// Asks about these notes of a kiosk.
pub(super) fn ask(database: &str, number: u32, notes: Vec<BankNote>) -> Result<Told, Failure> {
    let url = database.parse().map_err(Failure::doing("the database's address"))?;
    let mut reader = Database::open(url).and_then(|database| database.reader()).map_err(Failure::doing("opening"))?;
    let read = reader.read::<_, DbError>(|tx| {
        let notes: Result<Vec<_>, _> = notes.into_iter().map(|note| know(tx, note)).collect();
        Ok(Told { notes: notes?, in_purse: in_purse(tx, number)? })
    });
    read.map_err(Failure::doing("reading the books"))
}

fn know(tx: &mut ReadTx<'_>, note: BankNote) -> Result<Known, DbError> {
    let sale = match kiosk_sale::key_of_note(tx, note.number)? {
        Some(key) => kiosk_sale::find_kiosk_sale(tx, &key)?,
        None => None,
    };
    let is_claimed = kiosk_claim::find_claim_of(tx, note.number)?.is_some();
    Ok(Known { note, booked: sale.map(Booked::from), is_claimed })
}

/// Nobody empties a box here: what was ever put in is in it.
fn in_purse(tx: &mut ReadTx<'_>, number: u32) -> Result<u64, DbError> {
    let kiosk = kiosk::kiosks(tx)?.into_iter().find(|kiosk| kiosk.number == number);
    let cash_box = match kiosk {
        Some(kiosk) => cash_box::box_in_use(tx, kiosk.place)?,
        None => None,
    };
    let purse = match cash_box {
        Some(cash_box) => purse::find_purse(tx, cash_box.purse)?,
        None => None,
    };
    let holds = purse.and_then(|purse| Some((purse.holds?.balance, purse.unit)));
    Ok(holds.map_or(0, |(balance, unit)| balance.available(unit).minor()))
}

impl From<KioskSale> for Booked {
    fn from(sale: KioskSale) -> Self {
        let KioskSale { key, card, paid, top_up, .. } = sale;
        Self { key, card, paid_minor: paid.minor(), is_topped_up: top_up.is_some() }
    }
}
