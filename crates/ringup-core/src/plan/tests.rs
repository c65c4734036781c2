//! An issuer's plans, for the tests of everything in here.

use super::*;
use crate::money::{Amount, Unit};
use crate::product::Name;

pub(super) const CARD: ProductId = ProductId(1);
pub(super) const LANDLINE: DestinationId = DestinationId(1);
pub(super) const MOBILE: DestinationId = DestinationId(2);
pub(super) const AMERICA: DestinationId = DestinationId(3);
pub(super) const LONDON: DestinationId = DestinationId(4);

pub(super) fn yuan(text: &str) -> Amount {
    Amount::parse(text, Unit::Cny).unwrap()
}

pub(super) fn name(en: &str, zh_hans: &str) -> Name {
    Name { en: en.to_owned(), zh_hans: zh_hans.to_owned() }
}

fn destination(id: DestinationId, code: &str, called: (&str, &str), also: &[&str], prefixes: &[&str]) -> Destination {
    Destination {
        id,
        code: code.to_owned(),
        name: name(called.0, called.1),
        also: also.iter().map(|text| (*text).to_owned()).collect(),
        prefixes: prefixes.iter().map(|text| Prefix::parse(text).unwrap()).collect(),
    }
}

pub(super) fn rate(destination: DestinationId, per_minute: &str, fee: &str, steps: (u32, u32)) -> Rate {
    Rate {
        product: CARD,
        destination,
        per_minute: MinuteRate::parse(per_minute, Unit::Cny).unwrap(),
        connection_fee: yuan(fee),
        increment: Increment::new(steps.0, steps.1).unwrap(),
    }
}

pub(super) fn bundle(id: u32, price: &str, minutes: u32, days: u16, destinations: &[DestinationId]) -> Bundle {
    Bundle {
        id: BundleId(id),
        product: CARD,
        name: name("Bundle", "套餐"),
        price: yuan(price),
        minutes,
        destinations: destinations.to_vec(),
        validity_days: days,
    }
}

/// Britain by landline, mobile and London, and North America; no bundles yet.
pub(super) fn plans() -> Plans {
    let britain = ["United Kingdom", "英国"];
    Plans {
        destinations: vec![
            destination(LANDLINE, "gb", ("United Kingdom, landline", "英国固话"), &britain, &["44"]),
            destination(MOBILE, "gb-mobile", ("United Kingdom, mobile", "英国手机"), &britain, &["447"]),
            destination(AMERICA, "us", ("United States and Canada", "美国和加拿大"), &["USA"], &["1"]),
            destination(LONDON, "gb-london", ("London", "伦敦"), &britain, &["4420"]),
        ],
        rates: vec![
            rate(LANDLINE, "0.20", "0", (60, 60)),
            rate(MOBILE, "0.90", "0.10", (30, 6)),
            rate(AMERICA, "0.0085", "0", (1, 1)),
        ],
        bundles: Vec::new(),
    }
}

#[test]
fn a_card_reaches_what_it_has_a_rate_for() {
    let plans = plans();
    assert_eq!(plans.rate(CARD, LANDLINE), plans.rates.first());
    assert_eq!(plans.rate(ProductId(2), LANDLINE), None);
    assert_eq!(plans.rate(CARD, LONDON), None);
    let codes: Vec<&str> = plans.rates_of(CARD).map(|(destination, _)| destination.code.as_str()).collect();
    assert_eq!(codes, ["gb", "gb-mobile", "us"]);
    assert_eq!(plans.destination_by_code("us").map(|destination| destination.id), Some(AMERICA));
}
