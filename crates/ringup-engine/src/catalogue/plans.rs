//! The plans in a catalogue file: destinations, what a minute costs there, and bundles.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::money::{Amount, Unit};
use ringup_core::plan::{
    Bundle, BundleId, Destination, DestinationId, Increment, MinuteRate, ParsePrefixError, Plans, Prefix, Rate,
};
use ringup_core::product::Product;
use serde::Deserialize;

use super::file::{CatalogueError, NameEntry, name};
use crate::limits;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DestinationEntry {
    id: u32,
    code: String,
    name: NameEntry,
    #[serde(default)]
    also: Vec<String>,
    prefixes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateEntry {
    product: String,
    destination: String,
    per_minute: String,
    connection_fee: Option<String>,
    first_seconds: u32,
    next_seconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BundleEntry {
    id: u32,
    product: String,
    name: NameEntry,
    price: String,
    minutes: u32,
    destinations: Vec<String>,
    validity_days: u16,
}

/// What a file says about plans.
pub(super) struct Entries {
    pub(super) destinations: Vec<DestinationEntry>,
    pub(super) rates: Vec<RateEntry>,
    pub(super) bundles: Vec<BundleEntry>,
}

/// Reads the plans of a file; nothing when it has none.
pub(super) fn plans(entries: Entries, products: &[Product]) -> Result<Option<Plans>, CatalogueError> {
    let Entries { destinations, rates, bundles } = entries;
    if destinations.is_empty() && rates.is_empty() && bundles.is_empty() {
        return Ok(None);
    }
    let mut plans = Plans::default();
    let mut taken = BTreeMap::new();
    for entry in destinations {
        let at = format!("destination {:?}", entry.code);
        let destination = destination(entry, &plans, &mut taken).map_err(|why| wrong(&at, why))?;
        plans.destinations.push(destination);
    }
    for entry in rates {
        let at = format!("rate of {:?} to {:?}", entry.product, entry.destination);
        let rate = rate(&entry, &plans, products).map_err(|why| wrong(&at, why))?;
        plans.rates.push(rate);
    }
    for entry in bundles {
        let at = format!("bundle {}", entry.id);
        let bundle = bundle(entry, &plans, products).map_err(|why| wrong(&at, why))?;
        plans.bundles.push(bundle);
    }
    let rated: BTreeSet<DestinationId> = plans.rates.iter().map(|rate| rate.destination).collect();
    if let Some(idle) = plans.destinations.iter().find(|destination| !rated.contains(&destination.id)) {
        let at = format!("destination {:?}", idle.code);
        return Err(wrong(&at, "no product has a rate to it".to_owned()));
    }
    plans.destinations.sort_by_key(|destination| destination.id);
    plans.rates.sort_by_key(|rate| (rate.product, rate.destination));
    plans.bundles.sort_by_key(|bundle| bundle.id);
    Ok(Some(plans))
}

fn wrong(at: &str, why: String) -> CatalogueError {
    CatalogueError::Value { at: at.to_owned(), why }
}

fn destination(
    entry: DestinationEntry,
    plans: &Plans,
    taken: &mut BTreeMap<Prefix, String>,
) -> Result<Destination, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if entry.code.is_empty() || entry.code.len() > 32 || !entry.code.chars().all(plain) {
        return Err("its code has 1 to 32 small letters, digits and -".to_owned());
    }
    if plans.destinations.iter().any(|other| other.id.0 == entry.id || other.code == entry.code) {
        return Err("another destination of this file has its id or its code".to_owned());
    }
    if entry.prefixes.is_empty() {
        return Err("it has no prefix".to_owned());
    }
    let mut prefixes = Vec::with_capacity(entry.prefixes.len());
    for text in &entry.prefixes {
        let prefix = Prefix::parse(text).map_err(|error: ParsePrefixError| format!("{text:?}: {error}"))?;
        // Of two owners of a prefix, chance would choose the price.
        if let Some(owner) = taken.insert(prefix.clone(), entry.code.clone()) {
            return Err(format!("the prefix {prefix} is there already, in {owner:?}"));
        }
        prefixes.push(prefix);
    }
    if taken.len() > limits::PLAN_PREFIXES_MAX {
        return Err(format!("there are more than {} prefixes", limits::PLAN_PREFIXES_MAX));
    }
    let (id, code, name) = (DestinationId(entry.id), entry.code, name(entry.name));
    Ok(Destination { id, code, name, also: entry.also, prefixes })
}

fn rate(entry: &RateEntry, plans: &Plans, products: &[Product]) -> Result<Rate, String> {
    let product = product(&entry.product, products)?;
    let destination = destination_of(plans, &entry.destination)?;
    if plans.rate(product.id, destination).is_some() {
        return Err("this product has another rate to it".to_owned());
    }
    let per_minute = MinuteRate::parse(&entry.per_minute, product.unit);
    let per_minute = per_minute.map_err(|error| format!("{:?}: {error}", entry.per_minute))?;
    let connection_fee = match &entry.connection_fee {
        Some(fee) => amount(fee, product.unit)?,
        None => Amount::zero(product.unit),
    };
    let increment = Increment::new(entry.first_seconds, entry.next_seconds)
        .ok_or_else(|| format!("a step has 1 to {} seconds", Increment::SECONDS_MAX))?;
    Ok(Rate { product: product.id, destination, per_minute, connection_fee, increment })
}

fn bundle(entry: BundleEntry, plans: &Plans, products: &[Product]) -> Result<Bundle, String> {
    let product = product(&entry.product, products)?;
    if plans.bundle(BundleId(entry.id)).is_some() {
        return Err("another bundle of this file has its id".to_owned());
    }
    if plans.bundles_of(product.id).count() >= limits::BUNDLES_OF_PRODUCT_MAX {
        return Err(format!("the product has more than {} bundles", limits::BUNDLES_OF_PRODUCT_MAX));
    }
    if !(1..=limits::BUNDLE_MINUTES_MAX).contains(&entry.minutes) {
        return Err(format!("a bundle has 1 to {} minutes", limits::BUNDLE_MINUTES_MAX));
    }
    if !(1..=limits::BUNDLE_DAYS_MAX).contains(&entry.validity_days) {
        return Err(format!("a bundle lasts 1 to {} days", limits::BUNDLE_DAYS_MAX));
    }
    let mut destinations = Vec::with_capacity(entry.destinations.len());
    for code in &entry.destinations {
        let destination = destination_of(plans, code)?;
        if destinations.contains(&destination) {
            return Err(format!("it leads to {code:?} twice"));
        }
        // What the bundle does not pay is paid by the minute: there must be a price for it.
        if plans.rate(product.id, destination).is_none() {
            return Err(format!("the product has no rate to {code:?}"));
        }
        destinations.push(destination);
    }
    if destinations.is_empty() {
        return Err("it leads nowhere".to_owned());
    }
    Ok(Bundle {
        id: BundleId(entry.id),
        product: product.id,
        name: name(entry.name),
        price: amount(&entry.price, product.unit)?,
        minutes: entry.minutes,
        destinations,
        validity_days: entry.validity_days,
    })
}

fn product<'a>(code: &str, products: &'a [Product]) -> Result<&'a Product, String> {
    let product = products.iter().find(|product| product.code == code);
    let product = product.ok_or_else(|| format!("there is no product {code:?} in this file"))?;
    if product.unit == Unit::Sec {
        return Err(format!("cards of {code:?} hold seconds: a minute has no price there"));
    }
    Ok(product)
}

fn destination_of(plans: &Plans, code: &str) -> Result<DestinationId, String> {
    let found = plans.destination_by_code(code);
    found.map(|found| found.id).ok_or_else(|| format!("there is no destination {code:?} in this file"))
}

fn amount(text: &str, unit: Unit) -> Result<Amount, String> {
    Amount::parse(text, unit).map_err(|error| format!("{text:?}: {error}"))
}

#[cfg(test)]
mod tests;
