//! A PostgreSQL for one run: its own folder, its own port, gone at the end.

use std::net::TcpListener;
use std::time::Duration;

use super::debian;
use crate::failure::Failure;
use crate::run;
use crate::service::Service;

const SCRIPT: &str = include_str!("postgres.sh");
const PATIENCE: Duration = Duration::from_secs(90);

/// A running PostgreSQL. Dropping it stops it and removes its folder.
pub struct Postgres {
    port: u16,
    #[expect(dead_code, reason = "it is held so that the server lives as long as this")]
    service: Service,
}

impl Postgres {
    /// Makes a database cluster in a temporary folder and serves it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not get ready.
    pub fn start() -> Result<Self, Failure> {
        let programs = debian::postgres_programs().ok_or_else(|| Failure::new("PostgreSQL is not installed"))?;
        let port = free_port()?;
        // PostgreSQL refuses to run as root; Debian's package brings a user for it.
        let mut command = if debian::is_root() {
            let mut command = run::command("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            run::command("sh")
        };
        // That user may not enter the checkout.
        command.current_dir("/").args(["-c", SCRIPT, "postgres.sh"]).arg(programs).arg(port.to_string());
        let service = Service::start("PostgreSQL", &mut command, &run::scratch()?.join("postgresql.log"))?;
        service.wait_for(PATIENCE, |line| (line == "ready").then_some(()))?;
        Ok(Self { port, service })
    }

    /// The URL of one of its databases. Its user may do everything, and needs no password.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://ringup@127.0.0.1:{}/{database}", self.port)
    }
}

// Another program may take it before PostgreSQL does; then PostgreSQL says so, and the run is repeated.
fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::doing("looking for a free port"))?;
    let address = listener.local_addr().map_err(Failure::doing("looking for a free port"))?;
    Ok(address.port())
}
