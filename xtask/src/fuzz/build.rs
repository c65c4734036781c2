//! Building with coverage counters, by flags that the stable compiler takes.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::run;

/// LLVM's own pass, and what it is to put in: a counter for each edge, where each is, and what is compared with what. There
/// is no address sanitizer among them: that needs another standard library, and there is no unsafe code here to look at.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Builds the program into `folder`; answers where it is.
///
/// # Errors
/// When cargo fails.
pub fn build(folder: &Path) -> Result<PathBuf, Failure> {
    let host = host()?;
    // With `--target` cargo leaves build scripts and macros without the flags: they run before there is a fuzzer.
    let mut cargo = run::cargo(&["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    run::run(cargo.env("CARGO_TARGET_DIR", folder).env("RUSTFLAGS", FLAGS.join(" ")))?;
    Ok(folder.join(host).join("release/fuzz"))
}

/// The kind of machine that the compiler runs on: `x86_64-unknown-linux-gnu`.
fn host() -> Result<String, Failure> {
    let told = run::command("rustc").arg("-vV").output().map_err(Failure::doing("asking rustc for its machine"))?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("rustc does not say which machine it is for"))
}
