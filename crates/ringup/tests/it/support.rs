//! The words that scenarios are written in.

mod agent;
mod database;
mod forge;
mod holder;
mod kiosk;
mod page;
mod payment_code;
mod program;
mod provider;
mod sandbox;
mod signing;
mod staff;
mod till;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringup::web::state::{App, Site};
use ringup_core::apply::{Command, ImportCard, KeyUse, RecordUsage};
use ringup_core::books::{Fingerprint, KeyHash};
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::{BatchId, Node};
use ringup_core::money::Amount;
use ringup_core::payment::Provider;
use ringup_core::time::{Span, Timestamp};
use ringup_db::card::{NewCard, insert_cards};
use ringup_db::seam::WriteTx;
use ringup_engine::card::draw;
use ringup_engine::catalogue::{self, Catalogue};
use ringup_engine::clock::{Clock, ManualClock};
use ringup_engine::keys::Keys;
use ringup_engine::pin::Pin;
use ringup_engine::{Engine, Settings, job};
use ringup_gateways::Gateways;
use ringup_sandbox::{DemoKeys, Sandbox};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use agent::{PDF, TestAgent, application, sale_of};
pub use database::{TestDatabase, psql};
pub use forge::{Alipay, Signer, WechatPay};
pub use holder::{Answer, Order, key};
pub use kiosk::policy;
pub use page::{Reader, hidden};
pub use program::{Program, Server, errors, given_alipay, tamper};
pub use sandbox::{Agreement, HeldKeys, keys, theirs};
pub use signing::Forged;
pub use till::{TestClerk, TestStore, Till, drawer_of, in_the_purse, yuan};

/// 2026-11-23T10:00:00+08:00, a Monday.
pub const START: Timestamp = Timestamp::from_seconds(1_795_399_200);

/// Whoever takes payments.
pub const PROVIDERS: [Provider; 2] = [Provider::Alipay, Provider::WechatPay];

/// A whole Ringup with its outside world, for one scenario. When it is dropped the ledger must verify.
pub struct TestApp {
    pub engine: Engine,
    pub clock: ManualClock,
    pub sandbox: Sandbox,
    pub keys: DemoKeys,
    pub url: String,
    pub http: reqwest::Client,
    pub database: Arc<TestDatabase>,
    server: JoinHandle<()>,
    expects_given_up_jobs: AtomicBool,
}

/// A card in the hands of a holder.
#[derive(Clone, Debug)]
pub struct TestCard {
    pub number: CardNumber,
    pub pin: String,
}

pub const CATALOGUE: &str = include_str!("support/catalogue.toml");

impl TestApp {
    /// An issuer with a catalogue, both providers, and no cards yet.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, with what was agreed with the providers changed first.
    pub async fn with(change: impl FnOnce(&mut Agreement)) -> Self {
        Self::start(TestDatabase::fresh(), change).await
    }

    /// The same on a database that has its tables.
    pub async fn on(database: TestDatabase) -> Self {
        Self::start(database, |_| {}).await
    }

    async fn start(database: TestDatabase, change: impl FnOnce(&mut Agreement)) -> Self {
        let clock = ManualClock::at(START);
        let keys = keys();
        let mut agreement = Agreement::of(&keys);
        change(&mut agreement);
        let (sandbox, gateways) = sandbox::start(&agreement, clock.clone()).await;
        let (engine, url, server) = serve(gateways, &database, &clock, Node::new(1).unwrap()).await;
        let (http, expects_given_up_jobs, database) = (client(), AtomicBool::new(false), Arc::new(database));
        let app = Self { engine, clock, sandbox, keys, url, http, database, server, expects_given_up_jobs };
        catalogue::load(&app.engine, Catalogue::parse(CATALOGUE).unwrap()).await.unwrap();
        app
    }

    /// Another server on the same database; answers its engine and its address.
    pub async fn with_a_second_server(&self) -> (Engine, String) {
        let gateways = sandbox::gateways(&Agreement::of(&self.keys), &self.sandbox);
        let (engine, url, _) = serve(gateways, &self.database, &self.clock, Node::new(2).unwrap()).await;
        (engine, url)
    }

    /// A card of the product without promotions.
    pub async fn given_a_card(&self, balance: &str) -> TestCard {
        self.given_a_card_of("plain", balance).await
    }

