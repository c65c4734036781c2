//! Everything over HTTP: a server and a load generator in processes of their own, on this machine's loopback.

mod pages;
mod processes;
mod signed;

use std::net::SocketAddr;
use std::path::PathBuf;

use ringup_sandbox::AlipayDemoKeys;

use super::effort::Effort;
use super::figure::{Figure, Spread, Unit, per_second};
use super::load::{Outcome, Plan, RequestFile};
use super::report::Report;
use super::server::NO_OP;
use super::store::{Stage, Store, World};
use super::world::{PAID_AT, Placed};
use super::{BenchError, audit, program};
use processes::send;
pub use processes::serve_at;

/// How many connections there are where only one number is measured.
pub const CONNECTIONS: usize = 64;

/// Longer than any load that ends by itself.
const LONG_MS: u64 = 600_000;

/// Measures everything over HTTP on copies of a world.
pub struct Http<'a> {
    store: &'a Store,
    world: &'a World,
    effort: &'a Effort,
    /// The notifications of the world's payments, in the order in which they are told.
    notifications: PathBuf,
    order: Vec<Placed>,
}

impl<'a> Http<'a> {
    /// Signs the notifications, or finds those that were signed before.
    pub fn new(
        store: &'a Store,
        world: &'a World,
        effort: &'a Effort,
        keys: &AlipayDemoKeys,
    ) -> Result<Self, BenchError> {
        let (notifications, order) = signed::notifications(store, world, effort, keys)?;
        Ok(Self { store, world, effort, notifications, order })
    }

    /// For what needs no notifications.
    pub fn without_notifications(store: &'a Store, world: &'a World, effort: &'a Effort) -> Self {
        Self { store, world, effort, notifications: PathBuf::new(), order: Vec::new() }
    }

    /// What the server itself costs: requests of the same size that it reads and forgets.
    pub fn ceiling(&self, points: &[usize], report: &mut Report) -> Result<(), BenchError> {
        let stage = self.store.stage(self.world)?;
        for connections in points {
            let figures = self.ceiling_at(&stage, *connections, "ceiling")?;
            report.add_all(figures);
        }
        Ok(())
    }

    /// The same once more, so that one sees whether the machine has changed meanwhile.
    pub fn ceiling_again(&self, report: &mut Report) -> Result<(), BenchError> {
        let stage = self.store.stage(self.world)?;
        let again = self.ceiling_at(&stage, CONNECTIONS, "ceiling_again")?;
        let before = report.find(&self.name("ceiling", CONNECTIONS)).cloned();
        let compare = |figure: Figure| match &before {
            Some(before) if figure.unit == before.unit => figure.against(before),
            Some(_) | None => figure,
        };
        report.add_all(again.into_iter().map(compare).collect());
        Ok(())
    }

    fn ceiling_at(&self, stage: &Stage<'_>, connections: usize, name: &str) -> Result<Vec<Figure>, BenchError> {
        let first = RequestFile::read(&self.notifications)?.get(0, false).unwrap_or_default().to_vec();
        let no_op = String::from_utf8(first)?.replacen(signed::PATH, NO_OP, 1).into_bytes();
        let requests = self.store.scratch("no_op");
        RequestFile::write(&requests, [no_op])?;
        let point = Point { again: true, ..Point::new(requests, connections) };
        let rounds = self.measure(stage, &point)?;
        Ok(rounds.figures(&self.name(name, connections)))
    }

    /// Genuine notifications, each of another payment; then the books are read back.
    pub fn credit(&self, report: &mut Report) -> Result<(), BenchError> {
        for connections in self.effort.connections {
            let stage = self.store.stage(self.world)?;
            let rounds = self.measure(&stage, &self.crediting(*connections))?;
            self.audit(&stage, rounds.answered)?;
            report.add_all(rounds.figures(&self.name("credit", *connections)));
            if *connections == CONNECTIONS {
                let credited = self.order.get(..rounds.answered).unwrap_or_default();
                self.pages_of(&stage, credited, report)?;
                let entries = u64::from(self.world.spec.cards) + 2 * u64::try_from(rounds.answered)?;
                program::verify(self.store, &stage, entries, report)?;
            }
        }
        self.credit_at_half_rate(report)
    }

