//! What every handler shares: the agreements, the books, the clock and the way to the merchant.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::{
    runtime::Handle,
    sync::{Notify, Semaphore},
};

use crate::{
    config::{AlipayAgreement, WechatPayAgreement},
    courier,
    crypto::SigningKey,
    limits,
    mail::PostOffice,
    order::Provider,
    outside::Clock,
    sms::SmsControl,
    world::{Event, OrderKey, World},
};

/// The running sandbox's inside.
pub(crate) struct App {
    pub alipay: AlipayAgreement,
    pub wechat_pay: WechatPayAgreement,
    pub public_url: String,
    pub http: reqwest::Client,
    pub runtime: Handle,
    pub clock: Clock,
    pub time_scale: u32,
    pub world: Mutex<World>,
    /// Rings when a notification has been delivered; reordered ones wait for it.
    pub passed: Notify,
    /// A place for each notification under way.
    pub deliveries: Semaphore,
    /// A key that is nobody's, made when first a forgery is asked for.
    pub forger: OnceLock<Option<SigningKey>>,
    /// What the mail server was given.
    pub post: Arc<PostOffice>,
    /// What the SMS centre was given.
    pub sms: SmsControl,
}

impl App {
    /// The time as microseconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// A wait of the world, at the sandbox's pace.
    pub fn scaled(&self, duration: Duration) -> Duration {
        duration / self.time_scale.max(1)
    }

    /// Does something to the books, then sends the courier off with what the merchant must hear.
    pub fn with_world<R>(self: &Arc<Self>, act: impl FnOnce(&mut World, i64) -> R) -> R {
        let now = self.now();
        let (result, events, processing) = {
            // A panic while the books were held leaves them as they were between two statements; carrying on is better
            // than answering nobody any more.
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let result = act(&mut world, now);
            (result, world.take_outbox(), world.take_processing())
        };
        self.send_off(events, processing);
        result
    }

    fn send_off(self: &Arc<Self>, events: Vec<Event>, processing: Vec<(OrderKey, String)>) {
        for event in events {
            courier::dispatch(self, event);
        }
        for (key, out_refund_no) in processing {
            let app = Arc::clone(self);
            self.runtime.spawn(async move {
                tokio::time::sleep(app.scaled(limits::WECHAT_PAY_REFUND_DELAY)).await;
                app.with_world(|world, now| world.finish_refund(&key, &out_refund_no, now));
            });
        }
    }

    /// Signs as the provider would, but with a key that is not the provider's.
    pub fn forge(&self, message: &[u8]) -> String {
        let forger = self.forger.get_or_init(|| SigningKey::generate().ok());
        forger.as_ref().map(|key| key.sign(message)).unwrap_or_default()
    }

    /// The page that plays the payer's phone, for one order.
    pub fn phone_url(&self, provider: Provider, out_trade_no: &str) -> String {
        format!("{}/_sandbox/phone/{}/{out_trade_no}", self.public_url, provider.name())
    }
}
