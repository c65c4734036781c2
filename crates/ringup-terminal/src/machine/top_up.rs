//! The top-up that is paid by a QR code on the screen. No money of it is ever in the machine: the server is told, and tells what became of it.

use ringup_core::card::CardNumber;
use ringup_core::money::Language;
use ringup_core::time::Timestamp;
use ringup_db::bank_note::{OpenTopUp, PendingTopUp};

use super::Machine;
use crate::acceptor::AcceptorError;
use crate::printer::Job;
use crate::slip::{self, Print};
use crate::wire::{Placed, TopUpState, TopUpStatus};
use crate::{chance, clock};

/// So many questions without an answer, and the holder is told that the line is gone.
const SILENCES: u32 = 2;

/// A top-up on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUpView {
    /// The key it was asked for under.
    pub key: [u8; 16],
    /// Its code and its page, once the server has answered.
    pub placed: Option<Placed>,
    /// Where it stands.
    pub stage: TopUpStage,
    /// The code was on the screen: somebody may have paid.
    pub was_shown: bool,
    /// The server does not answer now.
    pub is_lost: bool,
    /// The slip that belongs to where it stands is out.
    pub is_printed: bool,
}

/// Where a top-up stands, as a holder sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopUpStage {
    /// The server is asked, or the provider has not made the code yet.
    Working,
    /// The code can be paid.
    Open {
        /// The text of the QR code.
        hand_over: String,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// The time to pay is over.
    Over,
    /// The holder has given up.
    GivenUp,
    /// Paid, and not on the card yet.
    Deferred,
    /// On the card.
    Credited(Box<TopUpStatus>),
    /// Paid, and goes back to the payer.
    Refunding,
    /// The server refuses, with this code: nobody can have paid.
    Refused(String),
}

impl TopUpStage {
    /// Whether nothing else comes.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Credited(_) | Self::Refunding | Self::Refused(_) => true,
            Self::Working | Self::Open { .. } | Self::Over | Self::GivenUp | Self::Deferred => false,
        }
    }
}

/// What the server has told of a top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopUpTold {
    /// It is placed.
    Placed(Placed),
    /// It is not, for this reason.
    Refused(String),
    /// How it stands, and when that was.
    Status(Box<TopUpStatus>, Timestamp),
    /// Nothing.
    Silence,
}

/// A top-up that is to be asked for.
#[derive(Debug)]
pub struct AskTopUp {
    /// As it is sent.
    pub pending: PendingTopUp,
    /// The card, for the slip.
    pub card: CardNumber,
    /// What the holder reads.
    pub language: Language,
}

pub(super) struct CurrentTopUp {
    pub(super) view: TopUpView,
    card: CardNumber,
    language: Language,
    silences: u32,
    /// Which slip is to be printed.
    paper: Option<Paper>,
    /// The one that says where to look is out.
    is_warned: bool,
    begun: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Paper {
    /// The receipt.
    Receipt,
    /// Where to look whether a payment that was made is on the card.
    Look,
}

impl CurrentTopUp {
    fn new(ask: &AskTopUp) -> Self {
        let view = TopUpView {
            key: ask.pending.key,
            placed: None,
            stage: TopUpStage::Working,
            was_shown: false,
            is_lost: false,
            is_printed: false,
        };
        let (card, language) = (ask.card, ask.language);
        Self { view, card, language, silences: 0, paper: None, is_warned: false, begun: 0 }
    }

    fn hear(&mut self, told: TopUpTold) {
        if told == TopUpTold::Silence {
            self.silences = self.silences.saturating_add(1);
            self.view.is_lost = self.silences >= SILENCES;
            return self.choose_paper();
        }
        self.silences = 0;
        self.view.is_lost = false;
        match told {
            TopUpTold::Placed(placed) => self.view.placed = Some(placed),
            TopUpTold::Refused(code) => self.view.stage = TopUpStage::Refused(code),
            TopUpTold::Status(status, now) => self.view.stage = self.stage_of(*status, now),
            TopUpTold::Silence => {}
        }
        self.choose_paper();
    }

    fn stage_of(&mut self, status: TopUpStatus, now: Timestamp) -> TopUpStage {
        match status.state {
            TopUpState::Credited => TopUpStage::Credited(Box::new(status)),
            TopUpState::Deferred => TopUpStage::Deferred,
            TopUpState::Refunding | TopUpState::Refunded => TopUpStage::Refunding,
            TopUpState::Abandoned => TopUpStage::Over,
            TopUpState::Placed if matches!(self.view.stage, TopUpStage::GivenUp | TopUpStage::Over) => {
                self.view.stage.clone()
            }
            TopUpState::Placed => self.stage_of_payment(&status, now),
        }
    }

    fn stage_of_payment(&mut self, status: &TopUpStatus, now: Timestamp) -> TopUpStage {
        let Some(payment) = status.payments.last() else { return TopUpStage::Working };
        let until = clock::read_iso(&payment.expires_at);
        if payment.state == "abandoned" || until.is_some_and(|until| now >= until) {
            return TopUpStage::Over;
        }
        match &payment.hand_over {
            Some(hand_over) => {
                self.view.was_shown = true;
                TopUpStage::Open { hand_over: hand_over.clone(), until }
            }
            None => TopUpStage::Working,
        }
    }

