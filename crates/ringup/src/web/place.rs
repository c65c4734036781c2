//! What the places page and the API share: how a search is read from an address, and the plot of what was found.

pub mod plot;
pub mod query;
