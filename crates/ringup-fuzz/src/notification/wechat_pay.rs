//! What WeChat Pay, or somebody who would be, posts to us.

mod model;

use ringup_core::payment::Provider;
use ringup_gateways::{Gateways, Notification, NotificationError};

use crate::bytes;
use crate::edit::edited;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::voice::wechat_pay::{ALGORITHM, KEY_ID, NONCE, payment, refund};
use crate::voice::{NOW, Voices};
use crate::{Check, Target};

/// Genuine notifications with changes in headers or body, and made-up ones.
pub const FORGED: Target = Target {
    name: "wechat_pay_forged",
    claims: "nothing made up is believed; with one byte of the body changed, or a header that is signed, it is refused",
    bytes_max: 256,
    prepare: || Ok(Box::new(Forged::prepare()?)),
};

/// Notifications that WeChat Pay signs, whatever they say.
pub const TOLD: Target = Target {
    name: "wechat_pay_told",
    claims: "what is believed is about our app, merchant, order and currency, with the amount and the number that stand there",
    bytes_max: 2_048,
    prepare: || Ok(Box::new(Told::prepare()?)),
};

/// A genuine body under any headers.
pub const HEADERS: Target = Target {
    name: "signature_headers",
    claims: "a body is believed only under its own time, nonce, signature and key, each by the first header of that name",
    bytes_max: 2_048,
    prepare: || Ok(Box::new(Headers::prepare()?)),
};

type HeaderList = Vec<(String, String)>;

fn read(gateways: &Gateways, headers: &HeaderList, body: &[u8]) -> Result<Notification, NotificationError> {
    super::read(gateways, Provider::WechatPay, headers, body)
}

/// One genuine notification.
struct Genuine {
    headers: HeaderList,
    body: Vec<u8>,
    said: Notification,
}

impl Genuine {
    fn make(voices: &Voices, gateways: &Gateways, event_type: &str, content: &[u8]) -> Result<Self, Broken> {
        let body = voices.wechat_pay.body(event_type, content)?;
        let headers = voices.wechat_pay.headers(&body)?;
        let said = read(gateways, &headers, &body).map_err(Broken::doing("the genuine one is not believed"))?;
        Ok(Self { headers, body, said })
    }
}

struct Forged {
    gateways: Gateways,
    genuine: Vec<Genuine>,
}

impl Forged {
    fn prepare() -> Result<Self, Broken> {
        let voices = Voices::make()?;
        let gateways = voices.gateways()?;
        let paid = Genuine::make(&voices, &gateways, "TRANSACTION.SUCCESS", &payment())?;
        let refunded = Genuine::make(&voices, &gateways, "REFUND.SUCCESS", &refund())?;
        Ok(Self { gateways, genuine: vec![paid, refunded] })
    }
}

impl Check for Forged {
    fn check(&mut self, data: &[u8]) -> Checked {
        let mut reached = Reached::Refused;
        for genuine in &self.genuine {
            let made_up = read(&self.gateways, &genuine.headers, data);
            holds(made_up.is_err(), || "a made-up notification was believed".to_owned())?;
            let (headers, body) = parsed(&edited(&written(genuine), data));
            if let Ok(believed) = read(&self.gateways, &headers, &body) {
                same("the body of what was believed", &body, &genuine.body)?;
                same("what was believed", &believed, &genuine.said)?;
                are_signed(&headers, &genuine.headers)?;
                reached = Reached::Accepted;
            }
        }
        Ok(reached)
    }
}

/// As it comes over the wire, but for the request line.
fn written(genuine: &Genuine) -> Vec<u8> {
    let mut text: String = genuine.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    text.push('\n');
    let mut message = text.into_bytes();
    message.extend_from_slice(&genuine.body);
    message
}

fn parsed(message: &[u8]) -> (HeaderList, Vec<u8>) {
    let end = message.windows(2).position(|pair| pair == b"\n\n").unwrap_or(message.len());
    let (head, body) = message.split_at(end);
    (header_lines(&String::from_utf8_lossy(head)), body.get(2..).unwrap_or_default().to_vec())
}

fn header_lines(text: &str) -> HeaderList {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// The headers that the signature depends on are the genuine ones.
fn are_signed(headers: &HeaderList, genuine: &HeaderList) -> Result<(), Broken> {
    let first = |headers: &HeaderList, name: &str| {
        headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    for name in ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature"] {
        same(name, &first(headers, name), &first(genuine, name))?;
    }
    let serial = first(headers, "wechatpay-serial").unwrap_or_default();
    same("the key", &serial.to_ascii_uppercase().as_str(), &KEY_ID)?;
    let algorithm = first(headers, "wechatpay-signature-type");
    holds(algorithm.as_deref().is_none_or(|name| name == ALGORITHM), || format!("{algorithm:?} was believed"))
}

struct Told {
    voices: Voices,
    gateways: Gateways,
}

impl Told {
    fn prepare() -> Result<Self, Broken> {
        let voices = Voices::make()?;
        let gateways = voices.gateways()?;
        Ok(Self { voices, gateways })
    }
}

impl Check for Told {
    /// The first line is the event's type, the rest is what is encrypted.
    fn check(&mut self, data: &[u8]) -> Checked {
        let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
        let (event_type, content) = data.split_at(end);
        let Some(event_type) = bytes::text(event_type) else { return Ok(Reached::Refused) };
        let content = content.get(1..).unwrap_or_default();
        let body = self.voices.wechat_pay.body(event_type, content)?;
        let headers = self.voices.wechat_pay.headers(&body)?;
        let Ok(believed) = read(&self.gateways, &headers, &body) else { return Ok(Reached::Refused) };
        model::is_what_was_said(event_type, content, &believed)?;
        Ok(Reached::Accepted)
    }
}

struct Headers {
    gateways: Gateways,
    genuine: Genuine,
}

impl Headers {
    fn prepare() -> Result<Self, Broken> {
        let voices = Voices::make()?;
        let gateways = voices.gateways()?;
        let genuine = Genuine::make(&voices, &gateways, "TRANSACTION.SUCCESS", &payment())?;
        Ok(Self { gateways, genuine })
    }
}

impl Check for Headers {
    /// Lines `name: value`; `{timestamp}`, `{nonce}`, `{signature}`, `{serial}` and `{algorithm}` stand for the genuine ones.
    fn check(&mut self, data: &[u8]) -> Checked {
        let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
        let signature = self.genuine.headers.iter().find(|(name, _)| name == "wechatpay-signature");
        let signature = signature.map_or("", |(_, value)| value.as_str());
        let text = text
            .replace("{timestamp}", &NOW.seconds().to_string())
            .replace("{nonce}", NONCE)
            .replace("{signature}", signature)
            .replace("{serial}", KEY_ID)
            .replace("{algorithm}", ALGORITHM);
        let headers = header_lines(&text);
        let Ok(believed) = read(&self.gateways, &headers, &self.genuine.body) else { return Ok(Reached::Refused) };
        same("what was believed", &believed, &self.genuine.said)?;
        are_signed(&headers, &self.genuine.headers)?;
        Ok(Reached::Accepted)
    }
}
