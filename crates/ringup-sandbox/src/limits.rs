//! Every limit of the sandbox, in one place.

use std::time::Duration;

/// The largest request body that is read.
pub const REQUEST_BODY_BYTES_MAX: usize = 256 * 1024;
/// How much of a merchant's answer to a notification is kept for the record.
pub const ANSWER_BYTES_MAX: usize = 2_048;
/// How long a merchant may take to answer a notification. WeChat Pay documents five seconds; the same is used for Alipay.
pub const NOTIFICATION_TIMEOUT: Duration = Duration::from_secs(5);
/// Notifications under way to the merchant at one time.
pub const DELIVERIES_MAX: usize = 64;
/// How far a WeChat Pay request's timestamp may be from the clock.
pub const WECHAT_PAY_SKEW_SECONDS_MAX: i64 = 300;
/// Notification attempts kept for each order; older ones are forgotten.
pub const ATTEMPTS_KEPT_MAX: usize = 200;
/// How often a notification may be sent again by one control call.
pub const NOTIFY_AGAIN_MAX: u32 = 100;
/// How long a reordered notification waits for another one to pass it.
pub const REORDER_WAIT: Duration = Duration::from_secs(10);
/// How long an answer is withheld when a time-out switch names no duration.
pub const HANG_MS_DEFAULT: u64 = 60_000;
/// How long a notification is held back for an amount ending in 95.
pub const LATE_BY_AMOUNT: Duration = Duration::from_secs(30);
/// How long a WeChat Pay refund stays in `PROCESSING`.
pub const WECHAT_PAY_REFUND_DELAY: Duration = Duration::from_secs(5);
/// How often the sandbox looks for trades whose time is over.
pub const SWEEP_INTERVAL: Duration = Duration::from_millis(250);
/// How long stopping waits for connections that are busy.
pub const SHUTDOWN_WAIT: Duration = Duration::from_millis(500);

/// One second in microseconds, the unit of the sandbox's clock.
pub const SECOND: i64 = 1_000_000;
/// How long an Alipay QR code can be scanned when the merchant names no other time.
pub const ALIPAY_QR_CODE_LIFE: i64 = 2 * 3_600 * SECOND;
/// How long an Alipay trade waits for the payer when the merchant names no other time.
pub const ALIPAY_TRADE_LIFE: i64 = 15 * 86_400 * SECOND;
/// How long a payer's code can be scanned.
pub const PAYMENT_CODE_LIFE: i64 = 60 * SECOND;
/// Mails kept; older ones are forgotten.
pub const MAILS_KEPT_MAX: usize = 1_000;
/// The largest mail that is taken.
pub const MAIL_BYTES_MAX: usize = 1_048_576;
/// The longest line: RFC 5321 has 1,000 bytes.
pub const MAIL_LINE_BYTES_MAX: usize = 1_000;
/// Parts of text messages kept; no more are then.
pub const SMS_PARTS_KEPT_MAX: usize = 10_000;
/// How often a report is brought that is not taken.
pub const SMS_REPORTS_BROUGHT_MAX: u32 = 50;
/// How long after a report was not taken it is brought again.
pub const SMS_REPORT_AGAIN_MS: u64 = 100;
/// Payers' codes kept; older ones are forgotten.
pub const PAYMENT_CODES_KEPT_MAX: usize = 1_000;
/// How long WeChat Pay waits for a payer to confirm a payment by code when the merchant does nothing.
pub const WECHAT_PAY_CONFIRM_LIFE: i64 = 5 * 60 * SECOND;
/// How long a WeChat Pay `code_url` or `prepay_id` lives when the merchant names no other time.
pub const WECHAT_PAY_CODE_LIFE: i64 = 2 * 3_600 * SECOND;
/// When WeChat Pay closes an order that was never paid, by itself.
pub const WECHAT_PAY_ORDER_LIFE: i64 = 7 * 86_400 * SECOND;

/// Alipay's pauses between notifications, in seconds: eight sends within 25 hours.
pub const ALIPAY_RETRY_SECONDS: [u64; 7] = [240, 600, 600, 3_600, 7_200, 21_600, 54_000];
/// WeChat Pay's pauses between notifications, in seconds: sixteen sends within 24 hours and 4 minutes.
pub const WECHAT_PAY_RETRY_SECONDS: [u64; 15] =
    [15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600];
