//! What the crate's tests share: a fresh database for each, and a small world of cards.

pub(crate) mod world;

use std::sync::atomic::{AtomicU32, Ordering};

use ringup_core::apply::{Command, ImportCard, Moment};
use ringup_core::books::PinHash;
use ringup_core::card::CardNumber;
use ringup_core::id::{BatchId, IdBlock, Node};
use ringup_core::money::{Amount, Unit};
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::promotion::{Gift, Promotion, PromotionId};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};

use crate::error::Stop;
use crate::seam::{Database, WriteTx};
use crate::url::DatabaseUrl;

/// A database that goes away with the test.
pub(crate) struct TestDatabase {
    pub(crate) database: Database,
    /// Keeps the file there until the test ends; a schema on PostgreSQL goes with its cluster.
    _folder: tempfile::TempDir,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty database: SQLite, or a schema of its own on the PostgreSQL named by `RINGUP_TEST_DATABASE_URL`.
pub(crate) fn empty_database() -> TestDatabase {
    #[expect(clippy::disallowed_methods, reason = "the one place where the tests learn which database they are for")]
    let server = std::env::var("RINGUP_TEST_DATABASE_URL").ok().filter(|url| url.starts_with("postgres"));
    let folder = tempfile::tempdir().unwrap();
    let url = match server {
        Some(server) => {
            let schema = format!("db_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            crate::schema::make(server.parse().unwrap(), &schema).unwrap()
        }
        None => DatabaseUrl::Sqlite(folder.path().join("test.db")),
    };
    TestDatabase { database: Database::open(url).unwrap(), _folder: folder }
}

/// A database with tables, one product and its promotions.
pub(crate) fn given_a_database() -> TestDatabase {
    let test = empty_database();
    crate::migrate::migrate(&test.database, start()).unwrap();
    test.write(|tx| {
        crate::product::upsert_product(tx, &product())?;
        for promotion in promotions() {
            crate::promotion::upsert_promotion(tx, &promotion)?;
        }
        Ok(())
    });
    test
}

impl TestDatabase {
    /// Writes, and must succeed.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, Stop<String>>) -> T {
        self.database.writer().unwrap().write(work).unwrap()
    }

    /// Reads, and must succeed.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut crate::seam::ReadTx<'_>) -> Result<T, crate::error::DbError>,
    ) -> T {
        self.database.reader().unwrap().read(work).unwrap()
    }
}

/// When the tests' world begins: an afternoon in China.
pub(crate) const fn start() -> Timestamp {
    Timestamp::from_seconds(1_790_000_000)
}

/// Where the tests' server keeps the issuer's own accounts.
pub(crate) const HOUSE: Shard = Shard(1);

pub(crate) fn node() -> Node {
    Node::new(1).unwrap()
}

pub(crate) fn cny(minor: u64) -> Amount {
    Amount::new(minor, Unit::Cny).unwrap()
}

/// The n-th card of the tests' world.
pub(crate) fn card_number(n: u64) -> CardNumber {
    CardNumber::with_check_digit(888_000_000_000_000 + n * 7_919).unwrap()
}

pub(crate) fn product() -> Product {
    Product {
        id: ProductId(1),
        code: "classic".to_owned(),
        name: Name { en: "Classic".to_owned(), zh_hans: "经典卡".to_owned() },
        unit: Unit::Cny,
        format: NumberFormat { prefix: "888".to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(365),
        added_per_top_up: Span::days(180),
        grace: Span::days(30),
        offered: vec![cny(3_000), cny(5_000), cny(10_000)],
        other_amounts: Some((cny(100), cny(50_000))),
        balance_min: cny(0),
        balance_max: cny(100_000),
    }
}

pub(crate) fn promotions() -> Vec<Promotion> {
    let promotion = |id, spend, gives| Promotion {
        id: PromotionId(id),
        product: ProductId(1),
        name: Name { en: "Autumn".to_owned(), zh_hans: "金秋".to_owned() },
        starts_at: start().minus(Span::days(1)),
        ends_at: start().plus(Span::days(30)),
        spend_at_least: cny(spend),
        gives,
    };
    let minutes = Amount::new(600, Unit::Sec).unwrap();
    vec![
        promotion(1, 10_000, Gift::Discount(cny(500))),
        promotion(2, 10_000, Gift::Bonus { amount: cny(1_000), lasts: Span::days(30) }),
        promotion(3, 50_000, Gift::Bonus { amount: minutes, lasts: Span::days(1) }),
    ]
}

pub(crate) fn import(number: CardNumber, balance: u64, expires_at: Timestamp) -> Command {
    Command::ImportCard(ImportCard {
        number,
        product: ProductId(1),
        batch: BatchId::from_u64(1),
        pin: PinHash([7; 16]),
        balance: cny(balance),
        expires_at,
    })
}

/// The `n`-th command's time, ids and chance: always the same for the same number.
pub(crate) fn moment(n: u64, shard: Shard, now: Timestamp) -> Moment {
    let millis = start().millis() + i64::try_from(n).unwrap();
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    nonce[8..].copy_from_slice(&n.to_be_bytes());
    Moment { now, ids: IdBlock::starting_at(millis, shard, node(), 0), house: HOUSE, nonce }
}
