//! The pieces that several pages show.

/// What is wrong with a form: for the summary on top, and at each field.
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<Problem>);

/// One thing wrong with one field.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The id of the field in the page.
    pub field: &'static str,
    /// What is wrong and what to do, as a sentence.
    pub message: String,
}

impl Problems {
    /// Nothing is wrong.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// One thing is wrong.
    #[must_use]
    pub fn one(field: &'static str, message: String) -> Self {
        Self(vec![Problem { field, message }])
    }

    /// Adds one more.
    pub fn add(&mut self, field: &'static str, message: String) {
        self.0.push(Problem { field, message });
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in the order of the fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|problem| problem.field == field).map(|problem| problem.message.as_str())
    }
}

/// An amount that can be chosen with one touch.
#[derive(Clone, Debug)]
pub struct AmountTile {
    /// The name of the place where a promotion is shown, so that it can be brought up to date alone.
    pub id: String,
    /// What the form sends: `100.00`.
    pub value: String,
    /// What it shows: `¥100`.
    pub amount: String,
    /// What a promotion does to it: `Pay ¥95`, `+ ¥10 bonus`.
    pub promotion: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What a top-up costs and gives.
#[derive(Clone, Debug)]
pub struct QuoteTable {
    /// The amount of the top-up before anything is taken off.
    pub amount: String,
    /// What is taken off, each with its reason.
    pub discounts: Vec<Adjustment>,
    /// What the holder pays.
    pub pays: String,
    /// What the card gets.
    pub gets: String,
    /// What it gets on top, each with its reason and its expiry.
    pub bonuses: Vec<Adjustment>,
    /// When it arrives, as words.
    pub arrives: String,
    /// Until when the card is valid afterwards, when that is known.
    pub valid_until: Option<String>,
}

/// One explained difference between amount, price and value.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// Which promotion.
    pub label: String,
    /// How much: `−¥5.00`, `+¥10.00`.
    pub amount: String,
    /// What else to know: `Use it by 22 February 2027`.
    pub note: Option<String>,
}

/// A moment that something is valid until.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// As words: `14:17`.
    pub text: String,
    /// For machines: ISO 8601.
    pub iso: String,
    /// How many seconds are left.
    pub seconds_left: u64,
}

/// A label and its value.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
    /// Whether it is a code, to be compared character by character.
    pub is_code: bool,
}

impl Fact {
    /// A fact in words.
    #[must_use]
    pub fn new(label: String, value: String) -> Self {
        Self { label, value, is_code: false }
    }

    /// A fact that is a code.
    #[must_use]
    pub fn code(label: String, value: String) -> Self {
        Self { label, value, is_code: true }
    }
}

/// How a state feels: it chooses the icon and the colour, never the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something is on its way.
    Wait,
    /// It is done.
    Ok,
    /// Money goes back.
    Back,
    /// A person looks at it.
    Warn,
    /// It ended without money being taken.
    Ended,
}

impl Tone {
    /// The class that colours it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Wait | Self::Back | Self::Ended => "info",
        }
    }

    /// Its icon.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        use crate::web::icons;
        match self {
            Self::Wait => icons::CLOCK,
            Self::Ok => icons::CHECK,
            Self::Back => icons::BACK,
            Self::Warn => icons::ALERT,
            Self::Ended => icons::INFO,
        }
    }
}

/// One step of a timeline.
#[derive(Clone, Debug)]
pub struct Step {
    /// Whether it has happened.
    pub state: StepState,
    /// What it is.
    pub what: String,
    /// When it happened, or by when it will.
    pub when: Option<String>,
}

/// Where a step of a timeline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It has happened.
    Done,
    /// It is happening.
    Now,
    /// It comes next.
    Next,
    /// It did not happen, and will not.
    Stopped,
}

impl StepState {
    /// The class that draws it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Next => "next",
            Self::Stopped => "stopped",
        }
    }

    /// Its icon.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        use crate::web::icons;
        match self {
            Self::Done => icons::CHECK,
            Self::Stopped => icons::CROSS,
            Self::Now | Self::Next => "",
        }
    }

    /// The key of the word that screen readers say.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Done => "timeline-done",
            Self::Now => "timeline-now",
            Self::Next => "timeline-next",
            Self::Stopped => "timeline-stopped",
        }
    }
}

/// A part of a page that asks the server for its state.
#[derive(Clone, Debug)]
pub struct Live {
    /// Where to ask. The answer is empty (204) while nothing has changed, and a refresh when something has.
    pub url: String,
    /// Where to look now, by hand.
    pub look_url: String,
}
