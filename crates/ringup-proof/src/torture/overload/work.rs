//! What the flood is made of: placings, notifications, and looks at how a top-up stands.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ringup_sandbox::SignedNotification;

use crate::rig::acks::Acks;
use crate::rig::client::{Answer, Client, Order, Quote, Unanswered};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::outside;
use crate::torture::orders::placing;

/// All that the flood is made of.
pub struct Work {
    /// Who knocks.
    pub client: Client,
    /// Quotes that are taken again and again, each time with a key of its own.
    pub quotes: Vec<Quote>,
    /// Orders that are looked at, and told of.
    pub told: Vec<(Order, SignedNotification)>,
    /// Which of them is told of next.
    pub next: AtomicUsize,
    /// What callers were told.
    pub acks: Acks,
    /// The placings that were answered: key, quote, and the answer.
    pub placed: Mutex<Vec<(String, usize, String)>>,
}

/// What came of one request.
pub struct Done {
    /// How it was answered.
    pub answer: Result<u16, String>,
    /// Whether a refusal said when to come back.
    pub says_when: bool,
    /// How long it took.
    pub took: Duration,
}

/// One request, drawn.
#[derive(Clone, Debug)]
pub enum Task {
    /// Places a top-up by this quote, with this key.
    Place {
        /// Which.
        quote: usize,
        /// The key.
        key: String,
    },
    /// Tells of the next order, or of one that was told of before.
    Tell,
    /// Looks at one.
    Look(usize),
}

impl Work {
    /// Half are placings, three of ten notifications, the rest looks.
    pub fn draw(&self, dice: &mut Dice) -> Task {
        match dice.below(10) {
            0..=4 => Task::Place { quote: dice.position(self.quotes.len()), key: dice.key() },
            5..=7 => Task::Tell,
            _ => Task::Look(dice.position(self.told.len())),
        }
    }

    /// Does it.
    pub async fn carry_out(&self, task: Task) -> Result<Done, Failure> {
        let begun = outside::now();
        let answer = match &task {
            Task::Place { quote, key } => {
                let quote = self.quotes.get(*quote).ok_or_else(|| Failure::new("no quote"))?;
                self.client.post("/api/v1/top-ups", Some(key), &placing(quote, "page")).await
            }
            Task::Tell => return self.tell(begun).await,
            Task::Look(order) => {
                let (order, _) = self.told.get(*order).ok_or_else(|| Failure::new("no order"))?;
                self.client.status(&order.code).await
            }
        };
        if let (Task::Place { quote, key }, Ok(answer)) = (task, &answer)
            && answer.status == 201
        {
            let mut placed = self.placed.lock().unwrap_or_else(PoisonError::into_inner);
            placed.push((key, quote, answer.text.clone()));
        }
        Ok(done(answer, begun.elapsed()))
    }

    async fn tell(&self, begun: std::time::Instant) -> Result<Done, Failure> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // When all have been told of, the provider repeats himself.
        let position = number.checked_rem(self.told.len()).unwrap_or(0);
        let (order, notification) = self.told.get(position).ok_or_else(|| Failure::new("no order"))?;
        let answer = self.client.notify(notification).await;
        if number < self.told.len()
            && let Ok(answer) = &answer
            && answer.is_success()
        {
            self.acks.credited(order)?;
        }
        Ok(done(answer, begun.elapsed()))
    }
}

fn done(answer: Result<Answer, Unanswered>, took: Duration) -> Done {
    match answer {
        Ok(answer) => Done { says_when: answer.retry_after().is_some(), answer: Ok(answer.status), took },
        Err(Unanswered(why)) => Done { says_when: false, answer: Err(why), took },
    }
}
