//! Templates that nothing renders.

use super::Finding;
use super::rust::Source;
use super::tree::{File, Tree};

const FOLDER: &str = "crates/ringup/templates/";

/// Each template is named by Rust (`path = ".."`) or by another template (`include`, `extends`, `import`).
pub fn each_template_is_used(tree: &Tree) -> Vec<Finding> {
    let sources: Vec<Source> = tree.below("crates/ringup/", ".rs").map(File::source).collect();
    let mut findings = Vec::new();
    for template in tree.below(FOLDER, ".html") {
        let name = template.path.strip_prefix(FOLDER).unwrap_or_default();
        let by_rust = || sources.iter().any(|source| source.strings.iter().any(|literal| literal.text == name));
        let by_template =
            || tree.below(FOLDER, ".html").any(|other| other.path != template.path && includes(other, name));
        if !by_rust() && !by_template() {
            findings.push(Finding::new(&template.path, 0, "no code and no template uses this template"));
        }
    }
    findings
}

fn includes(other: &File, name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    other.text.lines().any(|line| {
        line.contains("{%")
            && line.contains(&quoted)
            && ["include", "extends", "import"].iter().any(|word| line.contains(word))
    })
}
