//! The packages of `e2e/`, exactly as their lock files say, and only when those changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::report::Outcome;
use crate::run;

/// Installs the npm packages of `folder`.
///
/// # Errors
/// When there is no lock file, or npm fails.
pub fn npm(folder: &str) -> Result<Outcome, Failure> {
    when_changed(folder, "package-lock.json", "node_modules", || {
        let mut npm = run::command("npm");
        // Debian's Chromium is used, so that no browser is fetched; and no package runs code of its own to get installed.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        run::run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder]))
    })
}

/// Makes the virtual environment `.venv` of `folder` with the packages of its `requirements.txt`.
///
/// # Errors
/// When there are no requirements, or python or pip fails.
pub fn python(folder: &str) -> Result<Outcome, Failure> {
    python_of(folder, run::command("python3"))
}

/// Like [`python`], with the interpreter that `interpreter` starts.
///
/// # Errors
/// Those of [`python`].
pub fn python_of(folder: &str, mut interpreter: Command) -> Result<Outcome, Failure> {
    when_changed(folder, "requirements.txt", ".venv", || {
        let environment = format!("{folder}/.venv");
        run::run(interpreter.args(["-m", "venv", "--clear", &environment]))?;
        let pip = run::root().join(&environment).join("bin/pip");
        let requirements = format!("{folder}/requirements.txt");
        run::run(run::command(pip).args(["install", "--quiet", "--disable-pip-version-check", "-r", &requirements]))
    })
}

// The stamp is the lock file itself, as it was when the install ended well.
fn when_changed(
    folder: &str,
    lock: &str,
    made: &str,
    install: impl FnOnce() -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let stamp = run::scratch()?.join(format!("{}-{lock}", folder.replace('/', "-")));
    let path = run::root().join(folder).join(lock);
    let wanted = fs::read(&path).map_err(Failure::doing(format!("reading {}", path.display())))?;
    if same(&stamp, &wanted) && run::root().join(folder).join(made).exists() {
        return Ok(Outcome::Skipped("as the lock file says".to_owned()));
    }
    install()?;
    fs::write(&stamp, wanted).map_err(Failure::doing(format!("writing {}", stamp.display())))?;
    Ok(Outcome::Done)
}

fn same(stamp: &Path, wanted: &[u8]) -> bool {
    fs::read(stamp).is_ok_and(|installed| installed == wanted)
}
