//! A database of its own for each scenario.

use std::path::PathBuf;
use std::process::Command;

use ringup_core::time::Timestamp;
use ringup_db::job::Job;
use ringup_db::seam::{Database, ReadTx};
use ringup_db::url::DatabaseUrl;
use ringup_db::{DbError, migrate, schema, verify};

/// A database with tables, which goes away with the scenario.
pub struct TestDatabase {
    url: DatabaseUrl,
    folder: tempfile::TempDir,
}

impl TestDatabase {
    /// SQLite, or a schema of its own on the server that `RINGUP_TEST_DATABASE_URL` names.
    pub fn fresh() -> Self {
        let database = Self::empty();
        database.on_a_thread(|url| migrate::migrate(&Database::open(url).unwrap(), super::START).map(drop).unwrap());
        database
    }

    /// The same without tables.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match Self::server() {
            None => DatabaseUrl::Sqlite(folder.path().join("ringup.db")),
            Some(server) => {
                let name = format!("it_{}", super::key());
                std::thread::spawn(move || schema::make(server.parse().unwrap(), &name).unwrap()).join().unwrap()
            }
        };
        Self { url, folder }
    }

    /// One whose connections can be told from all others: on PostgreSQL a database and not a schema. Answers its name.
    pub fn apart(server: &str) -> (Self, String) {
        let name = format!("it_{}", super::key());
        psql(server, &format!("create database {name}"));
        let mut address = reqwest::Url::parse(server).unwrap();
        address.set_path(&name);
        let url: DatabaseUrl = address.as_str().parse().unwrap();
        let database = Self { url, folder: tempfile::tempdir().unwrap() };
        database.on_a_thread(|url| migrate::migrate(&Database::open(url).unwrap(), super::START).map(drop).unwrap());
        (database, name)
    }

    /// The same PostgreSQL database, reached by way of another address.
    pub fn through(self, wire: std::net::SocketAddr) -> Self {
        let mut address = reqwest::Url::parse(&self.address()).unwrap();
        address.set_ip_host(wire.ip()).unwrap();
        address.set_port(Some(wire.port())).unwrap();
        Self { url: address.as_str().parse().unwrap(), ..self }
    }

    /// The PostgreSQL server that the scenarios run on, if they do.
    pub fn server() -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "here the scenarios learn which database they are for")]
        std::env::var("RINGUP_TEST_DATABASE_URL").ok()
    }

    /// Its address, as the command line takes it.
    pub fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.reveal().clone(),
        }
    }

    pub fn database(&self) -> Database {
        self.on_a_thread(|url| Database::open(url).unwrap())
    }

    /// A folder for files of the scenario.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Every rule of the ledger must hold.
    pub fn should_verify(&self, now: Timestamp) {
        let report = self.on_a_thread(move |url| {
            let mut reader = Database::open(url).unwrap().reader().unwrap();
            verify::verify(&mut reader, None, now).unwrap()
        });
        let lines: Vec<String> = report.lines.iter().map(ToString::to_string).collect();
        assert!(report.is_clean(), "{}", lines.join("\n"));
    }

    /// The jobs that were left to a person.
    pub fn given_up_jobs(&self) -> Vec<Job> {
        self.read(|tx| ringup_db::job::given_up_jobs(tx))
    }

    /// Reads past the server, as another process would.
    pub fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut ReadTx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        self.on_a_thread(move |url| Database::open(url).unwrap().reader().unwrap().read(read).unwrap())
    }

    /// This text must not be in any row, nor in the files of SQLite.
    pub fn should_not_contain(&self, text: &str) {
        let everything = match &self.url {
            DatabaseUrl::Sqlite(_) => {
                let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
                files.filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).unwrap()).collect()
            }
            DatabaseUrl::Postgres(url) => {
                let rows = "set xmlbinary to hex; select schema_to_xml(current_schema(), false, false, '')";
                Command::new("psql").args([url.reveal(), "-Atqc", rows]).output().unwrap().stdout
            }
        };
        let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
        assert!(everything.len() > 1_000, "the whole database was looked through");
        for wanted in [text.as_bytes(), hex.as_bytes()] {
            assert!(!everything.windows(wanted.len()).any(|part| part == wanted), "{text} is in the database");
        }
    }

    /// Changes it past the server, whichever it is, as somebody with a console would.
    pub fn tampered_with(&self, sql: &str) {
        match &self.url {
            DatabaseUrl::Sqlite(file) => super::tamper(file, sql),
            DatabaseUrl::Postgres(url) => psql(url.reveal(), sql),
        }
    }

    /// Connecting blocks, so it is done on a thread of its own.
    fn on_a_thread<T: Send + 'static>(&self, work: impl FnOnce(DatabaseUrl) -> T + Send + 'static) -> T {
        let url = self.url.clone();
        std::thread::spawn(move || work(url)).join().unwrap()
    }
}

/// Runs a statement on a PostgreSQL server, as somebody at its console would.
pub fn psql(server: &str, sql: &str) {
    let output = Command::new("psql").args([server, "-qc", sql]).output().unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
}
