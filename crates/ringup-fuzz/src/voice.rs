//! The providers' own voices: notifications signed, and encrypted, as Alipay and WeChat Pay do it.
//!
//! By their documents, not by the gateways' code, so that one checks the other. The keys are made when a target is prepared.

pub mod alipay;
pub mod key;
pub mod wechat_pay;

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::time::Timestamp;
use ringup_gateways::{Gateways, GatewaysConfig};

use crate::Broken;
use alipay::Alipay;
use key::Key;
use wechat_pay::WechatPay;

/// 2026-11-23 20:24:06 in China.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_436_646);
/// A payment of ours.
pub const PAYMENT: PaymentId = PaymentId::from_u64(251_142_000_000_123);
/// A refund of ours.
pub const REFUND: RefundId = RefundId::from_u64(251_142_000_000_456);

/// Nobody listens here, and a connection is refused at once.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Both providers, and us who have their public keys.
pub struct Voices {
    /// Alipay.
    pub alipay: Alipay,
    /// WeChat Pay.
    pub wechat_pay: WechatPay,
    ours: Key,
}

impl Voices {
    /// With keys that are made now.
    ///
    /// # Errors
    /// [`Broken`] when a key cannot be made.
    pub fn make() -> Result<Self, Broken> {
        Ok(Self { alipay: Alipay::make()?, wechat_pay: WechatPay::make()?, ours: Key::make()? })
    }

    /// What we know of them.
    pub fn config(&self) -> GatewaysConfig {
        let (alipay, wechat_pay) =
            (self.alipay.config(&self.ours, NOWHERE), self.wechat_pay.config(&self.ours, NOWHERE));
        GatewaysConfig { alipay: Some(alipay), wechat_pay: Some(wechat_pay), mail: None, sms: None }
    }

    /// The gateways that hear them.
    ///
    /// # Errors
    /// [`Broken`] when the gateways refuse the keys.
    pub fn gateways(&self) -> Result<Gateways, Broken> {
        Gateways::new(&self.config()).map_err(Broken::doing("gateways"))
    }
}
