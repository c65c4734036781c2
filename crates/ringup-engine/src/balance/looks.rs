//! Looking at cards: whoever asks at the same time is read for together, by one thread with one reader.
//!
//! A look alone costs a transaction and the waking of a thread, which is more than the look. So a thread takes what waits,
//! reads it all from one snapshot, and answers everyone; the same as the write lane does with what is written.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::card::CardNumber;
use ringup_core::time::Timestamp;
use ringup_db::card::CardSight;
use ringup_db::error::DbError;
use ringup_db::pin_guard::{self, PinScope};
use ringup_db::seam::{Database, Reader};
use tokio::sync::{mpsc, oneshot};

use crate::error::Unavailable;
use crate::{limits, queue};

/// The way in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Looks {
    queue: mpsc::Sender<Look>,
}

/// Who asks for what.
struct Look {
    card: CardNumber,
    scopes: [PinScope; 3],
    answer: oneshot::Sender<Result<Seen, Unavailable>>,
}

/// What was seen, before anyone knows whether the PIN is right.
pub(crate) struct Seen {
    /// The card, if there is one.
    pub(crate) sight: Option<CardSight>,
    /// Until when no PIN is looked at, in any of the scopes that were asked for.
    pub(crate) locked_until: Option<Timestamp>,
    /// Whether wrong PINs are counted for the card.
    pub(crate) has_failures: bool,
}

impl Looks {
    pub(crate) fn start(database: &Database) -> Result<Self, Unavailable> {
        let database = database.clone();
        let (queue, waiting) = mpsc::channel(limits::LOOKS_WAITING);
        std::thread::Builder::new()
            .name("looks".to_owned())
            .spawn(move || run(&database, waiting))
            .map_err(|error| Unavailable(error.to_string()))?;
        Ok(Self { queue })
    }

    pub(crate) async fn look(&self, card: CardNumber, scopes: [PinScope; 3]) -> Result<Seen, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let full = |_| Unavailable("too many holders wait".to_owned());
        self.queue.try_send(Look { card, scopes, answer }).map_err(full)?;
        answered.await.map_err(|_| Unavailable("a look was cut off".to_owned()))?
    }
}

fn run(database: &Database, mut waiting: mpsc::Receiver<Look>) {
    let mut kept: Option<Reader> = None;
    while let Some(first) = queue::next(&mut waiting) {
        let mut looks = vec![first];
        while looks.len() < limits::LOOKS_TOGETHER
            && let Ok(next) = waiting.try_recv()
        {
            looks.push(next);
        }
        let read = match kept.take() {
            Some(reader) => Ok(reader),
            None => database.looker(),
        }
        .and_then(|mut reader| {
            let found = read_together(&mut reader, &looks)?;
            // A reader whose connection broke is dropped with its error, and the next one is made anew.
            kept = Some(reader);
            Ok(found)
        });
        match read {
            Ok(found) => answer_all(looks, &found),
            Err(error) => {
                tracing::warn!(%error, "cards could not be looked at");
                let unavailable = Unavailable(error.to_string());
                for look in looks {
                    // Whoever has gone away meanwhile asks again, or not.
                    let _ = look.answer.send(Err(unavailable.clone()));
                }
            }
        }
    }
}

struct Found {
    sights: BTreeMap<CardNumber, CardSight>,
    states: BTreeMap<PinScope, Option<Timestamp>>,
}

fn read_together(reader: &mut Reader, looks: &[Look]) -> Result<Found, DbError> {
    let numbers: BTreeSet<CardNumber> = looks.iter().map(|look| look.card).collect();
    let scopes: BTreeSet<PinScope> = looks.iter().flat_map(|look| look.scopes).collect();
    reader.read(|tx| {
        Ok(Found { sights: ringup_db::card::look_at_cards(tx, &numbers)?, states: pin_guard::locks_of(tx, &scopes)? })
    })
}

fn answer_all(looks: Vec<Look>, found: &Found) {
    for look in looks {
        let locks = look.scopes.iter().filter_map(|scope| *found.states.get(scope)?);
        let seen = Seen {
            sight: found.sights.get(&look.card).cloned(),
            locked_until: locks.max(),
            has_failures: found.states.contains_key(&PinScope::Card(look.card)),
        };
        let _ = look.answer.send(Ok(seen));
    }
}
