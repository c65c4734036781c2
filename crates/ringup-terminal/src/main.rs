//! The `ringup-terminal` program.

fn main() -> std::process::ExitCode {
    ringup_terminal::cli::run()
}
