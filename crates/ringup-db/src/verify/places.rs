use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::id::{BatchId, shard_of};
use ringup_core::money::Unit;
use ringup_core::shard::Shard;

use super::CheckLine;
use super::entries::masked;
use crate::column;
use crate::error::DbError;
use crate::idempotency_key::read_key;
use crate::product::products;
use crate::seam::{Connected, ReadTx};

/// Rows are looked up by their shard and their number together: one that stands in another shard is not found, and what
/// is not found looks as if it had never been. A card without its product is not shown either.
pub(super) struct Places {
    placed: CheckLine,
    sold: CheckLine,
    complete: CheckLine,
}

/// The tables whose rows have ids, which hold their shard.
const WITH_IDS: [(&str, &str); 8] = [
    ("top-up", "select shard, id from top_up"),
    ("payment", "select shard, id from payment"),
    ("capture", "select shard, id from capture"),
    ("refund", "select shard, id from refund"),
    ("bonus", "select shard, id from bonus_grant"),
    ("purse", "select shard, id from purse"),
    ("event", "select shard, id from event"),
    ("job", "select shard, id from job"),
];

impl Places {
    pub(super) const fn new() -> Self {
        Self {
            placed: CheckLine::new("every row stands where it is looked for"),
            sold: CheckLine::new("every card has its product, and its money in that product's unit"),
            complete: CheckLine::new("every batch has all its cards"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 3] {
        [self.placed, self.sold, self.complete]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        for (what, sql) in WITH_IDS {
            tx.stream(sql, &[], &mut |row| {
                let mut fields = row.fields();
                let (shard, id) = (fields.int()?, fields.bits()?);
                self.compare(what, shard, shard_of(id));
                Ok(())
            })?;
        }
        self.look_at_keys(tx)?;
        self.look_at_cards(tx)
    }

    fn compare(&mut self, what: &str, told: i64, expected: Shard) {
        self.placed.count();
        if told != i64::from(expected.0) {
            self.placed.find(|| format!("a {what} of shard {expected} stands in shard {told}"));
        }
    }

    fn look_at_keys(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let sql = "select shard, key_hash, fingerprint, result, used_at from idempotency_key";
        tx.stream(sql, &[], &mut |row| {
            let shard = row.fields().int()?;
            match read_key(&mut row.fields()) {
                Ok((key, _)) => self.compare("used key", shard, key.shard()),
                Err(error) => self.placed.find(|| format!("a used key: {error}")),
            }
            Ok(())
        })
    }

    fn look_at_cards(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let mut units: BTreeMap<i64, Unit> = BTreeMap::new();
        match products(tx) {
            Ok(products) => units.extend(products.iter().map(|product| (i64::from(product.id.0), product.unit))),
            Err(error) => self.sold.find(|| format!("the products: {error}")),
        }
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        let sql = "select shard, number, product_id, batch_id, main_unit from card";
        tx.stream(sql, &[], &mut |row| {
            let mut fields = row.fields();
            let (shard, number, product) = (fields.int()?, fields.bits()?, fields.int()?);
            let of_batch = counts.entry(fields.bits()?).or_default();
            *of_batch = of_batch.saturating_add(1);
            let unit = fields.opt_text()?.map(column::parse_unit).transpose();
            let shown = masked(number.cast_signed());
            match CardNumber::from_u64(number) {
                Ok(card) => self.compare("card", shard, Shard::of_card(card)),
                Err(error) => self.placed.find(|| format!("card {shown}: {error}")),
            }
            self.sold.count();
            match (units.get(&product), unit) {
                (None, _) => self.sold.find(|| format!("card {shown} is of product {product}, which is not there")),
                (Some(_), Ok(None)) => {}
                (Some(sold), Ok(Some(unit))) if *sold == unit => {}
                (Some(_), _) => {
                    self.sold.find(|| format!("card {shown} holds money in another unit than its product's"))
                }
            }
            Ok(())
        })?;
        self.look_at_batches(tx, &counts)
    }

    /// A card that has never held money is in no entry: only its batch knows that it must be there.
    fn look_at_batches(&mut self, tx: &mut ReadTx<'_>, counts: &BTreeMap<u64, u64>) -> Result<(), DbError> {
        tx.stream("select id, card_count from batch", &[], &mut |row| {
            self.complete.count();
            let mut fields = row.fields();
            let (batch, told) = (fields.bits()?, fields.count()?);
            let found = counts.get(&batch).copied().unwrap_or(0);
            if found != told {
                let batch = BatchId::from_u64(batch);
                self.complete.find(|| format!("{batch}: {told} cards told, {found} found"));
            }
            Ok(())
        })
    }
}
