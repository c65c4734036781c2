//! The two databases grow in step.

use super::Finding;
use super::tree::Tree;

const SQLITE: &str = "crates/ringup-db/migrations/sqlite/";
const POSTGRES: &str = "crates/ringup-db/migrations/postgres/";

/// Both folders hold the same names, `NNNN_name.sql`, numbered from 0001 without a gap.
pub fn both_folders_hold_the_same_migrations(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, other) in [(SQLITE, POSTGRES), (POSTGRES, SQLITE)] {
        for (number, file) in (1..).zip(tree.below(folder, ".sql")) {
            let name = file.path.strip_prefix(folder).unwrap_or_default();
            if !name.starts_with(&format!("{number:04}_")) {
                findings.push(Finding::new(
                    &file.path,
                    0,
                    format!("the name of this migration begins with {number:04}_"),
                ));
            }
            if tree.file(&format!("{other}{name}")).is_none() {
                findings.push(Finding::new(&file.path, 0, format!("no such migration in {other}")));
            }
        }
    }
    findings
}
