//! The page for everything that cannot be answered otherwise.

use askama::Template;

use super::Page;
use super::top_up::Action;
use crate::web::icons;

/// Why there is no other page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Nothing is at this address.
    NotFound,
    /// There is too much to do; try again in so many seconds.
    Busy {
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// Something went wrong here.
    Broken,
    /// The quote or the form is too old.
    Expired,
    /// The form is larger than any of ours.
    TooLarge,
    /// The request cannot be read.
    Unreadable,
    /// The form comes from another site.
    CrossSite,
    /// This form was sent before with something else in it, or is still being worked on.
    SentBefore,
    /// Too many wrong PINs; try again in so many minutes.
    Locked {
        /// When to try again.
        minutes: u64,
    },
}

/// What happened, what it means for the money, what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "problem/show.html")]
pub struct ProblemPage {
    /// The shell.
    pub page: Page,
    /// The icon.
    pub icon: &'static str,
    /// What happened.
    pub heading: String,
    /// What it means and what to do.
    pub text: String,
    /// What to do, as a button.
    pub action: Action,
    /// What to tell the issuer, when a person must look.
    pub reference: Option<String>,
}

impl ProblemPage {
    /// The page for this kind of problem.
    #[must_use]
    pub fn new(page: Page, kind: ProblemKind, reference: Option<String>) -> Self {
        let (icon, heading, text) = match kind {
            ProblemKind::NotFound => (icons::SEARCH, page.t("not-found-heading"), page.t("not-found-text")),
            ProblemKind::Busy { retry_after_seconds } => {
                (icons::CLOCK, page.t("busy-heading"), page.t_count("busy-text", "seconds", retry_after_seconds))
            }
            ProblemKind::Broken => (icons::ALERT, page.t("broken-heading"), page.t("broken-text")),
            ProblemKind::Expired => (icons::CLOCK, page.t("expired-heading"), page.t("expired-text")),
            ProblemKind::TooLarge => (icons::ALERT, page.t("too-large-heading"), page.t("too-large-text")),
            ProblemKind::Unreadable => (icons::ALERT, page.t("unreadable-heading"), page.t("unreadable-text")),
            ProblemKind::CrossSite => (icons::SHIELD, page.t("cross-site-heading"), page.t("cross-site-text")),
            ProblemKind::SentBefore => (icons::INFO, page.t("sent-before-heading"), page.t("sent-before-text")),
            ProblemKind::Locked { minutes } => {
                (icons::LOCK, page.t_count("locked-heading", "minutes", minutes), page.t("locked-text"))
            }
        };
        let action = match kind {
            ProblemKind::Busy { .. } | ProblemKind::Broken => {
                Action { url: page.here.clone(), label: page.t("problem-try-again") }
            }
            ProblemKind::SentBefore => Action { url: "/where".to_owned(), label: page.t("nav-where") },
            ProblemKind::NotFound
            | ProblemKind::Expired
            | ProblemKind::TooLarge
            | ProblemKind::Unreadable
            | ProblemKind::CrossSite
            | ProblemKind::Locked { .. } => Action { url: "/".to_owned(), label: page.t("problem-start") },
        };
        Self { page, icon, heading, text, action, reference }
    }
}
