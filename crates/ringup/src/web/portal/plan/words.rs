//! Plans in the reader's language: rates, bundles, and why a destination was not found.

use ringup_core::money::{Amount, Unit};
use ringup_core::plan::{Bundle, Destination, FindRefusal, Increment, ParseDialledError, Plans, Rate};
use ringup_core::product::Product;
use ringup_engine::plan::Offered;

pub(super) use crate::web::portal::mapping::{language, money, name};

use crate::web::i18n::Words;
use crate::web::view::Fact;
use crate::web::view::plan::{BundleOffer, CardPlans, CardRate, DestinationLink, Names};

/// So many prefixes are named; of some destinations there are dozens.
const PREFIXES_SHOWN: usize = 6;

/// The length of the call that shows what fee and steps come to.
const EXAMPLE_SECONDS: u32 = 600;

/// Where a destination's page is.
pub(super) fn address(destination: &Destination) -> String {
    format!("/plans/to/{}", destination.code)
}

/// A destination to choose, with how its numbers begin.
pub(super) fn link(words: Words, destination: &Destination) -> DestinationLink {
    let note = prefixes(words, destination);
    DestinationLink { url: address(destination), name: name(words, &destination.name), note }
}

/// How the numbers of a destination begin.
pub(super) fn prefixes(words: Words, destination: &Destination) -> String {
    let shown = destination.prefixes.iter().take(PREFIXES_SHOWN).map(|prefix| format!("+{prefix}"));
    let key = if destination.prefixes.len() > PREFIXES_SHOWN { "plan-prefixes-more" } else { "plan-prefixes" };
    words.t_one(key, "prefixes", shown.collect::<Vec<_>>().join(words.t("plan-comma").as_str()))
}

/// The names of all destinations, for the field that takes one.
pub(super) fn names(words: Words, plans: &Plans) -> Names {
    Names(plans.destinations.iter().map(|destination| name(words, &destination.name)).collect())
}

/// Each card with its rates and bundles.
pub(super) fn card_plans(words: Words, offered: &Offered) -> Vec<CardPlans> {
    let of = |product: &Product| CardPlans {
        name: name(words, &product.name),
        rates: offered.plans.rates_of(product.id).map(|(to, rate)| rate_link(words, to, rate)).collect(),
        bundles: offered.plans.bundles_of(product.id).map(|bundle| offer(words, &offered.plans, bundle)).collect(),
    };
    offered.products.iter().map(of).collect()
}

/// What each card that reaches a destination pays there.
pub(super) fn card_rates(words: Words, offered: &Offered, to: &Destination) -> Vec<CardRate> {
    let of = |product: &Product| {
        let rate = offered.plans.rate(product.id, to.id)?;
        let leads = offered.plans.bundles_of(product.id).filter(|bundle| bundle.covers(to.id));
        Some(CardRate {
            card: name(words, &product.name),
            per_minute: rate.per_minute.to_text(),
            facts: facts(words, rate),
            bundles: leads.map(|bundle| offer(words, &offered.plans, bundle)).collect(),
        })
    };
    offered.products.iter().filter_map(of).collect()
}

/// Why it is not certain where a call would go.
pub(super) fn why_not_found(words: Words, refusal: &FindRefusal) -> String {
    let key = match refusal {
        FindRefusal::Missing => "plan-problem-missing",
        FindRefusal::Number(ParseDialledError::NotDigits) => "plan-problem-not-digits",
        FindRefusal::Number(ParseDialledError::NotInternational) => "plan-problem-not-international",
        FindRefusal::Number(ParseDialledError::TooLong) => "plan-problem-too-long",
        FindRefusal::Number(ParseDialledError::TrunkZero) => "plan-problem-trunk-zero",
        FindRefusal::Unknown => "plan-problem-unknown",
        FindRefusal::Several(several) => {
            let several = several.iter().map(|destination| name(words, &destination.name));
            return words.t_one("plan-problem-several", "names", listed(words, several));
        }
    };
    words.t(key)
}

/// Names one after the other. They may have commas of their own.
pub(super) fn listed(words: Words, names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(words.t("plan-between-names").as_str())
}

/// So many seconds, in words.
pub(super) fn seconds(words: Words, seconds: u64) -> String {
    Amount::new(seconds, Unit::Sec).map_or_else(|_| "–".to_owned(), |amount| amount.to_text(language(words)))
}

fn rate_link(words: Words, to: &Destination, rate: &Rate) -> DestinationLink {
    DestinationLink { url: address(to), name: name(words, &to.name), note: rate.per_minute.to_text() }
}

fn offer(words: Words, plans: &Plans, bundle: &Bundle) -> BundleOffer {
    let minutes = words.t_count("plan-minutes", "minutes", u64::from(bundle.minutes));
    let days = words.t_count("plan-days", "days", u64::from(bundle.validity_days));
    let destinations = bundle.destinations.iter().filter_map(|id| plans.destination(*id));
    let names = listed(words, destinations.map(|destination| name(words, &destination.name)));
    BundleOffer {
        name: name(words, &bundle.name),
        price: money(words, bundle.price),
        size: words.t_with("plan-bundle-size", &[("minutes", &minutes), ("days", &days)]),
        leads_to: words.t_one("plan-leads-to", "names", names),
    }
}

fn facts(words: Words, rate: &Rate) -> Vec<Fact> {
    let fee = rate.connection_fee;
    let fee = if fee.is_zero() { words.t("plan-fee-none") } else { money(words, fee) };
    let example = rate.price(EXAMPLE_SECONDS).map_or_else(|_| "–".to_owned(), |price| money(words, price.sum));
    vec![
        Fact::new(words.t("plan-fee"), fee),
        Fact::new(words.t("plan-counted"), counted(words, rate.increment)),
        Fact::new(words.t("plan-example"), example),
    ]
}

fn counted(words: Words, increment: Increment) -> String {
    let (first, next) = (increment.first_seconds(), increment.next_seconds());
    match (first, next) {
        (1, 1) => words.t("plan-counted-by-second"),
        (first, next) if first == next => words.t_one("plan-counted-same", "seconds", first.to_string()),
        (first, next) => {
            words.t_with("plan-counted-first", &[("first", &first.to_string()), ("next", &next.to_string())])
        }
    }
}
