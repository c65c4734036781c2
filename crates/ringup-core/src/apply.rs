//! Commands: every change of money, or of the state of a card, top-up, payment or refund.
//!
//! [`apply`] decides one command from the rows it was lent, with no IO, no clock and no randomness: equal books,
//! command and [`Moment`] always give the equal result. A refusal leaves the books as they were.

mod add_payment;
mod change_card_state;
mod close_purse;
mod import_card;
mod lapse_grant;
mod move_cash;
mod open_purse;
mod pay_out_refund;
mod place_top_up;
mod record_given_back;
mod record_hand_over;
mod record_payment;
mod record_refund;
mod record_usage;
mod refusal;
mod request_refund;
mod sell;
mod settle;

pub use add_payment::AddPayment;
pub use change_card_state::ChangeCardState;
pub use close_purse::ClosePurse;
pub use import_card::ImportCard;
pub use lapse_grant::LapseGrant;
pub use move_cash::{CashMove, MoveCash};
pub use open_purse::OpenPurse;
pub use pay_out_refund::PayOutRefund;
pub use place_top_up::{
    Again, CODE_PAYABLE_FOR, CODE_SENT_WITHIN, PAYABLE_FOR, PlaceTopUp, REPEAT_ASKED_WITHIN, SoldBy,
};
pub use record_hand_over::RecordHandOver;
pub use record_refund::RecordRefund;
pub use record_usage::RecordUsage;
pub use refusal::{Difference, Inconsistency, Refusal, RefusalKind};
pub use request_refund::{RefundHowMuch, RequestRefund, SpentMeanwhile};
pub use sell::Sell;

use crate::books::{Books, Fingerprint, KeyHash};
use crate::card::CardNumber;
use crate::id::{GrantId, IdBlock, PaymentId, PurseId, RefundId, TopUpId};
use crate::payment::ProviderReport;
use crate::purse::Count;
use crate::shard::Shard;
use crate::time::Timestamp;
use crate::top_up::TopUpCode;

/// The time, ids and chance that a command may use: given, never drawn inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// The ids it may use, of its own shard.
    pub ids: IdBlock,
    /// Where the issuer's own accounts of the day are kept: each server has its own, so that no two wait for one row.
    pub house: Shard,
    /// 128 random bits, for a top-up's code.
    pub nonce: [u8; 16],
}

/// A caller's idempotency key with what he asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The key.
    pub key: KeyHash,
    /// What is asked with it.
    pub fingerprint: Fingerprint,
}

/// Everything that can be done to the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Write down a top-up and its first payment.
    PlaceTopUp(PlaceTopUp),
    /// Write down a top-up that is paid as it is sold.
    Sell(Sell),
    /// Put on a card what was paid for it before.
    CreditTopUp(TopUpId),
    /// Begin another payment for a top-up that nobody has paid yet.
    AddPayment(AddPayment),
    /// Write down how the payer gets to the provider.
    RecordHandOver(RecordHandOver),
    /// Book what a provider says of a payment.
    RecordPayment(ProviderReport),
    /// Take a top-up off the card and give the money back.
    RequestRefund(RequestRefund),
    /// Book what a provider says of a refund.
    RecordRefund(RecordRefund),
    /// Charge a use of the card.
    RecordUsage(RecordUsage),
    /// End a bonus whose date has come.
    LapseGrant(LapseGrant),
    /// Activate, suspend or close a card.
    ChangeCardState(ChangeCardState),
    /// Take over a card that exists already.
    ImportCard(ImportCard),
    /// Put a purse into use.
    OpenPurse(OpenPurse),
    /// Count and empty a purse.
    ClosePurse(ClosePurse),
    /// Book what goes between a purse and the bank.
    MoveCash(MoveCash),
    /// Hand a refund over in cash.
    PayOutRefund(PayOutRefund),
}

