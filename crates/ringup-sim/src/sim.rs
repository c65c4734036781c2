//! A world: its store, its servers, its providers, its weather, and the one thread of time through all of it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use ringup_core::apply::{Command, Moment, Outcome};
use ringup_core::batch::{Decision, NotDone};
use ringup_core::books::Changes;
use ringup_core::id::{PaymentId, PurseId, RefundId};
use ringup_core::money::Amount;
use ringup_core::payment::{Provider, RefundWord};
use ringup_core::time::Timestamp;

use crate::auditor::Auditor;
use crate::chance::Chance;
use crate::fault::{Fault, Faults};
use crate::provider::{ProviderBook, Weather};
use crate::sabotage::Sabotage;
use crate::server::{self, Answers, Server};
use crate::store::Store;
use crate::task::{Due, Executor, Owner};
use crate::trace::Trace;

/// Everything there is.
pub struct World {
    /// The true time.
    pub now: Timestamp,
    /// Chance.
    pub chance: Chance,
    /// What goes wrong.
    pub faults: Faults,
    /// What has happened.
    pub trace: Trace,
    /// What is committed.
    pub store: Store,
    /// The servers on it.
    pub servers: Vec<Server>,
    /// What is done wrong on purpose.
    pub sabotage: Option<Sabotage>,
    /// Who looks at everything.
    pub auditor: Auditor,
    /// Batches that other servers carried out in the midst of one.
    pub ended_meanwhile: Vec<(usize, Answers)>,
    /// The safes of the stores, once they are in use.
    pub safes: Vec<Option<PurseId>>,
    /// Whether clocks may be wrong by hours and days in this world.
    pub has_long_jumps: bool,
    /// By how much everybody is quicker than usual.
    pub pace: i64,
    /// How long a command waits for its batch at most, in milliseconds.
    pub lane_pause_ms: i64,
    /// Whether nothing goes wrong any more.
    pub weather_is_over: bool,
    /// What the clocks showed when batches were taken.
    pub batches_at: Vec<Timestamp>,
    /// What the auditor found first.
    pub violation: Option<String>,
    alipay: ProviderBook,
    wechat_pay: ProviderBook,
}

impl World {
    /// A world in which nothing has happened yet.
    #[must_use]
    pub fn new(chance: Chance, faults: Faults, trace: Trace, sabotage: Option<Sabotage>) -> Self {
        Self {
            now: Timestamp::from_micros(0),
            chance,
            faults,
            trace,
            store: Store::default(),
            servers: Vec::new(),
            sabotage,
            auditor: Auditor::default(),
            ended_meanwhile: Vec::new(),
            safes: Vec::new(),
            has_long_jumps: false,
            pace: 1,
            lane_pause_ms: 40,
            weather_is_over: false,
            batches_at: Vec::new(),
            violation: None,
            alipay: ProviderBook::new(Provider::Alipay),
            wechat_pay: ProviderBook::new(Provider::WechatPay),
        }
    }

    /// Whether a fault strikes now; it is counted and noted then.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.faults.strikes(fault, &mut self.chance);
        if strikes {
            self.faults.count(fault);
            self.note(format_args!("fault: {}", fault.name()));
        }
        strikes
    }

    /// Writes a line into the trace.
    pub fn note(&mut self, what: fmt::Arguments<'_>) {
        self.trace.line(self.now, what);
    }

    /// A provider, with what its doings are drawn from.
    pub fn provider(&mut self, provider: Provider) -> (&mut ProviderBook, Weather<'_>) {
        let book = match provider {
            Provider::Alipay => &mut self.alipay,
            Provider::WechatPay => &mut self.wechat_pay,
        };
        (book, Weather { chance: &mut self.chance, faults: &mut self.faults, trace: &mut self.trace, now: self.now })
    }

    /// A batch has been committed: the auditor looks at the books.
    pub fn committed(
        &mut self,
        (server, clock): (usize, Timestamp),
        commands: &[Command],
        moments: &[Moment],
        decisions: &[Decision],
        changes: &Changes,
    ) {
        let node = self.servers[server].node;
        for ((command, moment), decision) in commands.iter().zip(moments).zip(decisions) {
            self.trace.line(self.now, format_args!("committed by {server}: {}", line_of(command, decision)));
            let found = self.auditor.decided(&self.store, (command, *moment), decision);
            self.found(found);
        }
        let found = self.auditor.committed(&self.store, (node, clock), commands, changes);
        self.found(found);
    }

    /// Somebody has been answered.
    pub fn answered(&mut self, server: usize, command: &Command, moment: Moment, answer: &Result<Outcome, NotDone>) {
        if let Err(error) = answer {
            self.trace.line(self.now, format_args!("answered by {server}: {error:?}"));
        }
        let found = self.auditor.answered(command, moment, answer);
        self.found(found);
    }

    /// A sabotaged store may have lost something when a process died.
    pub fn lose_at_crash(&mut self) {
        if self.sabotage == Some(Sabotage::DropRow) {
            self.store.lose_last_top_up();
        }
    }

    /// What the auditor looks at when a server has been started.
    pub fn check_at_start(&mut self) {
        let found = self.auditor.check_all(&self.store);
        self.found(found);
    }

    /// Keeps what the auditor found first.
    pub fn found(&mut self, found: Result<(), String>) {
        if let Err(violation) = found {
            self.trace.line(self.now, format_args!("violation: {violation}"));
            self.violation.get_or_insert(violation);
        }
    }
}

