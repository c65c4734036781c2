//! Clients: holders who top up and use their cards, clerks, managers and agents, and staff. They crash, forget, repeat themselves, and
//! come back.

mod agent;
mod clerk;
mod holder;
mod manager;
mod refunds;
mod staff;

pub use agent::agent;
pub use clerk::clerk;
pub use holder::{tops_up, uses};
pub use manager::manager;
pub use staff::{changes_states, imports, refunds};

use ringup_core::apply::{Command, KeyUse, Outcome, Refusal};
use ringup_core::batch::NotDone;
use ringup_core::books::{Fingerprint, KeyHash};
use ringup_core::time::Span;

use crate::fault::Fault;
use crate::sim::Sim;
use crate::task::Owner;

/// How often a client asks again before it gives up for good.
const TRIES_MAX: u32 = 12;

/// How often whoever must know comes back to ask.
const ROUNDS_MAX: u32 = 100;

impl Sim {
    /// A new idempotency key for what is asked; equal numbers ask the same.
    #[must_use]
    pub fn new_key(&self, asked: u64) -> KeyUse {
        let mut fingerprint = [0; 16];
        fingerprint[..8].copy_from_slice(&asked.to_be_bytes());
        KeyUse { key: KeyHash(self.with(|world| world.chance.bytes())), fingerprint: Fingerprint(fingerprint) }
    }

    /// Waits for some time between these, or less where everybody hurries.
    pub async fn pause(&self, least: Span, most: Span) {
        let millis = self.with(|world| {
            let millis = world.chance.from_to(least.as_micros() / 1_000, most.as_micros() / 1_000);
            millis / world.pace
        });
        self.executor().sleep(Span::micros(millis * 1_000)).await;
    }

    /// Sends a request to some server; nothing when no answer came.
    pub async fn request<T, F>(&self, ask: impl FnOnce(Sim, usize) -> F) -> Option<Result<T, NotDone>>
    where
        T: 'static,
        F: Future<Output = Result<T, NotDone>> + 'static,
    {
        self.pause(Span::micros(5_000), Span::micros(200_000)).await;
        let server = self.any_server()?;
        if self.with(|world| world.strikes(Fault::RequestLost)) {
            return None;
        }
        let (answer, answered) = self.executor().channel();
        let work = ask(self.clone(), server);
        self.executor().spawn(Owner::Server(server), async move { answer.send(work.await) });
        let answer = answered.await?;
        if self.with(|world| world.strikes(Fault::AnswerLost)) { None } else { Some(answer) }
    }

    /// Sends a request again and again, with the same key, until it is known what came of it; nothing when the client gave up,
    /// or crashed and came back without its key.
    pub async fn request_until_known<T, F>(&self, ask: impl Fn(Sim, usize) -> F) -> Option<Result<T, NotDone>>
    where
        T: 'static,
        F: Future<Output = Result<T, NotDone>> + 'static,
    {
        for _ in 0..TRIES_MAX {
            let answer = self.request(&ask).await;
            if self.with(|world| world.strikes(Fault::ClientCrash)) {
                self.pause(Span::seconds(5), Span::minutes(5)).await;
                if self.with(|world| world.chance.per_mille(500)) {
                    return None;
                }
                continue;
            }
            match answer {
                Some(Ok(value)) => return Some(Ok(value)),
                Some(Err(NotDone::Refused(refusal))) => return Some(Err(NotDone::Refused(refusal))),
                Some(Err(NotDone::Unavailable(_) | NotDone::Unknown | NotDone::Stopped)) | None => {}
            }
            self.pause(Span::seconds(1), Span::seconds(30)).await;
        }
        None
    }

    /// Sends a command until it is known what came of it.
    pub async fn ask_for(&self, command: &Command) -> Option<Result<Outcome, Refusal>> {
        let send = |sim: Self, server| {
            let command = command.clone();
            async move { sim.submit(server, command).await }
        };
        match self.request_until_known(send).await? {
            Ok(outcome) => Some(Ok(outcome)),
            Err(NotDone::Refused(refusal)) => Some(Err(refusal)),
            Err(_) => None,
        }
    }

    /// The same by somebody who has cash in his hand: he does not go away before he knows.
    pub async fn insist_on(&self, command: &Command) -> Option<Result<Outcome, Refusal>> {
        for _ in 0..ROUNDS_MAX {
            let answer = self.ask_for(command).await;
            if answer.is_some() {
                return answer;
            }
            let minutes = self.with(|world| world.chance.from_to(1, 20));
            self.executor().sleep(Span::minutes(minutes)).await;
        }
        None
    }

    /// Has a sale credited now, whatever time was stated, where somebody is impatient.
    pub async fn may_ask_for_credit(&self, sold: &Outcome) {
        if let Outcome::Placed { top_up, .. } = sold
            && self.with(|world| world.strikes(Fault::CreditAskedFor))
        {
            self.ask_for(&Command::CreditTopUp(*top_up)).await;
        }
    }

    /// Sends once more what has been answered, where somebody presses twice.
    pub async fn may_press_twice(&self, command: &Command) {
        if self.with(|world| world.strikes(Fault::PressedTwice)) {
            self.ask_for(command).await;
        }
    }
}
