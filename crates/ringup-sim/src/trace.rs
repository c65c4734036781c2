//! What happened, line by line: hashed always, kept as text only when somebody wants to read it.

use std::fmt::{self, Write};

use ringup_core::time::Timestamp;

/// The record of a world. Two worlds with the same hash went the same way.
#[derive(Debug)]
pub struct Trace {
    hash: u64,
    text: Option<String>,
}

/// Whether a trace keeps its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Only their hash.
    Hash,
    /// The lines too.
    Lines,
}

impl Trace {
    /// An empty record.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        let text = (keep == Keep::Lines).then(String::new);
        Self { hash: 0xCBF2_9CE4_8422_2325, text }
    }

    /// Adds a line.
    pub fn line(&mut self, now: Timestamp, what: fmt::Arguments<'_>) {
        // Writing to either cannot fail.
        let _ = writeln!(Hashed(&mut self.hash), "{} {what}", now.micros());
        if let Some(text) = &mut self.text {
            let (days, rest) = (now.seconds().div_euclid(86_400), now.seconds().rem_euclid(86_400));
            let (hours, minutes, seconds) = (rest / 3_600, rest / 60 % 60, rest % 60);
            let millis = now.millis().rem_euclid(1_000);
            let _ = writeln!(text, "day {days} {hours:02}:{minutes:02}:{seconds:02}.{millis:03}  {what}");
        }
    }

    /// The hash of all lines.
    #[must_use]
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// The lines, when they were kept.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        self.text
    }
}

/// FNV-1a over what is written to it.
struct Hashed<'a>(&'a mut u64);

impl Write for Hashed<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            *self.0 = (*self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
