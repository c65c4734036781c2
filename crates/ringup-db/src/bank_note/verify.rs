//! What must hold in a kiosk's journal, checked from its rows alone.

use crate::dialect;
use crate::error::DbError;
use crate::seam::{Query, ReadTx};

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalCheck {
    /// What.
    pub name: &'static str,
    /// How many rows were looked at.
    pub checked: u64,
    /// Where it does not hold: a note's number, or a sale's key.
    pub findings: Vec<String>,
}

const NOTES: &str = "select count(*) from bank_note";
const SALES: &str = "select count(*) from sale";

/// What must hold, how many rows are looked at, and which of them break it.
const CHECKS: [(&str, &str, &str); 5] = [
    (
        "every note belongs to a sale that is there",
        NOTES,
        "select kiosk || '-' || running from bank_note
        where sale_key is not null and sale_key not in (select key from sale) order by running",
    ),
    (
        "every note went its way in order, and stands at one place of it",
        NOTES,
        "select kiosk || '-' || running from bank_note
        where (told_at is not null and escrowed_at is null)
            or (state = 1 and escrowed_at is not null)
            or (state in (1, 2) and told_at is not null)
            or (state in (1, 2, 3, 7) and stacked_at is not null)
            or (credited_at is not null) <> (state in (5, 6))
            or (printed_at is not null) <> (state = 6)
            or (returned_at is not null) <> (state = 7)
            or (claimed_at is not null) <> (state = 8)
        order by running",
    ),
    (
        "every note stands where its sale stands",
        NOTES,
        "select n.kiosk || '-' || n.running from bank_note n join sale s on s.key = n.sale_key
        where (s.state = 1 and n.state in (5, 6))
            or (s.state = 2 and n.state in (1, 2, 3, 5, 6))
            or (s.state = 3 and n.state in (1, 2, 3, 4, 6))
            or (s.state = 4 and n.state in (1, 2, 3, 4, 5))
            or (s.state = 5 and n.state < 7)
        order by n.running",
    ),
    (
        "every sale that is to be credited, or was, has a note in the box",
        SALES,
        "select lower(hex(key)) from sale
        where state in (2, 3, 4) and not exists (select 1 from bank_note n where n.sale_key = key and n.state in (4, 5, 6))",
    ),
    (
        "no two sales were credited as one",
        SALES,
        "select lower(hex(key)) from sale
        where reference in (select reference from sale where reference is not null group by reference having count(*) > 1)
        order by begun_at, key",
    ),
];

/// Checks the journal: the file itself, then its rows.
///
/// # Errors
/// What the database says.
pub fn verify_journal(tx: &mut ReadTx<'_>) -> Result<Vec<JournalCheck>, DbError> {
    let damage = dialect::find_damage(tx)?;
    let mut checks = vec![JournalCheck { name: "the file is whole", checked: 1, findings: damage }];
    for (name, count, find) in CHECKS {
        let checked = tx.query_first(count, &[], |fields| fields.count())?.unwrap_or_default();
        let findings = tx.query(find, &[], |fields| fields.text().map(str::to_owned))?;
        checks.push(JournalCheck { name, checked, findings });
    }
    Ok(checks)
}
