use super::number::Prefix;
use crate::product::Name;

/// A destination, by the number the issuer gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DestinationId(pub u32);

/// Where calls go: numbers that cost the same, under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its number.
    pub id: DestinationId,
    /// A short text that files and addresses name it by: small letters, digits and `-`.
    pub code: String,
    /// What pages call it.
    pub name: Name,
    /// What else people call it, in either language: the country of a network, an abbreviation.
    pub also: Vec<String>,
    /// How its numbers begin.
    pub prefixes: Vec<Prefix>,
}
