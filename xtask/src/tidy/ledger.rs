//! The accounting policy stands in one file.

use super::Finding;
use super::tree::Tree;
use super::words;

const RECIPES: &str = "crates/ringup-core/src/ledger/recipes.rs";

/// What makes a line of an entry, or an entry of lines.
const BUILDERS: [&str; 3] = ["debit(", "credit(", "JournalEntry::new("];

/// A debit or a credit line is built in the recipes and nowhere else; the ledger's own tests may try the builders.
pub fn postings_are_built_in_the_recipes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |path: &str| path != RECIPES && !path.starts_with("crates/ringup-core/src/ledger/recipes/");
    for file in tree.rust().filter(|file| elsewhere(&file.path)) {
        if file.path.starts_with("crates/ringup-core/src/ledger") && file.is_test() {
            continue;
        }
        let source = file.source();
        // To credit a top-up is a verb of the domain too: a file that defines a function of that name calls its own.
        let own = |builder: &str| source.code.contains(&format!("fn {builder}"));
        for (line, code) in source.code_lines() {
            for builder in BUILDERS.iter().filter(|builder| !own(builder)) {
                if words::places(code, builder).any(|at| is_call(code, at)) {
                    let message = format!("`{builder}..)` builds a posting: only ledger/recipes.rs does that");
                    findings.push(Finding::new(&file.path, line, message));
                }
            }
        }
    }
    findings
}

// A method of that name belongs to some other type.
fn is_call(code: &str, at: usize) -> bool {
    !code.get(..at).unwrap_or_default().trim_end().ends_with('.')
}
