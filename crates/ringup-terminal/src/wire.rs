//! What the server and the kiosk say to each other, as JSON has it; see docs/kiosk-api.md. Unknown fields of an answer are overlooked.

mod top_up;

use std::str::FromStr;

use ringup_core::money::Amount;
use ringup_core::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

pub use self::top_up::{Adjustment, Payment, Placed, Quote, TopUpBody, TopUpState, TopUpStatus};
use crate::clock;

/// The answer to an enrolment.
#[derive(Clone, Debug, Deserialize)]
pub struct Enrolled {
    /// The key's id for signatures.
    pub device: String,
    /// The number in front of the notes' numbers.
    pub kiosk: u32,
}

/// Everything that the program must know.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Policy {
    /// The kiosk's number.
    pub kiosk: u32,
    /// Where it stands.
    pub place: Place,
    /// Whom to call.
    pub hot_line: String,
    /// What its notes are counted in.
    pub unit: String,
    /// Which notes are taken, and how many.
    pub notes: Notes,
    /// The cash box in the machine.
    #[serde(rename = "box")]
    pub cash_box: CashBox,
    /// Who takes payments by QR code.
    #[serde(default)]
    pub providers: Vec<String>,
}

/// Where a kiosk stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Place {
    /// Its code: `BJ-K001`.
    pub code: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in simplified Chinese.
    pub name_zh_hans: String,
    /// The zone of the clock on the wall.
    #[serde(default = "shanghai")]
    pub time_zone: String,
}

fn shanghai() -> String {
    "Asia/Shanghai".to_owned()
}

/// Which notes are taken.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Notes {
    /// Their values; every other one is given back.
    #[serde(deserialize_with = "texts")]
    pub values: Vec<Amount>,
    /// The most in one sale.
    #[serde(deserialize_with = "text")]
    pub visit_most: Amount,
    /// The most in one sale while the line is down; none: no notes are taken then.
    #[serde(default, deserialize_with = "opt_text")]
    pub offline_most: Option<Amount>,
}

/// The cash box in the machine.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct CashBox {
    /// The server's id of it: what a sale names.
    pub id: String,
    /// How many notes the server knows in it.
    pub notes: u64,
    /// How many it takes.
    pub capacity: u64,
    /// From how many on somebody should come.
    pub nearly_full_at: u64,
    /// Where it stands.
    pub state: BoxState,
}

/// Where a cash box stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum BoxState {
    /// It takes notes.
    InUse,
    /// It takes notes, and somebody should come.
    NearlyFull,
    /// It takes none.
    Full,
}

/// What may be put on a card.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct CardMay {
    /// Whether anything can be put in.
    #[serde(default = "yes")]
    pub may: bool,
    /// The most that can be put in.
    #[serde(deserialize_with = "text")]
    pub most: Amount,
    /// The amounts that can be paid by QR code.
    #[serde(default, deserialize_with = "texts")]
    pub offered: Vec<Amount>,
    /// What is given on top, from which sum on.
    #[serde(default)]
    pub rule: Rule,
}

const fn yes() -> bool {
    true
}

/// The promotions that run now.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Rule {
    /// Given on top as bonus.
    #[serde(default)]
    pub bonus: Vec<Gift>,
    /// Taken off a price elsewhere; here it comes on top.
    #[serde(default)]
    pub discount: Vec<Gift>,
}

/// What a promotion gives.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Gift {
    /// From which sum on.
    #[serde(deserialize_with = "text")]
    pub from: Amount,
    /// How much.
    #[serde(deserialize_with = "text")]
    pub gives: Amount,
    /// What it is called, in English.
    pub name_en: String,
    /// What it is called, in simplified Chinese.
    pub name_zh_hans: String,
}