    /// A card of a product, in use, valid for 100 days.
    pub async fn given_a_card_of(&self, product: &str, balance: &str) -> TestCard {
        let products = Catalogue::parse(CATALOGUE).unwrap().products;
        let product = products.iter().find(|known| known.code == product).unwrap();
        let number = draw::number(&product.format).unwrap();
        let pin = draw::pin(product.format.pin_digits);
        let command = ImportCard {
            number,
            product: product.id,
            batch: BatchId::from_u64(1),
            pin: Pin::parse(&pin).unwrap().hash(self.engine.keys().pins(), number),
            balance: balance.parse::<Amount>().unwrap(),
            expires_at: self.clock.now().plus(Span::days(100)),
        };
        self.engine.submit(Command::ImportCard(command)).await.unwrap();
        TestCard { number, pin }
    }

    /// A card that has been made and not been sold.
    pub async fn given_a_card_not_sold(&self) -> TestCard {
        let product = Catalogue::parse(CATALOGUE).unwrap().products.remove(0);
        let number = draw::number(&product.format).unwrap();
        let pin = draw::pin(product.format.pin_digits);
        let hash = Pin::parse(&pin).unwrap().hash(self.engine.keys().pins(), number);
        let new = NewCard { number, pin: hash };
        let batch = BatchId::from_u64(2);
        let insert = move |tx: &mut WriteTx<'_>| insert_cards(tx, &[new], product.id, batch, CardState::InStock);
        assert_eq!(self.engine.write(insert).await.unwrap(), []);
        TestCard { number, pin }
    }

    /// What the card holds must be this.
    pub async fn should_hold(&self, card: &TestCard, expected: &str) {
        let holdings = ringup_engine::balance::show(&self.engine, card.number, None).await.unwrap();
        assert_eq!(holdings.main.to_string(), expected);
    }

    /// The network reports one call of this price.
    pub async fn spends(&self, card: &TestCard, amount: &str) {
        let command = RecordUsage {
            key: KeyUse { key: KeyHash([7; 16]), fingerprint: Fingerprint([7; 16]) },
            card: card.number,
            amount: amount.parse().unwrap(),
            number: 1,
        };
        self.engine.submit(Command::RecordUsage(command)).await.unwrap();
    }

    /// Time passes; due jobs run, as the worker would run them.
    pub async fn after(&self, span: Span) {
        self.clock.advance(span);
        self.runs_due_jobs().await;
    }

    /// Time passes in steps, so that each job runs about when it is due.
    pub async fn after_steps(&self, steps: u32, step: Span) {
        for _ in 0..steps {
            self.after(step).await;
        }
    }

    /// Every job that is due is run, and those that become due by that.
    pub async fn runs_due_jobs(&self) {
        while job::run_due(&self.engine).await.unwrap() > 0 {}
    }

    /// The server ends; its database stays for what comes after it.
    pub fn leaves_its_database(self) -> Arc<TestDatabase> {
        Arc::clone(&self.database)
    }

    /// This scenario ends with a job that only a person can finish.
    pub fn expects_given_up_jobs(&self) {
        self.expects_given_up_jobs.store(true, Ordering::Relaxed);
    }
}

/// A font with the letters of a few slips, and boxes for all others.
fn font() -> ringup_paper::Font {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ringup-paper/tests/fonts/few-letters.otf");
    ringup_paper::Font::open(std::path::Path::new(path)).unwrap()
}

/// Starts a server on a port of its own; answers its engine, its address and its task.
async fn serve(
    gateways: Gateways,
    database: &TestDatabase,
    clock: &ManualClock,
    node: Node,
) -> (Engine, String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let clock = Clock::Manual(clock.clone());
    let settings = Settings { node, public_url: url.clone(), subject: "Test".to_owned(), clock };
    let engine = start_engine(settings, gateways, database);
    let site = Site { public_url: url.clone(), behind_proxy: true, font: Some(font()) };
    let router = ringup::web::router(App { engine: engine.clone(), site: Arc::new(site) });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    (engine, url, server)
}

/// A client that follows no redirects: where a form leads to is looked at.
pub fn client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "here a test stands for browsers and providers, outside the house")]
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().unwrap()
}

/// Connecting blocks, so it is done on a thread of its own.
fn start_engine(settings: Settings, gateways: Gateways, database: &TestDatabase) -> Engine {
    let database = database.database();
    std::thread::spawn(move || Engine::start(settings, Keys::ephemeral().unwrap(), gateways, &database).unwrap())
        .join()
        .unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.server.abort();
        if !std::thread::panicking() {
            self.database.should_verify(self.clock.now());
            let given_up = self.database.given_up_jobs();
            let expected = self.expects_given_up_jobs.load(Ordering::Relaxed);
            assert_eq!(!given_up.is_empty(), expected, "{given_up:?}");
        }
    }
}
