//! What Alipay, or somebody who would be, posts to us.

mod model;

use ringup_core::payment::Provider;
use ringup_gateways::{Gateways, Notification, NotificationError};

use crate::bytes;
use crate::edit::edited;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::voice::Voices;
use crate::voice::alipay::{Fields, decoded, payment, refund};
use crate::{Check, Target};

/// Genuine notifications with changes, and made-up ones.
pub const FORGED: Target = Target {
    name: "alipay_forged",
    claims: "nothing made up is believed; a changed notification is refused, or says what the genuine one says",
    bytes_max: 256,
    prepare: || Ok(Box::new(Forged::prepare()?)),
};

/// Notifications that Alipay signs, whatever they say.
pub const TOLD: Target = Target {
    name: "alipay_told",
    claims: "what is believed is about our app, merchant, order and currency, with the amount and the number that stand there",
    bytes_max: 2_048,
    prepare: || Ok(Box::new(Told::prepare()?)),
};

fn read(gateways: &Gateways, body: &[u8]) -> Result<Notification, NotificationError> {
    super::read(gateways, Provider::Alipay, &[], body)
}

struct Forged {
    gateways: Gateways,
    genuine: Vec<(Vec<u8>, Notification)>,
}

impl Forged {
    fn prepare() -> Result<Self, Broken> {
        let voices = Voices::make()?;
        let gateways = voices.gateways()?;
        let mut genuine = Vec::new();
        for fields in [payment(), refund()] {
            let body = voices.alipay.signed(&fields)?.into_bytes();
            let said = read(&gateways, &body).map_err(Broken::doing("the genuine one is not believed"))?;
            genuine.push((body, said));
        }
        Ok(Self { gateways, genuine })
    }
}

impl Check for Forged {
    fn check(&mut self, data: &[u8]) -> Checked {
        holds(read(&self.gateways, data).is_err(), || "a made-up notification was believed".to_owned())?;
        let mut reached = Reached::Refused;
        for (genuine, said) in &self.genuine {
            let body = edited(genuine, data);
            if let Ok(believed) = read(&self.gateways, &body) {
                let shown = String::from_utf8_lossy(&body);
                holds(believed == *said, || format!("{shown} was believed to say {believed:?}, not {said:?}"))?;
                reached = Reached::Accepted;
            }
        }
        Ok(reached)
    }
}

struct Told {
    voices: Voices,
    gateways: Gateways,
    said: Notification,
}

impl Told {
    fn prepare() -> Result<Self, Broken> {
        let voices = Voices::make()?;
        let gateways = voices.gateways()?;
        let body = voices.alipay.signed(&payment())?;
        let said = read(&gateways, body.as_bytes()).map_err(Broken::doing("the genuine one is not believed"))?;
        Ok(Self { voices, gateways, said })
    }
}

impl Check for Told {
    fn check(&mut self, data: &[u8]) -> Checked {
        let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
        let fields = told(text);
        let body = self.voices.alipay.signed(&fields)?;
        let mut sent = decoded(body.as_bytes()).ok_or_else(|| Broken("we cannot read our own form".to_owned()))?;
        sent.remove("sign");
        same("the fields that were sent", &sent, &without_sign(&fields))?;
        let read = read(&self.gateways, body.as_bytes());
        if let Ok(believed) = &read {
            model::is_what_was_said(&fields, believed)?;
        }
        if model::differs_in_nothing_that_counts(&fields) {
            same("a genuine notification with other things in it", &read, &Ok(self.said.clone()))?;
        }
        Ok(if read.is_ok() { Reached::Accepted } else { Reached::Refused })
    }
}

/// The genuine fields with those of the input in their place: a line `name=value` sets one, `-name` takes one out.
fn told(text: &str) -> Fields {
    let mut fields = payment();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('-') {
            fields.remove(name);
        } else if let Some((name, value)) = line.split_once('=') {
            fields.insert(name.to_owned(), value.to_owned());
        }
    }
    fields
}

fn without_sign(fields: &Fields) -> Fields {
    fields.iter().filter(|(name, _)| *name != "sign").map(|(name, value)| (name.clone(), value.clone())).collect()
}
