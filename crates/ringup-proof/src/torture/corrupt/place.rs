//! A copy of the template that is damaged once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::bytes;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, errors};
use crate::rig::postgres::Postgres;
use crate::torture::stage::{Stage, damage_row, remove};

/// Lists the files of our tables and their indexes.
const OUR_FILES: &str = include_str!("our_files.sql");

/// How often another file is drawn when one is empty.
const TRIES: usize = 100;

/// A copy.
pub struct Place {
    /// Its issuer.
    pub issuer: Issuer,
    postgres: Option<Postgres>,
    /// The files that can be damaged.
    files: Vec<PathBuf>,
    folder: PathBuf,
}

impl Place {
    /// Copies a stage whose servers are stopped.
    pub fn copy(stage: &Stage, folder: &Path) -> Result<Self, Failure> {
        copy_folder(&stage.issuer.folder, folder)?;
        let Some(original) = &stage.postgres else {
            let issuer = stage.issuer.copied_to(folder)?;
            let files = ["ringup.db", "ringup.db-wal"].map(|name| folder.join(name)).to_vec();
            return Ok(Self { issuer, postgres: None, files, folder: folder.to_owned() });
        };
        // At the same address: one copy lives at a time.
        let mut postgres = Postgres::at(&folder.join("postgres"), original.address())?;
        postgres.start()?;
        let issuer = stage.issuer.copied_to(folder)?;
        let files = our_files(&issuer.database)?.into_iter().map(|file| postgres.data().join(file)).collect();
        Ok(Self { issuer, postgres: Some(postgres), files, folder: folder.to_owned() })
    }

    /// Damages a row, through the database's own programs.
    pub fn damage_row(&mut self, seed: u64) -> Result<String, Failure> {
        damage_row(&self.issuer.database, seed, None)
    }

    /// Damages the bytes of a file, while nobody has it open.
    pub fn damage_bytes(&mut self, dice: &mut Dice) -> Result<String, Failure> {
        if let Some(postgres) = &mut self.postgres {
            postgres.stop()?;
        }
        for _ in 0..TRIES {
            let Some(file) = dice.pick(&self.files) else { break };
            if file.exists()
                && let Some(what) = bytes::damage(file, dice)?
            {
                return Ok(what);
            }
        }
        Err(Failure::new("no file could be damaged"))
    }

    /// Starts the database again where it has a server; says whether it will.
    pub fn starts_database(&mut self) -> Result<bool, Failure> {
        match &mut self.postgres {
            Some(postgres) => Ok(postgres.lives() || postgres.start().is_ok()),
            None => Ok(true),
        }
    }

    /// Ends it, and removes it.
    pub fn end(mut self) -> Result<(), Failure> {
        if let Some(mut postgres) = self.postgres.take() {
            postgres.kill();
        }
        remove(&self.folder)
    }
}

/// With its owners: PostgreSQL's files belong to another user.
fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(Failure::doing(to.display()))?;
    let mut command = Command::new("cp");
    let output = command.arg("-a").arg(from.join(".")).arg(to).output().map_err(Failure::doing("starting cp"))?;
    if output.status.success() { Ok(()) } else { Err(Failure::new(format!("copying failed: {}", errors(&output)))) }
}

fn our_files(database: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut command = Command::new("psql");
    command.args([database, "-qXtA", "-c", OUR_FILES]);
    let output = command.output().map_err(Failure::doing("starting psql"))?;
    if !output.status.success() {
        return Err(Failure::new(format!("listing files failed: {}", errors(&output))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect())
}
