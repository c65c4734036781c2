//! Plays Alipay and WeChat Pay over HTTP, a mail server and an SMS centre that keep what they are given, and bill validators on a serial line, as strictly as they are, for the demo and for tests.
//!
//! It stands for the outside world: it depends on no other crate of Ringup, and shares no signing or parsing code with
//! the gateways, so that one checks the other. Everything is kept in memory and is gone when it stops. It must never
//! see a real key.
//!
//! One listener serves the Alipay gateway (`/gateway.do`), WeChat Pay's API (`/v3/…`), the payer's phone
//! (`/_sandbox/phone/…`) and the control interface (`/_sandbox/…`). The README of this crate documents them.

mod alipay;
mod app;
mod certificate;
mod china_time;
mod clerk;
mod config;
mod control;
mod courier;
mod crypto;
mod device_key;
mod fault;
mod holder;
mod keys;
mod limits;
mod mail;
mod money;
mod order;
mod outside;
mod phone;
mod printer;
mod request_fault;
mod sms;
#[cfg(test)]
mod testing;
mod urlencoded;
mod validator;
mod wechat_pay;
mod world;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock},
};

use axum::{Router, extract::DefaultBodyLimit};
use tokio::{
    net::TcpListener,
    runtime::Handle,
    sync::{Notify, Semaphore, oneshot},
    task::JoinHandle,
};

pub use alipay::{AlipayNotifier, PaidOrder};
pub use clerk::{Clerk, ClerkError};
pub use config::{
    AlipayMerchant, AlipayMode, NotificationSigner, PlatformCertificate, PlatformPublicKey, SandboxConfig,
    WechatPayMerchant,
};
pub use control::{Control, Forgery, NotifyRefusal, OrderView, PayerAct};
pub use courier::SignedNotification;
pub use crypto::KeyError;
pub use device_key::{Asked, DeviceKey};
pub use fault::{AmountOutcome, Fault, Operation, Switch};
pub use holder::{Holder, HolderError};
pub use keys::{
    AlipayDemoKeys, AlipayKeyMode, DEMO_ALIPAY_APP_ID, DEMO_ALIPAY_SELLER_ID, DEMO_WECHAT_PAY_APPID,
    DEMO_WECHAT_PAY_MCHID, DemoKeys, KeyFileError, WechatPayDemoKeys,
};
pub use mail::{Mail, MailFault};
pub use order::{Attempt, Door, EventKind, Provider, Refund, RefundStatus};
pub use outside::{ClientError, Clock, system_clock};
pub use printer::PlayedPrinter;
pub use sms::{SMS_PASSWORD, SMS_SYSTEM_ID, SmsCentre, SmsControl, SmsFault, SmsOutcome, Text, start_sms_centre};
pub use validator::{Cut, NOTE_VALUES, ValidatorProtocol, ValidatorSandbox, start_validator};
pub use world::{PayEffect, PayRefusal, Payer};

use app::App;
use mail::PostOffice;
use world::World;

/// Why the sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Some key material cannot be used.
    #[error("sandbox keys: {0}")]
    Key(#[from] KeyError),
    /// WeChat Pay has neither a public key nor a certificate.
    #[error("sandbox keys: WeChat Pay needs a public key or a platform certificate")]
    NoPlatformKey,
    /// The address is taken, or not ours.
    #[error("sandbox address: {0}")]
    Listen(#[from] std::io::Error),
    /// The HTTP client that carries notifications could not be made.
    #[error("sandbox client: {0}")]
    Client(#[from] ClientError),
}

/// A running sandbox. It stops when it is dropped.
pub struct Sandbox {
    addr: SocketAddr,
    control: Control,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    sweeper: JoinHandle<()>,
    smtp: SocketAddr,
    postman: JoinHandle<()>,
    sms: SmsCentre,
}

/// Starts the sandbox on the current tokio runtime.
///
/// # Errors
/// [`SandboxError`]: unusable keys, or an address that cannot be listened on.
pub async fn start(config: SandboxConfig) -> Result<Sandbox, SandboxError> {
    let alipay = config.alipay.read()?;
    let wechat_pay = config.wechat_pay.read()?.ok_or(SandboxError::NoPlatformKey)?;
    let listener = TcpListener::bind(config.listen).await?;
    let addr = listener.local_addr()?;
    let post = Arc::new(PostOffice::default());
    let (smtp, postman) = mail::listen(addr, Arc::clone(&post)).await?;
    let sms = start_sms_centre(SocketAddr::new(addr.ip(), 0)).await?;
    let app = Arc::new(App {
        alipay,
        wechat_pay,
        public_url: config.public_url.unwrap_or_else(|| format!("http://{addr}")),
        http: outside::http_client()?,
        runtime: Handle::current(),
        clock: config.clock,
        time_scale: config.time_scale,
        world: Mutex::new(World::new()),
        passed: Notify::new(),
        deliveries: Semaphore::new(limits::DELIVERIES_MAX),
        forger: OnceLock::new(),
        post,
        sms: sms.control(),
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let router = router(Arc::clone(&app));
    let server = tokio::spawn(async move {
        let until_stopped = async move {
            // An error means that the handle was dropped: that is a stop as well.
            let _ = stopped.await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(until_stopped).await {
            tracing::error!(%error, "the sandbox stopped serving");
        }
    });
    let sweeper = tokio::spawn(sweep(Arc::clone(&app)));
    Ok(Sandbox { addr, control: Control(app), stop: Some(stop), server, sweeper, smtp, postman, sms })
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(alipay::routes())
        .merge(wechat_pay::routes())
        .merge(phone::routes())
        .merge(control::http::routes())
        .layer(DefaultBodyLimit::max(limits::REQUEST_BODY_BYTES_MAX))
        .with_state(app)
}

/// Closes trades when their time is over, also when nobody asks.
async fn sweep(app: Arc<App>) {
    loop {
        tokio::time::sleep(limits::SWEEP_INTERVAL).await;
        app.with_world(|world, now| world.settle_all(now));
    }
}

impl Sandbox {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base URL of everything, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Alipay's gateway.
    #[must_use]
    pub fn alipay_gateway_url(&self) -> String {
        format!("{}/gateway.do", self.url())
    }

    /// The base URL of WeChat Pay's API; paths begin with `/v3/`.
    #[must_use]
    pub fn wechat_pay_base_url(&self) -> String {
        self.url()
    }

    /// The mail server that keeps what it is given.
    #[must_use]
    pub fn smtp_url(&self) -> String {
        format!("smtp://{}", self.smtp)
    }

    /// The SMS centre that keeps what it is given, with the merchant's name at it; the password is [`SMS_PASSWORD`].
    #[must_use]
    pub fn smpp_url(&self) -> String {
        self.sms.smpp_url()
    }

    /// The powers over it.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Stops it: the address is free and idle connections are closed when this returns. A connection whose answer is
    /// being withheld is not waited for.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // An error means that the server has stopped already.
            let _ = stop.send(());
        }
        if tokio::time::timeout(limits::SHUTDOWN_WAIT, &mut self.server).await.is_err() {
            tracing::debug!("the sandbox stopped while answers were withheld");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Dropping `stop` stops the server.
        self.sweeper.abort();
        self.postman.abort();
    }
}

#[cfg(test)]
mod tests;
