//! Ringup's talk with the outside world: payment providers over HTTP, a mail server over SMTP, and an SMS centre over SMPP.
//!
//! [`Gateways`] is the door. Behind it each provider is a set of pure functions that build an HTTP request and read
//! an HTTP answer or a notification; time and nonces are arguments, so every byte that leaves can be shown in a test.
//!
//! Nothing here decides about money: a gateway says what a provider said, after its signature, merchant, app, reference
//! and currency have been checked. Whether the amount is the right one is the core's to say. Nothing here writes,
//! retries or waits: that is the engine's. An outcome that is not known is [`GatewayError::Unknown`], and never
//! guessed.

mod alipay;
mod china_time;
mod config;
mod crypto;
mod fen;
mod form;
mod gateways;
pub mod http;
mod limits;
mod mail;
mod notification;
mod order;
mod sms;
mod wechat_pay;

pub use config::{
    AlipayConfig, AlipayTrust, ConfigError, GatewaysConfig, MailConfig, PlatformKeys, PlatformPublicKey, SmsConfig,
    WechatPayConfig,
};
pub use crypto::KeyError;
pub use gateways::Gateways;
pub use http::HttpClientError;
pub use mail::{Letter, MailError};
pub use notification::{Acknowledgement, IncomingNotification, Notification, NotificationError, acknowledgement};
pub use order::{
    Cancelled, Closed, CodeTaken, CreatePayment, Created, GatewayError, JsapiParameters, Nonce, PayByCode, RefundOrder,
};
pub use sms::{SmsError, SmsOutcome, SmsReport, TextMessage};

#[cfg(test)]
mod support;