/// A command and what it came to, in a line.
fn line_of(command: &Command, decision: &Decision) -> String {
    let came_to = match decision {
        Ok(outcome) => format!("{outcome:?}"),
        Err(refusal) => refusal.to_string(),
    };
    let what = match command {
        Command::PlaceTopUp(place) => {
            format!("place {} for {} on {:?}", place.quote.card_gets, place.quote.you_pay, place.quote.card)
        }
        Command::Sell(sell) => {
            let (quote, sold_by) = (&sell.quote, sell.sold_by);
            format!("sell {} for {} on {:?}, {sold_by:?}", quote.card_gets, quote.you_pay, quote.card)
        }
        other => format!("{other:?}"),
    };
    format!("{what} -> {came_to}")
}

/// The handle that every task holds.
#[derive(Clone)]
pub struct Sim(Rc<Inner>);

struct Inner {
    world: RefCell<World>,
    executor: Rc<Executor>,
}

impl Sim {
    /// A simulation of this world.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self(Rc::new(Inner { world: RefCell::new(world), executor: Rc::new(Executor::default()) }))
    }

    /// The executor.
    #[must_use]
    pub fn executor(&self) -> &Rc<Executor> {
        &self.0.executor
    }

    /// The true time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.executor.now()
    }

    /// Looks at the world, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.0.world.borrow_mut();
        world.now = self.0.executor.now();
        look(&mut world)
    }

    /// What is done wrong on purpose.
    #[must_use]
    pub fn sabotage(&self) -> Option<Sabotage> {
        self.with(|world| world.sabotage)
    }

    /// Lets time go on until nothing is due any more, something is found, or so many steps have been made; tells how many.
    pub fn run(&self, steps_max: u64) -> u64 {
        for step in 0..steps_max {
            if self.with(|world| world.violation.is_some()) {
                return step;
            }
            let Some(due) = self.executor().next() else { return step };
            match due {
                Due::Task(task) => self.run_task(task),
                Due::Lane(server) => server::run_batch(self, server),
                Due::Worker(server) => self.run_worker(server),
            }
        }
        steps_max
    }

    /// A task of a server may be cut off at any of its steps, with all that the process was doing.
    fn run_task(&self, task: usize) {
        if let Some(Owner::Server(server)) = self.executor().owner_of(task)
            && self.with(|world| world.strikes(Fault::StepCrash))
        {
            self.crash(server);
            return;
        }
        self.executor().run(task);
    }

    /// Ends the world, and hands out what is left of it.
    #[must_use]
    pub fn end(self) -> Option<World> {
        self.0.executor.clear();
        Rc::into_inner(self.0).map(|inner| inner.world.into_inner())
    }

    /// Has a provider send money back; the auditor hears of what it does, whatever it says.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn send_back(
        &self,
        server: usize,
        provider: Provider,
        (number, refund, payment, amount): (u64, RefundId, PaymentId, Amount),
    ) -> Result<RefundWord, String> {
        let sim = self.clone();
        let send = move |sim: &Sim| {
            let now = sim.now();
            let returned = sim.with(|world| {
                let (book, mut weather) = world.provider(provider);
                let returned = book.send_back((number, payment, amount), now, &mut weather);
                if returned.is_sent {
                    world.note(format_args!("{provider} sends {amount} back for {payment}"));
                    let found = world.auditor.sent_back(refund, payment, amount);
                    world.found(found);
                }
                returned
            });
            if let Some((ends_at, word)) = returned.ends {
                sim.tell_of_refund(provider, (refund, payment), ends_at, word);
            }
            returned.word
        };
        self.call(server, provider, |_, _| ()).await?;
        let word = send(&sim);
        // The way back is as uncertain as the way there.
        self.call(server, provider, move |_, _| word).await
    }
}
