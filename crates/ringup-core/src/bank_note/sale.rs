use std::fmt;

use crate::card::CardNumber;
use crate::money::Language;
use crate::payment::InvalidTransition;
use crate::time::Timestamp;

/// The key under which a kiosk has a sale credited: 128 random bits, drawn before the first note is taken, the same in every try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SaleKey(pub [u8; 16]);

/// Thirty-two hexadecimal digits, as the idempotency key is sent.
impl fmt::Display for SaleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One holder's visit to a kiosk: a card, and the notes that are put in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The key it is credited under.
    pub key: SaleKey,
    /// The card to be topped up.
    pub card: CardNumber,
    /// What the holder reads, also on the slip.
    pub language: Language,
    /// When it began.
    pub begun_at: Timestamp,
    /// Where it stands.
    pub state: SaleState,
}

/// Where a sale stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaleState {
    /// Notes can be put in.
    Open,
    /// No more notes; what is in the box for it is to be credited.
    Closed {
        /// When.
        closed_at: Timestamp,
    },
    /// The server has put it on the card.
    Credited {
        /// When that was known here.
        credited_at: Timestamp,
        /// The server's own name for it.
        reference: SaleReference,
    },
    /// Credited, and the receipt is printed. Final.
    Printed {
        /// When.
        printed_at: Timestamp,
        /// The server's own name for it.
        reference: SaleReference,
    },
    /// It will not be credited: no note is in the box for it, or they are all claimed. Final.
    Abandoned {
        /// When.
        abandoned_at: Timestamp,
    },
}

/// The server's own name for a sale that it has credited: a top-up's id, or a receipt's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleReference(String);

/// The text is no server's name for a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a reference has 1 to {} visible ASCII characters", SaleReference::LENGTH_MAX)]
pub struct ParseSaleReferenceError;

impl SaleReference {
    /// The longest.
    pub const LENGTH_MAX: usize = 100;

    /// Reads what the server answered.
    ///
    /// # Errors
    /// [`ParseSaleReferenceError`] when it is empty, too long, or has others than visible ASCII.
    pub fn parse(text: &str) -> Result<Self, ParseSaleReferenceError> {
        let fits = (1..=Self::LENGTH_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(ParseSaleReferenceError) }
    }

    /// As the server wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SaleState {
    /// The name of the state.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed { .. } => "closed",
            Self::Credited { .. } => "credited",
            Self::Printed { .. } => "printed",
            Self::Abandoned { .. } => "abandoned",
        }
    }

    /// No more notes will be put in; there are some in the box.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it is not open.
    pub fn close(self, closed_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Open => Ok(Self::Closed { closed_at }),
            from => Err(from.cannot_become("closed")),
        }
    }

    /// The server has put it on the card.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it is still open, or was credited already.
    pub fn credit(self, credited_at: Timestamp, reference: SaleReference) -> Result<Self, InvalidTransition> {
        match self {
            Self::Closed { .. } => Ok(Self::Credited { credited_at, reference }),
            from => Err(from.cannot_become("credited")),
        }
    }

    /// The receipt is printed.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it was not credited, or the receipt was printed already.
    pub fn print(self, printed_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Credited { reference, .. } => Ok(Self::Printed { printed_at, reference }),
            from => Err(from.cannot_become("printed")),
        }
    }

    /// Nothing will be credited.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it was credited or abandoned already.
    pub fn abandon(self, abandoned_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Open | Self::Closed { .. } => Ok(Self::Abandoned { abandoned_at }),
            from => Err(from.cannot_become("abandoned")),
        }
    }

    const fn cannot_become(&self, to: &'static str) -> InvalidTransition {
        InvalidTransition { from: self.name(), to }
    }
}
