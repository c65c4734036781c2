//! Cookies: the reader's language and colours, for ten minutes the leave to look at one card, and a clerk at his till.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::web::state::Site;

/// A cookie of ours, by its plain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Cookie {
    /// The language.
    Language,
    /// The colours.
    Theme,
    /// The leave to look at one card.
    CardPass,
    /// The clerk who is signed in on a till.
    Clerk,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Language => "lang",
            Self::Theme => "theme",
            Self::CardPass => "card",
            Self::Clerk => "clerk",
        }
    }

    /// How long a browser keeps it. The longest that browsers allow is 400 days.
    const fn lasts_seconds(self) -> u32 {
        match self {
            Self::Language | Self::Theme => 34_560_000,
            Self::CardPass => 600,
            // A shift; five minutes without a touch lock the till long before.
            Self::Clerk => 57_600,
        }
    }

    /// Its value in a request. A name with `__Host-` goes first: nobody but this host can have set it.
    pub(in crate::web) fn read(self, headers: &HeaderMap) -> Option<&str> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut plain = None;
        for (name, value) in pairs {
            if name.strip_prefix(HOST_PREFIX) == Some(self.name()) {
                return Some(value);
            }
            if name == self.name() {
                plain = Some(value);
            }
        }
        plain
    }

    /// The header that sets it. `None` for a value that no cookie can have; ours are tags and base64url.
    pub(in crate::web) fn set(self, site: &Site, value: &str) -> Option<HeaderValue> {
        self.header(site, value, self.lasts_seconds())
    }

    /// The header that removes it.
    pub(in crate::web) fn remove(self, site: &Site) -> Option<HeaderValue> {
        self.header(site, "", 0)
    }

    fn header(self, site: &Site, value: &str, seconds: u32) -> Option<HeaderValue> {
        let name = self.name();
        // `__Host-` demands Secure, which a browser ignores or refuses without TLS.
        let (prefix, secure) = if site.is_secure() { (HOST_PREFIX, "; Secure") } else { ("", "") };
        let text = format!("{prefix}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).ok()
    }
}

const HOST_PREFIX: &str = "__Host-";

#[cfg(test)]
mod tests;
