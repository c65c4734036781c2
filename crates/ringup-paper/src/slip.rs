//! What is to be printed, in reading order, already in the reader's language.

/// A slip: a receipt, a claim slip, the report of a till session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slip {
    /// Its parts, from top to bottom.
    pub parts: Vec<Part>,
}

/// One part of a slip. Texts may hold any character; what no printer may get (a control character) is printed as a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What the slip is: large, bold and centred.
    Heading(String),
    /// Running text from the left edge. A line feed begins a new line.
    Paragraph(String),
    /// A name and what it is: the name on the left, the value on the right. What does not fit beside the name stands
    /// below it.
    Row {
        /// The name.
        key: String,
        /// What it is.
        value: String,
    },
    /// The one number that the reader looks for: like a row, the value twice as large.
    Amount {
        /// What it is an amount of.
        label: String,
        /// The amount with its unit.
        value: String,
    },
    /// A line across the paper.
    Rule,
    /// A QR code, with words below it that say what it opens.
    Qr {
        /// What the reader's phone reads, usually an address.
        content: String,
        /// The words below.
        caption: String,
    },
    /// A code to be read aloud or typed: in groups of four, which no line cuts in two. Spaces and hyphens in it are only
    /// somebody else's groups, and dropped.
    Code(String),
    /// That this is not the first of its kind: white on black across the paper, so that two slips are never taken for two
    /// top-ups.
    Reprint(String),
    /// Empty lines.
    Feed(u8),
    /// The end: the paper moves past the cutter and is cut, or can be torn off where the printer has no cutter.
    Cut,
}

impl Part {
    /// A row of `key` and `value`.
    pub fn row(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Row { key: key.into(), value: value.into() }
    }

    /// A large amount, and what it is an amount of.
    pub fn amount(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Amount { label: label.into(), value: value.into() }
    }

    /// A QR code with words below.
    pub fn qr(content: impl Into<String>, caption: impl Into<String>) -> Self {
        Self::Qr { content: content.into(), caption: caption.into() }
    }

    /// The texts of this part.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Heading(text) | Self::Paragraph(text) | Self::Code(text) | Self::Reprint(text) => vec![text],
            Self::Row { key, value } => vec![key, value],
            Self::Amount { label, value } => vec![label, value],
            Self::Qr { content, caption } => vec![content, caption],
            Self::Rule | Self::Feed(_) | Self::Cut => Vec::new(),
        }
    }
}

impl From<Vec<Part>> for Slip {
    fn from(parts: Vec<Part>) -> Self {
        Self { parts }
    }
}
