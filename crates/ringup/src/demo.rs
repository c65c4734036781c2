//! The demo: a fresh issuer with two products, its own sandbox for the providers, and one top-up through every channel
//! and provider that there is, made over HTTP.

mod agent;
mod counter;
mod folder;
mod kiosk;
mod receipts;
mod seed;
mod shopping;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ringup_engine::Engine;
use ringup_engine::clock::Clock;
use ringup_paper::Font;
use ringup_sandbox::{AlipayKeyMode, DemoKeys, Holder, NotificationSigner, SMS_PASSWORD, Sandbox, SandboxConfig};
use ringup_terminal::config::NOTO;

use crate::config::{AlipaySettings, MailSettings, Mode, Settings, SmsSettings, WechatPaySettings};
use crate::web::state::Site;
use crate::{open, serve};

use receipts::Receipts;
use seed::DemoCard;
pub use shopping::Bought;

/// How the demo is to be run.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Its data folder, made fresh.
    pub data: PathBuf,
    /// Where the pages listen.
    pub listen: SocketAddr,
    /// Where the sandbox listens.
    pub sandbox_listen: SocketAddr,
    /// Another database than a SQLite file in the data folder; it must be empty.
    pub database: Option<String>,
    /// Whether it ends after its top-ups.
    pub ending: Ending,
}

/// What the demo does after its top-ups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It ends.
    AtOnce,
    /// It serves until it is stopped.
    WhenStopped,
}

