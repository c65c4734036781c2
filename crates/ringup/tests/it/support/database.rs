//! A database of its own for each scenario.

use std::path::PathBuf;

use ringup_core::time::Timestamp;
use ringup_db::job::Job;
use ringup_db::seam::{Database, ReadTx};
use ringup_db::url::DatabaseUrl;
use ringup_db::{DbError, migrate, schema, verify};

/// A database with tables, which goes away with the scenario.
pub struct TestDatabase {
    url: DatabaseUrl,
    name: String,
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
        let name = format!("it_{}", super::key());
        let url = match Self::server() {
            None => DatabaseUrl::Sqlite(folder.path().join("ringup.db")),
            // Its connections bear its name, so that a scenario can cut its own.
            Some(server) => {
                let joint = if server.contains('?') { '&' } else { '?' };
                let server: DatabaseUrl = format!("{server}{joint}application_name={name}").parse().unwrap();
                let name = name.clone();
                std::thread::spawn(move || schema::make(server, &name).unwrap()).join().unwrap()
            }
        };
        Self { url, name, folder }
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

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        self.url.sqlite_path().map(PathBuf::from)
    }

    /// A folder for files of the scenario.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// What PostgreSQL's connections of this scenario are called.
    pub fn name(&self) -> &str {
        &self.name
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

    /// Connecting blocks, so it is done on a thread of its own.
    fn on_a_thread<T: Send + 'static>(&self, work: impl FnOnce(DatabaseUrl) -> T + Send + 'static) -> T {
        let url = self.url.clone();
        std::thread::spawn(move || work(url)).join().unwrap()
    }
}
