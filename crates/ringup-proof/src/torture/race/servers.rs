//! One server on SQLite, or two on one PostgreSQL.

use ringup_core::card::CardNumber;
use ringup_sandbox::{Fault, Sandbox, SignedNotification};
use tokio::runtime::Runtime;

use crate::rig::acks::Acks;
use crate::rig::client::{Client, Order};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Product, free_address};
use crate::rig::outside;
use crate::rig::provider::{Provider, Truth};
use crate::rig::server::{Launch, Server};
use crate::rig::verdict;
use crate::torture::report::Report;
use crate::torture::sandbox;
use crate::torture::stage::{Stage, StagePlan};
use crate::torture::{Db, Setup};

/// How many cards of each product there are.
const CARDS: u64 = 100;

/// The servers, their database, and who speaks with them.
pub struct Servers {
    /// What they stand on.
    pub stage: Stage,
    /// What callers were told.
    pub acks: Acks,
    servers: Vec<Server>,
    first: Client,
    /// The client of the second server; of the first when there is only one.
    second: Client,
    provider: Provider,
    /// Plays the provider where a QR code is asked for.
    _sandbox: Sandbox,
}

impl Servers {
    /// Starts them.
    pub fn start(setup: &Setup, seed: u64, runtime: &Runtime) -> Result<Self, Failure> {
        let played = runtime.block_on(sandbox::start())?;
        played.control().add_switch(sandbox::always(Fault::NotificationLost, None));
        let gateway_url = Some(played.alipay_gateway_url());
        let stage = Stage::make(setup, StagePlan { name: "race", cards: CARDS, seed, gateway_url })?;
        let (server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
        let (mut servers, mut url) = (vec![server], stage.issuer.url());
        if setup.db == Db::Postgres {
            let number = ("RINGUP_SERVER__NODE", "1".to_owned());
            // Nobody must see which of them answered.
            let address = ("RINGUP_SERVER__PUBLIC_URL", stage.issuer.url());
            let environment = [number, address].map(|(name, value)| (name.to_owned(), value)).into();
            let listen = Some(free_address(&mut Dice::new(outside::chance()))?);
            let launch = Launch { environment, listen, ..Launch::default() };
            let (second, _) = Server::start_ready(&stage.issuer, &launch)?;
            url = second.url();
            servers.push(second);
        }
        Ok(Self {
            acks: Acks::begin(&stage.issuer.folder.join("acks.txt"))?,
            provider: Provider::new(&stage.issuer.keys.alipay)?,
            first: Client::new(&stage.issuer.url())?,
            second: Client::new(&url)?,
            stage,
            servers,
            _sandbox: played,
        })
    }

    /// Callers are spread evenly over the servers, by their numbers.
    pub const fn client(&self, number: usize) -> &Client {
        if number.is_multiple_of(2) { &self.first } else { &self.second }
    }

    /// The cards of a product.
    pub fn cards(&self, product: Product) -> Vec<CardNumber> {
        self.stage.cards(product)
    }

    /// The provider's word that an order was paid.
    pub fn genuine(&self, order: &Order) -> SignedNotification {
        self.provider.notify(order, Truth::Genuine)
    }

    /// Has the books checked.
    pub fn verify(&self, at: &str, report: &mut Report) -> Result<(), Failure> {
        report.judge(at, &verdict::verify(&self.stage.issuer, Some(self.acks.path()))?);
        Ok(())
    }

    /// Ends them, and their database with them.
    pub fn end(mut self) -> Result<(), Failure> {
        self.servers.iter_mut().for_each(Server::kill);
        self.stage.end()
    }
}
