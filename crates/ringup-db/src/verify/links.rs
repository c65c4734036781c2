use std::collections::BTreeMap;

use super::{CheckLine, Shards};
use crate::error::DbError;
use crate::seam::{Connected, ReadTx};

/// Everything that belongs to a top-up is reached from its row: each row is named exactly once, by the top-up or by the
/// row after it.
pub(super) struct Links {
    line: CheckLine,
}

/// What belongs to top-ups, and the column that names the newest of it.
const CHAINED: [(&str, &str, &str); 4] = [
    (
        "events",
        "select id, newest_event_id from top_up where newest_event_id is not null and shard between $1 and $2",
        "select top_up_id, id, previous_id from event where shard between $1 and $2",
    ),
    (
        "payments",
        "select id, newest_payment_id from top_up where newest_payment_id is not null and shard between $1 and $2",
        "select top_up_id, id, previous_id from payment where shard between $1 and $2",
    ),
    (
        "captures",
        "select id, newest_capture_id from top_up where newest_capture_id is not null and shard between $1 and $2",
        "select top_up_id, id, previous_id from capture where shard between $1 and $2",
    ),
    (
        "refunds",
        "select id, newest_refund_id from top_up where newest_refund_id is not null and shard between $1 and $2",
        "select top_up_id, id, previous_id from refund where shard between $1 and $2",
    ),
];

/// The rows of one top-up, added up: ids that are there, less ids that are named; and how many name none.
#[derive(Clone, Copy, Default)]
struct Sum {
    unnamed: i128,
    first: u64,
}

impl Links {
    pub(super) const fn new() -> Self {
        Self { line: CheckLine::new("every event, payment, capture and refund is reached from its top-up") }
    }

    pub(super) fn lines(&self) -> [CheckLine; 1] {
        [self.line.clone()]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>, shards: Shards) -> Result<(), DbError> {
        for (what, newest, rows) in CHAINED {
            let mut sums: BTreeMap<u64, Sum> = BTreeMap::new();
            tx.stream(newest, &shards.params(), &mut |row| {
                let mut fields = row.fields();
                let (top_up, newest) = (fields.bits()?, fields.bits()?);
                let sum = sums.entry(top_up).or_default();
                sum.unnamed = sum.unnamed.saturating_sub(i128::from(newest));
                Ok(())
            })?;
            tx.stream(rows, &shards.params(), &mut |row| {
                self.line.count();
                let mut fields = row.fields();
                let (top_up, id, previous) = (fields.bits()?, fields.bits()?, fields.opt_bits()?);
                let sum = sums.entry(top_up).or_default();
                sum.unnamed = sum.unnamed.saturating_add(i128::from(id));
                match previous {
                    Some(previous) => sum.unnamed = sum.unnamed.saturating_sub(i128::from(previous)),
                    None => sum.first = sum.first.saturating_add(1),
                }
                Ok(())
            })?;
            for (top_up, sum) in sums {
                if sum.unnamed != 0 || sum.first != 1 {
                    let top_up = ringup_core::id::TopUpId::from_u64(top_up);
                    self.line.find(|| format!("the {what} of {top_up} are not one chain"));
                }
            }
        }
        Ok(())
    }
}
