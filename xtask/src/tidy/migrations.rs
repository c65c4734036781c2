//! The two databases grow in step.

use super::Finding;
use super::tree::Tree;

const SQLITE: &str = "crates/ringup-db/migrations/sqlite/";
const POSTGRES: &str = "crates/ringup-db/migrations/postgres/";
/// A kiosk's journal: a SQLite file of its own, so that this folder has no other beside it.
const KIOSK: &str = "crates/ringup-db/migrations/kiosk/";

/// Both folders of the server's tables hold the same names; those of a kiosk's journal stand in one folder. Everywhere they are
/// `NNNN_name.sql`, numbered from 0001 without a gap.
pub fn both_folders_hold_the_same_migrations(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, other) in [(SQLITE, Some(POSTGRES)), (POSTGRES, Some(SQLITE)), (KIOSK, None)] {
        for (number, file) in (1..).zip(tree.below(folder, ".sql")) {
            let name = file.path.strip_prefix(folder).unwrap_or_default();
            if !name.starts_with(&format!("{number:04}_")) {
                let message = format!("the name of this migration begins with {number:04}_");
                findings.push(Finding::new(&file.path, 0, message));
            }
            if let Some(other) = other.filter(|other| tree.file(&format!("{other}{name}")).is_none()) {
                findings.push(Finding::new(&file.path, 0, format!("no such migration in {other}")));
            }
        }
    }
    findings
}
