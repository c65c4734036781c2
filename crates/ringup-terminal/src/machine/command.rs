//! What the machine is told to do.

use ringup_core::bank_note::{ClaimCode, NoteNumber, SaleKey};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Language};
use ringup_db::bank_note::PendingCollection;
use tokio::sync::oneshot;

use super::top_up::{AskTopUp, TopUpTold};
use super::view::{CollectionView, Line};
use crate::wire::{Policy, SaleAnswer};

/// One thing to do.
#[derive(Debug)]
pub enum Command {
    /// The server says what holds for this kiosk.
    Policy(Box<Policy>),
    /// How the line is.
    Line(Line),
    /// A holder wants to put in notes.
    Begin(Begin),
    /// No more notes; the sale ends when the last one has arrived.
    Stop,
    /// The holder has gone, or is done: the screen forgets the sale.
    Forget,
    /// The server has booked a sale.
    Credited {
        /// Which.
        key: SaleKey,
        /// What it says.
        answer: Box<SaleAnswer>,
        /// The same as it came.
        text: String,
    },
    /// The server will never book the sale: its notes become claims.
    Refused(SaleKey),
    /// The server says of a sale what a person must look at.
    Stuck(SaleKey),
    /// The server knows of a claim.
    ClaimTold {
        /// Of which note.
        number: NoteNumber,
        /// And of the late word.
        with_late_word: bool,
    },
    /// Another slip of a claim is wanted.
    PrintClaim(ClaimCode),
    /// A holder wants to pay by QR code.
    AskTopUp(Box<AskTopUp>),
    /// The server has told something of it, or nothing.
    TopUp {
        /// Under which key it was asked for.
        key: [u8; 16],
        /// What.
        told: TopUpTold,
    },
    /// The holder has given it up.
    GiveUpTopUp,
    /// Two people want the cash box.
    Collect(PendingCollection),
    /// The server has answered them.
    Collected(CollectionView),
    /// They have read it.
    CollectionSeen,
}

/// A sale that is to begin.
#[derive(Debug)]
pub struct Begin {
    /// Its key, drawn anew.
    pub key: SaleKey,
    /// The card.
    pub card: CardNumber,
    /// What the holder reads.
    pub language: Language,
    /// The most that can be put in; none: the card could not be asked about, the policy for a line that is down holds.
    pub most: Option<Amount>,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<(), BeginRefusal>>,
}

/// Why no notes are taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginRefusal {
    /// Another sale is not at its end.
    Busy,
    /// The validator or the journal is out of order, or the kiosk is no more enrolled.
    OutOfOrder,
    /// The cash box is full, or is being taken out.
    BoxFull,
    /// The line is down, and no notes are taken then.
    Offline,
}

impl Begin {
    /// Answers that it does not begin.
    pub fn refuse(self, refusal: BeginRefusal) {
        let _ = self.reply.send(Err(refusal)); // whoever asked may have gone
    }
}