/// The keys of the rows that commands need.
///
/// The loader brings what hangs on them too: with a refund or grant its top-up or card; with a payment its top-up; with a
/// top-up its card, the purse that sold it, the bonus it gave, all its payments and all its refunds, and where there are refunds the payments'
/// accounts; with a payment the purse it went into; with a purse its accounts and the one it is emptied into; with a card its
/// product; and the issuer's accounts of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// Cards.
    pub cards: Vec<CardNumber>,
    /// Top-ups.
    pub top_ups: Vec<TopUpId>,
    /// Payments.
    pub payments: Vec<PaymentId>,
    /// Refunds.
    pub refunds: Vec<RefundId>,
    /// Bonuses, ended ones too.
    pub grants: Vec<GrantId>,
    /// Cards of which all bonuses are needed that have not ended.
    pub spending: Vec<CardNumber>,
    /// Purses.
    pub purses: Vec<PurseId>,
    /// Idempotency keys.
    pub keys: Vec<KeyHash>,
    /// Products that a new card is of.
    pub products: Vec<crate::product::ProductId>,
}

/// What came of a command. A repeat is a result too, not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A top-up was written down.
    Placed {
        /// Which.
        top_up: TopUpId,
        /// The code of its page.
        code: TopUpCode,
        /// Its first payment.
        payment: PaymentId,
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
    /// Another payment was begun.
    PaymentAdded {
        /// Which.
        payment: PaymentId,
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
    /// The way to the provider was written down.
    HandedOver,
    /// The provider still waits, or knows nothing yet.
    StillWaiting,
    /// The card got its value.
    Credited,
    /// It is paid; the card gets its value later.
    Deferred {
        /// Then.
        until: Timestamp,
    },
    /// The provider has said that before.
    AlreadyRecorded,
    /// Money came that cannot go on the card; it goes back.
    OwedBack {
        /// By this refund.
        refund: RefundId,
    },
    /// The payment ended unpaid.
    PaymentAbandoned,
    /// A refund was booked.
    RefundRequested {
        /// Which.
        refund: RefundId,
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
    /// The provider's word on a refund was booked.
    RefundRecorded,
    /// A use of the card was charged.
    UsageCharged {
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
    /// A bonus ended.
    GrantLapsed,
    /// It is not the time for it yet.
    NotDue {
        /// It will be then.
        until: Timestamp,
    },
    /// There was nothing to do.
    NothingToDo,
    /// The card's state changed.
    CardStateChanged,
    /// A card was taken over.
    CardImported,
    /// A purse is in use.
    PurseOpened {
        /// Which.
        purse: PurseId,
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
    /// A purse was counted and emptied.
    PurseClosed {
        /// What was expected and found.
        count: Count,
        /// Whether that was done before.
        repeated: Repeated,
    },
    /// Money went between a purse and the bank.
    CashMoved {
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
    /// A refund was handed over in cash.
    RefundPaidOut {
        /// Which.
        refund: RefundId,
        /// Whether that was done before, with the same key.
        repeated: Repeated,
    },
}

/// Whether a command had been carried out before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// This was the first time.
    No,
    /// It had been: this is the first answer again.
    Yes,
}

impl Command {
    /// The keys of the rows it needs.
    #[must_use]
    pub fn touches(&self) -> Touches {
        let mut touches = Touches::default();
        match self {
            Self::PlaceTopUp(command) => {
                touches.cards.push(command.quote.card);
                touches.purses.extend(command.sold_by.map(|sold_by| sold_by.purse));
                touches.keys.push(command.key.key);
            }
            Self::Sell(command) => {
                touches.cards.push(command.quote.card);
                touches.purses.push(command.sold_by.purse);
                touches.keys.push(command.key.key);
            }
            Self::CreditTopUp(top_up) => touches.top_ups.push(*top_up),
            Self::AddPayment(command) => {
                touches.top_ups.push(command.top_up);
                touches.keys.push(command.key.key);
            }
            Self::RecordHandOver(command) => touches.payments.push(command.payment),
            Self::RecordPayment(report) => touches.payments.push(report.payment),
            Self::RequestRefund(command) => {
                touches.top_ups.push(command.top_up);
                touches.keys.push(command.key.key);
            }
            Self::RecordRefund(command) => touches.refunds.push(command.refund),
            Self::RecordUsage(command) => {
                touches.cards.push(command.card);
                touches.spending.push(command.card);
                touches.keys.push(command.key.key);
            }
            Self::LapseGrant(command) => touches.grants.push(command.grant),
            Self::ChangeCardState(command) => touches.cards.push(command.card),
            Self::ImportCard(command) => {
                touches.cards.push(command.number);
                touches.products.push(command.product);
            }
            Self::OpenPurse(command) => {
                touches.purses.extend(command.parent);
                touches.keys.push(command.key.key);
            }
            Self::ClosePurse(command) => touches.purses.push(command.purse),
            Self::MoveCash(command) => {
                touches.purses.push(command.purse);
                touches.keys.push(command.key.key);
            }
            Self::PayOutRefund(command) => {
                touches.refunds.push(command.refund);
                touches.purses.push(command.purse);
                touches.keys.push(command.key.key);
            }
        }
        touches
    }

    /// The shard of the card or purse it is about: its ids are made for that one.
    #[must_use]
    pub fn shard(&self) -> Shard {
        match self {
            Self::PlaceTopUp(command) => Shard::of_card(command.quote.card),
            Self::Sell(command) => Shard::of_card(command.quote.card),
            Self::CreditTopUp(top_up) => top_up.shard(),
            Self::AddPayment(command) => command.top_up.shard(),
            Self::RecordHandOver(command) => command.payment.shard(),
            Self::RecordPayment(report) => report.payment.shard(),
            Self::RequestRefund(command) => command.top_up.shard(),
            Self::RecordRefund(command) => command.refund.shard(),
            Self::RecordUsage(command) => Shard::of_card(command.card),
            Self::LapseGrant(command) => command.grant.shard(),
            Self::ChangeCardState(command) => Shard::of_card(command.card),
            Self::ImportCard(command) => Shard::of_card(command.number),
            Self::OpenPurse(command) => command.key.key.shard(),
            Self::ClosePurse(command) => command.purse.shard(),
            Self::MoveCash(command) => command.purse.shard(),
            Self::PayOutRefund(command) => command.refund.shard(),
        }
    }
}

impl Touches {
    /// Adds the keys of another command.
    pub fn add(&mut self, other: Self) {
        self.cards.extend(other.cards);
        self.top_ups.extend(other.top_ups);
        self.payments.extend(other.payments);
        self.refunds.extend(other.refunds);
        self.grants.extend(other.grants);
        self.spending.extend(other.spending);
        self.purses.extend(other.purses);
        self.keys.extend(other.keys);
        self.products.extend(other.products);
    }
}

/// Carries out one command on the books.
///
/// # Errors
/// [`Refusal`]; the books are then exactly as they were.
pub fn apply(books: &mut Books, command: &Command, at: Moment) -> Result<Outcome, Refusal> {
    let mut at = at;
    let result = match command {
        Command::PlaceTopUp(command) => place_top_up::place_top_up(books, command, &mut at),
        Command::Sell(command) => sell::sell(books, command, &mut at),
        Command::CreditTopUp(top_up) => settle::credit_deferred(books, *top_up, &mut at),
        Command::AddPayment(command) => add_payment::add_payment(books, command, &mut at),
        Command::RecordHandOver(command) => record_hand_over::record_hand_over(books, command, &at),
        Command::RecordPayment(report) => record_payment::record_payment(books, report, &mut at),
        Command::RequestRefund(command) => request_refund::request_refund(books, command, &mut at),
        Command::RecordRefund(command) => record_refund::record_refund(books, command, &mut at),
        Command::RecordUsage(command) => record_usage::record_usage(books, command, &mut at),
        Command::LapseGrant(command) => lapse_grant::lapse_grant(books, *command, &mut at),
        Command::ChangeCardState(command) => change_card_state::change_card_state(books, *command, &at),
        Command::ImportCard(command) => import_card::import_card(books, command, &mut at),
        Command::OpenPurse(command) => open_purse::open_purse(books, command, &mut at),
        Command::ClosePurse(command) => close_purse::close_purse(books, *command, &mut at),
        Command::MoveCash(command) => move_cash::move_cash(books, command, &mut at),
        Command::PayOutRefund(command) => pay_out_refund::pay_out_refund(books, command, &mut at),
    };
    match result {
        Ok(outcome) => {
            books.keep();
            Ok(outcome)
        }
        Err(refusal) => {
            books.undo();
            Err(refusal)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
