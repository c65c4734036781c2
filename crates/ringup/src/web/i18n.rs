//! The pages' languages: which one a reader gets, and every sentence in it.
//!
//! Sentences live in `locales/`, never in code or templates. A sentence that is missing shows as `⟦key⟧`, and a test
//! that renders every page in both languages fails on it.

mod bundles;
pub mod time;

#[cfg(test)]
mod tests;

use std::borrow::Borrow;

use fluent_bundle::FluentArgs;

/// A language that every page exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// British English.
    En,
    /// Simplified Chinese.
    ZhHans,
}

impl Locale {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhHans];

    /// The language tag of HTML, of the cookie and of `?lang=`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhHans => "zh-Hans",
        }
    }

    /// The language that the switch offers.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::ZhHans,
            Self::ZhHans => Self::En,
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::ZhHans => "中文",
        }
    }

    /// Reads a language tag by its first part: every `zh-…` gets simplified Chinese, which is what there is.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if first.eq_ignore_ascii_case("zh") {
            Some(Self::ZhHans)
        } else if first.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// What the address asks for, else the cookie, else the browser, else English.
    #[must_use]
    pub fn negotiate(query: Option<&str>, cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        query
            .and_then(Self::from_tag)
            .or_else(|| cookie.and_then(Self::from_tag))
            .or_else(|| accept_language.and_then(Self::preferred))
            .unwrap_or(Self::En)
    }

    /// The best of an `Accept-Language` header that there is.
    fn preferred(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for part in header.split(',').take(ACCEPTED_MAX) {
            let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = thousandths(weight);
            if let Some(locale) = Self::from_tag(tag)
                && weight > best.map_or(0, |(most, _)| most)
            {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// So many entries of an `Accept-Language` header are read; browsers send fewer.
const ACCEPTED_MAX: usize = 20;

/// Reads `q=0.8` as 800, without floating point. No weight is the full weight, an unreadable one is none.
fn thousandths(weight: &str) -> u16 {
    let weight = weight.trim();
    if weight.is_empty() {
        return 1_000;
    }
    let Some(figure) = weight.strip_prefix("q=") else { return 0 };
    let (whole, decimals) = figure.split_once('.').unwrap_or((figure, ""));
    if whole == "1" {
        return 1_000;
    }
    let decimals: String = decimals.chars().chain("000".chars()).take(3).collect();
    decimals.parse().unwrap_or(0)
}

/// `50,000`: as both languages write it.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The sentences of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    locale: Locale,
}

impl Words {
    /// The sentences of this language.
    #[must_use]
    pub const fn of(locale: Locale) -> Self {
        Self { locale }
    }

    /// Which language they are in.
    #[must_use]
    pub const fn locale(self) -> Locale {
        self.locale
    }

    /// A sentence.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        bundles::sentence(self.locale, key, None)
    }

    /// A sentence with things in it: money, times and names, as they are to be read.
    #[must_use]
    pub fn t_with(self, key: &str, things: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::with_capacity(things.len());
        for (name, thing) in things {
            args.set(*name, *thing);
        }
        bundles::sentence(self.locale, key, Some(&args))
    }

    /// A sentence with one thing in it.
    #[must_use]
    pub fn t_one(self, key: &str, name: &str, thing: impl AsRef<str>) -> String {
        self.t_with(key, &[(name, thing.as_ref())])
    }

    /// A sentence about so many: it may choose its words by the number.
    #[must_use]
    pub fn t_count(self, key: &str, name: &str, count: impl Borrow<u64>) -> String {
        self.t_count_with(key, (name, *count.borrow()), &[])
    }

    /// A sentence about so many, with other things in it.
    #[must_use]
    pub fn t_count_with(self, key: &str, (name, count): (&str, u64), things: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::with_capacity(things.len().saturating_add(1));
        args.set(name, count);
        for (name, thing) in things {
            args.set(*name, *thing);
        }
        bundles::sentence(self.locale, key, Some(&args))
    }
}
