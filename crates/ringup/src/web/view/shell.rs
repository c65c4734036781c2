//! What every page has: its language, its theme, and the way back to it.

use std::borrow::Borrow;

use crate::web::assets;
use crate::web::i18n::{Locale, Words};

/// Light, dark, or whatever the device prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the device prefers.
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The theme's name in the cookie and in `data-theme`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The key of its word.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Auto => "theme-auto",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }

    /// Reads a cookie or a form; what is not known is [`Theme::Auto`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or(Self::Auto)
    }
}

/// The shell around every page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The sentences.
    pub words: Words,
    /// The colours.
    pub theme: Theme,
    /// Where the language and theme switches lead back to: a path of ours that can be fetched with GET.
    pub here: String,
}

impl Page {
    /// A sentence.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// A sentence with one thing in it.
    #[must_use]
    pub fn t_one(&self, key: &str, name: &str, thing: impl AsRef<str>) -> String {
        self.words.t_one(key, name, thing)
    }

    /// A sentence about so many.
    #[must_use]
    pub fn t_count(&self, key: &str, name: &str, count: impl Borrow<u64>) -> String {
        self.words.t_count(key, name, count)
    }

    /// The language's tag.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.words.locale().tag()
    }

    /// The language that can be switched to.
    #[must_use]
    pub fn other_language(&self) -> Locale {
        self.words.locale().other()
    }

    /// The themes to choose from.
    #[must_use]
    pub fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }

    /// Whether this theme is the chosen one.
    #[must_use]
    pub fn has_theme(&self, theme: &Theme) -> bool {
        self.theme == *theme
    }

    /// Where the stylesheet is.
    #[must_use]
    pub fn stylesheet(&self) -> &'static str {
        assets::STYLESHEET.url()
    }

    /// Where the stylesheet of those who sell is.
    #[must_use]
    pub fn work_stylesheet(&self) -> &'static str {
        assets::WORK_STYLESHEET.url()
    }

    /// Where the script is.
    #[must_use]
    pub fn script(&self) -> &'static str {
        assets::SCRIPT.url()
    }

    /// Where the script of a till is.
    #[must_use]
    pub fn till_script(&self) -> &'static str {
        assets::TILL_SCRIPT.url()
    }

    /// Where the icon is.
    #[must_use]
    pub fn favicon(&self) -> &'static str {
        assets::FAVICON.url()
    }
}
