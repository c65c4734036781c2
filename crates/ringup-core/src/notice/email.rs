use std::fmt;

use crate::secret::Secret;

/// Longer ones cannot be given to a mail server (RFC 5321, 4.5.3.1.3).
const ADDRESS_LENGTH_MAX: usize = 254;
/// Nor longer ones before the `@` (RFC 5321, 4.5.3.1.1).
const LOCAL_LENGTH_MAX: usize = 64;
/// A label of a domain name has so many characters at most.
const LABEL_LENGTH_MAX: usize = 63;

/// An e-mail address as people have them. It shows itself to nobody: pages get [`Self::masked`].
///
/// The quoted forms of RFC 5321 and addresses in other letters than ASCII are refused: hardly anybody has one, and each of
/// them is a way to put something else into a mail's header.
#[derive(Clone)]
pub struct EmailAddress(Secret<String>);

/// The text is no e-mail address that can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseEmailError {
    /// There is none.
    #[error("there is no e-mail address")]
    Missing,
    /// It has more than 254 characters, or more than 64 before the `@`.
    #[error("an e-mail address has at most 254 characters, and 64 before the @")]
    Length,
    /// It is not of the form `name@example.com`.
    #[error("an e-mail address has the form name@example.com, in ASCII")]
    Form,
}

impl ParseEmailError {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "email_missing",
            Self::Length => "email_length",
            Self::Form => "email_malformed",
        }
    }
}

impl EmailAddress {
    /// Reads an address; spaces around it are no part of it.
    ///
    /// # Errors
    /// [`ParseEmailError`].
    pub fn parse(text: &str) -> Result<Self, ParseEmailError> {
        // Only spaces: a line break at an end is somebody's attempt at a header.
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(ParseEmailError::Missing);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(ParseEmailError::Form)?;
        if text.len() > ADDRESS_LENGTH_MAX || local.len() > LOCAL_LENGTH_MAX {
            return Err(ParseEmailError::Length);
        }
        if !local.split('.').all(is_atom) || !is_domain(domain) {
            return Err(ParseEmailError::Form);
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// The address itself: for the mail, and for sealing.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    /// As pages show it to whoever has the receipt's code: `w···@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.reveal().rsplit_once('@').unwrap_or_default();
        let first: String = local.chars().take(1).collect();
        format!("{first}···@{domain}")
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(***)")
    }
}

/// The characters of RFC 5322's `atext`.
fn is_atom(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    !text.is_empty() && text.chars().all(plain)
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=LABEL_LENGTH_MAX).contains(&label.len())
            && label.chars().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A name with no dot is a machine of our own network, and one of figures alone at its end is an address.
    let last = text.rsplit('.').next().unwrap_or_default();
    text.contains('.') && text.split('.').all(is_label) && last.chars().any(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests;
