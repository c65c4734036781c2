//! Ratings: what everybody sees of a place, what the holder of a receipt says, and what the place answers.

use askama::Template;

use super::agent::AgentHead;
use super::store::TillHead;
use super::{Page, Problems};
use crate::web::icons;

/// How a place is rated, in figures.
#[derive(Clone, Debug)]
pub struct RatingSummary {
    /// `4.6`
    pub average: String,
    /// The same as a sentence.
    pub average_text: String,
    /// How many there are, in words.
    pub count: String,
    /// From five stars down to one.
    pub bars: Vec<RatingBar>,
}

/// How many ratings have so many stars.
#[derive(Clone, Debug)]
pub struct RatingBar {
    /// How many stars.
    pub stars: u8,
    /// The same as a sentence.
    pub stars_text: String,
    /// How many.
    pub count: String,
    /// How long the bar is, of a hundred.
    pub percent: u64,
}

/// What somebody said of a place.
#[derive(Clone, Debug)]
pub struct RatingRow {
    /// `★★★★☆`
    pub stars: &'static str,
    /// The same as a sentence.
    pub stars_text: String,
    /// On which day.
    pub when: String,
    /// What he wrote; perhaps nothing.
    pub comment: String,
    /// What the place answers: who, and what.
    pub answer: Option<(String, String)>,
    /// Where it is reported; nothing where that makes no sense.
    pub report_url: Option<String>,
}

/// What everybody sees of a place.
#[derive(Clone, Debug)]
pub struct RatingBoard {
    /// In figures; nothing before the first rating.
    pub summary: Option<RatingSummary>,
    /// The newest.
    pub rows: Vec<RatingRow>,
    /// That there are more than are shown.
    pub more: Option<String>,
}

/// The ratings of a place.
#[derive(Clone, Debug, Template)]
#[template(path = "rating/place.html")]
pub struct PlaceRatingsPage {
    /// The shell.
    pub page: Page,
    /// What the place is called.
    pub name: String,
    /// What came of a report.
    pub notice: Option<String>,
    /// Why nothing was reported.
    pub refused: Option<String>,
    /// The ratings.
    pub board: RatingBoard,
    /// The agent's own page.
    pub agent_url: Option<String>,
}

/// What the holder of a receipt said of the place that sold it, or can say.
#[derive(Clone, Debug)]
pub struct ReceiptRating {
    /// The question, or that he rated.
    pub heading: String,
    /// Until when that can be changed, or that it cannot.
    pub note: String,
    /// The form, while something can be said.
    pub form: Option<RatingForm>,
    /// What was said, once it stays.
    pub given: Option<RatingRow>,
}

/// The stars and the comment.
#[derive(Clone, Debug)]
pub struct RatingForm {
    /// Where it is sent.
    pub url: String,
    /// The code of the place that the holder sees above.
    pub place: String,
    /// The stars, each with its word.
    pub stars: Vec<StarChoice>,
    /// The comment as it was typed.
    pub comment: String,
    /// What the button says.
    pub send: String,
}

/// So many stars.
#[derive(Clone, Debug)]
pub struct StarChoice {
    /// How many.
    pub value: String,
    /// `stars`
    pub word: String,
    /// Whether they are chosen.
    pub chosen: bool,
}

/// A rating that the place can answer.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// What was said.
    pub rating: RatingRow,
    /// Where the answer is sent; nothing when the one who looks may not answer.
    pub url: Option<String>,
    /// The field's id.
    pub field: String,
    /// The answer as it was typed, or as it is.
    pub answer: String,
    /// What the button says.
    pub send: String,
}

/// The ratings of an agent, for his people.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/ratings.html")]
pub struct AgentRatingsPage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// In figures; nothing before the first rating.
    pub summary: Option<RatingSummary>,
    /// The newest.
    pub rows: Vec<AnswerRow>,
    /// What is wrong, by the fields' ids.
    pub problems: Problems,
}

/// The ratings of a store, for who serves there.
#[derive(Clone, Debug, Template)]
#[template(path = "store/ratings.html")]
pub struct StoreRatingsPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// Whether the one who looks may answer.
    pub may_answer: bool,
    /// In figures; nothing before the first rating.
    pub summary: Option<RatingSummary>,
    /// The newest.
    pub rows: Vec<AnswerRow>,
    /// What is wrong, by the fields' ids.
    pub problems: Problems,
}
