//! A whole Ringup, without a network: a database in a folder that goes away, the engine, and the routes.

use std::sync::Arc;

use axum::Router;
use ringup::web::state::{App, Site};
use ringup_core::apply::{Again, Command, ImportCard};
use ringup_core::card::CardNumber;
use ringup_core::id::{BatchId, Node};
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::payment::{PayMethod, PaymentWord, Provider, ProviderReport, ReportSource, TransactionId};
use ringup_core::time::Span;
use ringup_core::top_up::TopUpCode;
use ringup_db::seam::Database;
use ringup_engine::balance::CardPass;
use ringup_engine::catalogue::{self, Catalogue};
use ringup_engine::clock::{Clock, ManualClock};
use ringup_engine::keys::Keys;
use ringup_engine::pin::Pin;
use ringup_engine::quote::{self, QuoteToken};
use ringup_engine::top_up::{self, IdempotencyKey, PayBy, Place};
use ringup_engine::{Engine, Settings};
use tokio::runtime::Runtime;

use crate::Broken;
use crate::voice::{NOW, Voices};

const CATALOGUE: &str = include_str!("house/catalogue.toml");
const PUBLIC_URL: &str = "https://ringup.example";
const PIN: &str = "135790";

/// The house, with what is needed to ask it something that it answers.
pub struct House {
    /// What runs requests, one at a time.
    pub runtime: Runtime,
    /// Every route.
    pub router: Router,
    /// The use cases.
    pub engine: Engine,
    /// Genuine things, by the names that stand for them in an input.
    pub things: Vec<(&'static str, String)>,
    // Dropped last: the folder goes when nothing is open in it any more.
    _folder: tempfile::TempDir,
}

impl House {
    /// With a card of 20 yuan, a top-up that is credited, and one that waits for its payment.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be made ready.
    pub fn open(voices: &Voices) -> Result<Self, Broken> {
        let folder = tempfile::tempdir().map_err(Broken::doing("a folder"))?;
        let database = database(folder.path())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Broken::doing("a runtime"))?;
        let settings = Settings {
            node: Node::new(1).ok_or_else(|| Broken("node 1 is none".to_owned()))?,
            public_url: PUBLIC_URL.to_owned(),
            subject: "Top-up".to_owned(),
            clock: Clock::Manual(ManualClock::at(NOW)),
        };
        let keys = Keys::ephemeral().map_err(Broken::doing("keys"))?;
        let engine =
            Engine::start(settings, keys, voices.gateways()?, &database).map_err(Broken::doing("the engine"))?;
        let things = runtime.block_on(furnish(&engine))?;
        let site = Arc::new(Site { public_url: PUBLIC_URL.to_owned(), behind_proxy: true, font: None });
        let router = ringup::web::router(App { engine: engine.clone(), site });
        Ok(Self { runtime, router, engine, things, _folder: folder })
    }

    /// The input with genuine things for the names in braces: `{card}`, `{pin}`, `{pass}`, `{quote}`, `{key}`, `{credited}`
    /// and `{waiting}`.
    pub fn filled(&self, input: &[u8]) -> Vec<u8> {
        self.things.iter().fold(input.to_vec(), |bytes, (name, thing)| {
            crate::bytes::replaced(&bytes, format!("{{{name}}}").as_bytes(), thing.as_bytes())
        })
    }
}

/// A database with tables, as a file in this folder.
pub fn database(folder: &std::path::Path) -> Result<Database, Broken> {
    let url = format!("sqlite:{}", folder.join("ringup.db").display());
    let url = url.parse().map_err(Broken::doing("the database's address"))?;
    let database = Database::open(url).map_err(Broken::doing("the database"))?;
    ringup_db::migrate::migrate(&database, NOW).map_err(Broken::doing("the tables"))?;
    Ok(database)
}

/// What the issuer sells here.
pub fn products() -> Result<Catalogue, Broken> {
    Catalogue::parse(CATALOGUE).map_err(Broken::doing("the catalogue"))
}

async fn furnish(engine: &Engine) -> Result<Vec<(&'static str, String)>, Broken> {
    catalogue::load(engine, products()?).await.map_err(Broken::doing("the catalogue"))?;
    let card = CardNumber::with_check_digit(622_588_000_000_001).map_err(Broken::doing("a card number"))?;
    let pin = Pin::parse(PIN).map_err(Broken::doing("a PIN"))?;
    let import = ImportCard {
        number: card,
        product: ringup_core::product::ProductId(1),
        batch: BatchId::from_u64(1),
        pin: pin.hash(engine.keys().pins(), card),
        balance: yuan(20)?,
        expires_at: NOW.plus(Span::days(100)),
    };
    engine.submit(Command::ImportCard(import)).await.map_err(Broken::doing("a card"))?;
    let credited = place(engine, card, 50).await?;
    pay(engine, credited).await?;
    let waiting = place(engine, card, 100).await?;
    let quote = quoted(engine, card, 100).await?;
    let pass = CardPass { card, until: NOW.plus(Span::minutes(10)) };
    Ok(vec![
        ("card", card.to_string()),
        ("pin", PIN.to_owned()),
        ("pass", pass.seal(engine.keys())),
        ("quote", quote.as_str().to_owned()),
        ("key", "0123456789abcdef".to_owned()),
        ("credited", credited.to_string()),
        ("waiting", waiting.to_string()),
    ])
}

async fn quoted(engine: &Engine, card: CardNumber, amount: u64) -> Result<QuoteToken, Broken> {
    let quoted = quote::make(engine, card, yuan(amount)?).await.map_err(Broken::doing("a quote"))?;
    Ok(quoted.token)
}

async fn place(engine: &Engine, card: CardNumber, amount: u64) -> Result<TopUpCode, Broken> {
    let request = Place {
        key: IdempotencyKey::draw(),
        quote: quoted(engine, card, amount).await?.as_str().to_owned(),
        pay: PayBy { provider: Provider::Alipay, method: PayMethod::Page, payer_ip: None },
        language: Language::En,
        again: Again::Confirmed,
    };
    Ok(top_up::place(engine, request).await.map_err(Broken::doing("a top-up"))?.code)
}

/// What a notification would bring.
async fn pay(engine: &Engine, code: TopUpCode) -> Result<(), Broken> {
    let view = top_up::view(engine, code).await.map_err(Broken::doing("a top-up"))?;
    let payment = view.and_then(|view| view.payments.first().cloned());
    let payment = payment.ok_or_else(|| Broken("a top-up has no payment".to_owned()))?;
    let report = ProviderReport {
        provider: payment.tender.provider().ok_or_else(|| Broken("a payment has no provider".to_owned()))?,
        payment: payment.id,
        source: ReportSource::Notification,
        word: PaymentWord::Paid {
            transaction: TransactionId::parse("2026112322001404060523871234").map_err(Broken::doing("a number"))?,
            amount: payment.amount,
            paid_at: NOW,
        },
    };
    engine.submit(Command::RecordPayment(report)).await.map(drop).map_err(Broken::doing("a payment"))
}

fn yuan(yuan: u64) -> Result<Amount, Broken> {
    Amount::new(yuan * 100, Unit::Cny).map_err(Broken::doing("an amount"))
}
