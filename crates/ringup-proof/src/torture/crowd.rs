//! A crowd of holders who top up without end, and a provider that notifies of each payment, while things break.
//!
//! Whoever gets no answer asks again with the same key, as often as it takes, also after the server was killed: the intent
//! is kept by its caller, as callers are told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use super::report::Report;
use crate::rig::acks::Acks;
use crate::rig::audit;
use crate::rig::client::{Answer, Client, Order, Quote, Unanswered};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Card, Issuer, Product};
use crate::rig::provider::{Provider, Truth};
use crate::rig::server::panics_in;

/// How long a caller waits before he asks again, when nobody answered.
const AGAIN: Duration = Duration::from_millis(50);
/// How long he waits when he was told to come back later; a tenth of what he is told.
const LATER: Duration = Duration::from_millis(200);

/// How often in a row a request may come to nothing, where that is a reason to stop.
const FAILURES_MAX: u32 = 3;

/// How often somebody looks at his top-up while the provider tells of its payment.
const LOOKS_MAX: u32 = 50;

/// What the crowd shares.
pub struct Crowd {
    client: Client,
    provider: Provider,
    cards: Vec<Card>,
    /// What they were told.
    pub acks: Acks,
    /// How many were told before this crowd came.
    told_before: u64,
    /// What was counted.
    pub counts: Counts,
    stopping: AtomicBool,
    /// Whether answers are taken for none.
    deaf: AtomicBool,
    /// Whether everyone looks how his top-up stands while the provider tells of his payment.
    looking: AtomicBool,
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
    /// How many of his requests in a row came to nothing.
    failures: u32,
}

impl Member {
    /// Somebody with these dice.
    #[must_use]
    pub const fn new(dice: Dice) -> Self {
        Self { dice, step: Step::Nothing, told: None, failures: 0 }
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
        let acks = Acks::go_on(&issuer.folder.join("acks.txt"))?;
        Ok(Arc::new(Self {
            told_before: acks.count(),
            acks,
            client: Client::new(&issuer.url())?,
            provider: Provider::new(&issuer.keys.alipay)?,
            cards: issuer.cards.clone(),
            counts: Counts::default(),
            stopping: AtomicBool::new(false),
            deaf: AtomicBool::new(false),
            looking: AtomicBool::new(false),
            wrong: std::sync::Mutex::default(),
        }))
    }

