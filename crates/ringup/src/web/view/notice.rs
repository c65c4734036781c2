//! Having a receipt sent: the forms on the pages that have them, and the mail.

use askama::Template;

use super::{Fact, Problems, Tone};
use crate::web::i18n::Words;

/// The part of a page where its receipt can be sent by e-mail or as a text message.
#[derive(Clone, Debug)]
pub struct NoticePart {
    /// What can be done here, in words.
    pub heading: String,
    /// What became of those that were asked for.
    pub sent: Vec<SentNotice>,
    /// Where to ask for one more; nothing when there were as many as there may be.
    pub form: Option<NoticeForm>,
    /// What is wrong: fields `email` and `mobile`.
    pub problems: Problems,
    /// The stable code of that, for programs.
    pub refused: Option<&'static str>,
}

/// The forms.
#[derive(Clone, Debug)]
pub struct NoticeForm {
    /// Where they go.
    pub action: String,
    /// Their key.
    pub idempotency_key: String,
    /// By e-mail, where a mail server is set up.
    pub email: Option<NoticeField>,
    /// As a text message, where an SMS centre is set up.
    pub mobile: Option<NoticeField>,
}

/// The field of a form, and its button.
#[derive(Clone, Debug)]
pub struct NoticeField {
    /// What was typed.
    pub typed: String,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// What the button says.
    pub button: String,
}

impl NoticePart {
    /// The same on a machine of many people: its browser keeps nobody's address and nobody's number.
    #[must_use]
    pub fn on_a_shared_machine(mut self) -> Self {
        if let Some(form) = &mut self.form {
            for field in [&mut form.email, &mut form.mobile].into_iter().flatten() {
                field.autocomplete = "off";
            }
        }
        self
    }
}

/// A receipt that was asked for.
#[derive(Clone, Debug)]
pub struct SentNotice {
    /// How it stands.
    pub tone: Tone,
    /// In a sentence.
    pub text: String,
}

/// What every reader's program can show.
#[derive(Clone, Debug, Template)]
#[template(path = "notice/mail.txt")]
pub struct MailText<'a> {
    /// The sentences.
    pub words: Words,
    /// What it says.
    pub mail: &'a ReceiptMail,
}

/// The same as a page.
#[derive(Clone, Debug, Template)]
#[template(path = "notice/mail.html")]
pub struct MailPage<'a> {
    /// The sentences.
    pub words: Words,
    /// What it says.
    pub mail: &'a ReceiptMail,
}

/// What a receipt says in a mail.
#[derive(Clone, Debug)]
pub struct ReceiptMail {
    /// `¥100.00 is on card ···· 4321`.
    pub heading: String,
    /// Something that has changed since: the money went back.
    pub notice: Option<String>,
    /// Everything on it.
    pub facts: Vec<Fact>,
    /// The same, each as a line of plain text.
    pub lines: Vec<String>,
    /// Its page.
    pub receipt_url: String,
    /// Where it is checked.
    pub verify_url: String,
    /// Where the official page is.
    pub official_url: String,
}
