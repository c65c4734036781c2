//! Ringup's use cases, its jobs, and the write lane: the only writer of money.
//!
//! A page, the API or the command line calls one function here; it reads through [`Engine::read`], decides money by a
//! command on the write lane, and talks to providers between two commits, never inside one. Time, ids and chance come
//! from here, so that tests own them.

pub mod agent;
pub mod balance;
pub mod card;
pub mod catalogue;
pub mod chance;
pub mod clerk;
pub mod clock;
pub mod device;
pub mod error;
pub mod ids;
pub mod job;
pub mod keys;
pub mod kiosk;
pub mod lane;
pub mod limits;
pub mod notice;
pub mod notification;
pub mod payment;
pub mod pin;
pub mod place;
pub mod plan;
mod queue;
pub mod quote;
pub mod rating;
mod reads;
pub mod receipt;
pub mod refund;
mod seal;
pub mod store;
pub mod sweep;
pub mod timeline;
pub mod top_up;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ringup_core::apply::{Command, Outcome};
use ringup_core::id::Node;
use ringup_core::payment::{OrderNumber, Provider};
use ringup_core::time::Timestamp;
use ringup_db::error::DbError;
use ringup_db::seam::{Database, ReadTx, WriteTx};
use ringup_gateways::{Gateways, Nonce};

use balance::Looks;
use clock::Clock;
use error::{SubmitError, Unavailable};
use ids::IdMint;
use keys::Keys;
use lane::Lane;
use reads::Reads;

/// How an engine is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which server this is among those that write to the same database.
    pub node: Node,
    /// How the world reaches the pages, without a slash at the end: `https://topup.example.com`.
    pub public_url: String,
    /// What payers read in the provider's app.
    pub subject: String,
    /// The clock; [`Clock::System`] where there is real money.
    pub clock: Clock,
}

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    settings: Settings,
    keys: Keys,
    gateways: Gateways,
    ids: Arc<IdMint>,
    reads: Reads,
    looks: Looks,
    places: place::HeldPlaces,
    lane: Lane,
    asked: Mutex<BTreeMap<OrderNumber, Timestamp>>,
}

impl Engine {
    /// Starts the write lane on a database whose schema is current.
    ///
    /// # Errors
    /// [`Unavailable`] when the database cannot be opened for writing.
    pub fn start(settings: Settings, keys: Keys, gateways: Gateways, database: &Database) -> Result<Self, Unavailable> {
        let ids = Arc::new(IdMint::open(database, settings.node)?);
        let lane = Lane::start(database, settings.clock.clone(), Arc::clone(&ids))?;
        let reads = Reads::new(database.clone());
        let looks = Looks::start(database)?;
        let (places, asked) = Default::default();
        Ok(Self(Arc::new(Inner { settings, keys, gateways, ids, reads, looks, places, lane, asked })))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.settings.clock.now()
    }

    /// How it was set up.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The secrets, and the keys that sign receipts.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The payment providers.
    #[must_use]
    pub fn gateways(&self) -> &Gateways {
        &self.0.gateways
    }

    /// Makes ids for rows that are no money.
    #[must_use]
    pub fn ids(&self) -> &IdMint {
        &self.0.ids
    }

    /// Reads from one consistent snapshot that shows everything answered before it began.
    ///
    /// # Errors
    /// [`Unavailable`] when the database does not answer, or too many readers wait.
    pub async fn read<T, F>(&self, read: F) -> Result<T, Unavailable>
    where
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, DbError> + Send + 'static,
    {
        self.0.reads.read(read).await
    }

    /// Where cards are looked at.
    pub(crate) fn looks(&self) -> &Looks {
        &self.0.looks
    }

    /// The places as they were read last.
    pub(crate) fn places(&self) -> &place::HeldPlaces {
        &self.0.places
    }

    /// Writes what is not money, in one transaction of its own on the write lane.
    ///
    /// # Errors
    /// [`SubmitError::Busy`], [`SubmitError::Unavailable`], [`SubmitError::Unknown`], [`SubmitError::Stopped`].
    pub async fn write<T, F>(&self, write: F) -> Result<T, SubmitError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, DbError> + Send + 'static,
    {
        self.0.lane.write(write).await
    }

    /// The same for what is decided by a row that another server may write at the same moment: when it did, the decision is made
    /// once more, by the row as it is then.
    pub(crate) async fn write_decided<T, F>(&self, write: F) -> Result<T, SubmitError>
    where
        T: Send + 'static,
        F: Fn(&mut WriteTx<'_>) -> Result<T, DbError> + Clone + Send + 'static,
    {
        let mut tries = 0;
        loop {
            match self.write(write.clone()).await {
                Err(SubmitError::Unavailable(_)) if tries < limits::DECISION_RETRIES => tries += 1,
                written => return written,
            }
        }
    }

    /// Carries out one command: answered when it is durable.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit(&self, command: Command) -> Result<Outcome, SubmitError> {
        self.0.lane.submit(command).await
    }

    /// Whether money can be written and everything read: what `/readyz` asks. After a write that failed it is tried.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn ready(&self) -> Result<(), SubmitError> {
        self.0.lane.ready()?;
        if self.0.lane.take_doubt() {
            self.write(ringup_db::migrate::try_to_write).await?;
        }
        let now = self.now();
        self.read(move |tx| ringup_db::job::has_due_job(tx, now)).await?;
        Ok(())
    }

    /// Whether a provider may be asked about this order because somebody looks at its page: once in some seconds.
    pub(crate) fn may_ask_about(&self, order: impl Into<OrderNumber>) -> bool {
        let now = self.now();
        let mut asked = self.0.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        asked.retain(|_, at| now < at.plus(limits::LOOK_AGAIN_AFTER));
        match asked.entry(order.into()) {
            std::collections::btree_map::Entry::Vacant(never) => {
                never.insert(now);
                true
            }
            std::collections::btree_map::Entry::Occupied(_) => false,
        }
    }

    /// Fetches WeChat Pay's platform certificates; what fails is tried again the next time.
    pub async fn refresh_certificates(&self) {
        if !self.0.gateways.offers(Provider::WechatPay) {
            return;
        }
        match self.0.gateways.refresh_certificates(self.now(), &self.nonce()).await {
            Ok(count) => tracing::debug!(count, "platform certificates are held"),
            Err(error) => tracing::warn!(%error, "the platform certificates could not be fetched"),
        }
    }

    pub(crate) fn nonce(&self) -> Nonce {
        Nonce::from_bytes(chance::bytes())
    }
}
