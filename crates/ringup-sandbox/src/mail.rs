//! A mail server that keeps what it is given: plain SMTP (RFC 5321) on a port of its own, for one merchant whom it believes.

mod read;
mod session;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use read::Mail;

use crate::limits;

/// What goes wrong when a mail is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum MailFault {
    /// "Not now": 451 to the recipient.
    Later,
    /// "Never": 550 to the recipient, in words that repeat the address.
    Refused,
    /// The mail is taken, and the connection breaks before that is said.
    DropAfterData,
    /// No word for so long, and then the connection breaks.
    Silent {
        /// How long.
        #[serde(default = "hang_ms")]
        ms: u64,
    },
}

fn hang_ms() -> u64 {
    limits::HANG_MS_DEFAULT
}

/// What the server knows.
#[derive(Default)]
pub(crate) struct PostOffice {
    mails: Mutex<Vec<Mail>>,
    fault: Mutex<Option<MailFault>>,
}

impl PostOffice {
    /// Every mail that was taken, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.mails).clone()
    }

    /// What goes wrong with each mail from now on.
    pub fn set_fault(&self, fault: Option<MailFault>) {
        *lock(&self.fault) = fault;
    }

    fn fault(&self) -> Option<MailFault> {
        lock(&self.fault).clone()
    }

    fn take(&self, mail: Mail) {
        let mut mails = lock(&self.mails);
        if mails.len() >= limits::MAILS_KEPT_MAX {
            mails.remove(0);
        }
        mails.push(mail);
    }
}

/// A panic while it was held leaves a list as it was; carrying on is better than answering nobody any more.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens for mail on any free port beside this address; answers where, and the task that does.
pub(crate) async fn listen(
    beside: SocketAddr,
    office: Arc<PostOffice>,
) -> Result<(SocketAddr, JoinHandle<()>), std::io::Error> {
    let listener = TcpListener::bind(SocketAddr::new(beside.ip(), 0)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(session::serve(stream, Arc::clone(&office)))),
                Err(error) => tracing::warn!(%error, "a mail connection was not taken"),
            }
        }
    });
    Ok((address, task))
}

#[cfg(test)]
mod tests;
