//! From what a person typed to the destinations that it can mean.

use super::Plans;
use super::destination::Destination;
use super::number::{Dialled, ParseDialledError};

/// So many are shown when a text can mean several.
const SEVERAL_MAX: usize = 12;

/// Why it is not certain where a call would go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindRefusal {
    /// Nothing was typed.
    #[error("no destination was given")]
    Missing,
    /// It is meant as a number, and is none.
    #[error(transparent)]
    Number(#[from] ParseDialledError),
    /// The issuer has no rate for what it names.
    #[error("there is no rate for this destination")]
    Unknown,
    /// It can mean several destinations, which have prices of their own.
    #[error("this can mean several destinations")]
    Several(Vec<Destination>),
}

impl FindRefusal {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "destination_missing",
            Self::Number(ParseDialledError::NotDigits) => "number_not_digits",
            Self::Number(ParseDialledError::NotInternational) => "number_not_international",
            Self::Number(ParseDialledError::TooLong) => "number_too_long",
            Self::Number(ParseDialledError::TrunkZero) => "number_trunk_zero",
            Self::Unknown => "destination_unknown",
            Self::Several(_) => "destination_ambiguous",
        }
    }
}

impl Plans {
    /// What a person typed can mean these, the likeliest first; never none.
    ///
    /// A number means the destination with the longest prefix that it begins with, and those that it could still become.
    /// A name means those that are called so, in either language, else those whose names have it inside.
    ///
    /// # Errors
    /// [`FindRefusal`], but never [`FindRefusal::Several`].
    pub fn find(&self, typed: &str) -> Result<Vec<&Destination>, FindRefusal> {
        if typed.trim().is_empty() {
            return Err(FindRefusal::Missing);
        }
        let found =
            if Dialled::is_meant(typed) { self.by_number(&Dialled::parse(typed)?) } else { self.by_name(typed) };
        if found.is_empty() { Err(FindRefusal::Unknown) } else { Ok(found) }
    }

    /// The one destination that a person can have meant.
    ///
    /// # Errors
    /// [`FindRefusal`].
    pub fn find_one(&self, typed: &str) -> Result<&Destination, FindRefusal> {
        let found = self.find(typed)?;
        match found.as_slice() {
            [only] => Ok(only),
            several => Err(FindRefusal::Several(several.iter().map(|destination| (*destination).clone()).collect())),
        }
    }

    fn by_number(&self, number: &Dialled) -> Vec<&Destination> {
        let prefixes = |destination: &'_ Destination| {
            let begins = destination.prefixes.iter().filter(|prefix| number.begins_with(prefix));
            begins.map(|prefix| prefix.as_str().len()).max()
        };
        let longest = self.destinations.iter().filter(|destination| prefixes(destination).is_some());
        let longest = longest.max_by_key(|destination| prefixes(destination));
        let becomes = |destination: &&Destination| destination.prefixes.iter().any(|prefix| number.may_become(prefix));
        let others = self.destinations.iter().filter(becomes);
        let others = others.filter(|other| longest.is_none_or(|longest| longest.id != other.id));
        longest.into_iter().chain(others).take(SEVERAL_MAX).collect()
    }

    fn by_name(&self, typed: &str) -> Vec<&Destination> {
        let typed = folded(typed);
        let called = |destination: &&Destination| names(destination).any(|name| folded(name) == typed);
        let exactly: Vec<&Destination> = self.destinations.iter().filter(called).take(SEVERAL_MAX).collect();
        // One Latin letter is inside nearly every name; one Chinese character says much.
        if !exactly.is_empty() || (typed.len() < 2 || (typed.is_ascii() && typed.len() < 3)) {
            return exactly;
        }
        let inside = |destination: &&Destination| names(destination).any(|name| folded(name).contains(&typed));
        self.destinations.iter().filter(inside).take(SEVERAL_MAX).collect()
    }
}

fn names(destination: &Destination) -> impl Iterator<Item = &str> {
    let own = [destination.name.en.as_str(), &destination.name.zh_hans, &destination.code];
    own.into_iter().chain(destination.also.iter().map(String::as_str))
}

/// Letters and digits alone, small: neither spaces nor commas tell two names apart.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
