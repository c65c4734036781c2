//! Notifications, before and after their signature.
//!
//! No fuzzer guesses a signature. So what is behind it is reached by signing whatever comes, and the signature itself is
//! tried by changing what was signed.

pub mod alipay;
pub mod wechat_pay;

use ringup_core::payment::Provider;
use ringup_gateways::{Gateways, IncomingNotification, Notification, NotificationError};

use crate::voice::NOW;

fn read(
    gateways: &Gateways,
    provider: Provider,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Notification, NotificationError> {
    gateways.read_notification(provider, IncomingNotification { headers, body }, NOW)
}
