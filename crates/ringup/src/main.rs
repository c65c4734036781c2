//! The `ringup` program.

fn main() -> std::process::ExitCode {
    ringup::cli::run()
}
