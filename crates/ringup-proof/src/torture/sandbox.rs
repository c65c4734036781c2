//! A sandbox that plays Alipay for the real server, with the clock of the world and no time that runs faster.

use ringup_sandbox::{
    AlipayKeyMode, Fault, NotificationSigner, Operation, Sandbox, SandboxConfig, Switch, system_clock,
};

use crate::rig::failure::Failure;
use crate::rig::issuer::agreed_keys;

/// Starts one, on the runtime that this is called in.
///
/// # Errors
/// When it cannot be started.
pub async fn start() -> Result<Sandbox, Failure> {
    let keys = agreed_keys()?;
    let config = SandboxConfig {
        listen: "127.0.0.1:0".parse().map_err(Failure::doing("an address"))?,
        public_url: None,
        clock: system_clock(),
        time_scale: 1,
        alipay: keys.alipay_merchant(AlipayKeyMode::Key),
        wechat_pay: keys.wechat_pay_merchant(NotificationSigner::PublicKey),
    };
    ringup_sandbox::start(config).await.map_err(Failure::doing("starting the sandbox"))
}

/// A fault that strikes until it is switched off: each request, or each of a kind.
#[must_use]
pub const fn always(fault: Fault, operation: Option<Operation>) -> Switch {
    Switch { provider: None, out_trade_no: None, operation, next: None, fault }
}
