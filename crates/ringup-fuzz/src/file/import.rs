//! Lists of cards to import.

use std::path::PathBuf;

use ringup_core::product::Product;
use ringup_db::seam::Database;
use ringup_engine::card::bulk::Bulk;
use ringup_engine::card::import::{ImportCards, ImportError, ImportReport, RefusedLines, import};
use ringup_engine::clock::{Clock, ManualClock};
use ringup_engine::keys::Keys;

use crate::house;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::voice::NOW;
use crate::{Check, Target};

/// Import files.
pub const TARGET: Target = Target {
    name: "import",
    claims: "each line of a list is imported or refused with its number and reason; the same list once more changes nothing",
    bytes_max: 2_048,
    prepare: || Ok(Box::new(Importing::prepare()?)),
};

struct Importing {
    keys: Keys,
    product: Product,
    /// A database without cards; `None` when it must be made anew.
    shop: Option<Shop>,
}

struct Shop {
    bulk: Bulk,
    database: Database,
    file: PathBuf,
    // Dropped last: the folder goes when nothing is open in it any more.
    _folder: tempfile::TempDir,
}

impl Importing {
    fn prepare() -> Result<Self, Broken> {
        let product = house::products()?.products.into_iter().next();
        let product = product.ok_or_else(|| Broken("the catalogue is empty".to_owned()))?;
        Ok(Self { keys: Keys::ephemeral().map_err(Broken::doing("keys"))?, product, shop: None })
    }

    fn open(&self) -> Result<Shop, Broken> {
        let folder = tempfile::tempdir().map_err(Broken::doing("a folder"))?;
        let database = house::database(folder.path())?;
        let product = self.product.clone();
        let mut writer = database.writer().map_err(Broken::doing("a connection"))?;
        writer
            .write::<_, std::convert::Infallible>(|tx| Ok(ringup_db::product::upsert_product(tx, &product)?))
            .map_err(Broken::doing("a product"))?;
        let bulk = Bulk::open(&database, Clock::Manual(ManualClock::at(NOW)), &self.keys);
        let bulk = bulk.map_err(Broken::doing("a connection for bulk work"))?;
        Ok(Shop { bulk, database, file: folder.path().join("cards.csv"), _folder: folder })
    }

    fn check_in(&self, shop: &mut Shop, data: &[u8]) -> Result<Option<ImportReport>, Broken> {
        std::fs::write(&shop.file, data).map_err(Broken::doing("the list"))?;
        let Some(report) = self.import(shop)? else { return Ok(None) };
        is_told_line_by_line(&report, data)?;
        same("cards that were there before", &report.already, &0)?;
        if report.imported == 0 {
            return Ok(Some(report));
        }
        let mut reader = shop.database.reader().map_err(Broken::doing("a connection"))?;
        let batch = reader.read(|tx| ringup_db::batch::find_batch(tx, report.batch));
        let batch = batch.map_err(|error: ringup_db::DbError| Broken(format!("the batch: {error}")))?;
        same("cards of the batch", &batch.map(|batch| batch.card_count), &Some(report.imported))?;
        let again = self.import(shop)?.ok_or_else(|| Broken("the same list was refused as a whole".to_owned()))?;
        same("imported the second time", &again.imported, &0)?;
        same("known the second time", &again.already, &report.imported)?;
        same("refused the second time", &again.refused, &report.refused)?;
        Ok(Some(report))
    }

    /// Nothing when the list is refused as a whole.
    fn import(&self, shop: &mut Shop) -> Result<Option<ImportReport>, Broken> {
        let request = ImportCards {
            product: self.product.code.clone(),
            file: shop.file.clone(),
            refused: RefusedLines::AreLeftOut,
        };
        match import(&mut shop.bulk, &request) {
            Ok(report) => Ok(Some(report)),
            Err(ImportError::File(_)) => Ok(None),
            Err(error) => Err(Broken(format!("no list may bring about: {error}"))),
        }
    }
}

impl Check for Importing {
    fn check(&mut self, data: &[u8]) -> Checked {
        let mut shop = match self.shop.take() {
            Some(shop) => shop,
            None => self.open()?,
        };
        let report = self.check_in(&mut shop, data)?;
        let imported = report.is_some_and(|report| report.imported > 0);
        // The next list finds a database without cards, whatever this one brought.
        self.shop = (!imported).then_some(shop);
        Ok(if imported { Reached::Accepted } else { Reached::Refused })
    }
}

fn is_told_line_by_line(report: &ImportReport, data: &[u8]) -> Result<(), Broken> {
    let numbers: Vec<u64> = report.refused.iter().map(|refused| refused.line).collect();
    holds(numbers.is_sorted(), || format!("the lines are told out of order: {numbers:?}"))?;
    // A line may end in either way, so there are no more of them than such bytes, and one.
    let lines_max = data.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    let told = usize::try_from(report.imported).unwrap_or(usize::MAX).saturating_add(report.refused.len());
    holds(told <= lines_max, || format!("{told} lines are told of {lines_max}"))?;
    let cut = report.refused.iter().all(|refused| refused.number.chars().count() <= 40 && refused.line >= 1);
    holds(cut, || "a refused line repeats more than a number".to_owned())?;
    let mut file = Vec::new();
    report.write_refused(&mut file).map_err(Broken::doing("writing the refused lines"))?;
    let rows = records(&file);
    same("refused lines in the report's file", &rows, &(report.refused.len() + 1))
}

/// How many records a CSV file has: line ends outside of quotes.
fn records(file: &[u8]) -> usize {
    let mut quoted = false;
    file.iter()
        .filter(|byte| {
            quoted ^= **byte == b'"';
            **byte == b'\n' && !quoted
        })
        .count()
}
