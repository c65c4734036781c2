//! Files that staff hand in: a catalogue, and a list of cards to import.

pub mod catalogue;
pub mod import;
mod plans;
