//! One run: every part in its order, then the table.

use std::fs;
use std::path::PathBuf;

use super::effort::Effort;
use super::goal::{Verdict, goals};
use super::http::{CONNECTIONS, Http};
use super::lane::{self, Brake};
use super::report::{Report, table};
use super::stopwatch::Stopwatch;
use super::store::{Kind, POSTGRES_SETTINGS, Store};
use super::world::{Offer, WorldSpec};
use super::{Args, BenchError, Databases, Part, Sabotage, growth, program, storm, yardstick};
use crate::rig::issuer::agreed_keys;
use crate::rig::outside;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// Every goal that was judged has been reached.
    AllReached,
    /// At least one was missed.
    SomeMissed,
    /// No goal could be judged by what was measured.
    NoneJudged,
}

/// A run.
pub struct Run {
    quick: bool,
    only: Vec<Part>,
    kinds: &'static [Kind],
    brake: Brake,
    effort: Effort,
    folder: PathBuf,
    result: PathBuf,
    report: Report,
}

impl Run {
    /// As it was asked for.
    pub fn new(args: &Args) -> Result<Self, BenchError> {
        let target = outside::target_folder()?;
        Ok(Self {
            quick: args.quick,
            only: args.only.clone(),
            kinds: match args.db {
                Databases::Sqlite => &[Kind::Sqlite],
                Databases::Postgres => &[Kind::Postgres],
                Databases::Both => &[Kind::Sqlite, Kind::Postgres],
            },
            brake: if args.sabotage == Some(Sabotage::SlowLane) { Brake::On } else { Brake::Off },
            effort: if args.quick { Effort::QUICK } else { Effort::FULL },
            folder: std::path::absolute(args.data.clone().unwrap_or_else(|| target.join("bench")))?,
            result: target.join("bench.json"),
            report: Report::default(),
        })
    }

    /// Measures everything, prints the table and writes the figures down.
    pub fn go(mut self) -> Result<Sum, BenchError> {
        let watch = Stopwatch::start();
        fs::create_dir_all(&self.folder)?;
        // What a run that was cut off has left behind.
        let _ = fs::remove_dir_all(self.folder.join("stages"));
        println!("load average before: {}", load_average());
        // Stands for the whole run: it is a yardstick for SQLite too.
        let postgres = match Store::open(Kind::Postgres, &self.folder) {
            Ok(store) => Some(store),
            Err(error) if self.kinds.contains(&Kind::Postgres) => return Err(error),
            Err(error) => {
                println!("SKIPPED what is compared with PostgreSQL: {error}");
                None
            }
        };
        let sqlite = Store::open(Kind::Sqlite, &self.folder)?;
        if self.wants(Part::Yardsticks) {
            self.yardsticks(postgres.as_ref())?;
        }
        // Part by part, so that what is compared is measured in the same minutes.
        for part in [Part::Lane, Part::Http, Part::Growth, Part::Program, Part::Storm] {
            for store in std::iter::once(&sqlite).chain(&postgres) {
                if self.wants(part) && self.kinds.contains(&store.kind()) {
                    self.measure(part, store)?;
                }
            }
        }
        let _ = fs::remove_dir_all(self.folder.join("stages"));
        println!("load average after: {}; the run took {} s", load_average(), watch.elapsed().as_secs());
        self.sum_up()
    }

    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn yardsticks(&mut self, postgres: Option<&Store>) -> Result<(), BenchError> {
        for figure in yardstick::measure_disk(&self.folder, &self.effort)? {
            self.report.add(figure);
        }
        if let Some(cluster) = postgres.and_then(Store::cluster) {
            println!("PostgreSQL, for pgbench and for Ringup: {}", POSTGRES_SETTINGS.join(", "));
            for figure in yardstick::measure_pgbench(cluster, &self.effort)? {
                self.report.add(figure);
            }
        }
        Ok(())
    }

    fn measure(&mut self, part: Part, store: &Store) -> Result<(), BenchError> {
        let usual = |offer| WorldSpec { cards: self.effort.cards, offer, placed: self.effort.placed };
        match part {
            Part::Yardsticks => Ok(()),
            Part::Lane => {
                let (plain, promoted) = (self.effort.in_flight, self.effort.in_flight_promoted);
                let (plain_world, promoted_world) = (usual(Offer::Plain), usual(Offer::Promoted));
                self.lane(store, plain_world, plain)?;
                self.lane(store, promoted_world, promoted)
            }
            Part::Http => self.http(store, usual(Offer::Plain)),
            Part::Growth => growth::measure(store, &self.effort, self.brake, &mut self.report),
            Part::Program => program::issue_and_start(store, &self.effort, &mut self.report),
            Part::Storm if !self.effort.everything => Ok(()),
            Part::Storm => {
                let world = store.world(storm::WORLD)?;
                let http = Http::new(store, &world, &self.effort, &agreed_keys()?.alipay)?;
                storm::measure(store, &world, &http, &mut self.report)
            }
        }
    }

    fn lane(&mut self, store: &Store, spec: WorldSpec, points: &[usize]) -> Result<(), BenchError> {
        let world = store.world(spec)?;
        for in_flight in points {
            let stage = store.stage(&world)?;
            let point = lane::measure(&stage, &world, *in_flight, &self.effort, self.brake)?;
            let name = format!("{}.lane.{}.{in_flight}", store.kind().name(), spec.offer.name());
            self.report.add_all(point.figures(&name));
        }
        Ok(())
    }

    fn http(&mut self, store: &Store, spec: WorldSpec) -> Result<(), BenchError> {
        let world = store.world(spec)?;
        let http = Http::new(store, &world, &self.effort, &agreed_keys()?.alipay)?;
        // The server by itself knows no database: all points of it are measured once, and one beside each database.
        let is_first = self.kinds.first() == Some(&store.kind());
        http.ceiling(if is_first { self.effort.connections } else { &[CONNECTIONS] }, &mut self.report)?;
        http.credit(&mut self.report)?;
        http.balance(&mut self.report)?;
        if self.effort.everything {
            http.place(&mut self.report)?;
        }
        if is_first || self.effort.everything {
            http.ceiling_again(&mut self.report)?;
        }
        Ok(())
    }

    fn sum_up(mut self) -> Result<Sum, BenchError> {
        let goals: Vec<_> = self.kinds.iter().flat_map(|kind| goals(*kind)).collect();
        self.report.compare(&goals);
        let mut judged = self.report.judge(&goals, self.quick);
        if !self.only.is_empty() {
            judged.retain(|judged| judged.was_measured());
        }
        println!("\n{}", table(&judged));
        self.report.write(&self.result)?;
        let came_to = |verdict| judged.iter().any(|judged| judged.verdict == verdict);
        Ok(match (came_to(Verdict::Missed), came_to(Verdict::Reached)) {
            (true, _) => Sum::SomeMissed,
            (false, true) => Sum::AllReached,
            (false, false) => Sum::NoneJudged,
        })
    }
}

/// How busy the machine has been, by its own word: over one, five and fifteen minutes.
fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
