//! `application/x-www-form-urlencoded`, read strictly: what is signed are the decoded values, so a text that
//! could be read in two ways is refused before its signature is looked at.

use std::collections::BTreeMap;

use crate::limits;

/// Why a text is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A percent sign is not followed by two hexadecimal digits.
    #[error("a percent sign is not followed by two hexadecimal digits")]
    Percent,
    /// A name or a value is not UTF-8.
    #[error("a name or a value is not UTF-8")]
    NotUtf8,
    /// A name comes twice.
    #[error("a name comes twice")]
    Repeated,
    /// There are too many fields.
    #[error("there are more than {} fields", limits::FORM_FIELDS_MAX)]
    TooManyFields,
}

/// Reads a form into its decoded fields, sorted by name. A field without `=` has an empty value.
///
/// # Errors
/// [`FormError`].
pub fn parse(body: &[u8]) -> Result<BTreeMap<String, String>, FormError> {
    let mut fields = BTreeMap::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let value = decode(halves.next().unwrap_or_default())?;
        if fields.len() >= limits::FORM_FIELDS_MAX {
            return Err(FormError::TooManyFields);
        }
        if fields.insert(name, value).is_some() {
            return Err(FormError::Repeated);
        }
    }
    Ok(fields)
}

/// Writes fields as a form or a query, each percent-encoded once.
pub fn write<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Percent-encodes everything but RFC 3986's unreserved characters: readers of forms and of queries agree on it.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn decode(text: &[u8]) -> Result<String, FormError> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let high = bytes.next().and_then(hexadecimal).ok_or(FormError::Percent)?;
                let low = bytes.next().and_then(hexadecimal).ok_or(FormError::Percent)?;
                out.push((high << 4) | low);
            }
            other => out.push(other),
        }
    }
    String::from_utf8(out).map_err(|_| FormError::NotUtf8)
}

fn hexadecimal(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests;
