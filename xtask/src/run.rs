//! Running other programs in the checkout, and showing what was run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder where cargo puts what it builds in the profile this very program was built in: `target/debug`.
///
/// # Errors
/// When the system does not say where this program lies.
pub fn built() -> Result<PathBuf, Failure> {
    let this = std::env::current_exe().map_err(Failure::doing("finding the built programs"))?;
    this.parent().map(Path::to_path_buf).ok_or_else(|| Failure::new("this program lies in no folder"))
}

/// Cargo's folder for all profiles: `target`.
///
/// # Errors
/// When the system does not say where this program lies.
pub fn target() -> Result<PathBuf, Failure> {
    let built = built()?;
    Ok(built.parent().unwrap_or(&built).to_path_buf())
}

/// Our own folder beside what cargo builds: logs and stamps.
///
/// # Errors
/// When it cannot be made.
pub fn scratch() -> Result<PathBuf, Failure> {
    let scratch = target()?.join("xtask");
    std::fs::create_dir_all(&scratch).map_err(Failure::doing(format!("making {}", scratch.display())))?;
    Ok(scratch)
}

/// A command that starts in the root of the checkout.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// `cargo` with these arguments.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command("cargo");
    cargo.args(arguments);
    cargo
}

/// Shows and runs a command whose output goes straight to the terminal.
///
/// # Errors
/// When it cannot be started, or ends with anything but success.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = show(command);
    println!("$ {shown}");
    let status = command.stdin(Stdio::null()).status().map_err(Failure::doing(format!("starting {shown}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{shown}` ended with {status}"))) }
}

/// Whether a program can be started at all and answers with success; it says nothing to the terminal.
pub fn answers(program: &str, arguments: &[&str]) -> bool {
    let mut command = command(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn show(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.to_string_lossy(), value.to_string_lossy()));
        }
    }
    words.push(command.get_program().to_string_lossy().into_owned());
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    words.join(" ")
}
