//! What becomes of an unfinished note, by what the validator says: one table, for the running kiosk and for the one that was just
//! started after a power cut.

use super::{ClaimReason, LateWord};

/// How far the kiosk got with an unfinished note, as it is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The validator has read it.
    Seen,
    /// The validator holds it.
    Escrowed,
    /// The validator may have been told to take it.
    ToldToStack,
}

/// What the validator says of an unfinished note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A note of the value that it had read is in the box.
    Stacked,
    /// A note of another value is in the box.
    StackedOther,
    /// A note is in the box, and it does not say of which value.
    StackedUnknown,
    /// It was given back.
    Returned,
    /// When it started it found a note in its path and gave it back; it does not say which.
    ReturnedAtStart,
    /// It is held: it can still be taken or given back.
    Held,
    /// It is stuck.
    Jammed,
    /// Somebody manipulated the validator.
    Cheated,
    /// It was started again, and says nothing of a note.
    Restarted,
    /// It said more than it keeps, and not what became of the note.
    EventsLost,
    /// It answers, holds no note and says nothing of one, for longer than it would take to move it.
    Nothing,
    /// It does not answer.
    Silence,
}

/// What becomes of the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in the box, and is credited.
    Stack,
    /// It was given back.
    Return,
    /// It is claimed; if its place is known all the same, that is kept for whoever settles the claim.
    Claim(ClaimReason, Option<LateWord>),
    /// Tell the validator to give it back, then ask again.
    TellToReturn,
    /// Tell the validator once more to take it, then ask again.
    TellToStack,
}

impl Word {
    /// Every word.
    pub const ALL: [Self; 12] = [
        Self::Stacked,
        Self::StackedOther,
        Self::StackedUnknown,
        Self::Returned,
        Self::ReturnedAtStart,
        Self::Held,
        Self::Jammed,
        Self::Cheated,
        Self::Restarted,
        Self::EventsLost,
        Self::Nothing,
        Self::Silence,
    ];
}

impl Fate {
    /// Decides. Credit is given only on the word that the note is in the box, and "no money was taken" is said only when the
    /// validator says so or was never told to take it.
    #[must_use]
    pub const fn of(stage: Stage, word: Word) -> Self {
        match (stage, word) {
            (_, Word::Stacked) => Self::Stack,
            (_, Word::StackedOther) => Self::Claim(ClaimReason::ValueDiffers, Some(LateWord::Stacked)),
            (_, Word::StackedUnknown) => Self::Claim(ClaimReason::ValueUnknown, Some(LateWord::Stacked)),
            (_, Word::Returned) => Self::Return,
            (Stage::Seen | Stage::Escrowed, Word::ReturnedAtStart) => Self::Return,
            // Ours may be in the box, the word of it lost, and the note that went back the next one, put in while no kiosk was there.
            (Stage::ToldToStack, Word::ReturnedAtStart) => Self::Claim(ClaimReason::Restarted, None),
            // The holder may have gone: a note that nobody asked for any more goes back.
            (Stage::Seen | Stage::Escrowed, Word::Held) => Self::TellToReturn,
            (Stage::ToldToStack, Word::Held) => Self::TellToStack,
            (_, Word::Jammed) => Self::Claim(ClaimReason::Jammed, None),
            // Whoever pulled it out has it: it was never on its way into the box.
            (Stage::Seen | Stage::Escrowed, Word::Cheated) => Self::Return,
            (Stage::ToldToStack, Word::Cheated) => Self::Claim(ClaimReason::Cheated, None),
            // When a validator starts it clears its path, and does not always say which way.
            (_, Word::Restarted) => Self::Claim(ClaimReason::Restarted, None),
            (_, Word::EventsLost) => Self::Claim(ClaimReason::EventsLost, None),
            // A validator takes no note by itself: one that it was not told to take and does not hold has gone back.
            (Stage::Seen | Stage::Escrowed, Word::Nothing) => Self::Return,
            (Stage::ToldToStack, Word::Nothing) => Self::Claim(ClaimReason::NoWord, None),
            (_, Word::Silence) => Self::Claim(ClaimReason::Silence, None),
        }
    }
}

#[cfg(test)]
mod tests;
