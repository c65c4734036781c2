//! Balance and history of a card, and "where is my money?".

use askama::Template;

use super::{Adjustment, Fact, Page, Problems, Tone};
use crate::web::icons;

/// Asks for card number and PIN.
#[derive(Clone, Debug, Template)]
#[template(path = "balance/form.html")]
pub struct BalanceFormPage {
    /// The shell.
    pub page: Page,
    /// The card number as it was typed. The PIN never comes back.
    pub card: String,
    /// What is wrong: fields `card`, `pin`.
    pub problems: Problems,
}

/// What is on the card.
#[derive(Clone, Debug, Template)]
#[template(path = "balance/show.html")]
pub struct BalancePage {
    /// The shell.
    pub page: Page,
    /// The card's last four digits.
    pub card_tail: String,
    /// What can be spent.
    pub balance: String,
    /// Bonus money, soonest expiry first.
    pub bonuses: Vec<Adjustment>,
    /// Until when the card is valid, its state.
    pub facts: Vec<Fact>,
    /// That the card soon expires, or has.
    pub warning: Option<String>,
    /// Screen 1 for this card.
    pub top_up_url: String,
    /// What happened on the card, newest first.
    pub history: Vec<HistoryRow>,
    /// The page with newer rows.
    pub newer_url: Option<String>,
    /// The page with older rows.
    pub older_url: Option<String>,
}

/// One thing that happened on a card.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    /// When.
    pub when: String,
    /// What.
    pub what: String,
    /// `+¥100.00`, `−¥2.40`.
    pub amount: String,
    /// Whether the card got something.
    pub is_gain: bool,
    /// The balance afterwards.
    pub balance: String,
}

/// "Where is my money?": by receipt code, or by card number and PIN.
#[derive(Clone, Debug, Template)]
#[template(path = "where/form.html")]
pub struct WhereFormPage {
    /// The shell.
    pub page: Page,
    /// The code as it was typed.
    pub code: String,
    /// The card number as it was typed.
    pub card: String,
    /// What is wrong: fields `code`, `card`, `pin`.
    pub problems: Problems,
}

/// The latest top-ups of a card.
#[derive(Clone, Debug, Template)]
#[template(path = "where/list.html")]
pub struct WhereListPage {
    /// The shell.
    pub page: Page,
    /// The card's last four digits.
    pub card_tail: String,
    /// The top-ups, newest first.
    pub top_ups: Vec<TopUpLink>,
}

/// One top-up in a list.
#[derive(Clone, Debug)]
pub struct TopUpLink {
    /// Where its timeline is.
    pub url: String,
    /// How it feels.
    pub tone: Tone,
    /// How much.
    pub amount: String,
    /// How it stands, in a few words.
    pub state: String,
    /// When it was placed.
    pub when: String,
}
