//! What the tests need from the system, and how it gets there.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Part;
use crate::failure::Failure;
use crate::report::Outcome;
use crate::run;

/// Where Debian puts the browser.
pub const CHROMIUM: &str = "/usr/bin/chromium";
const POSTGRESQL: &str = "/usr/lib/postgresql";
const FONTS: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// Makes sure that what `part` needs is there: installs it as root, names it otherwise.
///
/// # Errors
/// When something is missing and cannot be installed.
pub fn ensure(part: Part) -> Result<Outcome, Failure> {
    let packages = missing(part);
    if packages.is_empty() {
        return Ok(Outcome::Skipped("all there".to_owned()));
    }
    let names = packages.join(" ");
    if !is_root() {
        return Err(Failure::new(format!(
            "missing; please install as root: apt-get install --no-install-recommends {names}"
        )));
    }
    println!("installing from Debian: {names}");
    run::run(run::command("apt-get").arg("update"))?;
    let mut install = run::command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    run::run(install.args(["install", "--yes", "--no-install-recommends"]).args(&packages))?;
    match missing(part) {
        still if still.is_empty() => Ok(Outcome::Done),
        still => Err(Failure::new(format!("still missing after installing: {}", still.join(" ")))),
    }
}

/// Whether we may install, and must not run a database as ourselves.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

/// The folder of PostgreSQL's programs, the newest when there are several.
pub fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir(POSTGRESQL).ok()?.flatten().map(|entry| entry.path().join("bin"));
    let whole = versions.filter(|programs| programs.join("initdb").exists() && programs.join("postgres").exists());
    whole.max_by_key(|programs| {
        programs.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok())
    })
}

fn missing(part: Part) -> Vec<&'static str> {
    let mut packages = Vec::new();
    if part.needs_postgres() && postgres_programs().is_none() {
        packages.push("postgresql");
    }
    if part.needs_tracer() && !run::answers("strace", &["--version"]) {
        packages.push("strace");
    }
    if part.needs_browser() && !Path::new(CHROMIUM).exists() {
        packages.push("chromium");
    }
    if part.needs_browser() && !Path::new(FONTS).exists() {
        packages.push("fonts-noto-cjk");
    }
    // Debian's python3 comes without the part that makes virtual environments.
    if part.needs_sdks() && !run::answers("python3", &["-c", "import ensurepip, venv"]) {
        packages.push("python3-venv");
    }
    packages
}
