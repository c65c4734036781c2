//! Every limit of this crate, in one place.

use std::time::Duration;

use ringup_core::time::Span;

/// How long a connection to a provider may take to stand.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long a call may take in all, from the connection to the last byte of the answer.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a mail server may take to each of its answers; a letter has about eight.
pub const MAIL_ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an SMS centre may take to each of its answers.
pub const SMS_ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// After so long without a word from the SMS centre it is asked whether it is still there.
pub const SMS_ENQUIRE_AFTER: Duration = Duration::from_secs(30);

/// So many messages may wait for the SMS centre's answer at a time.
pub const SMS_WINDOW: usize = 10;

/// The most parts of a text message. Our own has three, where the address of the pages is a long one.
pub const SMS_PARTS_MAX: usize = 6;

/// So many of the SMS centre's reports may wait to be written down.
pub const SMS_REPORTS_AT_ONCE: usize = 100;

/// How long an SMS centre that is busy or down is left alone at first; twice as long each time.
pub const SMS_PAUSE_FIRST: Span = Span::seconds(5);

/// How long it is left alone at most.
pub const SMS_PAUSE_MAX: Span = Span::minutes(5);

/// How long an SMS centre that does not know us is left alone at first; twice as long each time.
pub const SMS_FAULT_PAUSE_FIRST: Span = Span::minutes(10);

/// How long it is left alone at most.
pub const SMS_FAULT_PAUSE_MAX: Span = Span::hours(1);

/// The longest mobile number that is read, with all that people write between its digits.
pub const MOBILE_CHARS_MAX: usize = 40;

/// The largest answer that is read: 1 MiB. Real ones have a few kilobytes.
pub const ANSWER_BYTES_MAX: usize = 1_048_576;

/// The largest notification that is read: 64 KiB. Real ones have a few kilobytes.
pub const NOTIFICATION_BYTES_MAX: usize = 65_536;

/// The most fields of a form that are read; Alipay's longest notification has about forty.
pub const FORM_FIELDS_MAX: usize = 200;

/// How far a WeChat Pay timestamp may be from our clock, either way: what WeChat Pay itself allows.
pub const WECHAT_PAY_SKEW_MAX: Span = Span::seconds(300);

/// How old an Alipay notification may be. Alipay repeats itself for 24 h 22 min and may send what it signed
/// at first; the rest is slack for clocks.
pub const ALIPAY_AGE_MAX: Span = Span::hours(26);

/// How far in the future an Alipay notification may have been signed.
pub const ALIPAY_AHEAD_MAX: Span = Span::minutes(15);

/// The longest description that WeChat Pay takes, in characters; Alipay takes 256.
pub const SUBJECT_CHARS_MAX: usize = 127;

/// The longest reason for a refund that WeChat Pay takes, in characters of which each may be three bytes of 80.
pub const REASON_CHARS_MAX: usize = 26;

/// How much of a provider's own words is kept in an error, in characters.
pub const PROVIDER_TEXT_CHARS_MAX: usize = 200;