    fn choose_paper(&mut self) {
        let may_be_paid = self.view.was_shown && !self.is_warned;
        let paper = match self.view.stage {
            TopUpStage::Credited(_) => Some(Paper::Receipt),
            TopUpStage::Over | TopUpStage::GivenUp | TopUpStage::Deferred | TopUpStage::Refunding if may_be_paid => {
                Some(Paper::Look)
            }
            TopUpStage::Working | TopUpStage::Open { .. } if may_be_paid && self.view.is_lost => Some(Paper::Look),
            TopUpStage::Working
            | TopUpStage::Open { .. }
            | TopUpStage::Over
            | TopUpStage::GivenUp
            | TopUpStage::Deferred
            | TopUpStage::Refunding
            | TopUpStage::Refused(_) => None,
        };
        if paper.is_some() && self.paper != paper {
            self.view.is_printed = false;
        }
        self.paper = paper;
    }
}

impl Machine {
    /// Written down first, so that a crash between asking and showing leads to one top-up.
    pub(super) fn ask_top_up(&mut self, ask: &AskTopUp) -> Result<(), AcceptorError> {
        let mut top_up = CurrentTopUp::new(ask);
        let is_free = !self.is_selling() && self.acceptor.journal().pending_top_up()?.is_none();
        if !is_free {
            top_up.view.stage = TopUpStage::Refused("busy".to_owned());
        } else if let Err(error) = self.acceptor.journal().keep_top_up(&ask.pending) {
            top_up.view.stage = TopUpStage::Refused("unavailable".to_owned());
            self.top_up = Some(top_up);
            return Err(error.into());
        }
        self.top_up = Some(top_up);
        self.is_stale = true;
        Ok(())
    }

    pub(super) fn top_up_told(&mut self, key: [u8; 16], told: TopUpTold) -> Result<(), AcceptorError> {
        self.write_down(key, &told)?;
        if let Some(top_up) = self.top_up.as_mut().filter(|top_up| top_up.view.key == key) {
            top_up.hear(told);
            self.has_slips |= top_up.paper.is_some();
        }
        Ok(())
    }

    /// Whatever has no end stays in the journal, so that it is asked about after the holder has left and after a restart, too.
    fn write_down(&mut self, key: [u8; 16], told: &TopUpTold) -> Result<(), AcceptorError> {
        let is_open = |open: &OpenTopUp| open.key == key;
        match told {
            TopUpTold::Placed(placed) => self.acceptor.journal().mark_top_up_placed(key, &placed.code)?,
            TopUpTold::Refused(code) => {
                tracing::info!(key = chance::hex(key), code, "a top-up by QR code is refused");
                self.acceptor.journal().forget_top_up(key)?;
            }
            TopUpTold::Status(status, _) => {
                if !status.state.is_end() || !self.outbox.open_top_ups.iter().any(is_open) {
                    return Ok(());
                }
                tracing::info!(key = chance::hex(key), state = ?status.state, "a top-up by QR code has come to an end");
                self.acceptor.journal().forget_top_up(key)?;
            }
            TopUpTold::Silence => return Ok(()),
        }
        self.is_stale = true;
        Ok(())
    }

    /// The holder does not want to pay any more. Whether he has done so already is for the server to say.
    pub(super) fn give_up_top_up(&mut self) {
        let Some(top_up) = &mut self.top_up else { return };
        if matches!(top_up.view.stage, TopUpStage::Working | TopUpStage::Open { .. }) {
            top_up.view.stage = TopUpStage::GivenUp;
            top_up.choose_paper();
            self.has_slips |= top_up.paper.is_some();
        }
    }

    /// Prints while the holder is there: a slip that came out later would be in the next one's hand.
    pub(super) fn print_top_up(&mut self) -> bool {
        let Some(top_up) = &mut self.top_up else { return false };
        let Some(placed) = &top_up.view.placed else { return false };
        let (key, language) = (top_up.view.key, top_up.language);
        let (job, slip) = match (top_up.paper, &top_up.view.stage) {
            (None, _) => return false,
            (Some(Paper::Receipt), TopUpStage::Credited(status)) => {
                let Some(answer) = &status.slip else { return false };
                top_up.begun = top_up.begun.saturating_add(1);
                (Job::TopUp(key), slip::of_top_up(answer, &placed.code, language, Print::of(top_up.begun)))
            }
            (Some(Paper::Receipt | Paper::Look), _) => {
                (Job::Payment(key), slip::of_payment(placed, top_up.card, &self.policy, language))
            }
        };
        if self.printer.print(job, &slip) {
            self.top_up_is_out(job);
        }
        true
    }

    pub(super) fn top_up_is_out(&mut self, job: Job) {
        let (key, paper) = match job {
            Job::TopUp(key) => (key, Paper::Receipt),
            Job::Payment(key) => (key, Paper::Look),
            Job::Receipt(_) | Job::Claim(_) | Job::Waiting(_) => return,
        };
        let Some(top_up) = self.top_up.as_mut().filter(|top_up| top_up.view.key == key) else { return };
        top_up.is_warned |= paper == Paper::Look;
        if top_up.paper == Some(paper) {
            top_up.paper = None;
            top_up.view.is_printed = true;
        }
    }
}
