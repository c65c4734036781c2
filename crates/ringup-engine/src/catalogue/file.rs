//! The form of a catalogue file (TOML).

use ringup_core::money::{Amount, ParseAmountError, Unit};
use ringup_core::plan::Plans;
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::promotion::{Gift, Promotion, PromotionId};
use ringup_core::time::{Span, Timestamp};
use serde::Deserialize;

use super::plans::{self, BundleEntry, DestinationEntry, Entries, RateEntry};

/// What a catalogue file says, read and found sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The products.
    pub products: Vec<Product>,
    /// Their promotions.
    pub promotions: Vec<Promotion>,
    /// What their cards can be used for: all of it, or nothing when the file does not speak of it.
    pub plans: Option<Plans>,
}

/// Why a catalogue is refused.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// It is no TOML, or has a key that is not known here.
    #[error(transparent)]
    Form(#[from] toml::de::Error),
    /// A value cannot be.
    #[error("{at}: {why}")]
    Value {
        /// Which product, promotion, destination, rate or bundle.
        at: String,
        /// What is wrong.
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    product: Vec<ProductEntry>,
    #[serde(default)]
    promotion: Vec<PromotionEntry>,
    #[serde(default)]
    destination: Vec<DestinationEntry>,
    #[serde(default)]
    rate: Vec<RateEntry>,
    #[serde(default)]
    bundle: Vec<BundleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameEntry {
    en: String,
    zh_hans: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductEntry {
    id: u32,
    code: String,
    name: NameEntry,
    unit: String,
    prefix: String,
    digits: u32,
    pin_digits: u32,
    validity_days: u16,
    added_days_per_top_up: u16,
    grace_days: u16,
    offered: Vec<String>,
    other_amounts: Option<[String; 2]>,
    balance_min: String,
    balance_max: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromotionEntry {
    id: u32,
    product: String,
    name: NameEntry,
    starts_at: toml::value::Datetime,
    ends_at: toml::value::Datetime,
    spend_at_least: String,
    discount: Option<String>,
    bonus: Option<BonusEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BonusEntry {
    amount: String,
    lasts_days: u16,
}

impl Catalogue {
    /// Reads a catalogue file.
    ///
    /// # Errors
    /// [`CatalogueError`], with the entry that is wrong.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        let file: File = toml::from_str(text)?;
        let mut products: Vec<Product> = Vec::new();
        for entry in file.product {
            let at = format!("product {:?}", entry.code);
            let product = product(entry).map_err(|why| CatalogueError::Value { at: at.clone(), why })?;
            // The second would take the place of the first, and its cards would be of another kind.
            if products.iter().any(|other| other.id == product.id || other.code == product.code) {
                let why = "another product of this file has its id or its code".to_owned();
                return Err(CatalogueError::Value { at, why });
            }
            products.push(product);
        }
        let mut promotions: Vec<Promotion> = Vec::new();
        for entry in file.promotion {
            let at = format!("promotion {}", entry.id);
            let promotion = promotion(entry, &products).map_err(|why| CatalogueError::Value { at: at.clone(), why })?;
            if promotions.iter().any(|other| other.id == promotion.id) {
                return Err(CatalogueError::Value { at, why: "another promotion of this file has its id".to_owned() });
            }
            promotions.push(promotion);
        }
        let entries = Entries { destinations: file.destination, rates: file.rate, bundles: file.bundle };
        let plans = plans::plans(entries, &products)?;
        Ok(Self { products, promotions, plans })
    }
}

fn product(entry: ProductEntry) -> Result<Product, String> {
    let unit: Unit = entry.unit.parse().map_err(|error| format!("{error}"))?;
    let amount = |text: &str| Amount::parse(text, unit).map_err(|error: ParseAmountError| format!("{text:?}: {error}"));
    let format = NumberFormat { prefix: entry.prefix, digits: entry.digits, pin_digits: entry.pin_digits };
    check_format(&format)?;
    let offered = entry.offered.iter().map(|text| amount(text)).collect::<Result<Vec<_>, _>>()?;
    if offered.is_empty() || offered.iter().any(|amount| amount.is_zero()) {
        return Err("at least one amount must be offered, and none may be zero".to_owned());
    }
    let other_amounts = match &entry.other_amounts {
        Some([least, most]) => Some((amount(least)?, amount(most)?)),
        None => None,
    };
    if other_amounts.is_some_and(|(least, most)| most.is_zero() || least.minor() > most.minor()) {
        return Err("the other amounts go from the least to the most".to_owned());
    }
    Ok(Product {
        id: ProductId(entry.id),
        code: entry.code,
        name: name(entry.name),
        unit,
        format,
        validity: Span::days(entry.validity_days.into()),
        added_per_top_up: Span::days(entry.added_days_per_top_up.into()),
        grace: Span::days(entry.grace_days.into()),
        offered,
        other_amounts,
        balance_min: amount(&entry.balance_min)?,
        balance_max: amount(&entry.balance_max)?,
    })
}

/// A number needs enough digits of its own that live numbers are rare among those that could be.
fn check_format(format: &NumberFormat) -> Result<(), String> {
    let prefix = u32::try_from(format.prefix.len()).unwrap_or(u32::MAX);
    let plain = format.prefix.bytes().all(|byte| byte.is_ascii_digit()) && !format.prefix.starts_with('0');
    if !plain || format.prefix.is_empty() {
        return Err("the prefix must be digits, the first not 0".to_owned());
    }
    if !(10..=18).contains(&format.digits) || prefix.saturating_add(7) > format.digits {
        return Err("a number has 10 to 18 digits, of which at least 6 are its own".to_owned());
    }
    if !(4..=12).contains(&format.pin_digits) {
        return Err("a PIN has 4 to 12 digits".to_owned());
    }
    Ok(())
}

fn promotion(entry: PromotionEntry, products: &[Product]) -> Result<Promotion, String> {
    let product = products.iter().find(|product| product.code == entry.product);
    let product = product.ok_or_else(|| format!("there is no product {:?} in this file", entry.product))?;
    let in_unit = |text: &str| Amount::parse(text, product.unit).map_err(|error| format!("{text:?}: {error}"));
    let spend_at_least = in_unit(&entry.spend_at_least)?;
    let gives = match (entry.discount, entry.bonus) {
        (Some(discount), None) => Gift::Discount(in_unit(&discount)?),
        (None, Some(bonus)) => Gift::Bonus {
            amount: bonus.amount.parse().map_err(|error| format!("{:?}: {error}", bonus.amount))?,
            lasts: Span::days(bonus.lasts_days.into()),
        },
        (Some(_), Some(_)) | (None, None) => return Err("it gives either a discount or a bonus".to_owned()),
    };
    if let Gift::Discount(off) = gives
        && off.minor() >= spend_at_least.minor()
    {
        return Err("the discount must be less than what is spent".to_owned());
    }
    let (starts_at, ends_at) = (moment(&entry.starts_at)?, moment(&entry.ends_at)?);
    if ends_at <= starts_at {
        return Err("it ends before it begins".to_owned());
    }
    let (id, product, name) = (PromotionId(entry.id), product.id, name(entry.name));
    Ok(Promotion { id, product, name, starts_at, ends_at, spend_at_least, gives })
}

/// A moment with its zone: a date without one would mean another moment on every server.
fn moment(datetime: &toml::value::Datetime) -> Result<Timestamp, String> {
    let parsed: Result<jiff::Timestamp, _> = datetime.to_string().parse();
    let timestamp =
        parsed.map_err(|_| format!("{datetime} is no moment with a zone, such as 2026-12-01T00:00:00+08:00"))?;
    Ok(Timestamp::from_micros(timestamp.as_microsecond()))
}

pub(super) fn name(entry: NameEntry) -> Name {
    Name { en: entry.en, zh_hans: entry.zh_hans }
}

#[cfg(test)]
mod tests;
