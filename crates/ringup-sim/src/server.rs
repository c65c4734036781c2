//! A server's process: its clock, its mint of ids, its write lane, its worker. It dies and comes back.

mod hear;
mod jobs;
mod lane;
mod requests;
mod spoil;

pub use hear::{Told, hear};
pub use lane::{Met, run_batch};
pub use requests::{Placing, add_payment, look, place};

use std::collections::VecDeque;

use ringup_core::apply::{Command, Outcome};
use ringup_core::batch::{GoOn, NotDone};
use ringup_core::id::{Mint, Node};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};

use crate::fault::Fault;
use crate::sabotage::Sabotage;
use crate::sim::{Sim, World};
use crate::task::{Answer, Due, Owner};

/// A server.
pub struct Server {
    /// Which it is among those that write to the same store.
    pub node: Node,
    /// What makes its ids.
    pub mint: Mint,
    /// Whether its process lives.
    pub is_up: bool,
    /// Whether its lane has stopped, until it is started again.
    pub has_stopped: bool,
    /// What its clock shows beyond the true time.
    pub ahead: Span,
    /// What its clock shows while it stands still.
    pub stands_at: Option<Timestamp>,
    /// Whether its lane goes on after a commit of unknown outcome.
    pub on_unknown: GoOn,
    queue: VecDeque<Waiting>,
    lane_is_due: bool,
    worker_due_at: Option<Timestamp>,
}

/// A command and who waits for it.
pub struct Waiting {
    command: Command,
    answer: Answer<Result<Outcome, NotDone>>,
}

impl Server {
    /// A server that has been started.
    #[must_use]
    pub fn new(mint: Mint, on_unknown: GoOn) -> Self {
        Self {
            node: mint.node(),
            mint,
            is_up: true,
            has_stopped: false,
            ahead: Span::micros(0),
            stands_at: None,
            on_unknown,
            queue: VecDeque::new(),
            lane_is_due: false,
            worker_due_at: None,
        }
    }

    /// Where it keeps the issuer's own accounts.
    #[must_use]
    pub const fn house(&self) -> Shard {
        Shard(self.node.number())
    }

    /// What its clock shows.
    #[must_use]
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        self.stands_at.unwrap_or(now.plus(self.ahead))
    }
}

/// Who waits, each with his answer.
pub type Answers = Vec<(Waiting, Result<Outcome, NotDone>)>;

/// How long a process stays away after it has died.
const AWAY_SECONDS: (i64, i64) = (1, 90);

impl Sim {
    /// What a server's clock shows now.
    #[must_use]
    pub fn clock_of(&self, server: usize) -> Timestamp {
        let now = self.now();
        self.with(|world| world.servers[server].clock(now))
    }

