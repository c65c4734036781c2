//! The receipt, and the page that says whether one is genuine.

use askama::Template;

use super::notice::NoticePart;
use super::rating::ReceiptRating;
use super::{Fact, Page, Problems};
use crate::web::icons;

/// The signed proof of a top-up, to keep or print.
#[derive(Clone, Debug, Template)]
#[template(path = "receipt/show.html")]
pub struct ReceiptPage {
    /// The shell.
    pub page: Page,
    /// When it was made out.
    pub issued_at: String,
    /// What came onto the card.
    pub amount: String,
    /// Everything else on it.
    pub facts: Vec<Fact>,
    /// Something that has changed since: the money went back.
    pub notice: Option<String>,
    /// Where it can be sent by e-mail; nothing where that is not offered.
    pub notice_part: Option<NoticePart>,
    /// Where to check it.
    pub verify_url: String,
    /// The same, as it is printed: without the scheme.
    pub verify_address: String,
    /// The QR code that leads there, as SVG.
    pub qr: String,
    /// The text that is signed.
    pub signed_text: String,
    /// Key, algorithm and signature.
    pub signature: Vec<Fact>,
    /// The rating of the place that sold it; nothing for one that the holder bought online.
    pub rating: Option<ReceiptRating>,
    /// What is wrong with the rating: fields `stars`, `comment`.
    pub problems: Problems,
}

/// Whether a receipt is genuine. Shows nothing about a person.
#[derive(Clone, Debug, Template)]
#[template(path = "receipt/verify.html")]
pub struct VerifyPage {
    /// The shell.
    pub page: Page,
    /// The code that was asked about.
    pub code: String,
    /// The answer.
    pub verdict: Option<Verdict>,
    /// What is wrong: field `code`.
    pub problems: Problems,
}

/// The answer about a receipt.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The class that colours it: `ok`, `warn`, `danger`.
    pub class: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// The answer in a few words.
    pub heading: String,
    /// What it means, and what to do.
    pub text: String,
    /// What a genuine one says, to compare with the paper.
    pub facts: Vec<Fact>,
}
