//! A mail as its reader's program shows it: encoded words, transfer encodings and alternatives undone (RFC 2045 to 2047).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// A mail that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Who handed it over.
    pub from: String,
    /// Whom it is for.
    pub to: Vec<String>,
    /// Its header fields, in order, unfolded and decoded.
    pub header: Vec<(String, String)>,
    /// Its plain text.
    pub text: String,
    /// Its page.
    pub html: String,
    /// As it came.
    pub raw: String,
}

impl Mail {
    /// The values of the header fields with this name.
    pub fn fields(&self, name: &str) -> Vec<&str> {
        let fields = self.header.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn read(from: String, to: Vec<String>, raw: String) -> Self {
        let (header, body) = split(&raw);
        let mut mail = Self { from, to, header, text: String::new(), html: String::new(), raw: String::new() };
        let kind = first(&mail.header, "content-type");
        match kind.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"')) {
            Some((boundary, _)) => {
                // The break before a boundary belongs to it.
                for part in format!("\r\n{body}").split(&format!("\r\n--{boundary}")).skip(1) {
                    let (header, body) = split(part.trim_start_matches("\r\n"));
                    mail.keep(&header, body);
                }
            }
            None => {
                let header = mail.header.clone();
                mail.keep(&header, body);
            }
        }
        mail.raw = raw;
        mail
    }

    fn keep(&mut self, header: &[(String, String)], body: &str) {
        let bytes = match first(header, "content-transfer-encoding").to_ascii_lowercase().as_str() {
            "base64" => {
                let tight: String = body.split_whitespace().collect();
                STANDARD.decode(tight).unwrap_or_default()
            }
            "quoted-printable" => quoted_printable(body),
            _ => body.as_bytes().to_vec(),
        };
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        let kind = first(header, "content-type");
        if kind.starts_with("text/plain") {
            self.text = text;
        } else if kind.starts_with("text/html") {
            self.html = text;
        }
    }
}

fn first(header: &[(String, String)], name: &str) -> String {
    let field = header.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    field.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The header fields and what comes after the empty line.
fn split(text: &str) -> (Vec<(String, String)>, &str) {
    let (header, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let unfolded = header.replace("\r\n ", " ").replace("\r\n\t", " ");
    let fields = unfolded.split("\r\n").filter_map(|line| line.split_once(':'));
    (fields.map(|(name, value)| (name.to_owned(), decoded_words(value.trim()))).collect(), body)
}

/// `=?utf-8?b?…?=`; the space between two of them is no part of the text.
fn decoded_words(value: &str) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for word in value.split(' ') {
        let decoded = decoded_word(word);
        if !(text.is_empty() || after_word && decoded.is_some()) {
            text.push(' ');
        }
        after_word = decoded.is_some();
        text.push_str(decoded.as_deref().unwrap_or(word));
    }
    text
}

fn decoded_word(word: &str) -> Option<String> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let [charset, encoding, text] = inner.split('?').collect::<Vec<_>>().try_into().ok()?;
    let bytes = match (charset.to_ascii_lowercase().as_str(), encoding) {
        ("utf-8", "b" | "B") => STANDARD.decode(text).ok()?,
        ("utf-8", "q" | "Q") => quoted_printable(&text.replace('_', " ")),
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut parts = joined.split('=');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(code, 16));
        bytes.extend(rest.bytes());
    }
    bytes
}
