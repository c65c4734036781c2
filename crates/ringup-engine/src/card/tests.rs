//! What the tests of cards share: a database with one product, and a folder that goes away.

use std::cell::RefCell;

use ringup_core::card::{Card, CardNumber};
use ringup_core::money::{Amount, Unit};
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::time::{Span, Timestamp};
use ringup_db::seam::{Database, ReadTx, Reader};
use ringup_db::url::DatabaseUrl;

use super::bulk::Bulk;
use crate::clock::{Clock, ManualClock};
use crate::keys::Keys;

/// 2026-06-01, four in the afternoon in China.
const START: Timestamp = Timestamp::from_seconds(1_780_300_800);

pub(super) struct Shop {
    pub(super) bulk: Bulk,
    pub(super) folder: tempfile::TempDir,
    pub(super) clock: ManualClock,
    database: Database,
    /// One for all reads: a connection for each would be most of the time.
    reader: RefCell<Reader>,
}

fn cny(minor: u64) -> Amount {
    Amount::new(minor, Unit::Cny).unwrap()
}

fn product() -> Product {
    Product {
        id: ProductId(1),
        code: "classic".to_owned(),
        name: Name { en: "Classic".to_owned(), zh_hans: "经典卡".to_owned() },
        unit: Unit::Cny,
        format: NumberFormat { prefix: "8661".to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(365),
        added_per_top_up: Span::days(180),
        grace: Span::days(30),
        offered: vec![cny(5_000)],
        other_amounts: None,
        balance_min: cny(0),
        balance_max: cny(100_000),
    }
}

fn bulk(database: &Database, clock: &ManualClock) -> Bulk {
    Bulk::open(database, Clock::Manual(clock.clone()), &Keys::ephemeral().unwrap()).unwrap()
}

impl Shop {
    /// With the product `classic`.
    pub(super) fn open() -> Self {
        Self::open_with(product())
    }

    pub(super) fn open_with_format(format: NumberFormat) -> Self {
        Self::open_with(Product { format, ..product() })
    }

    fn open_with(product: Product) -> Self {
        let folder = tempfile::tempdir().unwrap();
        #[expect(clippy::disallowed_methods, reason = "here the tests learn which database they are for")]
        let server = std::env::var("RINGUP_TEST_DATABASE_URL").ok();
        let file = format!("sqlite:{}", folder.path().join("shop.db").display());
        let url: DatabaseUrl = server.unwrap_or(file).parse().unwrap();
        let name = format!("card_{}", crate::keys::hex(&crate::chance::bytes::<8>()));
        let database = Database::open(ringup_db::schema::make(url, &name).unwrap()).unwrap();
        ringup_db::migrate::migrate(&database, START).unwrap();
        let clock = ManualClock::at(START);
        let mut bulk = bulk(&database, &clock);
        bulk.writer
            .write::<_, std::convert::Infallible>(|tx| Ok(ringup_db::product::upsert_product(tx, &product)?))
            .unwrap();
        let reader = RefCell::new(database.reader().unwrap());
        Self { bulk, folder, clock, database, reader }
    }

    /// Another one on the same database, with the same server number and time.
    pub(super) fn twin(&self) -> Bulk {
        bulk(&self.database, &self.clock)
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&mut ReadTx<'_>) -> Result<T, ringup_db::error::DbError>) -> T {
        self.reader.borrow_mut().read(work).unwrap()
    }

    pub(super) fn card(&self, number: CardNumber) -> Option<Card> {
        self.read(|tx| ringup_db::card::find_card(tx, number))
    }

    /// Every rule of the ledger, checked by reading the rows alone.
    pub(super) fn is_clean(&self) -> bool {
        ringup_db::verify::verify(&mut self.reader.borrow_mut(), None, START).unwrap().is_clean()
    }

    pub(super) fn balance(&self, number: CardNumber) -> i64 {
        self.read(|tx| ringup_db::account::card_balance(tx, number, Unit::Cny)).minor()
    }
}
