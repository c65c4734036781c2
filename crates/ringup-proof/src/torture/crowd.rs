//! A crowd of holders who top up without end, and a provider that notifies of each payment, while things break.
//!
//! Whoever gets no answer asks again with the same key, as often as it takes, also after the server was killed: the intent
//! is kept by its caller, as callers are told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::rig::acks::Acks;
use crate::rig::client::{Answer, Client, Order, Quote, Unanswered};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Card, Issuer, Product};
use crate::rig::provider::{Provider, Truth};

/// How long a caller waits before he asks again.
const AGAIN: Duration = Duration::from_millis(10);

/// What the crowd shares.
pub struct Crowd {
    client: Client,
    provider: Provider,
    cards: Vec<Card>,
    /// What they were told.
    pub acks: Acks,
    /// What was counted.
    pub counts: Counts,
    stopping: AtomicBool,
    wrong: std::sync::Mutex<Vec<String>>,
}

/// What was counted, over all rounds.
#[derive(Debug, Default)]
pub struct Counts {
    /// Top-ups that were begun: each has a key of its own.
    pub intents: AtomicU64,
    /// Placings that were answered.
    pub placed: AtomicU64,
    /// Of them, those whose answer said that it was a repeat.
    pub replayed: AtomicU64,
    /// Requests that nobody answered.
    pub unanswered: AtomicU64,
    /// Requests that were answered: come back later.
    pub later: AtomicU64,
}

/// Where one member of the crowd is with his top-up. It outlives the server.
#[derive(Clone, Debug, Default)]
enum Step {
    #[default]
    Nothing,
    Quoted {
        quote: Quote,
        key: String,
    },
    Placed {
        quote: Quote,
        code: String,
    },
    Paid {
        order: Order,
    },
}

/// One of the crowd.
pub struct Member {
    dice: Dice,
    step: Step,
    /// What the first answer to the placing was, to compare its repeats with.
    told: Option<String>,
}

impl Member {
    /// Somebody with these dice.
    #[must_use]
    pub const fn new(dice: Dice) -> Self {
        Self { dice, step: Step::Nothing, told: None }
    }

    /// Whether he has nothing under way.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        matches!(self.step, Step::Nothing)
    }
}

impl Crowd {
    /// A crowd before the door of this issuer's server.
    ///
    /// # Errors
    /// When the keys cannot be used or the acknowledgements cannot be written.
    pub fn new(issuer: &Issuer) -> Result<Arc<Self>, Failure> {
        Ok(Arc::new(Self {
            client: Client::new(&issuer.url())?,
            provider: Provider::new(&issuer.keys.alipay)?,
            cards: issuer.cards.clone(),
            acks: Acks::begin(&issuer.folder.join("acks.txt"))?,
            counts: Counts::default(),
            stopping: AtomicBool::new(false),
            wrong: std::sync::Mutex::default(),
        }))
    }

    /// All of them top up until they are told to stop; answers them where they stand.
    pub async fn top_up(self: &Arc<Self>, members: Vec<Member>, until: Until) -> Vec<Member> {
        self.stopping.store(false, Ordering::Release);
        let mut tasks = JoinSet::new();
        for mut member in members {
            let crowd = Arc::clone(self);
            tasks.spawn(async move {
                while crowd.goes_on(&member, until) {
                    crowd.go_on(&mut member).await;
                }
                member
            });
        }
        tasks.join_all().await
    }

    fn goes_on(&self, member: &Member, until: Until) -> bool {
        match until {
            Until::Told => !self.stopping.load(Ordering::Acquire),
            Until::Idle => !member.is_idle(),
        }
    }

    /// They stop after the request that is under way.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// What they were told since the last time and should not have been.
    #[must_use]
    pub fn take_wrong(&self) -> Vec<String> {
        std::mem::take(&mut *self.wrong.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// One request of one member.
    async fn go_on(&self, member: &mut Member) {
        let step = std::mem::take(&mut member.step);
        member.step = match step {
            Step::Nothing => self.quote(member).await,
            Step::Quoted { quote, key } => self.place(member, quote, key).await,
            Step::Placed { quote, code } => self.look_up(quote, code).await,
            Step::Paid { order } => self.notify(order).await,
        };
    }

    async fn quote(&self, member: &mut Member) -> Step {
        let Some(card) = member.dice.pick(&self.cards).cloned() else { return Step::Nothing };
        let amount = match card.product {
            Product::Plain => "20.00 CNY",
            Product::Gifts => "100.00 CNY",
        };
        let Some(answer) = self.answered(self.client.quote(card.number, amount).await, 200).await else {
            return Step::Nothing;
        };
        let Some(quote) = Quote::read(&answer, card.number) else {
            self.is_wrong(format!("a quote that is none: {}", answer.text));
            return Step::Nothing;
        };
        count(&self.counts.intents);
        member.told = None;
        Step::Quoted { quote, key: member.dice.key() }
    }

    async fn place(&self, member: &mut Member, quote: Quote, key: String) -> Step {
        let Some(answer) = self.answered(self.client.place(&quote, &key).await, 201).await else {
            return Step::Quoted { quote, key };
        };
        count(&self.counts.placed);
        if answer.is_replayed() {
            count(&self.counts.replayed);
        }
        // Now and then the same is asked again though it was answered: it must be the same answer.
        match &member.told {
            Some(told) if *told != answer.text => {
                self.is_wrong(format!("one key, two answers: {told} and {}", answer.text));
            }
            Some(told) if !answer.is_replayed() => self.is_wrong(format!("placed twice with one key: {told}")),
            Some(_) => {}
            None if member.dice.per_mille(100) => {
                member.told = Some(answer.text);
                return Step::Quoted { quote, key };
            }
            None => {}
        }
        match answer.field("code") {
            Some(code) => Step::Placed { quote, code },
            None => {
                self.is_wrong(format!("a placing without a code: {}", answer.text));
                Step::Nothing
            }
        }
    }

    async fn look_up(&self, quote: Quote, code: String) -> Step {
        let Some(answer) = self.answered(self.client.status(&code).await, 200).await else {
            return Step::Placed { quote, code };
        };
        match Order::read(&answer, &quote, &code) {
            Some(order) => Step::Paid { order },
            None => {
                self.is_wrong(format!("a top-up without a payment: {}", answer.text));
                Step::Nothing
            }
        }
    }

    async fn notify(&self, order: Order) -> Step {
        let notification = self.provider.notify(&order, Truth::Genuine);
        let Some(answer) = self.answered(self.client.notify(&notification).await, 200).await else {
            return Step::Paid { order };
        };
        if !answer.is_success() {
            self.is_wrong(format!("a genuine notification was answered {}", answer.text));
        } else if let Err(failure) = self.acks.credited(&order) {
            self.is_wrong(failure.to_string());
        }
        Step::Nothing
    }

    /// The answer, if there is one that is final and has the status that it must have.
    async fn answered(&self, result: Result<Answer, Unanswered>, expected: u16) -> Option<Answer> {
        match result {
            Ok(answer) if answer.status == expected => return Some(answer),
            Ok(answer) if answer.status == 503 => count(&self.counts.later),
            Ok(answer) => self.is_wrong(format!("{} where {expected} should be: {}", answer.status, answer.text)),
            Err(_) => count(&self.counts.unanswered),
        }
        // It would be asked again thousands of times a second while the server is away.
        tokio::time::sleep(AGAIN).await;
        None
    }

    fn is_wrong(&self, what: String) {
        self.wrong.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(what);
    }
}

/// When the crowd stops by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Never: it is told to.
    Told,
    /// When each has ended what he had under way.
    Idle,
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
