//! The house rules that no compiler knows, as findings in files.
//!
//! Each rule is a function over the [`Tree`] alone, so that its test can show it failing on a tree made up for it.

mod decisions;
mod files;
mod ledger;
mod locales;
mod manifest;
mod migrations;
mod rust;
mod templates;
mod tree;
mod walls;
mod words;

use std::fmt;

pub use tree::Tree;

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the root of the checkout.
    pub path: String,
    /// The line, from 1; 0 stands for the whole file.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// A rule: all its findings in a tree.
type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    walls::dependencies_keep_the_walls,
    walls::each_crate_takes_the_lints_of_the_workspace,
    walls::core_names_no_outside_world,
    walls::sql_stands_in_the_database_crate,
    ledger::postings_are_built_in_the_recipes,
    migrations::both_folders_hold_the_same_migrations,
    templates::each_template_is_used,
    locales::all_locales_hold_the_same_keys,
    locales::each_key_is_used,
    locales::each_used_key_exists,
    decisions::each_dependency_has_its_reason,
    files::no_mod_rs,
    files::no_file_is_too_long,
    files::no_test_is_ignored_or_sleeps,
    files::no_path_or_host_of_one_machine,
];

/// All findings of all rules, in the order of the files.
pub fn look(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(tree)).collect();
    findings.sort();
    findings
}

#[cfg(test)]
mod tests;
