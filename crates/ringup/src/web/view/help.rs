//! Help, and "is this real?".

use askama::Template;

use super::Page;
use super::top_up::Action;
use crate::web::icons;

/// Plain questions and answers.
#[derive(Clone, Debug, Template)]
#[template(path = "help/questions.html")]
pub struct HelpPage {
    /// The shell.
    pub page: Page,
    /// In the order in which people ask.
    pub questions: Vec<Question>,
}

/// One question and its answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// As a holder would ask it.
    pub question: String,
    /// In a few sentences.
    pub answer: String,
    /// Where to go with it.
    pub link: Option<Action>,
}

impl HelpPage {
    /// The page with every question.
    #[must_use]
    pub fn new(page: Page) -> Self {
        let link = |url: &str, key| Some(Action { url: url.to_owned(), label: page.t(key) });
        let questions = vec![
            question(&page, "help-not-arrived", "help-not-arrived-answer", link("/where", "nav-where")),
            question(&page, "help-which-number", "help-which-number-answer", None),
            question(&page, "help-wrong-card", "help-wrong-card-answer", link("/where", "nav-where")),
            question(&page, "help-paid-twice", "help-paid-twice-answer", link("/where", "nav-where")),
            question(&page, "help-expiry", "help-expiry-answer", link("/balance", "nav-balance")),
            question(&page, "help-bonus", "help-bonus-answer", None),
            question(&page, "help-pin", "help-pin-answer", None),
            question(&page, "help-receipt", "help-receipt-answer", link("/verify", "nav-verify")),
            question(&page, "help-abroad", "help-abroad-answer", None),
            question(&page, "help-fraud", "help-fraud-answer", link("/official", "nav-official")),
        ];
        Self { page, questions }
    }
}

fn question(page: &Page, question: &str, answer: &str, link: Option<Action>) -> Question {
    Question { question: page.t(question), answer: page.t(answer), link }
}

/// How to know that a page is the issuer's.
#[derive(Clone, Debug, Template)]
#[template(path = "help/official.html")]
pub struct OfficialPage {
    /// The shell.
    pub page: Page,
    /// The one address.
    pub host: String,
    /// What we always do.
    pub always: Vec<String>,
    /// What we never do.
    pub never: Vec<String>,
}

impl OfficialPage {
    /// The page for this address.
    #[must_use]
    pub fn new(page: Page, host: String) -> Self {
        let always =
            ["official-yes-price", "official-yes-provider", "official-yes-receipt"].map(|key| page.t(key)).into();
        let never = ["official-no-transfer", "official-no-pin", "official-no-code"].map(|key| page.t(key)).into();
        Self { page, host, always, never }
    }
}
