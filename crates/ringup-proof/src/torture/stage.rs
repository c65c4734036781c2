//! What a round of storm, race or overload plays on: an issuer on a database of the kind that was asked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use ringup_core::card::CardNumber;

use super::{Db, Setup};
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, Plan, Product};
use crate::rig::postgres::Postgres;

/// Damages rows past the program; the rows are its own choice.
const DAMAGE_ROW: &str = include_str!("corrupt/damage_row.py");

/// How a stage is made.
pub struct StagePlan<'a> {
    /// Its folder, below that of the run.
    pub name: &'a str,
    /// How many cards of each product.
    pub cards: u64,
    /// Draws the cards.
    pub seed: u64,
    /// Where the provider's gateway is; nowhere without it.
    pub gateway_url: Option<String>,
}

/// An issuer, and the PostgreSQL that its database is on, if it is.
pub struct Stage {
    /// The issuer.
    pub issuer: Issuer,
    /// Its PostgreSQL, which ends with this.
    pub postgres: Option<Postgres>,
    folder: PathBuf,
}

impl Stage {
    /// Makes it.
    ///
    /// # Errors
    /// When something of it fails.
    pub fn make(setup: &Setup, plan: StagePlan<'_>) -> Result<Self, Failure> {
        let folder = setup.folder.join(plan.name);
        let mut postgres = None;
        let mut database = None;
        if setup.db == Db::Postgres {
            let cluster = Postgres::make(&folder.join("postgres"), &[])?;
            database = Some(cluster.create_database("ringup")?);
            postgres = Some(cluster);
        }
        let issuer = Issuer::make(&Plan {
            folder: folder.clone(),
            database,
            gateway_url: plan.gateway_url,
            cards: plan.cards,
            seed: plan.seed,
        })?;
        Ok(Self { issuer, postgres, folder })
    }

    /// Its cards of a product.
    #[must_use]
    pub fn cards(&self, product: Product) -> Vec<CardNumber> {
        self.issuer.cards.iter().filter(|card| card.product == product).map(|card| card.number).collect()
    }

    /// Damages a row of a table past the program; answers what was done.
    ///
    /// # Errors
    /// When nothing could be damaged.
    pub fn tamper(&self, seed: u64, table: &str) -> Result<String, Failure> {
        damage_row(&self.issuer.database, seed, Some(table))
    }

    /// Ends it, and removes its folder: whole runs would fill the disk.
    ///
    /// # Errors
    /// When the folder cannot be removed.
    pub fn end(mut self) -> Result<(), Failure> {
        if let Some(mut postgres) = self.postgres.take() {
            postgres.stop()?;
        }
        remove(&self.folder)
    }
}

/// Removes a folder with everything in it.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(folder: &Path) -> Result<(), Failure> {
    std::fs::remove_dir_all(folder).map_err(Failure::doing(folder.display()))
}

/// Damages one row of a database, of this table or any; answers what was done.
///
/// # Errors
/// When nothing could be damaged.
pub fn damage_row(database: &str, seed: u64, table: Option<&str>) -> Result<String, Failure> {
    let mut command = Command::new("python3");
    let address = database.strip_prefix("sqlite:").unwrap_or(database);
    command.args(["-c", DAMAGE_ROW, address, &seed.to_string()]).args(table);
    let output = command.output().map_err(Failure::doing("starting python3"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    } else {
        Err(Failure::new(String::from_utf8_lossy(&output.stderr).trim_end().to_owned()))
    }
}
