//! The accounting policy stands in one file.

use super::Finding;
use super::tree::Tree;
use super::words;

const RECIPES: &str = "crates/ringup-core/src/ledger/recipes.rs";

/// A debit or a credit line is built in the recipes and nowhere else; the ledger's own tests may try the builders.
pub fn postings_are_built_in_the_recipes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |path: &str| path != RECIPES && !path.starts_with("crates/ringup-core/src/ledger/recipes/");
    for file in tree.rust().filter(|file| elsewhere(&file.path)) {
        if file.path.starts_with("crates/ringup-core/src/ledger") && file.is_test() {
            continue;
        }
        for (line, code) in file.source().code_lines() {
            for builder in ["debit(", "credit("] {
                if words::places(code, builder).any(|at| is_call(code, at)) {
                    let message = format!("`{builder}..)` builds a posting: only ledger/recipes.rs does that");
                    findings.push(Finding::new(&file.path, line, message));
                }
            }
        }
    }
    findings
}

// A definition is not a call, and a method of that name belongs to some other type.
fn is_call(code: &str, at: usize) -> bool {
    let before = code.get(..at).unwrap_or_default().trim_end();
    !before.ends_with('.') && !before.ends_with("fn")
}
