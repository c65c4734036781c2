//! Bank notes put into a kiosk, and the sales that they pay for: their lives, as far as the kiosk itself can know them.
//!
//! Each step is written down before the validator is told to do it, so that after a power cut nothing has been done that is not
//! written. What the validator said last decides what becomes of an unfinished note: [`Fate`]. A note is credited on the
//! validator's own word only; what cannot be known is claimed, by a slip with a code.

mod fate;
mod sale;

use std::fmt;

use crate::coded::coded_enum;
use crate::money::Amount;
use crate::payment::InvalidTransition;
use crate::time::Timestamp;
use crate::top_up::TopUpCode;

pub use fate::{Fate, Stage, Word};
pub use sale::{ParseSaleReferenceError, Sale, SaleKey, SaleReference, SaleState};

/// The number of a bank note, for ever: which kiosk took it, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteNumber {
    /// The kiosk's number.
    pub kiosk: u32,
    /// The kiosk's own count, which never goes back.
    pub running: u64,
}

/// As slips and lists show it: `7-1790000012`.
impl fmt::Display for NoteNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kiosk, self.running)
    }
}

/// The unguessable code on a claim slip: 128 random bits, written like the code on a receipt.
pub type ClaimCode = TopUpCode;

coded_enum! {
    /// Why nobody can say where a note is, or whose it is.
    ClaimReason {
        /// The validator was told to stack it and says nothing of it.
        NoWord = 1, "no_word";
        /// The validator does not answer.
        Silence = 2, "silence";
        /// The validator was started again meanwhile and has forgotten.
        Restarted = 3, "restarted";
        /// The validator had more to say than it keeps: what it said of this note is lost.
        EventsLost = 4, "events_lost";
        /// The note is stuck in the validator.
        Jammed = 5, "jammed";
        /// Somebody manipulated the validator while it moved the note.
        Cheated = 6, "cheated";
        /// The validator stacked a note of another value than it had read.
        ValueDiffers = 7, "value_differs";
        /// The validator stacked a note and does not say of which value.
        ValueUnknown = 8, "value_unknown";
        /// The validator stacked a note that nobody had seen, and no sale was open.
        Unexpected = 9, "unexpected";
        /// The note is in the box and its sale was refused for good.
        SaleRefused = 10, "sale_refused";
    }
}

coded_enum! {
    /// What the validator said of a note after a claim slip had been made: for whoever settles the claim.
    LateWord {
        /// It is in the cash box.
        Stacked = 1, "stacked";
        /// It was given back.
        Returned = 2, "returned";
    }
}

/// Where a note stands. Each state carries only what is known in that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteState {
    /// The validator has read it.
    Seen,
    /// The validator holds it: it can be taken or given back.
    Escrowed {
        /// When the validator said so.
        escrowed_at: Timestamp,
    },
    /// Written down before the validator is told to take it.
    ToldToStack {
        /// When.
        told_at: Timestamp,
    },
    /// The validator says that it is in the cash box. Its sale has not been credited.
    Stacked {
        /// When the validator said so.
        stacked_at: Timestamp,
    },
    /// In the box, and its value is on the card.
    Credited {
        /// When that was known here.
        credited_at: Timestamp,
    },
    /// Credited, and the receipt is printed. Final.
    Printed {
        /// When.
        printed_at: Timestamp,
    },
    /// Given back; no money was taken. Final.
    Returned {
        /// When that was known here.
        returned_at: Timestamp,
    },
    /// Nobody knows, or nobody can be credited: whoever has the slip with the code can claim it. Final here.
    Claimed {
        /// When the slip was made.
        claimed_at: Timestamp,
        /// The code on the slip.
        code: ClaimCode,
        /// Why.
        reason: ClaimReason,
        /// What the validator said afterwards.
        late: Option<LateWord>,
    },
}

/// A bank note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankNote {
    /// Its number.
    pub number: NoteNumber,
    /// The sale it was put in for; none when no sale was open.
    pub sale: Option<SaleKey>,
    /// What it is worth, by the validator's word; nothing when the validator does not say.
    pub value: Option<Amount>,
    /// When it was seen first.
    pub seen_at: Timestamp,
    /// Where it stands.
    pub state: NoteState,
}

