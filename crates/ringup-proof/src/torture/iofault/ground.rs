//! Where trials take place: on SQLite's file, or on a PostgreSQL cluster. Each trial has a copy of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::point::Point;
use super::trial::{Outcome, Script, play, play_on_cluster};
use crate::rig::audit;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, Plan};
use crate::rig::outside;
use crate::rig::postgres::Postgres;
use crate::rig::server::{Launch, Server};
use crate::torture::crowd::{Crowd, Member, Until};
use crate::torture::{Db, Setup};

/// How many cards of each product.
const CARDS: u64 = 8;
/// How many top-ups are in the books, and mostly in the log, before the script begins.
const TOP_UPS_BEFORE: u64 = 12;

/// How long the jobs of these may take.
const JOBS_WAIT: Duration = Duration::from_secs(60);

/// What trials are copied from.
pub struct Ground {
    template: Issuer,
    cluster: Option<Cluster>,
}

/// A cluster that has been stopped.
struct Cluster {
    folder: PathBuf,
    address: std::net::SocketAddr,
}

/// What a trial left, in a folder of its own.
pub struct Trial {
    /// Its issuer.
    pub issuer: Issuer,
    /// What came of it.
    pub outcome: Outcome,
    /// Its cluster, which runs.
    pub cluster: Option<Postgres>,
}

impl Ground {
    /// Makes an issuer whose server was killed, so that what it wrote last is still in the log.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(setup: &Setup, runtime: &Runtime, dice: &mut Dice) -> Result<Self, Failure> {
        let folder = setup.folder.join("template");
        let mut postgres = match setup.db {
            Db::Sqlite => None,
            Db::Postgres => Some(Postgres::make(&setup.folder.join("cluster"), &[])?),
        };
        let database = postgres.as_ref().map(|postgres| postgres.create_database("ringup")).transpose()?;
        let template = Issuer::make(&Plan { folder, database, gateway_url: None, cards: CARDS, seed: dice.draw() })?;
        let (mut server, _) = Server::start_ready(&template, &Launch::default())?;
        let crowd = Crowd::new(&template)?;
        runtime.block_on(crowd.top_up(vec![Member::new(dice.split())], Until::Acknowledged(TOP_UPS_BEFORE)));
        wait_for_jobs(&template)?;
        server.kill();
        if crowd.acks.count() < TOP_UPS_BEFORE {
            return Err(Failure::new(format!("the template could not be made: {}", crowd.take_wrong().join("; "))));
        }
        let mut cluster = None;
        if let Some(postgres) = &mut postgres {
            postgres.stop()?;
            cluster = Some(Cluster { folder: setup.folder.join("cluster"), address: postgres.address() });
        }
        Ok(Self { template, cluster })
    }

    /// Plays the script on a copy in this folder.
    ///
    /// # Errors
    /// When it cannot be played.
    pub fn play(
        &self,
        runtime: &Runtime,
        folder: &Path,
        point: Option<&Point>,
        script: &Script,
    ) -> Result<Trial, Failure> {
        let issuer = self.template.copied_to(folder)?;
        let Some(template) = &self.cluster else {
            let outcome = play(runtime, &issuer, point, script)?;
            return Ok(Trial { issuer, outcome, cluster: None });
        };
        let own = folder.join("cluster");
        copy_with_owners(&template.folder, &own)?;
        let mut cluster = Postgres::at(&own, template.address)?;
        cluster.start()?;
        let outcome = play_on_cluster(runtime, (&issuer, &cluster), point, script)?;
        // It mends itself, unless its postmaster has given up.
        if cluster.wait_until_it_takes_connections().is_err() {
            cluster.kill();
            cluster.start()?;
        }
        Ok(Trial { issuer, outcome, cluster: Some(cluster) })
    }
}

/// A payment's job looks after it ten seconds later. It does so before the copies are made: a trial that began with jobs
/// would come to its point before its script.
fn wait_for_jobs(issuer: &Issuer) -> Result<(), Failure> {
    let begun = outside::now();
    while audit::has_jobs_soon(issuer)? {
        if begun.elapsed() > JOBS_WAIT {
            return Err(Failure::new("the jobs of the template do not end"));
        }
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// PostgreSQL insists on the owner and the permissions of its folder.
fn copy_with_owners(from: &Path, to: &Path) -> Result<(), Failure> {
    let status = Command::new("cp").arg("--archive").arg(from).arg(to).status().map_err(Failure::doing("cp"))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{} cannot be copied", from.display()))) }
}
