//! The words: the same keys in every language, none unused, none missing.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::tree::{File, Tree};

const FOLDER: &str = "crates/ringup/locales/";
/// A comment in Rust that begins so names keys made at run time: `locale keys: refusal-*`.
const MADE_AT_RUN_TIME: &str = "locale keys:";

type Place = (String, usize);

/// A key of one language is a key of all; and stands once in each.
pub fn all_locales_hold_the_same_keys(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut languages: BTreeMap<&str, BTreeMap<String, Place>> = BTreeMap::new();
    for file in tree.below(FOLDER, ".ftl") {
        let language = file.path.strip_prefix(FOLDER).and_then(|path| path.split('/').next()).unwrap_or_default();
        let keys = languages.entry(language).or_default();
        for (line, key) in keys_of(file) {
            if let Some((path, line)) = keys.insert(key.clone(), (file.path.clone(), line)) {
                findings.push(Finding::new(&path, line, format!("the key {key} stands twice in {language}")));
            }
        }
    }
    for (language, keys) in &languages {
        for (other, _) in languages.iter().filter(|(other, others)| other != &language && !others.is_empty()) {
            let missing =
                keys.iter().filter(|(key, _)| languages.get(other).is_some_and(|others| !others.contains_key(*key)));
            findings.extend(
                missing.map(|(key, (path, line))| {
                    Finding::new(path, *line, format!("the key {key} is missing in {other}"))
                }),
            );
        }
    }
    findings
}

/// A key that stands in no template and in no code is dead; so is a term that no message uses.
pub fn each_key_is_used(tree: &Tree) -> Vec<Finding> {
    let templates: Vec<&File> = tree.below("crates/ringup/", ".html").collect();
    let sources: Vec<_> = tree.below("crates/ringup/", ".rs").map(File::source).collect();
    let prefixes: Vec<&str> = sources
        .iter()
        .flat_map(|source| &source.comments)
        .filter_map(|comment| comment.text.strip_prefix(MADE_AT_RUN_TIME)?.trim().strip_suffix('*'))
        .collect();
    let words: Vec<&File> = tree.below(FOLDER, ".ftl").collect();
    let literals = || sources.iter().flat_map(|source| &source.strings).map(|literal| literal.text.as_str());
    let whole: BTreeSet<&str> = literals().collect();
    // A template written inside Rust.
    let with_quotes: Vec<&str> = literals().filter(|literal| literal.contains('"')).collect();
    let is_used = |key: &str| {
        let quoted = format!("\"{key}\"");
        prefixes.iter().any(|prefix| key.starts_with(prefix))
            || templates.iter().any(|file| file.text.contains(&quoted))
            || whole.contains(key)
            || with_quotes.iter().any(|literal| literal.contains(&quoted))
            || words.iter().any(|file| refers(&file.text, key))
    };
    let mut findings = Vec::new();
    for file in &words {
        for (line, key) in keys_of(file).into_iter().filter(|(_, key)| !is_used(key)) {
            findings.push(Finding::new(&file.path, line, format!("no template and no code uses the key {key}")));
        }
    }
    findings
}

/// A template or code that asks for a key gets one.
pub fn each_used_key_exists(tree: &Tree) -> Vec<Finding> {
    let known: Vec<String> = tree.below(FOLDER, ".ftl").flat_map(keys_of).map(|(_, key)| key).collect();
    let mut findings = Vec::new();
    let files = tree.below("crates/ringup/", ".html").chain(tree.below("crates/ringup/src/", ".rs"));
    for file in files.filter(|file| !file.is_test()) {
        for (line, text) in file.lines() {
            let text = text.split("// ").next().unwrap_or_default();
            for key in asked_for(text).filter(|key| !known.iter().any(|one| one == key)) {
                findings.push(Finding::new(&file.path, line, format!("no language knows the key {key}")));
            }
        }
    }
    findings
}

/// The keys in `t("key")`, `t_one("key", ..)` and `t_with("key", ..)`, but for those put together at run time.
fn asked_for(text: &str) -> impl Iterator<Item = &str> {
    ["t(\"", "t_one(\"", "t_with(\""].into_iter().flat_map(move |call| {
        text.match_indices(call).filter_map(move |(at, _)| {
            let before = text.get(..at)?.chars().next_back();
            if before.is_some_and(|character| character.is_alphanumeric() || character == '_') {
                return None;
            }
            let key = text.get(at + call.len()..)?.split('"').next()?;
            (!key.is_empty() && key.chars().all(is_key_part)).then_some(key)
        })
    })
}

/// The messages and terms of a Fluent file; a term keeps its dash.
fn keys_of(file: &File) -> Vec<(usize, String)> {
    let mut keys = Vec::new();
    for (line, text) in file.lines() {
        let Some((key, _)) = text.split_once('=') else {
            continue;
        };
        let key = key.trim_end();
        if !key.is_empty() && !key.starts_with([' ', '#']) && key.chars().all(is_key_part) {
            keys.push((line, key.to_owned()));
        }
    }
    keys
}

/// Whether a message or term uses `key`: `{ key }`, `{ -key(..) }`, `{ key.attribute }`.
fn refers(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches(' ');
        let after = text.get(at + key.len()..).and_then(|rest| rest.chars().next());
        before.ends_with('{') && !after.is_some_and(is_key_part)
    })
}

fn is_key_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}
