//! Mail: a letter is handed to one mail server, which carries it on.
//!
//! What the server says beside its code is kept nowhere: it often repeats the address.

use std::time::{Duration, SystemTime};

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use ringup_core::notice::EmailAddress;
use ringup_core::time::Timestamp;

use crate::config::{ConfigError, MailConfig};
use crate::limits;

/// A letter with its address.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What makes its Message-ID, with our domain: sent again, a mail program shows it once.
    pub id: String,
    /// To whom.
    pub to: EmailAddress,
    /// What it is about.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As a page.
    pub html: String,
    /// When it was written.
    pub written_at: Timestamp,
}

/// Why a letter was not taken, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// There is none.
    #[error("no mail server is set up")]
    NoServer,
    /// The server will never take this letter.
    #[error("the mail server refused it: {code}")]
    Refused {
        /// Its code: 5xx.
        code: u16,
    },
    /// It does not take it now, or not from us.
    #[error("the mail server did not take it: {why}")]
    NotTaken {
        /// Its code, or what broke.
        why: String,
    },
}

/// The mail server and who we are to it.
#[derive(Debug)]
pub(crate) struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailServer {
    /// Reads the settings; the server is not spoken to yet.
    pub(crate) fn new(config: &MailConfig) -> Result<Self, ConfigError> {
        let from: Mailbox = config.from.parse().map_err(|_| wrong("mail.from", "it is no address"))?;
        let url = reqwest::Url::parse(&config.smtp_url).map_err(|error| wrong("mail.smtp_url", error))?;
        if url.password().is_some() {
            return Err(wrong("mail.smtp_url", "a password stands in mail.password_file"));
        }
        // Not the error's own words: they may repeat the address.
        let unreadable = |_| wrong("mail.smtp_url", "it is no smtp:// or smtps:// address");
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp_url).map_err(unreadable)?;
        builder = match (url.username(), &config.password) {
            ("", None) => builder,
            (user, Some(password)) if !user.is_empty() => {
                let user = percent_decoded(user).ok_or_else(|| wrong("mail.smtp_url", "its user is no text"))?;
                builder.credentials(Credentials::new(user, password.reveal().clone()))
            }
            _ => return Err(wrong("mail", "a user in smtp_url and password_file are set together or not at all")),
        };
        let builder = builder.hello_name(ClientId::Domain(from.email.domain().to_owned()));
        Ok(Self { transport: builder.timeout(Some(limits::MAIL_ANSWER_TIMEOUT)).build(), from })
    }

    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = self.write(letter)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(read(&error)),
        }
    }

    /// The letter as it goes out.
    fn write(&self, letter: &Letter) -> Result<Message, MailError> {
        let not_written = |why: &str| MailError::NotTaken { why: why.to_owned() };
        let to: Address = letter.to.reveal().parse().map_err(|_| not_written("the address cannot be written"))?;
        let part = |kind: ContentType, text: &str| SinglePart::builder().header(kind).body(text.to_owned());
        let parts = MultiPart::alternative()
            // The same letter has the same bytes.
            .boundary(format!("={}=", letter.id))
            .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
            .singlepart(part(ContentType::TEXT_HTML, &letter.html));
        let since_1970 = Duration::from_secs(u64::try_from(letter.written_at.seconds()).unwrap_or(0));
        let written = SystemTime::UNIX_EPOCH.checked_add(since_1970).unwrap_or(SystemTime::UNIX_EPOCH);
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .date(written)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .multipart(parts)
            .map_err(|_| not_written("the letter cannot be written"))
    }
}

/// What a mail server's answer means, or that it gave none.
fn read(error: &SmtpError) -> MailError {
    let Some(code) = error.status() else {
        let why = if error.is_timeout() {
            "it did not answer in time"
        } else if error.is_tls() {
            "TLS failed"
        } else if error.is_response() {
            "its answer makes no sense"
        } else if error.is_client() {
            "it cannot do what the letter needs"
        } else {
            "the connection failed"
        };
        return MailError::NotTaken { why: why.to_owned() };
    };
    let code: u16 = code.into();
    match code {
        // Not this letter is refused: we are, by our name or our password. Staff mend that, and the letter still goes.
        530 | 534 | 535 | 538 => MailError::NotTaken { why: format!("it does not know us: {code}") },
        500..=599 => MailError::Refused { code },
        _ => MailError::NotTaken { why: code.to_string() },
    }
}

fn wrong(setting: &'static str, why: impl ToString) -> ConfigError {
    ConfigError::Mail { setting, why: why.to_string() }
}

/// A user's name as it stood before it was written into an address.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend(before.bytes());
        bytes.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
        rest = after.get(2..)?;
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
