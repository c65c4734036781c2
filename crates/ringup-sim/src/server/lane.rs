//! The write lane: a batch of what waits, carried out by `ringup_core::batch` on the store in memory.

use std::collections::BTreeSet;

use ringup_core::apply::{Command, Moment};
use ringup_core::batch::{self, Decision, GoOn, Rules, Store as BatchStore, WriteFailure};
use ringup_core::card::CardNumber;
use ringup_core::id::PurseId;
use ringup_core::time::Timestamp;

use super::{Answers, Fate, Waiting, spoil};
use crate::fault::Fault;
use crate::sabotage::Sabotage;
use crate::sim::{Sim, World};
use crate::store::{Guard, Store as Tables};

/// How often a batch is run again, as the engine does.
const CONFLICT_RETRIES: u32 = 20;

/// How many commands a batch of a simulated world has at most: with few clients, larger ones do not come about.
const BATCH_MAX: u64 = 6;

/// What is left to do when a batch has been carried out.
struct Ended {
    answers: Answers,
    go_on: GoOn,
    has_died: bool,
}

/// Takes what waits at a server's lane as one batch, and answers.
pub fn run_batch(sim: &Sim, server: usize) {
    sim.with(|world| world.servers[server].lane_is_due = false);
    let now = sim.now();
    let Some(ended) = sim.with(|world| carry_out(world, server, now, Nested::No)) else { return };
    finish(sim, server, ended);
    let (others, is_left) = sim.with(|world| {
        let others = std::mem::take(&mut world.ended_meanwhile);
        let server = &mut world.servers[server];
        let is_left = !server.queue.is_empty() && server.is_up && !server.has_stopped && !server.lane_is_due;
        server.lane_is_due |= is_left;
        (others, is_left)
    });
    for (other, answers) in others {
        finish(sim, other, Ended { answers, go_on: GoOn::Yes, has_died: false });
    }
    if is_left {
        sim.executor().schedule(ringup_core::time::Span::micros(0), crate::task::Due::Lane(server));
    }
    sim.poke_workers();
}

fn finish(sim: &Sim, server: usize, ended: Ended) {
    if ended.has_died {
        drop(ended.answers); // nobody is told anything
        sim.crash(server);
        return;
    }
    for (waiting, result) in ended.answers {
        waiting.answer.send(result);
    }
    if ended.go_on == GoOn::No {
        sim.stop_lane(server);
    }
}

/// Who committed in the midst of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// Nobody.
    Nobody,
    /// Another server, on others.
    Strangers,
    /// Another server, on the same cards or purses.
    Ours,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nested {
    No,
    Yes,
}

fn carry_out(world: &mut World, server: usize, now: Timestamp, nested: Nested) -> Option<Ended> {
    let count = usize::try_from(world.chance.from_to(1, BATCH_MAX.cast_signed())).unwrap_or(1);
    let state = &mut world.servers[server];
    if state.has_stopped || !state.is_up || state.queue.is_empty() {
        return None;
    }
    let count = count.min(state.queue.len());
    let taken: Vec<Waiting> = state.queue.drain(..count).collect();
    let clock = state.clock(now);
    let rules = Rules { on_unknown: state.on_unknown, conflict_retries: CONFLICT_RETRIES };
    let commands: Vec<Command> = taken.iter().map(|waiting| waiting.command.clone()).collect();
    let house = state.house();
    let mut moments = Vec::with_capacity(count);
    for command in &commands {
        let ids = world.servers[server].mint.block(command.shard(), clock);
        moments.push(Moment { now: clock, ids, house, nonce: world.chance.bytes() });
    }
    world.batches_at.push(clock);
    world.note(format_args!("server {server} takes a batch of {count} at {clock}"));
    let mut store = Store { world, server, clock, nested, has_died: false };
    let (results, go_on) = batch::carry_out(&mut store, &commands, &moments, rules);
    let (has_died, sabotage) = (store.has_died, store.world.sabotage);
    let told = |(waiting, result): (Waiting, _)| {
        let told = spoil::told(result, &waiting.command, sabotage);
        (waiting, told)
    };
    let answers: Vec<_> = taken.into_iter().zip(results).map(told).collect();
    for ((waiting, result), moment) in answers.iter().zip(&moments) {
        if !has_died {
            world.answered(server, &waiting.command, *moment, result);
        }
    }
    Some(Ended { answers, go_on, has_died })
}

/// A transaction on the store in memory, with all that can befall one.
struct Store<'a> {
    world: &'a mut World,
    server: usize,
    clock: Timestamp,
    nested: Nested,
    has_died: bool,
}

