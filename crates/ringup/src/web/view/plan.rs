//! Rates, bundles, and the advice between them.

use askama::Template;

use super::{Fact, Page, Problems};
use crate::web::icons;

/// The field for a destination, and the names that it can be filled with.
#[derive(Clone, Debug)]
pub struct Names(pub Vec<String>);

/// Every rate and bundle, and the field that finds one.
#[derive(Clone, Debug, Template)]
#[template(path = "plan/list.html")]
pub struct PlansPage {
    /// The shell.
    pub page: Page,
    /// What was typed.
    pub typed: String,
    /// What is wrong: field `to`.
    pub problems: Problems,
    /// What the typed text can mean, when it is not certain.
    pub several: Vec<DestinationLink>,
    /// The names of all destinations.
    pub names: Names,
    /// Each card with its rates and bundles.
    pub cards: Vec<CardPlans>,
}

/// A destination to go to.
#[derive(Clone, Debug)]
pub struct DestinationLink {
    /// Where its rates are.
    pub url: String,
    /// Its name.
    pub name: String,
    /// How its numbers begin, or what a minute costs there.
    pub note: String,
}

/// What one card can be used for.
#[derive(Clone, Debug)]
pub struct CardPlans {
    /// The name of the card.
    pub name: String,
    /// Its rates.
    pub rates: Vec<DestinationLink>,
    /// Its bundles.
    pub bundles: Vec<BundleOffer>,
}

/// A bundle on offer.
#[derive(Clone, Debug)]
pub struct BundleOffer {
    /// Its name.
    pub name: String,
    /// What it costs.
    pub price: String,
    /// How many minutes, and for how many days.
    pub size: String,
    /// Where its minutes lead.
    pub leads_to: String,
}

/// What calls to one destination cost.
#[derive(Clone, Debug, Template)]
#[template(path = "plan/destination.html")]
pub struct DestinationPage {
    /// The shell.
    pub page: Page,
    /// The destination.
    pub name: String,
    /// How its numbers begin.
    pub prefixes: String,
    /// What each card pays.
    pub cards: Vec<CardRate>,
    /// The adviser, with this destination filled in.
    pub advice_url: String,
}

/// What one card pays for calls to a destination.
#[derive(Clone, Debug)]
pub struct CardRate {
    /// The name of the card.
    pub card: String,
    /// For a minute.
    pub per_minute: String,
    /// The fee, the steps, an example.
    pub facts: Vec<Fact>,
    /// The bundles that lead there.
    pub bundles: Vec<BundleOffer>,
}

/// Asks whom somebody calls, how much and for how long.
#[derive(Clone, Debug, Template)]
#[template(path = "plan/ask.html")]
pub struct AskPage {
    /// The shell.
    pub page: Page,
    /// What is wrong: fields `card`, `days`, `length`, and `to-1`, `minutes-1` and so on.
    pub problems: Problems,
    /// The cards to choose from; empty when there is only one.
    pub cards: Vec<CardChoice>,
    /// For how many days.
    pub days: String,
    /// How many minutes a call lasts.
    pub length: String,
    /// Whom.
    pub rows: Vec<CallsRow>,
    /// Whether another row can be added.
    pub can_add: bool,
    /// The names of all destinations.
    pub names: Names,
}

/// A card to choose.
#[derive(Clone, Debug)]
pub struct CardChoice {
    /// What the form sends.
    pub value: String,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One destination and how much it is called.
#[derive(Clone, Debug)]
pub struct CallsRow {
    /// The ids of its fields.
    pub ids: RowIds,
    /// Which one it is, from 1.
    pub number: u64,
    /// The destination, as it was typed.
    pub to: String,
    /// The minutes, as they were typed.
    pub minutes: String,
    /// Whether they are those of a week; else of a month.
    pub weekly: bool,
}

/// The ids, and names, of a row's fields.
#[derive(Clone, Copy, Debug)]
pub struct RowIds {
    /// Of the destination.
    pub to: &'static str,
    /// Of the minutes.
    pub minutes: &'static str,
    /// Of the week or month.
    pub per: &'static str,
}

/// The rows that a form has at most.
pub const ROWS: [RowIds; 8] = [
    RowIds { to: "to-1", minutes: "minutes-1", per: "per-1" },
    RowIds { to: "to-2", minutes: "minutes-2", per: "per-2" },
    RowIds { to: "to-3", minutes: "minutes-3", per: "per-3" },
    RowIds { to: "to-4", minutes: "minutes-4", per: "per-4" },
    RowIds { to: "to-5", minutes: "minutes-5", per: "per-5" },
    RowIds { to: "to-6", minutes: "minutes-6", per: "per-6" },
    RowIds { to: "to-7", minutes: "minutes-7", per: "per-7" },
    RowIds { to: "to-8", minutes: "minutes-8", per: "per-8" },
];

/// What serves best, with its arithmetic.
#[derive(Clone, Debug, Template)]
#[template(path = "plan/advice.html")]
pub struct AdvicePage {
    /// The shell.
    pub page: Page,
    /// The card, the days and the length of a call, in a sentence.
    pub asked: String,
    /// The calls that the minutes come to, and what each costs by the minute.
    pub calls: Vec<AskedLine>,
    /// The form, with this question filled in.
    pub change_url: String,
    /// The best choice.
    pub best: ChoiceView,
    /// The others, the better first.
    pub others: Vec<ChoiceView>,
}

/// The calls to one destination.
#[derive(Clone, Debug)]
pub struct AskedLine {
    /// The destination.
    pub label: String,
    /// How many calls the minutes come to; what each costs.
    pub notes: [String; 2],
}

/// A way to pay, line by line.
#[derive(Clone, Debug)]
pub struct ChoiceView {
    /// What is bought, each by its name; or that all is paid by the minute.
    pub names: Vec<String>,
    /// What it costs in all.
    pub total: String,
    /// How it stands to paying by the minute.
    pub compared: Option<String>,
    /// Each bundle, and each destination that is paid by the minute.
    pub lines: Vec<SumLine>,
}

/// One line of a sum.
#[derive(Clone, Debug)]
pub struct SumLine {
    /// What it is.
    pub label: String,
    /// How it comes about, and what else to know.
    pub notes: Vec<String>,
    /// How much.
    pub amount: String,
}