/// What became of a sale.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct SaleAnswer {
    /// The receipt's code, also the claim's.
    pub code: String,
    /// Whether it is on the card.
    pub state: SaleOutcome,
    /// What was put in.
    #[serde(deserialize_with = "text")]
    pub paid: Amount,
    /// What the card got.
    #[serde(deserialize_with = "text")]
    pub card_gets: Amount,
    /// What it got on top.
    #[serde(default, deserialize_with = "opt_text")]
    pub bonus: Option<Amount>,
    /// The last digits of the card.
    pub card_last_four: String,
    /// The code to claim the money by, when it is not on the card.
    #[serde(default)]
    pub claim_code: Option<String>,
    /// What is to be printed.
    pub slip: SlipAnswer,
}

/// How a sale ended.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SaleOutcome {
    /// On the card.
    Credited,
    /// It cannot be put on the card, and is owed back.
    Refunding,
}

/// What is to be printed, in the language of the sale.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct SlipAnswer {
    /// What it is.
    pub title: String,
    /// Its lines.
    pub lines: Vec<SlipLine>,
    /// What its QR code opens.
    pub qr: String,
    /// What stands below.
    #[serde(default)]
    pub foot: Vec<String>,
}

/// A name and what it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct SlipLine {
    /// The name.
    pub label: String,
    /// What it is.
    pub value: String,
}

/// What became of a collection.
#[derive(Clone, Debug, Deserialize)]
pub struct CollectionAnswer {
    /// The box that may be taken out.
    pub taken: TakenBox,
    /// The new one.
    #[serde(rename = "box")]
    pub cash_box: CashBox,
}

/// A box that may be taken out.
#[derive(Clone, Debug, Deserialize)]
pub struct TakenBox {
    /// How many notes are in it.
    pub notes: u64,
    /// What they add up to.
    #[serde(deserialize_with = "text")]
    pub holds: Amount,
}

/// A refusal (RFC 9457).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Problem {
    /// What it is.
    #[serde(default)]
    pub code: String,
}

/// A sale to be credited.
#[derive(Clone, Debug, Serialize)]
pub struct SaleBody {
    /// The card.
    pub card: String,
    /// Its notes in the box.
    pub notes: Vec<NoteBody>,
    /// The language of the slip.
    pub language: &'static str,
    /// The box they went into.
    #[serde(rename = "box")]
    pub box_id: String,
    /// When it began.
    pub begun_at: String,
    /// Since when the line was down.
    pub offline_since: Option<String>,
}

/// A note of a sale.
#[derive(Clone, Debug, Serialize)]
pub struct NoteBody {
    /// Its number in the journal.
    pub number: String,
    /// What it is worth.
    pub value: String,
}

/// A note that is claimed.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimBody {
    /// The code on the slip.
    pub code: String,
    /// The note's number.
    pub note: String,
    /// What it is worth, if the validator said so.
    pub value: Option<String>,
    /// Why.
    pub reason: &'static str,
    /// What the validator said afterwards.
    pub late: Option<&'static str>,
    /// The card it was put in for.
    pub card: Option<String>,
    /// The box in the machine then.
    #[serde(rename = "box")]
    pub box_id: Option<String>,
    /// When.
    pub claimed_at: String,
}

/// How the kiosk is.
#[derive(Clone, Debug, Serialize)]
pub struct HealthBody {
    /// The printer's paper.
    pub paper: &'static str,
    /// The validator.
    pub validator: &'static str,
    /// The door.
    pub door: &'static str,
    /// The line.
    pub link: &'static str,
    /// How far the clock is off.
    pub clock_off_ms: i64,
    /// This program.
    pub version: &'static str,
    /// What the server does not know of yet.
    pub waiting_sales: usize,
    /// What the server does not know of yet.
    pub waiting_claims: usize,
}

/// A moment for a body.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    clock::iso(at)
}

fn text<'de, D: Deserializer<'de>, T: FromStr<Err: std::fmt::Display>>(from: D) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Amount>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    texts.iter().map(|text| text.parse().map_err(serde::de::Error::custom)).collect()
}

fn opt_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amount>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}
