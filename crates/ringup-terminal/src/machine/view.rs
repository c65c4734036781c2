//! What the machine shows of itself.

use std::sync::Arc;

use ringup_core::bank_note::{BankNote, LateWord, NoteState, SaleKey};
use ringup_core::money::Amount;
use ringup_core::time::Timestamp;
use ringup_db::bank_note::{OpenTopUp, PendingCollection, PendingTopUp};

use super::top_up::TopUpView;
use crate::journal::{Journal, JournalError};
use crate::printer::PaperState;
use crate::wire::{CashBox, ClaimBody, NoteBody, Policy, SaleAnswer, SaleBody, moment};
use crate::words::Words;

/// Everything that the screen and the line to the server need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Another one for each change.
    pub version: u64,
    /// What holds for this kiosk; none before the first answer of the server.
    pub policy: Option<Arc<Policy>>,
    /// The line.
    pub line: Line,
    /// The validator.
    pub validator: ValidatorState,
    /// The printer.
    pub paper: PaperState,
    /// No more notes fit into the box.
    pub box_full: bool,
    /// The journal does not write, or the machine has not begun.
    pub is_broken: bool,
    /// The sale on the screen.
    pub sale: Option<SaleView>,
    /// The top-up by QR code on the screen.
    pub top_up: Option<TopUpView>,
    /// The collection on the screen.
    pub collection: Option<CollectionView>,
    /// What the server is to be told.
    pub outbox: Arc<Outbox>,
}

/// How the line to the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Nothing was asked yet.
    Unknown,
    /// The last question was answered.
    Up,
    /// It was not.
    Down {
        /// Since when.
        since: Timestamp,
    },
    /// The server does not know this kiosk any more.
    Stranger,
}

/// How the validator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidatorState {
    /// It takes notes when it is told to.
    Ok,
    /// A note is stuck in it.
    Jammed,
    /// It does not answer.
    Silent,
    /// The cash box is not in its place.
    BoxOut,
}

impl ValidatorState {
    /// As the server is told.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Jammed => "jammed",
            Self::Silent => "silent",
            Self::BoxOut => "box_out",
        }
    }
}

/// A sale on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleView {
    /// Its key.
    pub key: SaleKey,
    /// The most that can be put in now.
    pub most: Amount,
    /// What is in the box for it.
    pub paid: Amount,
    /// How many notes that are.
    pub notes: u32,
    /// A note is on its way.
    pub is_moving: bool,
    /// Why the last note went back.
    pub why_back: Option<WhyBack>,
    /// The claims that were made for its notes.
    pub claims: Vec<BankNote>,
    /// Where it stands.
    pub outcome: Outcome,
    /// Its slip is out.
    pub is_printed: bool,
    /// A note of it was taken while the line was down.
    pub was_offline: bool,
}

/// Why a note went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyBack {
    /// The validator does not know it.
    NotKnown,
    /// Notes of this value are not taken.
    NotTaken,
    /// It would be more than can be put in.
    TooMuch,
    /// The line went down, and no notes are taken then.
    Offline,
}

/// Where a sale stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Notes can be put in.
    Open,
    /// No more notes; the last one is on its way.
    Ending,
    /// The server is to be told.
    Waiting,
    /// The server has booked it.
    Booked(Box<SaleAnswer>),
    /// No note is in the box for it.
    Nothing,
    /// The server will never book it: its notes are claims.
    Refused,
}

/// A collection on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectionView {
    /// The server has not answered.
    Waiting,
    /// The box may be taken out.
    Taken {
        /// How many notes are in it.
        notes: u64,
        /// What they add up to.
        holds: Amount,
        /// The new one.
        cash_box: CashBox,
    },
    /// The server refuses, with this code.
    Refused(String),
}

/// What the server is to be told, until it has answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Sales to be booked, the oldest first.
    pub sales: Vec<SaleToSend>,
    /// Claims, the oldest first.
    pub claims: Vec<ClaimToTell>,
    /// A collection.
    pub collection: Option<PendingCollection>,
    /// A top-up by QR code that is not answered yet.
    pub top_up: Option<PendingTopUp>,
    /// Those that are placed, and of which the server has not said what became of them; the oldest first.
    pub open_top_ups: Vec<OpenTopUp>,
}

/// A sale to be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleToSend {
    /// The key it is booked under.
    pub key: SaleKey,
    card: String,
    notes: Vec<(String, String)>,
    language: &'static str,
    box_id: String,
    begun_at: Timestamp,
    offline_since: Option<Timestamp>,
}

/// A claim to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimToTell {
    /// The note.
    pub note: BankNote,
    card: Option<String>,
    box_id: Option<String>,
}