/// Why the demo failed.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The data folder is somebody else's.
    #[error(transparent)]
    Folder(#[from] folder::FolderError),
    /// Keys could not be made.
    #[error(transparent)]
    Keys(#[from] ringup_sandbox::KeyError),
    /// Key files could not be written.
    #[error(transparent)]
    KeyFile(#[from] ringup_sandbox::KeyFileError),
    /// The sandbox did not start.
    #[error(transparent)]
    Sandbox(#[from] ringup_sandbox::SandboxError),
    /// The server did not start.
    #[error(transparent)]
    Open(#[from] open::OpenError),
    /// The server did not serve.
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
    /// The seed could not be sown.
    #[error(transparent)]
    Seed(#[from] seed::SeedError),
    /// A top-up could not be made.
    #[error(transparent)]
    Holder(#[from] ringup_sandbox::HolderError),
    /// There is no counter.
    #[error(transparent)]
    Counter(#[from] counter::CounterError),
    /// There is no kiosk, or it took no money.
    #[error(transparent)]
    Kiosk(#[from] kiosk::KioskError),
    /// A receipt could not be written.
    #[error("the receipts: {0}")]
    Receipts(#[from] std::io::Error),
    /// There is no agent.
    #[error(transparent)]
    Agent(#[from] agent::AgentError),
    /// The clerk could not sell.
    #[error(transparent)]
    Clerk(#[from] ringup_sandbox::ClerkError),
    /// Opening the database was cut off.
    #[error("opening the database was cut off")]
    CutOff,
    /// A top-up did not end credited.
    #[error("not every top-up ended credited")]
    NotCredited,
}

/// Runs the demo.
///
/// # Errors
/// [`DemoError`]; [`DemoError::NotCredited`] when a top-up did not end credited.
pub async fn run(options: DemoOptions) -> Result<(), DemoError> {
    folder::make_fresh(&options.data)?;
    let keys = DemoKeys::generate()?;
    let provider_keys = options.data.join("providers");
    keys.write_to(&provider_keys)?;
    std::fs::write(provider_keys.join(SMS_PASSWORD_FILE), SMS_PASSWORD).map_err(DemoError::Receipts)?;
    let sandbox = start_sandbox(&keys, options.sandbox_listen).await?;
    let listener = serve::listen(options.listen).await?;
    let address = listener.local_addr().map_err(serve::ServeError::from)?;
    let settings = settings(&options, &sandbox, &keys, address);
    let engine = open_database(settings.clone()).await?;
    let cards = seed::sow(&engine).await?;
    let doors = Doors::open(&engine).await?;
    let font = printing_font()?;
    let public_url = settings.public_url();
    let site = Site { public_url: public_url.clone(), behind_proxy: false, font: font.clone() };
    let server = tokio::spawn(serve::run(engine, site, listener));

    println!("pages   {public_url}/");
    println!("sandbox {}/", sandbox.url());
    println!("mails   {}/_sandbox/mails", sandbox.url());
    println!("texts   {}/_sandbox/texts", sandbox.url());
    let around = Around { server_url: &public_url, sandbox: &sandbox, data: &options.data, prints: font.is_some() };
    let font_file = font.is_some().then_some(Path::new(NOTO));
    let below = kiosk::Around {
        server_url: &public_url,
        sandbox: &sandbox,
        data: &options.data,
        font: font_file,
        code: &doors.kiosk,
    };
    let machine = kiosk::start(&below).await?;
    let bought = doors.go_through(&around, (&machine, &below), &cards).await?;
    print!("\n{}\n", shopping::table(&bought));
    for card in &cards {
        println!("card {} pin {}", card.number, card.pin);
    }
    print!("{}{}", doors.agent.told(&public_url), doors.counter.told(&public_url));
    if bought.iter().any(|bought| bought.state != "credited") {
        return Err(DemoError::NotCredited);
    }
    match options.ending {
        Ending::AtOnce => {}
        Ending::WhenStopped => {
            println!("\nserving until Ctrl-C");
            if let Ok(served) = server.await {
                served?;
            }
        }
    }
    drop(machine);
    sandbox.shutdown().await;
    Ok(())
}

/// The doors with a person or a machine behind them.
struct Doors {
    counter: counter::Counter,
    agent: agent::DemoAgent,
    kiosk: String,
}

/// What stands around the doors.
struct Around<'a> {
    server_url: &'a str,
    sandbox: &'a Sandbox,
    data: &'a Path,
    /// Whether there is a font to print with.
    prints: bool,
}

impl Doors {
    async fn open(engine: &Engine) -> Result<Self, DemoError> {
        let (counter, agent) = (counter::sow(engine).await?, agent::sow(engine).await?);
        Ok(Self { counter, agent, kiosk: kiosk::sow(engine).await? })
    }

    /// One top-up through every door, each with a card of its own; their receipts are kept as files.
    async fn go_through(
        &self,
        around: &Around<'_>,
        (machine, below): (&kiosk::Kiosk, &kiosk::Around<'_>),
        cards: &[DemoCard],
    ) -> Result<Vec<Bought>, DemoError> {
        let (server_url, sandbox) = (around.server_url, around.sandbox);
        let [_, _, for_cash, by_code, of_agent, of_notes, on_screen, ..] = cards else {
            return Err(DemoError::NotCredited);
        };
        let mut all: Vec<(Bought, Option<Vec<u8>>)> = Vec::new();
        all.extend(shopping::go(server_url, sandbox, cards).await?.into_iter().map(|bought| (bought, None)));
        let sold = counter::sell(server_url, sandbox, &self.counter, [for_cash, by_code], around.prints).await?;
        let ([cash, scanned], slip) = sold;
        all.extend([(cash, slip), (scanned, None)]);
        all.extend(kiosk::sell(machine, below, [of_notes, on_screen]).await?);
        all.push((agent::sell(server_url, &self.agent, of_agent).await?, None));
        let (kept, holder) = (Receipts::below(around.data)?, Holder::new(server_url)?);
        let mut bought = Vec::new();
        for (one, slip) in all {
            bought.push(kept.keep(&holder, one, slip).await?);
        }
        Ok(bought)
    }
}

/// The font that slips are drawn with; a machine without it prints none.
fn printing_font() -> Result<Option<Font>, DemoError> {
    let file = Path::new(NOTO);
    if !file.exists() {
        return Ok(None);
    }
    Font::open(file).map(Some).map_err(|error| DemoError::Receipts(std::io::Error::other(error.to_string())))
}

/// Beside the keys of the sandbox's providers.
const SMS_PASSWORD_FILE: &str = "sms_password.txt";

/// The demo's database is empty, so its tables are made whichever it is.
async fn open_database(settings: Settings) -> Result<Engine, DemoError> {
    let opened = tokio::task::spawn_blocking(move || {
        open::migrate(&settings, Clock::System.now())?;
        open::engine(&settings, settings.node()?, Clock::System)
    });
    opened.await.map_err(|_| DemoError::CutOff)?.map_err(DemoError::from)
}

async fn start_sandbox(keys: &DemoKeys, listen: SocketAddr) -> Result<Sandbox, ringup_sandbox::SandboxError> {
    ringup_sandbox::start(SandboxConfig {
        listen,
        public_url: None,
        clock: ringup_sandbox::system_clock(),
        time_scale: 1,
        alipay: keys.alipay_merchant(AlipayKeyMode::Key),
        wechat_pay: keys.wechat_pay_merchant(NotificationSigner::PublicKey),
    })
    .await
}

fn settings(options: &DemoOptions, sandbox: &Sandbox, keys: &DemoKeys, address: SocketAddr) -> Settings {
    let providers = options.data.join("providers");
    let mut settings = Settings::default();
    settings.server.listen = address;
    settings.server.mode = Mode::Test;
    settings.server.subject = "Ringup Demo".to_owned();
    let sqlite = || format!("sqlite:{}", options.data.join("ringup.db").display());
    settings.database.url = options.database.clone().unwrap_or_else(sqlite);
    settings.keys.folder = options.data.join("keys");
    settings.alipay = Some(AlipaySettings {
        gateway_url: sandbox.alipay_gateway_url(),
        app_id: keys.alipay.app_id.clone(),
        seller_id: keys.alipay.seller_id.clone(),
        private_key_file: providers.join("alipay_merchant_private_key.pem"),
        public_key_file: Some(providers.join("alipay_platform_public_key.pem")),
        app_cert_file: None,
        alipay_cert_file: None,
        root_certs_file: None,
    });
    settings.wechat_pay = Some(WechatPaySettings {
        base_url: sandbox.wechat_pay_base_url(),
        app_id: keys.wechat_pay.appid.clone(),
        mchid: keys.wechat_pay.mchid.clone(),
        merchant_serial: keys.wechat_pay.merchant_serial.clone(),
        private_key_file: providers.join("wechat_pay_merchant_private_key.pem"),
        api_v3_key_file: providers.join("wechat_pay_api_v3_key.txt"),
        public_key_id: Some(keys.wechat_pay.platform_public_key_id.clone()),
        public_key_file: Some(providers.join("wechat_pay_platform_public_key.pem")),
        certificate_files: Vec::new(),
    });
    settings.mail = Some(MailSettings {
        smtp_url: sandbox.smtp_url(),
        password_file: None,
        from: "Ringup Demo <receipts@ringup.example>".to_owned(),
    });
    settings.sms = Some(SmsSettings {
        smpp_url: sandbox.smpp_url(),
        password_file: Some(providers.join(SMS_PASSWORD_FILE)),
        from: "Ringup".to_owned(),
        countries: vec!["CN".to_owned()],
    });
    settings
}
