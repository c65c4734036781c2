use ringup_core::ledger::{EntryHash, seal};
use ringup_core::shard::Shard;

use super::CheckLine;
use crate::error::DbError;
use crate::seam::{Connected, Fields, ReadTx};

/// The seals of each house follow one another without a gap, and each covers exactly its entries in their order.
pub(super) struct Seals {
    line: CheckLine,
    open: Option<Open>,
    /// The last seal that was looked at: its house, number and hash.
    last: Option<(u8, u64, EntryHash)>,
}

/// A seal whose entries are being read.
struct Open {
    house: u8,
    number: u64,
    hash: EntryHash,
    count: u64,
    entries: Vec<EntryHash>,
    in_order: bool,
}

impl Seals {
    pub(super) const fn new() -> Self {
        Self { line: CheckLine::new("every seal covers its entries, and no seal is missing"), open: None, last: None }
    }

    pub(super) fn lines(self) -> [CheckLine; 1] {
        [self.line]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        // Each seal, and behind it its entries in their order.
        let sql = "select house, number, -1 as line, hash, entry_count from seal
            union all
            select seal_house, seal_number, seal_line, hash, null from journal_entry
            order by 1, 2, 3";
        tx.stream(sql, &[], &mut |row| self.next(&mut row.fields()))?;
        self.close();
        Ok(())
    }

    fn next(&mut self, fields: &mut Fields<'_>) -> Result<(), DbError> {
        let house = u8::try_from(fields.int()?).unwrap_or(u8::MAX);
        let (number, line) = (fields.bits()?, fields.int()?);
        let hash = EntryHash::from_bytes(fields.bytes()?);
        if line < 0 {
            self.close();
            let count = fields.count()?;
            self.open = Some(Open { house, number, hash, count, entries: Vec::new(), in_order: true });
            return Ok(());
        }
        match &mut self.open {
            Some(open) if (open.house, open.number) == (house, number) => {
                open.in_order &= i64::try_from(open.entries.len()) == Ok(line);
                open.entries.push(hash);
            }
            Some(_) | None => {
                self.line.find(|| format!("an entry stands under seal {number} of house {house}, which is not there"));
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.line.count();
        let (house, number) = (open.house, open.number);
        let (last_number, last_hash) = match self.last {
            Some((last_node, last_number, hash)) if last_node == house => (last_number, hash),
            Some(_) | None => (0, EntryHash::NONE),
        };
        let count = u64::try_from(open.entries.len()).unwrap_or(u64::MAX);
        if number != last_number.saturating_add(1) {
            self.line.find(|| format!("house {house}: seal {} is missing", last_number.saturating_add(1)));
        } else if count != open.count || !open.in_order {
            self.line.find(|| format!("house {house}, seal {number}: {} entries sealed, {count} found", open.count));
        } else if seal(last_hash, Shard(house), number, &open.entries) != open.hash {
            self.line.find(|| format!("house {house}, seal {number}: it, or an entry under it, was changed"));
        }
        self.last = Some((house, number, open.hash));
    }
}