impl View {
    /// Before anything is known.
    pub(crate) fn at_start(policy: Option<Arc<Policy>>) -> Self {
        Self {
            version: 0,
            policy,
            line: Line::Unknown,
            validator: ValidatorState::Ok,
            paper: PaperState::Unknown,
            box_full: false,
            is_broken: true,
            sale: None,
            top_up: None,
            collection: None,
            outbox: Arc::default(),
        }
    }

    /// Who takes a payment by QR code now; nobody while the line is not surely up, or while the last one is not answered.
    #[must_use]
    pub fn providers(&self) -> Vec<String> {
        let is_ready = self.line == Line::Up && !self.is_broken && self.outbox.top_up.is_none();
        let providers = self.policy.as_ref().filter(|_| is_ready).map(|policy| policy.providers.clone());
        let known = |provider: &String| matches!(provider.as_str(), "alipay" | "wechat_pay");
        providers.unwrap_or_default().into_iter().filter(known).collect()
    }

    /// Whether a holder can put in notes, as far as the machine goes.
    #[must_use]
    pub fn takes_notes(&self) -> bool {
        let offline = self.policy.as_ref().and_then(|policy| policy.most_offline()).is_some();
        let line = match self.line {
            Line::Up | Line::Unknown => true,
            Line::Down { .. } => offline,
            Line::Stranger => false,
        };
        line && self.policy.is_some()
            && self.validator == ValidatorState::Ok
            && !self.box_full
            && !self.is_broken
            && self.outbox.collection.is_none()
    }
}

impl Outbox {
    pub(super) fn read(journal: &mut Journal, stuck: &[SaleKey]) -> Result<Self, JournalError> {
        let mut sales = Vec::new();
        for total in journal.sales_to_credit()? {
            let sale = total.sale;
            if stuck.contains(&sale.key) {
                continue;
            }
            let place = journal.sale_place(sale.key)?;
            let notes = journal.notes_of(sale.key)?.into_iter().filter(|note| total.notes.contains(&note.number));
            let notes = notes.filter_map(|note| Some((note.number.to_string(), note.value?.to_string()))).collect();
            sales.push(SaleToSend {
                key: sale.key,
                card: digits(sale.card),
                notes,
                language: Words(sale.language).tag(),
                box_id: place.box_id,
                begun_at: sale.begun_at,
                offline_since: place.offline_since,
            });
        }
        let mut claims = Vec::new();
        for note in journal.claims_to_tell()? {
            let (card, box_id) = match note.sale {
                Some(key) => {
                    let box_id = journal.sale_place(key)?.box_id;
                    let card = journal.sale(key)?.map(|sale| digits(sale.card));
                    (card, Some(box_id).filter(|id| !id.is_empty()))
                }
                None => (None, None),
            };
            claims.push(ClaimToTell { note, card, box_id });
        }
        let (top_up, open_top_ups) = (journal.pending_top_up()?, journal.open_top_ups()?);
        Ok(Self { sales, claims, collection: journal.collection()?, top_up, open_top_ups })
    }

    /// Whether nothing waits of what concerns the box; a top-up by QR code goes a way of its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sales.is_empty() && self.claims.is_empty() && self.collection.is_none()
    }
}

fn digits(card: ringup_core::card::CardNumber) -> String {
    card.to_string()
}

impl SaleToSend {
    /// As it is sent, the same in every try.
    #[must_use]
    pub fn body(&self) -> SaleBody {
        let notes = self.notes.iter().map(|(number, value)| NoteBody { number: number.clone(), value: value.clone() });
        SaleBody {
            card: self.card.clone(),
            notes: notes.collect(),
            language: self.language,
            box_id: self.box_id.clone(),
            begun_at: moment(self.begun_at),
            offline_since: self.offline_since.map(moment),
        }
    }
}

impl ClaimToTell {
    /// As it is sent; none of a note that is not claimed.
    #[must_use]
    pub fn body(&self) -> Option<ClaimBody> {
        let NoteState::Claimed { claimed_at, code, reason, late } = &self.note.state else { return None };
        Some(ClaimBody {
            code: code.to_string(),
            note: self.note.number.to_string(),
            value: self.note.value.map(|value| value.to_string()),
            reason: reason.name(),
            late: late.map(LateWord::name),
            card: self.card.clone(),
            box_id: self.box_id.clone(),
            claimed_at: moment(*claimed_at),
        })
    }

    /// Whether the body has a late word.
    #[must_use]
    pub const fn has_late_word(&self) -> bool {
        matches!(self.note.state, NoteState::Claimed { late: Some(_), .. })
    }
}
