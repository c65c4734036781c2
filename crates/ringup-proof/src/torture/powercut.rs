//! `powercut`: the machine loses its power at a random moment, round by round.
//!
//! The database is on a disk of its own (`rig::disk`). While the crowd tops up, the power goes in one of two ways: the
//! processes are stopped where they stand, or the file system is ended in the midst of what it is doing. The image is
//! copied then, and what follows happens on the copy, as after a real cut: the file system replays its journal, the
//! database its log, and everything acknowledged must be there.
//!
//! Half of the cuts come while the server, or PostgreSQL, has been asked to end and carries its log over into its tables.
//!
//! Before each cut a canary is written without being synced. It must be gone afterwards, or the cut is none.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::crowd::{Crowd, Member, Until};
use super::report::Report;
use super::{Db, Setup};
use crate::rig::dice::Dice;
use crate::rig::disk::{self, Breaker, Disk};
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, Plan};
use crate::rig::leash::{Signal, send};
use crate::rig::outside;
use crate::rig::postgres::Postgres;
use crate::rig::server::{Launch, Server};
use crate::rig::verdict::verify;

/// How many top up at the same time.
const MEMBERS: usize = 16;
/// How many cards of each product they share.
const CARDS: u64 = 40;
/// The longest time until the power goes.
const LIFE_MS_MAX: u64 = 500;
/// The longest time until the power goes in an orderly end.
const END_MS_MAX: u64 = 60;
/// How long a stopped process may take to stand still: as long as its last sync takes.
const STILL_WAIT: Duration = Duration::from_secs(20);
/// Syncs do nothing, and say that they did.
const SYNC_OFF: &str = "sync-off";
/// What stands in a canary.
const CANARY: &[u8] = &[b'c'; 4_096];

/// How the power goes.
enum Cut {
    /// The processes stand still, and the device comes to rest.
    Stopped,
    /// The file system ends in the midst of what it is doing.
    InTheMidst(Breaker),
}

impl Cut {
    const fn name(&self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::InTheMidst(_) => "in the midst",
        }
    }
}

/// Cuts, round by round.
///
/// # Errors
/// When it cannot run.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(&[SYNC_OFF])?;
    let mut report = Report::new("powercut", setup.seed);
    if let Some(why) = disk::refusal(&setup.folder) {
        report.skip(format!("no disk of our own on this machine: {why}"));
        return Ok(report);
    }
    let whole = match setup.db {
        Db::Sqlite => 200,
        Db::Postgres => 50,
    };
    let mut world = World::set_up(setup, sabotage.is_some(), report)?;
    for round in 1..=setup.rounds_or(whole, 6) {
        world.round(round)?;
        if world.report.is_broken() {
            break;
        }
    }
    world.finish()
}

/// All that takes part.
struct World {
    runtime: Runtime,
    dice: Dice,
    folder: PathBuf,
    disk: Option<Disk>,
    issuer: Issuer,
    postgres: Option<Postgres>,
    launch: Launch,
    sync_off: bool,
    crowd: Arc<Crowd>,
    members: Vec<Member>,
    report: Report,
}

impl World {
    fn set_up(setup: &Setup, sync_off: bool, report: Report) -> Result<Self, Failure> {
        let mut dice = Dice::new(setup.seed);
        let mebibytes = match setup.db {
            Db::Sqlite => 1_024,
            Db::Postgres => 2_048,
        };
        let disk = Disk::make(&setup.folder.join("0.img"), &setup.folder.join("disk"), mebibytes)?;
        let mut launch = Launch::default();
        let mut postgres = None;
        let database = match setup.db {
            Db::Sqlite => format!("sqlite:{}", disk.folder().join("ringup.db").display()),
            Db::Postgres => {
                let mut cluster = Postgres::make(&disk.folder().join("postgres"), &[])?;
                let database = cluster.create_database("ringup")?;
                if sync_off {
                    cluster.set_settings(vec!["fsync=off".to_owned()]);
                    cluster.stop()?;
                    cluster.start()?;
                }
                postgres = Some(cluster);
                database
            }
        };
        if sync_off && setup.db == Db::Sqlite {
            let words =
                "strace -D -f --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:retval=0";
            launch.front = words.split(' ').map(str::to_owned).collect();
        }
        let folder = setup.folder.join("issuer");
        let plan = Plan { folder, database: Some(database), gateway_url: None, cards: CARDS, seed: dice.draw() };
        let issuer = Issuer::make(&plan)?;
        disk.sync()?;
        let crowd = Crowd::new(&issuer)?;
        let members = (0..MEMBERS).map(|_| Member::new(dice.split())).collect();
        let runtime = Runtime::new().map_err(Failure::doing("starting a runtime"))?;
        let (folder, disk) = (setup.folder.clone(), Some(disk));
        Ok(Self { runtime, dice, folder, disk, issuer, postgres, launch, sync_off, crowd, members, report })
    }

