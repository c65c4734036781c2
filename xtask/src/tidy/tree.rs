//! The files of the checkout, read once.

use std::fs;
use std::path::Path;

use super::rust::Source;
use crate::failure::Failure;

/// Folders that hold what was built, fetched or left behind by a run, not what was written.
const NOT_OURS: &[&str] =
    &[".git", ".venv", "__pycache__", "artifacts", "node_modules", "out", "ringup-data", "ringup-demo", "target"];

/// One text file.
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is a Rust file that holds only tests: an integration crate, or a module's `tests.rs`.
    pub fn is_test(&self) -> bool {
        self.is_rust() && (self.path.ends_with("/tests.rs") || self.path.contains("/tests/"))
    }

    /// The crate folder it lies in: `ringup-core` for `crates/ringup-core/src/lib.rs`.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Its parts, when it is Rust.
    pub fn source(&self) -> Source {
        Source::read(&self.text)
    }

    /// Its lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// All text files of the checkout.
#[derive(Default)]
pub struct Tree {
    /// The files, sorted by path.
    pub files: Vec<File>,
}

impl Tree {
    /// Reads the checkout at `root`. What is not UTF-8 (an image) is passed over.
    ///
    /// # Errors
    /// When a folder cannot be listed or a file cannot be read.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(tree)
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files below `folder` whose names end with `ending`.
    pub fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
    }

    /// The Rust files of all crates of the house.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.below("crates/", ".rs")
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> Result<(), Failure> {
        let trouble = || format!("reading {}", folder.display());
        for entry in fs::read_dir(folder).map_err(Failure::doing(trouble()))? {
            let entry = entry.map_err(Failure::doing(trouble()))?;
            let kind = entry.file_type().map_err(Failure::doing(trouble()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    self.read_folder(&entry.path(), &format!("{path}/"))?;
                }
            } else if kind.is_file() {
                let bytes = fs::read(entry.path()).map_err(Failure::doing(format!("reading {path}")))?;
                if let Ok(text) = String::from_utf8(bytes) {
                    self.files.push(File { path, text });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl Tree {
    /// A tree of these paths and texts.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }
}
