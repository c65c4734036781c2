//! One run: every part in its order, then the table.

use std::fs;
use std::path::PathBuf;

use super::effort::Effort;
use super::goal::{Verdict, goals};
use super::lane::{self, Brake};
use super::report::{Report, table};
use super::stopwatch::Stopwatch;
use super::store::{Kind, POSTGRES_SETTINGS, Store};
use super::world::{Offer, WorldSpec};
use super::{Args, BenchError, Databases, Part, Sabotage, yardstick};
use crate::rig::outside;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// Every goal that was judged has been reached.
    AllReached,
    /// At least one was missed.
    SomeMissed,
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
            folder: args.data.clone().unwrap_or_else(|| target.join("bench")),
            result: target.join("bench.json"),
            report: Report::default(),
        })
    }

    /// Measures everything, prints the table and writes the figures down.
    pub fn go(mut self) -> Result<Sum, BenchError> {
        let watch = Stopwatch::start();
        fs::create_dir_all(&self.folder)?;
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
        if self.wants(Part::Yardsticks) {
            self.yardsticks(postgres.as_ref())?;
        }
        for kind in self.kinds {
            match (kind, &postgres) {
                (Kind::Postgres, Some(store)) => self.measure(store)?,
                (Kind::Postgres, None) => {}
                (Kind::Sqlite, _) => self.measure(&Store::open(Kind::Sqlite, &self.folder)?)?,
            }
        }
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

    fn measure(&mut self, store: &Store) -> Result<(), BenchError> {
        if self.wants(Part::Lane) {
            for offer in [Offer::Plain, Offer::Promoted] {
                let spec = WorldSpec { cards: self.effort.cards, offer, placed: self.effort.placed };
                let world = store.world(spec)?;
                for in_flight in lane::IN_FLIGHT {
                    let point = lane::measure(store, &world, in_flight, &self.effort, self.brake)?;
                    self.report.add(point.rate);
                    self.report.add(point.p99);
                }
            }
        }
        Ok(())
    }

    fn sum_up(mut self) -> Result<Sum, BenchError> {
        let goals: Vec<_> = self.kinds.iter().flat_map(|kind| goals(*kind)).collect();
        self.report.compare(&goals);
        let judged = self.report.judge(&goals, self.quick);
        println!("\n{}", table(&judged));
        self.report.write(&self.result)?;
        let missed = judged.iter().any(|judged| judged.verdict == Verdict::Missed);
        Ok(if missed { Sum::SomeMissed } else { Sum::AllReached })
    }
}

/// How busy the machine has been, by its own word: over one, five and fifteen minutes.
fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