    fn round(&mut self, round: u64) -> Result<(), Failure> {
        let disk = self.disk.take().ok_or_else(|| Failure::new("the disk is away"))?;
        let (mut server, _) = Server::start_ready(&self.issuer, &self.launch)?;
        let cut = if round % 2 == 1 || self.sync_off { Cut::Stopped } else { Cut::InTheMidst(disk.arm()?) };
        let at = format!("round {round}, {}", cut.name());
        let (crowd, members) = (Arc::clone(&self.crowd), std::mem::take(&mut self.members));
        let topping_up = self.runtime.spawn(async move { crowd.top_up(members, Until::Told).await });
        thread::sleep(Duration::from_millis(self.dice.below(LIFE_MS_MAX)));
        let canary = format!("canary-{round}");
        fs::write(disk.folder().join(&canary), CANARY).map_err(Failure::doing("writing the canary"))?;
        if round % 4 >= 2 && !self.sync_off {
            self.begin_to_end(&mut server);
        }
        let image = self.folder.join(format!("{round}.img"));
        let copied = self.cut(cut, &mut server).and_then(|()| disk.copy_to(&image));
        self.crowd.stop();
        // Only now, so that nothing of what the end of a process brings about can reach the copy.
        server.kill();
        if let Some(postgres) = &mut self.postgres {
            postgres.kill();
        }
        self.members = self.runtime.block_on(topping_up).map_err(Failure::doing("waiting for the crowd"))?;
        self.report.add("copied again because the disk was busy", copied?);
        let mount = disk.folder().to_owned();
        disk.discard();
        let disk = Disk::mount(&image, &mount)?;
        self.report.add("rounds", 1);
        let lost = fs::read(disk.folder().join(&canary)).unwrap_or_default() != CANARY;
        self.report.add("canaries lost", u64::from(lost));
        self.disk = Some(disk);
        if let Some(postgres) = &mut self.postgres {
            postgres.start()?;
        }
        self.check(&at)
    }

    /// Asks for an orderly end, in which the log is carried over into the tables: the power goes meanwhile.
    fn begin_to_end(&mut self, server: &mut Server) {
        self.report.add("cut while ending", 1);
        match &mut self.postgres {
            None => server.signal_alone(Signal::Terminate),
            Some(postgres) => postgres.interrupt(),
        }
        thread::sleep(Duration::from_millis(self.dice.below(END_MS_MAX)));
    }

    fn cut(&mut self, cut: Cut, server: &mut Server) -> Result<(), Failure> {
        match cut {
            Cut::InTheMidst(breaker) => {
                self.report.add("cut in the midst", 1);
                self.crowd.stop_listening();
                breaker.pull()
            }
            Cut::Stopped => {
                self.report.add("cut by stopping", 1);
                let mut pids = vec![server.pid()];
                server.signal_alone(Signal::Stop);
                if let Some(postgres) = &self.postgres {
                    // The postmaster first, so that it starts nobody else.
                    let postmaster = postgres.pid().into_iter();
                    for pid in postmaster.chain(postgres.children()) {
                        send(Signal::Stop, &pid.to_string());
                        pids.push(pid);
                    }
                }
                wait_until_still(&pids)
            }
        }
    }

    fn check(&mut self, at: &str) -> Result<(), Failure> {
        let verdict = verify(&self.issuer, Some(self.crowd.acks.path()))?;
        self.report.judge(at, &verdict);
        for wrong in self.crowd.take_wrong() {
            self.report.broke(format!("{at}: {wrong}"));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Report, Failure> {
        let (rounds, lost) = (self.report.count("rounds"), self.report.count("canaries lost"));
        self.report.must(lost == rounds, || {
            format!("of {rounds} canaries that were never synced only {lost} were lost: these are no power cuts")
        });
        if self.report.is_broken() {
            return Ok(self.report);
        }
        let (server, _) = Server::start_ready(&self.issuer, &self.launch)?;
        let ending = self.crowd.top_up(std::mem::take(&mut self.members), Until::Idle);
        self.runtime.block_on(ending);
        self.check("at the end")?;
        self.crowd.settle(&self.issuer, &mut self.report)?;
        drop(server);
        Ok(self.report)
    }
}

/// Waits until every thread of these processes stands still: what was in a system call has finished it.
fn wait_until_still(pids: &[u32]) -> Result<(), Failure> {
    let begun = outside::now();
    while !pids.iter().all(|&pid| is_still(pid)) {
        if begun.elapsed() > STILL_WAIT {
            return Err(Failure::new("a stopped process does not stand still"));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn is_still(pid: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return true };
    threads.filter_map(Result::ok).all(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The state follows the name, which stands in parentheses and may hold anything.
        let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).unwrap_or("T");
        matches!(state, "T" | "t" | "Z" | "X")
    })
}
