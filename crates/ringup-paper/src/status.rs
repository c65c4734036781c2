//! What a printer says of itself: the four answers to `DLE EOT n`, read as one state.
//!
//! The bits are those of Epson's command reference (`dle_eot`), which other makers follow. An answer has the form
//! `0xx1xx10`, so that it is told from anything else a printer sends.

#[cfg(test)]
mod tests;

/// A question that a printer answers at once, also with its cover open or in the middle of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Whether it is online.
    Printer,
    /// Why not.
    OfflineCause,
    /// What is broken.
    ErrorCause,
    /// How much paper there is.
    Paper,
}

impl Question {
    /// All of them, in the order in which [`State::read`] takes the answers.
    pub const ALL: [Self; 4] = [Self::Printer, Self::OfflineCause, Self::ErrorCause, Self::Paper];

    /// The bytes that ask it: `DLE EOT n`.
    pub fn bytes(self) -> [u8; 3] {
        let number = match self {
            Self::Printer => 1,
            Self::OfflineCause => 2,
            Self::ErrorCause => 3,
            Self::Paper => 4,
        };
        [0x10, 0x04, number]
    }
}

/// Whether `byte` can be an answer to one of the questions.
pub fn is_answer(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// It does not print now, for whatever reason.
    pub offline: bool,
    /// Its cover is open.
    pub cover_open: bool,
    /// There is no paper.
    pub paper_out: bool,
    /// The roll ends soon.
    pub near_end: bool,
    /// Something is wrong that a person must put right: the cutter is stuck, the head too hot, a part broken.
    pub error: bool,
}

/// Why a printer does not print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no paper.
    NoPaper,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck, the head too hot, or a part broken.
    Error,
    /// It is switched offline, and does not say why.
    Offline,
    /// It does not answer, or not as a printer does. Nobody knows.
    Unknown,
}

impl Trouble {
    /// The stable code of this trouble.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPaper => "printer_no_paper",
            Self::CoverOpen => "printer_cover_open",
            Self::Error => "printer_error",
            Self::Offline => "printer_offline",
            Self::Unknown => "printer_unknown",
        }
    }
}

impl State {
    /// Reads the answers to [`Question::ALL`]. `None` when one of them is no answer.
    pub fn read(answers: [u8; 4]) -> Option<Self> {
        if !answers.into_iter().all(is_answer) {
            return None;
        }
        let [printer, offline, error, paper] = answers;
        Some(Self {
            offline: printer & 0x08 != 0,
            cover_open: offline & 0x04 != 0,
            paper_out: offline & 0x20 != 0 || paper & 0x60 != 0,
            near_end: paper & 0x0c != 0,
            error: offline & 0x40 != 0 || error & 0x6c != 0,
        })
    }

    /// What keeps it from printing, what a person should see to first. With the cover open the paper's sensor sees no
    /// paper, so that the cover comes before it.
    pub fn trouble(self) -> Option<Trouble> {
        if self.cover_open {
            Some(Trouble::CoverOpen)
        } else if self.paper_out {
            Some(Trouble::NoPaper)
        } else if self.error {
            Some(Trouble::Error)
        } else if self.offline {
            Some(Trouble::Offline)
        } else {
            None
        }
    }
}
