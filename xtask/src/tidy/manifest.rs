//! As much of a `Cargo.toml` as the walls need.

use super::tree::{File, Tree};

/// What kind of section a dependency stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `[dependencies]` and `[build-dependencies]`: part of the house.
    Built,
    /// `[dev-dependencies]`: for tests only.
    Test,
}

/// One dependency of one crate.
#[derive(Debug)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// The line it stands on, from 1.
    pub line: usize,
    /// Where it stands.
    pub kind: Kind,
    /// Whether its version is the one of the workspace.
    pub of_workspace: bool,
}

/// The manifests of the crates, not of the workspace.
pub fn of_crates(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files.iter().filter(|file| {
        (file.path.starts_with("crates/") || file.path.starts_with("xtask/")) && file.path.ends_with("/Cargo.toml")
    })
}

/// The lines of the section `[name]`, comments and blank lines left out, with their numbers.
pub fn section<'a>(file: &'a File, name: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let mut inside = false;
    file.lines().filter_map(move |(line, text)| {
        let text = text.trim();
        if let Some(header) = text.strip_prefix('[') {
            inside = header.strip_suffix(']') == Some(name);
            return None;
        }
        (inside && !text.is_empty() && !text.starts_with('#')).then_some((line, text))
    })
}

/// The names before the `=` or the first `.` of the lines of a section.
pub fn keys<'a>(file: &'a File, name: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    section(file, name).filter_map(|(line, text)| {
        let key = text.split(['=', '.']).next()?.trim();
        // The inner lines of a value that spans several lines begin with a quote or a bracket.
        key.starts_with(|first: char| first.is_ascii_alphabetic()).then_some((line, key))
    })
}

/// All dependencies of a crate.
pub fn dependencies(file: &File) -> Vec<Dependency> {
    let sections =
        [("dependencies", Kind::Built), ("build-dependencies", Kind::Built), ("dev-dependencies", Kind::Test)];
    let mut found = Vec::new();
    for (name, kind) in sections {
        for (line, text) in section(file, name) {
            let dependency = text.split(['=', '.']).next().unwrap_or_default().trim().to_owned();
            let of_workspace = text.replace(' ', "").contains("workspace=true");
            found.push(Dependency { name: dependency, line, kind, of_workspace });
        }
    }
    found
}