    /// Has a server carry out a command: answered as its write lane answers.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn submit(&self, server: usize, command: Command) -> Result<Outcome, NotDone> {
        let (answer, answered) = self.executor().channel();
        let is_taken = self.with(|world| {
            let server = &mut world.servers[server];
            if server.has_stopped || !server.is_up {
                return None;
            }
            server.queue.push_back(Waiting { command, answer });
            let is_due = std::mem::replace(&mut server.lane_is_due, true);
            Some((!is_due).then(|| world.chance.from_to(0, world.lane_pause_ms)))
        });
        match is_taken {
            None => return Err(NotDone::Stopped),
            Some(Some(millis)) => self.executor().schedule(Span::micros(millis * 1_000), Due::Lane(server)),
            Some(None) => {}
        }
        answered.await.unwrap_or(Err(NotDone::Unknown))
    }

    /// Writes what is no money, in a transaction of its own, with all that can befall one.
    ///
    /// # Errors
    /// [`NotDone`].
    pub async fn write<T>(&self, server: usize, write: impl FnOnce(&mut World) -> T) -> Result<T, NotDone> {
        let pause = self.with(|world| world.chance.from_to(0, 20));
        self.executor().sleep(Span::micros(pause * 1_000)).await;
        if self.with(|world| world.servers[server].has_stopped) {
            return Err(NotDone::Stopped);
        }
        let fate = self.with(|world| world.draw_fate());
        let write = |world: &mut World| {
            world.keep_id_mark(server);
            write(world)
        };
        match fate {
            Fate::Committed => Ok(self.with(write)),
            Fate::Unavailable => Err(NotDone::Unavailable("the store does not serve".to_owned())),
            Fate::CrashBefore => self.die(server).await,
            Fate::CrashAfter => {
                self.with(write);
                self.die(server).await
            }
            Fate::UnknownMade | Fate::UnknownNotMade => {
                if fate == Fate::UnknownMade {
                    self.with(write);
                }
                let on_unknown = self.with(|world| world.servers[server].on_unknown);
                if on_unknown == GoOn::No {
                    self.stop_lane(server);
                }
                Err(NotDone::Unknown)
            }
        }
    }

    async fn die<T>(&self, server: usize) -> Result<T, NotDone> {
        self.crash(server);
        std::future::pending().await
    }

    /// Ends a server's process at the step it has come to; it is started again after a while.
    pub fn crash(&self, server: usize) {
        let Some((queue, seconds)) = self.with(|world| {
            world.note(format_args!("server {server} dies"));
            let seconds = world.chance.from_to(AWAY_SECONDS.0, AWAY_SECONDS.1);
            world.lose_at_crash();
            let server = &mut world.servers[server];
            if !server.is_up {
                return None;
            }
            server.is_up = false;
            Some((std::mem::take(&mut server.queue), seconds))
        }) else {
            return;
        };
        drop(queue);
        self.executor().kill(Owner::Server(server));
        let sim = self.clone();
        self.executor().spawn(Owner::World, async move {
            sim.executor().sleep(Span::seconds(seconds)).await;
            sim.start(server);
        });
    }

    fn start(&self, server: usize) {
        let now = self.now();
        self.with(|world| {
            let (node, on_unknown) = (world.servers[server].node, world.servers[server].on_unknown);
            // What it has made by now is known from the store alone.
            let mark = world.store.id_marks.get(&node.number()).copied();
            let mark = if world.sabotage == Some(Sabotage::ForgetIds) { None } else { mark };
            let fresh = Server::new(Mint::new(node, mark), on_unknown);
            let old = std::mem::replace(&mut world.servers[server], fresh);
            let fresh = &mut world.servers[server];
            (fresh.ahead, fresh.stands_at) = (old.ahead, old.stands_at);
            let clock = fresh.clock(now);
            world.note(format_args!("server {server} starts, its clock shows {clock}"));
            world.check_at_start();
        });
        self.poke_workers();
    }

    /// A lane whose commit failed writes no more; somebody starts the server again.
    pub fn stop_lane(&self, server: usize) {
        let queue = self.with(|world| {
            world.note(format_args!("the lane of server {server} stops"));
            world.servers[server].has_stopped = true;
            std::mem::take(&mut world.servers[server].queue)
        });
        for waiting in queue {
            waiting.answer.send(Err(NotDone::Stopped));
        }
        let sim = self.clone();
        self.executor().spawn(Owner::World, async move {
            let seconds = sim.with(|world| world.chance.from_to(1, 60));
            sim.executor().sleep(Span::seconds(seconds)).await;
            sim.crash(server);
        });
    }

    /// Has each server's worker look when the next job is due.
    pub fn poke_workers(&self) {
        let now = self.now();
        let due = self.with(|world| {
            let next = world.store.next_job_at()?;
            let mut due = Vec::new();
            for (place, server) in world.servers.iter_mut().enumerate().filter(|(_, server)| server.is_up) {
                let wait = next.since(server.clock(now));
                // A clock that stands still does not come there by waiting; it is looked at again.
                let wait = if server.stands_at.is_some() { Span::seconds(1) } else { wait.max(Span::micros(0)) };
                let at = now.plus(wait).plus(Span::micros(world.chance.from_to(0, 250_000)));
                if server.worker_due_at.is_none_or(|earlier| at < earlier || earlier < now) {
                    server.worker_due_at = Some(at);
                    due.push((place, at.since(now)));
                }
            }
            Some(due)
        });
        for (place, wait) in due.unwrap_or_default() {
            self.executor().schedule(wait, Due::Worker(place));
        }
    }
}

/// What becomes of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is committed, and its caller learns that.
    Committed,
    /// The store does not serve.
    Unavailable,
    /// The process dies before the commit.
    CrashBefore,
    /// The process dies after the commit.
    CrashAfter,
    /// The answer of the commit is lost; it was made.
    UnknownMade,
    /// The answer of the commit is lost; it was not made.
    UnknownNotMade,
}

impl World {
    /// Writes the mark that covers a server's ids, in the transaction that writes them.
    pub fn keep_id_mark(&mut self, server: usize) {
        let mint = &mut self.servers[server].mint;
        if let Some(mark) = mint.mark_due() {
            self.store.id_marks.insert(mint.node().number(), mark);
            mint.mark_kept(mark);
        }
    }

    /// Draws what becomes of a transaction.
    pub fn draw_fate(&mut self) -> Fate {
        for (fault, fate) in [
            (Fault::StoreUnavailable, Fate::Unavailable),
            (Fault::CrashBeforeCommit, Fate::CrashBefore),
            (Fault::CrashAfterCommit, Fate::CrashAfter),
            (Fault::UnknownButMade, Fate::UnknownMade),
            (Fault::UnknownNotMade, Fate::UnknownNotMade),
        ] {
            if self.strikes(fault) {
                return fate;
            }
        }
        Fate::Committed
    }
}
