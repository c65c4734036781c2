//! Every outside crate has its line in the decisions.

use super::Finding;
use super::manifest;
use super::tree::Tree;

const PAGE: &str = "docs/decisions/0002-dependencies.md";
/// The other workspace of the checkout.
const FUZZ: &str = "fuzz/Cargo.toml";

/// A dependency of the workspace is used by a crate, and has its reason written down; a reason is for something that is there.
pub fn each_dependency_has_its_reason(tree: &Tree) -> Vec<Finding> {
    let (Some(root), Some(page)) = (tree.file("Cargo.toml"), tree.file(PAGE)) else {
        return Vec::new();
    };
    let used: Vec<String> =
        manifest::of_crates(tree).flat_map(manifest::dependencies).map(|dependency| dependency.name).collect();
    let mut findings = Vec::new();
    let outside: Vec<(usize, &str)> = manifest::keys(root, "workspace.dependencies").collect();
    for (line, name) in &outside {
        if !used.iter().any(|one| one == name) {
            findings.push(Finding::new(&root.path, *line, format!("no crate uses `{name}`")));
        }
        if !name.starts_with("ringup") && !page.text.contains(&format!("| `{name}` |")) {
            findings.push(Finding::new(&root.path, *line, format!("`{name}` has no line in {PAGE}")));
        }
    }
    let of_fuzz: Vec<(usize, &str)> =
        tree.file(FUZZ).map(|file| manifest::keys(file, "dependencies").collect()).unwrap_or_default();
    for (line, name) in of_fuzz.iter().filter(|(_, name)| !name.starts_with("ringup")) {
        if !page.text.contains(&format!("| `{name}` |")) {
            findings.push(Finding::new(FUZZ, *line, format!("`{name}` has no line in {PAGE}")));
        }
    }
    for (line, text) in page.lines() {
        let name = text.strip_prefix("| `").and_then(|rest| rest.split_once("` |")).map(|(name, _)| name);
        if let Some(name) = name.filter(|name| !outside.iter().chain(&of_fuzz).any(|(_, one)| one == name)) {
            findings.push(Finding::new(PAGE, line, format!("`{name}` is no dependency of the workspace")));
        }
    }
    findings
}
