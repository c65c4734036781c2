//! Slips, printed on a receipt printer in software that is not ours, which also runs out of paper.

use std::process::{Command, Stdio};

use super::packages;
use crate::failure::Failure;
use crate::report::Outcome;
use crate::run;

const FOLDER: &str = "e2e/paper";
/// Has the letters of the sample receipts, so that this needs no font of the system.
const FONT: &str = "crates/ringup-paper/tests/fonts/few-letters.otf";

/// The interpreters that may be new enough; Debian 12's own is not.
const INTERPRETERS: [&str; 3] = ["python3.13", "python3.14", "python3"];
const IS_NEW_ENOUGH: &str = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 13))";

/// Prints the sample receipts on emupos, and looks at what came out and at what it said.
///
/// Skipped where there is no Python 3.13: Debian 12 has none, and no package from PyPI brings one.
///
/// # Errors
/// When emupos cannot be installed, or a check failed.
pub fn test() -> Result<Outcome, Failure> {
    let Some(interpreter) = INTERPRETERS.into_iter().find(|name| is_new_enough(name)) else {
        return Ok(Outcome::Skipped("no Python 3.13 here (docs/printing.md)".to_owned()));
    };
    packages::python_of(FOLDER, python(interpreter))?;
    // Of the whole workspace, or its dependencies would be compiled once more with other features.
    run::run(&mut run::cargo(&["build", "--workspace", "--example", "print_receipt"]))?;
    let mut checks = run::command(run::root().join(FOLDER).join(".venv/bin/python"));
    checks.arg("e2e/paper/paper.py").arg(run::built()?.join("examples/print_receipt")).arg(FONT);
    run::run(&mut checks)?;
    Ok(Outcome::Done)
}

fn is_new_enough(interpreter: &str) -> bool {
    let mut command = python(interpreter);
    command.args(["-c", IS_NEW_ENOUGH]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Where pyenv keeps several, it starts the one that this names; others do not read it.
fn python(interpreter: &str) -> Command {
    let mut command = run::command(interpreter);
    command.env("PYENV_VERSION", "3.13");
    command
}