    /// All of them top up until they are told to stop; answers them where they stand.
    pub async fn top_up(self: &Arc<Self>, members: Vec<Member>, until: Until) -> Vec<Member> {
        self.stopping.store(false, Ordering::Release);
        self.deaf.store(false, Ordering::Release);
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

    /// From now on they look how their top-ups stand, again and again, while the provider tells of their payments.
    pub fn look_meanwhile(&self) {
        self.looking.store(true, Ordering::Release);
    }

    /// They stop, and what they are answered from now on they have not heard.
    pub fn stop_listening(&self) {
        self.deaf.store(true, Ordering::SeqCst);
        self.stop();
    }

    fn goes_on(&self, member: &Member, until: Until) -> bool {
        match until {
            Until::Told => !self.stopping.load(Ordering::Acquire),
            Until::Idle => !member.is_idle(),
            Until::Acknowledged(count) => self.told() < count && member.failures < FAILURES_MAX,
        }
    }

    /// How many they were told of since they came.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.acks.count().saturating_sub(self.told_before)
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

    /// When nobody has anything under way any more: what was begun, told and booked must be the same, card by card.
    ///
    /// # Errors
    /// When the books cannot be read.
    pub fn settle(&self, issuer: &Issuer, report: &mut Report) -> Result<(), Failure> {
        let holdings = audit::holdings(issuer)?;
        let told = audit::told(issuer, &self.acks)?;
        if let Some(difference) = audit::difference(&holdings, &told) {
            report.broke(difference);
        }
        for panic in panics_in(issuer)? {
            report.broke(format!("the server panicked: {panic}"));
        }
        let (acks, intents) = (self.acks.count(), self.intents());
        report.must(holdings.top_ups == intents && acks == intents, || {
            let placed = holdings.top_ups;
            format!("{intents} top-ups were begun, {placed} are in the books, {acks} were acknowledged as credited")
        });
        report.add("top-ups begun", intents);
        report.add("top-ups in the books", holdings.top_ups);
        report.add("acknowledged", acks);
        let counted = [
            ("placings answered", &self.counts.placed),
            ("placings replayed", &self.counts.replayed),
            ("requests unanswered", &self.counts.unanswered),
            ("requests put off", &self.counts.later),
        ];
        for (name, counter) in counted {
            report.add(name, counter.load(Ordering::Relaxed));
        }
        Ok(())
    }

    /// How many top-ups were begun, those before this crowd included.
    fn intents(&self) -> u64 {
        self.counts.intents.load(Ordering::Relaxed).saturating_add(self.told_before)
    }

    /// One request of one member.
    async fn go_on(&self, member: &mut Member) {
        let step = std::mem::take(&mut member.step);
        member.step = match step {
            Step::Nothing => self.quote(member).await,
            Step::Quoted { quote, key } => self.place(member, quote, key).await,
            Step::Placed { quote, code } => self.look_up(member, quote, code).await,
            Step::Paid { order } => self.notify(member, order).await,
        };
    }

    async fn quote(&self, member: &mut Member) -> Step {
        let Some(card) = member.dice.pick(&self.cards).cloned() else { return Step::Nothing };
        let amount = match card.product {
            Product::Plain => "20.00 CNY",
            Product::Gifts => "100.00 CNY",
        };
        let Some(answer) = self.answered(member, self.client.quote(card.number, amount).await, 200).await else {
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
        let Some(answer) = self.answered(member, self.client.place(&quote, &key).await, 201).await else {
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

    async fn look_up(&self, member: &mut Member, quote: Quote, code: String) -> Step {
        let Some(answer) = self.answered(member, self.client.status(&code).await, 200).await else {
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

    async fn notify(&self, member: &mut Member, order: Order) -> Step {
        let notification = self.provider.notify(&order, Truth::Genuine);
        let telling = self.client.notify(&notification);
        let result = if self.looking.load(Ordering::Acquire) {
            tokio::join!(telling, self.look_until_credited(&order)).0
        } else {
            telling.await
        };
        let Some(answer) = self.answered(member, result, 200).await else {
            return Step::Paid { order };
        };
        if !answer.is_success() {
            self.is_wrong(format!("a genuine notification was answered {}", answer.text));
        } else if let Err(failure) = self.acks.credited(&order) {
            self.is_wrong(failure.to_string());
        }
        Step::Nothing
    }

    /// Looks how a top-up stands until it is credited, or often enough.
    async fn look_until_credited(&self, order: &Order) {
        for _ in 0..LOOKS_MAX {
            match self.client.status(&order.code).await {
                Ok(answer) if answer.field("state").is_some_and(|state| state == "credited") => return,
                Ok(_) => {}
                Err(_) => return,
            }
        }
    }

    /// The answer, if there is one that is final and has the status that it must have.
    async fn answered(&self, member: &mut Member, result: Result<Answer, Unanswered>, expected: u16) -> Option<Answer> {
        match result {
            Ok(_) if self.deaf.load(Ordering::SeqCst) => count(&self.counts.unanswered),
            Ok(answer) if answer.status == expected => {
                member.failures = 0;
                return Some(answer);
            }
            Ok(answer) if answer.status == 503 => {
                count(&self.counts.later);
                tokio::time::sleep(LATER).await;
            }
            Ok(answer) => self.is_wrong(format!("{} where {expected} should be: {}", answer.status, answer.text)),
            Err(_) => count(&self.counts.unanswered),
        }
        member.failures = member.failures.saturating_add(1);
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
    /// When so many have been acknowledged, or nothing comes of asking again.
    Acknowledged(u64),
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
