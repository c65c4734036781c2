//! Every limit of the terminal, in one place.

use std::time::Duration;

/// How long a validator may take to answer, how often it is asked again, and how often it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long to wait for an answer.
    pub answer: Duration,
    /// How long a gap inside an answer may be; a longer one ends it.
    pub gap: Duration,
    /// How often one command is sent before the validator counts as silent.
    pub tries: u32,
    /// The pause between two looks while a restarted kiosk asks what became of a note.
    pub look: Duration,
    /// Looks without news after which the validator is taken to have nothing to say.
    pub looks: u32,
}

impl Timing {
    /// For real validators. SSP waits one second for an answer and gives up after twenty tries (GA138); a note is moved in less than
    /// five seconds, and one in escrow is given back after ten.
    pub const REAL: Self = Self {
        answer: Duration::from_secs(1),
        gap: Duration::from_millis(50),
        tries: 10,
        look: Duration::from_millis(200),
        looks: 75,
    };
}

/// Notes of different values that a validator can know.
pub const CHANNELS_MAX: u8 = 16;
/// Claims shown in one list.
pub const CLAIMS_LISTED_MAX: u32 = 1_000;
/// Notes shown in one list.
pub const NOTES_LISTED_MAX: u32 = 1_000;
/// Top-ups by QR code that are looked at in one go.
pub const TOP_UPS_OPEN_MAX: u32 = 100;
/// Bytes read from the line at once.
pub const READ_BYTES: usize = 256;
/// Looks, while a note is in escrow on ccTalk, between two requests to hold it longer.
pub const LOOKS_BETWEEN_HOLDS: u32 = 10;
