//! `kill9`: SIGKILL at random moments, of the server, and with PostgreSQL of a backend or its postmaster.
//!
//! What was acknowledged must be there, once; the server must be ready again within five seconds; and whoever got no answer
//! asks again with the same key, to one effect.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::crowd::{Crowd, Member, Until};
use super::early;
use super::report::Report;
use super::{Db, Setup};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, Plan};
use crate::rig::leash::{Signal, send};
use crate::rig::outside;
use crate::rig::postgres::{Postgres, are_gone_within};
use crate::rig::server::{Launch, READY_WAIT, Server};
use crate::rig::verdict::verify;

/// How many top up at the same time.
const MEMBERS: usize = 16;
/// How many cards of each product they share.
const CARDS: u64 = 40;
/// The longest time until the victim dies.
const LIFE_MS_MAX: u64 = 600;
/// So many of a thousand servers are killed once more as they start.
const AGAIN_PER_MILLE: u64 = 250;
/// How long that takes at most.
const START_MS_MAX: u64 = 80;
/// How soon the server must be ready again.
const READY_AT_MOST: Duration = Duration::from_secs(5);

/// A server that answers notifications before they are booked (`torture::early`).
const ACK_EARLY: &str = "ack-early";

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Server,
    Backend,
    Postmaster,
}

/// Kills, round by round.
///
/// # Errors
/// When it cannot run.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let mut bench = Bench::set_up(setup)?;
    for round in 1..=setup.rounds_or(200, 10) {
        bench.round(round)?;
        if bench.report.is_broken() {
            break;
        }
    }
    bench.finish()
}

/// All that takes part.
struct Bench {
    runtime: Runtime,
    dice: Dice,
    issuer: Issuer,
    postgres: Option<Postgres>,
    server: Server,
    launch: Launch,
    crowd: Arc<Crowd>,
    members: Vec<Member>,
    report: Report,
}

impl Bench {
    fn set_up(setup: &Setup) -> Result<Self, Failure> {
        let mut dice = Dice::new(setup.seed);
        let postgres = match setup.db {
            Db::Sqlite => None,
            Db::Postgres => Some(Postgres::make(&setup.folder.join("postgres"), &[])?),
        };
        let database = postgres.as_ref().map(|postgres| postgres.create_database("ringup")).transpose()?;
        let folder = setup.folder.join("issuer");
        let issuer = Issuer::make(&Plan { folder, database, gateway_url: None, cards: CARDS, seed: dice.draw() })?;
        let launch = match setup.sabotage_among(&[ACK_EARLY])? {
            Some(_) => Launch { instead: early::command(&issuer)?, ..Launch::default() },
            None => Launch::default(),
        };
        let (server, _) = Server::start_ready(&issuer, &launch)?;
        let crowd = Crowd::new(&issuer)?;
        let members = (0..MEMBERS).map(|_| Member::new(dice.split())).collect();
        let runtime = Runtime::new().map_err(Failure::doing("starting a runtime"))?;
        let report = Report::new("kill9", setup.seed);
        Ok(Self { runtime, dice, issuer, postgres, server, launch, crowd, members, report })
    }

    fn round(&mut self, round: u64) -> Result<(), Failure> {
        let victim = match (round % 3, &self.postgres) {
            (_, None) | (1, _) => Victim::Server,
            (2, _) => Victim::Backend,
            _ => Victim::Postmaster,
        };
        let crowd = Arc::clone(&self.crowd);
        let members = std::mem::take(&mut self.members);
        let topping_up = self.runtime.spawn(async move { crowd.top_up(members, Until::Told).await });
        thread::sleep(Duration::from_millis(self.dice.below(LIFE_MS_MAX)));
        let ready_ms = self.kill(victim);
        self.crowd.stop();
        self.members = self.runtime.block_on(topping_up).map_err(Failure::doing("waiting for the crowd"))?;
        let ready_ms = ready_ms?;
        self.report.add("rounds", 1);
        self.report.largest("slowest to be ready ms", ready_ms);
        self.report.must(ready_ms < to_millis(READY_AT_MOST), || {
            format!("round {round}: ready again only after {ready_ms} ms")
        });
        self.check(&format!("round {round}, {victim:?} killed"))
    }

    /// Kills it, brings back what does not come back by itself, and waits until the server is ready; answers how many
    /// milliseconds the server took for that. What PostgreSQL takes to recover is its own, and is counted apart.
    fn kill(&mut self, victim: Victim) -> Result<u64, Failure> {
        let begun = match (victim, &mut self.postgres) {
            (Victim::Server, _) | (_, None) => {
                self.report.add("servers killed", 1);
                self.server.kill();
                if self.dice.per_mille(AGAIN_PER_MILLE) {
                    // While it mends what the first kill left.
                    self.report.add("servers killed as they started", 1);
                    let mut starting = Server::start(&self.issuer, &self.launch)?;
                    thread::sleep(Duration::from_millis(self.dice.below(START_MS_MAX)));
                    starting.kill();
                }
                let begun = outside::now();
                self.server = Server::start(&self.issuer, &self.launch)?;
                begun
            }
            (Victim::Backend, Some(postgres)) => {
                let backends = postgres.backends();
                let backend = self.dice.pick(&backends).ok_or_else(|| Failure::new("the server has no backend"))?;
                send(Signal::Kill, &backend.to_string());
                self.report.add("backends killed", 1);
                let killed = outside::now();
                // The postmaster ends all others and recovers. Until then a server may look ready that is not.
                if !are_gone_within(READY_WAIT, &backends) {
                    return Err(Failure::new("the postmaster did not notice that a backend was killed"));
                }
                postgres.wait_until_it_takes_connections()?;
                self.report.largest("slowest recovery of PostgreSQL ms", to_millis(killed.elapsed()));
                outside::now()
            }
            (Victim::Postmaster, Some(postgres)) => {
                postgres.kill_postmaster();
                self.report.add("postmasters killed", 1);
                let recovery = postgres.start()?;
                self.report.largest("slowest recovery of PostgreSQL ms", to_millis(recovery));
                outside::now()
            }
        };
        self.server.wait_ready(READY_WAIT)?;
        Ok(to_millis(begun.elapsed()))
    }

    fn check(&mut self, at: &str) -> Result<(), Failure> {
        let verdict = verify(&self.issuer, Some(self.crowd.acks.path()))?;
        self.report.judge(at, &verdict);
        for wrong in self.crowd.take_wrong() {
            self.report.broke(format!("{at}: {wrong}"));
        }
        Ok(())
    }

    /// Everyone ends what he has under way; then what was told and what is there must be the same.
    fn finish(mut self) -> Result<Report, Failure> {
        let members = std::mem::take(&mut self.members);
        let ending = self.crowd.top_up(members, Until::Idle);
        self.runtime.block_on(ending);
        self.check("at the end")?;
        self.crowd.settle(&self.issuer, &mut self.report)?;
        Ok(self.report)
    }
}

fn to_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