    /// At half of what it can, by a fixed schedule: what a notification waits when the server is not at its end.
    fn credit_at_half_rate(&self, report: &mut Report) -> Result<(), BenchError> {
        let top = report.find(&self.name("credit", CONNECTIONS)).ok_or("the top rate was not measured")?;
        let rate = top.rounds.median / 2_000;
        let stage = self.store.stage(self.world)?;
        let point = Point { rate: Some(rate.max(1)), ..self.crediting(CONNECTIONS) };
        let rounds = self.measure(&stage, &point)?;
        self.audit(&stage, rounds.answered)?;
        report.add_all(rounds.figures(&format!("{}.http.credit.half", self.store.kind().name())));
        Ok(())
    }

    /// Tells all notifications at once, and answers how long it took, in microseconds.
    pub fn tell_all(&self, stage: &Stage<'_>, connections: usize) -> Result<u64, BenchError> {
        let mut server = serve_at(self.store, stage, PAID_AT)?;
        let plan = Plan { for_ms: LONG_MS, ..self.crediting(connections).plan(server.listen(), 0) };
        let outcome = send(&plan)?;
        server.terminate()?;
        let answered = usize::try_from(outcome.answered)?;
        if answered != self.order.len() {
            return Err(format!("{answered} of {} notifications were acknowledged", self.order.len()).into());
        }
        self.audit(stage, answered)?;
        Ok(outcome.micros)
    }

    fn crediting(&self, connections: usize) -> Point {
        Point { expect_text: Some("success".to_owned()), ..Point::new(self.notifications.clone(), connections) }
    }

    fn audit(&self, stage: &Stage<'_>, answered: usize) -> Result<(), BenchError> {
        audit::check(&stage.database()?, self.world, self.order.get(..answered).unwrap_or_default())
    }

    fn name(&self, what: &str, connections: usize) -> String {
        format!("{}.http.{what}.{connections}", self.store.kind().name())
    }

    /// Starts a server on a stage, sends for some rounds, and stops it.
    fn measure(&self, stage: &Stage<'_>, point: &Point) -> Result<Rounds, BenchError> {
        let mut server = serve_at(self.store, stage, PAID_AT)?;
        let mut rounds = Rounds::default();
        for round in 0..self.effort.rounds {
            let plan = Plan {
                for_ms: u64::try_from(self.effort.round.as_millis())?,
                keys_seed: round.into(),
                ..point.plan(server.listen(), rounds.answered)
            };
            rounds.add(&send(&plan)?)?;
        }
        server.terminate()?;
        Ok(rounds)
    }
}

/// What is measured at a point.
struct Point {
    requests: PathBuf,
    again: bool,
    connections: usize,
    rate: Option<u64>,
    expect_status: u16,
    expect_text: Option<String>,
    then_place: bool,
}

impl Point {
    fn plan(&self, to: SocketAddr, from: usize) -> Plan {
        Plan {
            to,
            from,
            requests: self.requests.clone(),
            again: self.again,
            connections: self.connections,
            for_ms: 0,
            rate: self.rate,
            expect_status: self.expect_status,
            expect_text: self.expect_text.clone(),
            then_place: self.then_place,
            keys_seed: 0,
        }
    }

    const fn new(requests: PathBuf, connections: usize) -> Self {
        Self {
            requests,
            again: false,
            connections,
            rate: None,
            expect_status: 200,
            expect_text: None,
            then_place: false,
        }
    }
}

/// What the rounds of a point came to.
#[derive(Default)]
struct Rounds {
    answered: usize,
    rates: Vec<u64>,
    p99: Vec<u64>,
}

impl Rounds {
    fn add(&mut self, outcome: &Outcome) -> Result<(), BenchError> {
        if outcome.answered == 0 {
            return Err("nothing was answered".into());
        }
        self.answered += usize::try_from(outcome.answered)?;
        self.rates.push(per_second(outcome.answered, outcome.micros));
        self.p99.push(outcome.p99_micros);
        Ok(())
    }

    fn figures(&self, name: &str) -> Vec<Figure> {
        let figure = |name: String, unit, rounds: &[u64]| Some(Figure::new(name, unit, Spread::of(rounds)?));
        let rate = figure(name.to_owned(), Unit::PerSecond, &self.rates);
        let p99 = figure(format!("{name}.p99"), Unit::Millis, &self.p99);
        rate.into_iter().chain(p99).collect()
    }
}
