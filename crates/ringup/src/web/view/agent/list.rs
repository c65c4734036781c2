//! The pages of lists.

use askama::Template;

use super::AgentHead;
use crate::web::icons;
use crate::web::view::{Fact, Live, Page, Problems, Tone};

/// The upload, and the lists until now.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/lists.html")]
pub struct ListsPage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// Why nothing can be sold now.
    pub not_selling: Option<String>,
    /// The lists.
    pub lists: Vec<ListRow>,
    /// What is wrong: field `list`.
    pub problems: Problems,
}

/// A list among others.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// When it was uploaded.
    pub when: String,
    /// How many rows it has.
    pub rows: String,
    /// What its right rows come to.
    pub pay: String,
    /// How it stands.
    pub state: String,
    /// Its page.
    pub url: String,
}

/// One list: checked, being sold, stopped or done.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/list.html")]
pub struct ListPage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// How it feels.
    pub tone: Tone,
    /// How it stands.
    pub heading: String,
    /// What happens next.
    pub lead: Option<String>,
    /// Why it does not go on by itself.
    pub warning: Option<String>,
    /// How far it is; nothing before it was confirmed.
    pub progress: Option<ProgressBar>,
    /// The figures.
    pub facts: Vec<Fact>,
    /// What can be done: confirm, or go on.
    pub action: Option<ListAction>,
    /// Where the rows and what became of them can be had as a file.
    pub result_url: String,
    /// The rows that are left, that could not be sold, and that are wrong.
    pub named: Vec<NamedRows>,
    /// Keeps the page up to date while it is sold.
    pub live: Option<Live>,
}

/// How far a list is.
#[derive(Clone, Debug)]
pub struct ProgressBar {
    /// Rows that were looked at.
    pub done: u64,
    /// All rows that can be sold.
    pub all: u64,
    /// The same in words.
    pub text: String,
}

/// A button of a list.
#[derive(Clone, Debug)]
pub struct ListAction {
    /// Where it is sent.
    pub url: String,
    /// What it does.
    pub label: String,
}

/// Rows with a reason each.
#[derive(Clone, Debug)]
pub struct NamedRows {
    /// The id of the heading.
    pub id: &'static str,
    /// What they are.
    pub heading: String,
    /// What that means.
    pub lead: String,
    /// The first of them.
    pub rows: Vec<NamedRow>,
    /// How many more there are, in words.
    pub more: Option<String>,
}

/// A row with a reason.
#[derive(Clone, Debug)]
pub struct NamedRow {
    /// Its line in the file.
    pub line: String,
    /// The agent's reference.
    pub reference: String,
    /// Why it is not sold.
    pub reason: String,
}