impl BatchStore for Store<'_> {
    fn write(&mut self, commands: &[Command], moments: &[Moment]) -> Result<Vec<Decision>, WriteFailure> {
        if self.has_died {
            return Err(WriteFailure::Unavailable("the process is dead".to_owned()));
        }
        let fate = if self.nested == Nested::Yes { Fate::Committed } else { self.world.draw_fate() };
        if fate == Fate::Unavailable {
            return Err(WriteFailure::Unavailable("the store does not serve".to_owned()));
        }
        let sabotage = self.world.sabotage;
        let commands = &*spoil::taken(&self.world.store, commands, sabotage);
        let touches = batch::touches(commands);
        let hidden = spoil::hidden(commands, sabotage);
        let house = self.world.servers[self.server].house();
        let mut books = self.world.store.load(&touches, (house, self.clock), hidden);
        let met = self.let_another_server_commit(commands);
        let decisions = batch::decide(&mut books, commands, moments);
        let mut changes = books.changes();
        spoil::spoil(&mut changes, sabotage);
        match fate {
            Fate::CrashBefore if sabotage == Some(Sabotage::AnswerEarly) => return Ok(decisions),
            Fate::CrashBefore => return Err(self.die()),
            Fate::UnknownNotMade => return Err(WriteFailure::Unknown),
            Fate::UnknownMade if sabotage == Some(Sabotage::TornBatch) => {
                changes.accounts.clear();
                changes.new_keys.clear();
            }
            Fate::Committed | Fate::Unavailable | Fate::CrashAfter | Fate::UnknownMade => {}
        }
        let guard = match sabotage {
            Some(Sabotage::NoGuard | Sabotage::IgnoreKey) => Guard::Off,
            Some(Sabotage::NoPurseGuard) => Guard::ExceptPurses,
            Some(Sabotage::OverdrawFloat) => Guard::WithoutFloors,
            _ => Guard::On,
        };
        let saved = self.world.store.save(&changes, guard);
        if let Err(failure) = saved {
            if failure == WriteFailure::Conflict {
                self.world.faults.count(Fault::Conflict);
            }
            self.world.note(format_args!("not committed: {failure:?}"));
            return Err(failure);
        }
        if !changes.is_empty() {
            self.world.keep_id_mark(self.server);
        }
        self.world.auditor.look_at_effects_only(met);
        self.world.committed((self.server, self.clock), commands, moments, &decisions, &changes);
        match fate {
            Fate::CrashAfter => Err(self.die()),
            Fate::UnknownMade if sabotage == Some(Sabotage::DenyCommit) => {
                Err(WriteFailure::Unavailable("so it says".to_owned()))
            }
            Fate::UnknownMade => Err(WriteFailure::Unknown),
            Fate::Committed | Fate::Unavailable | Fate::CrashBefore | Fate::UnknownNotMade => Ok(decisions),
        }
    }
}

impl Store<'_> {
    fn die(&mut self) -> WriteFailure {
        self.has_died = true;
        WriteFailure::Unknown
    }

    /// Another server of the same store commits between our loading and our saving; answers whether that concerned us.
    ///
    /// Nothing is locked: the versions of the rows that we write must tell. Two commands read what they do not write, and are as good
    /// before the other's batch as after it; so that there is one order of things, they are left alone: a placing, of its card and of the
    /// purse that sells; and a refund, of a bonus that is spent to the last fen while it lapses.
    fn let_another_server_commit(&mut self, commands: &[Command]) -> Met {
        if self.nested == Nested::Yes || self.world.servers.len() < 2 {
            return Met::Nobody;
        }
        let other = self.world.servers.len() - 1 - self.server;
        let theirs: Vec<Command> =
            self.world.servers[other].queue.iter().map(|waiting| waiting.command.clone()).collect();
        if theirs.is_empty() || !self.world.servers[other].is_up || !self.world.strikes(Fault::Interleaved) {
            return Met::Nobody;
        }
        let lapses = theirs.iter().any(|command| matches!(command, Command::LapseGrant(_)));
        let theirs = Rows::of(&self.world.store, &theirs);
        let reads_more = |command: &&Command| match command {
            Command::PlaceTopUp(_) => true,
            Command::RequestRefund(_) => lapses,
            _ => false,
        };
        let readers: Vec<Command> = commands.iter().filter(reads_more).cloned().collect();
        if Rows::of(&self.world.store, &readers).meet(&theirs) {
            return Met::Nobody;
        }
        let now = self.world.now;
        let Some(ended) = carry_out(self.world, other, now, Nested::Yes) else { return Met::Nobody };
        self.world.ended_meanwhile.push((other, ended.answers));
        let ours = Rows::of(&self.world.store, commands);
        if ours.meet(&theirs) { Met::Ours } else { Met::Strangers }
    }
}

/// What commands are about.
struct Rows {
    cards: BTreeSet<CardNumber>,
    purses: BTreeSet<PurseId>,
}

impl Rows {
    fn of(store: &Tables, commands: &[Command]) -> Self {
        let touches = batch::touches(commands);
        Self { cards: store.cards_of(&touches), purses: store.purses_of(&touches) }
    }

    fn meet(&self, other: &Self) -> bool {
        !self.cards.is_disjoint(&other.cards) || !self.purses.is_disjoint(&other.purses)
    }
}
