//! An SMS centre that keeps what it is given: SMPP 3.4 on a port of its own, for one merchant whom it knows by a password.
//!
//! The phones behind it take everything, and it reports so, unless it is told otherwise.

mod read;
mod session;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use read::Part;
pub use read::Text;

use crate::limits;

/// Whom the centre knows.
pub const SMS_SYSTEM_ID: &str = "ringup";
/// By this password.
pub const SMS_PASSWORD: &str = "sandbox";

/// What goes wrong when a text message is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum SmsFault {
    /// "Too many at once": 0x58.
    Throttled,
    /// "No such number": 0x0b.
    Refused,
    /// The centre is not well: 0x08.
    Unwell,
    /// It is taken, and nothing is said: not to this and to nothing else.
    Silent,
    /// It is taken, and the connection breaks before that is said.
    DropAfterSubmit,
}

/// What the phone says of a text message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsOutcome {
    /// It has it.
    #[default]
    Delivered,
    /// It will not get it.
    Undeliverable,
    /// Nothing, until [`SmsControl::report`].
    Held,
}

/// A report that the centre is to bring; how it was answered comes back.
struct Bring {
    reference: String,
    outcome: SmsOutcome,
    answered: oneshot::Sender<u32>,
}

/// What the centre knows.
#[derive(Default)]
pub(crate) struct Exchange {
    parts: Mutex<Vec<Part>>,
    fault: Mutex<Option<SmsFault>>,
    outcome: Mutex<SmsOutcome>,
    /// How each bind that was tried ended.
    binds: Mutex<Vec<u32>>,
    enquiries: Mutex<usize>,
    sessions: Mutex<Vec<mpsc::Sender<Bring>>>,
}

/// The powers over it.
#[derive(Clone)]
pub struct SmsControl(Arc<Exchange>);

/// A running SMS centre. It stops when it is dropped.
pub struct SmsCentre {
    address: SocketAddr,
    control: SmsControl,
    task: JoinHandle<()>,
}

/// Starts an SMS centre on the current tokio runtime.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn start_sms_centre(listen: SocketAddr) -> Result<SmsCentre, std::io::Error> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let control = SmsControl(Arc::default());
    let exchange = Arc::clone(&control.0);
    let task = tokio::spawn(async move {
        // They end with the task that holds them.
        let mut sessions = JoinSet::new();
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(sessions.spawn(session::serve(stream, Arc::clone(&exchange)))),
                Err(error) => tracing::warn!(%error, "a connection to the SMS centre was not taken"),
            }
        }
    });
    Ok(SmsCentre { address, control, task })
}

impl SmsCentre {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address, with the merchant's name at it.
    #[must_use]
    pub fn smpp_url(&self) -> String {
        format!("smpp://{SMS_SYSTEM_ID}@{}", self.address)
    }

    /// The powers over it.
    #[must_use]
    pub fn control(&self) -> SmsControl {
        self.control.clone()
    }
}

impl Drop for SmsCentre {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmsControl {
    /// Every text message that phones would show, the oldest first: parts that belong together are one, and one that lacks a part is none.
    #[must_use]
    pub fn texts(&self) -> Vec<Text> {
        read::whole(&lock(&self.0.parts))
    }

    /// How many parts were taken.
    #[must_use]
    pub fn parts(&self) -> usize {
        lock(&self.0.parts).len()
    }

    /// The centre's numbers of the parts that were taken, the oldest first.
    #[must_use]
    pub fn references(&self) -> Vec<String> {
        lock(&self.0.parts).iter().map(|part| part.reference.clone()).collect()
    }

    /// What goes wrong with each text message from now on; nothing, when there is no fault.
    pub fn set_fault(&self, fault: Option<SmsFault>) {
        *lock(&self.0.fault) = fault;
    }

    /// What the phones say of each text message from now on.
    pub fn set_outcome(&self, outcome: SmsOutcome) {
        *lock(&self.0.outcome) = outcome;
    }

    /// The status that each bind was answered with, the oldest first.
    #[must_use]
    pub fn binds(&self) -> Vec<u32> {
        lock(&self.0.binds).clone()
    }

    /// How often it was asked whether it is still there.
    #[must_use]
    pub fn enquiries(&self) -> usize {
        *lock(&self.0.enquiries)
    }

    /// Breaks every connection.
    pub fn hang_up(&self) {
        lock(&self.0.sessions).clear();
    }

    /// Brings a report to whoever is bound, and waits for the answer's status; nothing when nobody is bound, or the connection broke.
    pub async fn report(&self, reference: &str, outcome: SmsOutcome) -> Option<u32> {
        let sessions = lock(&self.0.sessions).clone();
        let session = sessions.into_iter().rev().find(|session| !session.is_closed())?;
        let (answered, answer) = oneshot::channel();
        session.send(Bring { reference: reference.to_owned(), outcome, answered }).await.ok()?;
        answer.await.ok()
    }
}

impl Exchange {
    /// The phone's word of a part, brought until it is heard.
    async fn report_until_heard(self: Arc<Self>, reference: String) {
        let outcome = *lock(&self.outcome);
        if outcome == SmsOutcome::Held {
            return;
        }
        let control = SmsControl(self);
        for _ in 0..limits::SMS_REPORTS_BROUGHT_MAX {
            if control.report(&reference, outcome).await == Some(0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(limits::SMS_REPORT_AGAIN_MS)).await;
        }
    }
}

/// A panic while it was held leaves a list as it was; carrying on is better than answering nobody any more.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
