//! Ratings: what the holder of a receipt says of the place that sold it. One to five, and a text that is only text.

mod tally;

pub use tally::Tally;

use crate::coded::coded_enum;
use crate::time::Span;

/// How long after it was given a rating can be changed.
pub const CHANGED_WITHIN: Span = Span::hours(1);

/// A comment or an answer has this many characters at most.
pub const REMARK_MAX: usize = 500;

coded_enum! {
    /// How many stars: the more, the better.
    Stars {
        /// Bad.
        One = 1, "1";
        /// Poor.
        Two = 2, "2";
        /// Fair.
        Three = 3, "3";
        /// Good.
        Four = 4, "4";
        /// Very good.
        Five = 5, "5";
    }
}

/// Whether a rating is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingState {
    /// It is seen.
    Shown,
    /// Somebody takes it for abuse. It is seen until the office has looked, or a report would be a way to hide it.
    Reported,
    /// The office has hidden it: neither seen nor counted.
    Hidden,
}

impl RatingState {
    /// Its name, in a column and for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Reported => "reported",
            Self::Hidden => "hidden",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Shown, Self::Reported, Self::Hidden].into_iter().find(|state| state.name() == name)
    }
}

/// What somebody wrote: a comment, or the answer to one. One line of plain text, which may be empty.
///
/// What cannot be seen and changes how the rest is read, such as control characters and overrides of the writing's
/// direction, has been taken out. Signs such as `<` stay: pages write them as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark(String);

/// It is longer than [`REMARK_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has more than {REMARK_MAX} characters")]
pub struct RemarkTooLong;

impl Remark {
    /// Takes what was typed: new lines and rows of spaces become one space.
    ///
    /// # Errors
    /// [`RemarkTooLong`], counted after that.
    pub fn parse(typed: &str) -> Result<Self, RemarkTooLong> {
        let seen: String = typed.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).collect();
        let text = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > REMARK_MAX { Err(RemarkTooLong) } else { Ok(Self(text)) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Control characters, what turns the direction of the writing, and letters without a width. The joiners that emoji and
/// some scripts are written with (U+200C, U+200D) stay.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests;