impl NoteState {
    /// The name of the state.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Escrowed { .. } => "escrowed",
            Self::ToldToStack { .. } => "told_to_stack",
            Self::Stacked { .. } => "stacked",
            Self::Credited { .. } => "credited",
            Self::Printed { .. } => "printed",
            Self::Returned { .. } => "returned",
            Self::Claimed { .. } => "claimed",
        }
    }

    /// How far the validator has got with it; nothing when it has no more to say.
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        match self {
            Self::Seen => Some(Stage::Seen),
            Self::Escrowed { .. } => Some(Stage::Escrowed),
            Self::ToldToStack { .. } => Some(Stage::ToldToStack),
            Self::Stacked { .. }
            | Self::Credited { .. }
            | Self::Printed { .. }
            | Self::Returned { .. }
            | Self::Claimed { .. } => None,
        }
    }

    /// The validator holds the note.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it was held already, or is past that.
    pub fn escrow(self, escrowed_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Seen => Ok(Self::Escrowed { escrowed_at }),
            from => Err(from.cannot_become("escrowed")),
        }
    }

    /// The validator is about to be told to take the note.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the validator does not hold it, or was told already.
    pub fn tell_to_stack(self, told_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Escrowed { .. } => Ok(Self::ToldToStack { told_at }),
            from => Err(from.cannot_become("told_to_stack")),
        }
    }

    /// The validator says that the note is in the box.
    ///
    /// Also of a note that it was not told to take: it is in the box all the same, and that is what counts.
    ///
    /// # Errors
    /// [`InvalidTransition`] when that was known, or the note's life has ended: a claimed one stays claimed, and hears of it
    /// by [`Self::hear_late`].
    pub fn stack(self, stacked_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Seen | Self::Escrowed { .. } | Self::ToldToStack { .. } => Ok(Self::Stacked { stacked_at }),
            from => Err(from.cannot_become("stacked")),
        }
    }

    /// The validator gave the note back.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it is in the box, or the note's life has ended.
    pub fn give_back(self, returned_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Seen | Self::Escrowed { .. } | Self::ToldToStack { .. } => Ok(Self::Returned { returned_at }),
            from => Err(from.cannot_become("returned")),
        }
    }

    /// Nobody knows where the note is; or, of a note in the box, its sale was refused for good.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it is on the card, or the note's life has ended.
    pub fn claim(self, claimed_at: Timestamp, code: ClaimCode, reason: ClaimReason) -> Result<Self, InvalidTransition> {
        match self {
            Self::Seen | Self::Escrowed { .. } | Self::ToldToStack { .. } | Self::Stacked { .. } => {
                Ok(Self::Claimed { claimed_at, code, reason, late: None })
            }
            from => Err(from.cannot_become("claimed")),
        }
    }

    /// The validator says where a claimed note is. The first word stays.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the note is not claimed, or was spoken of already.
    pub fn hear_late(self, word: LateWord) -> Result<Self, InvalidTransition> {
        match self {
            Self::Claimed { claimed_at, code, reason, late: None } => {
                Ok(Self::Claimed { claimed_at, code, reason, late: Some(word) })
            }
            from => Err(from.cannot_become("spoken_of")),
        }
    }

    /// The sale was credited.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the note is not in the box, or was credited already.
    pub fn credit(self, credited_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Stacked { .. } => Ok(Self::Credited { credited_at }),
            from => Err(from.cannot_become("credited")),
        }
    }

    /// The receipt is printed.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the note was not credited, or the receipt was printed already.
    pub fn print(self, printed_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Credited { .. } => Ok(Self::Printed { printed_at }),
            from => Err(from.cannot_become("printed")),
        }
    }

    const fn cannot_become(&self, to: &'static str) -> InvalidTransition {
        InvalidTransition { from: self.name(), to }
    }
}

#[cfg(test)]
mod tests;
