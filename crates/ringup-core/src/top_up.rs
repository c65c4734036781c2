//! Top-ups: the order to put an amount on a card, and its life.

use std::fmt;
use std::str::FromStr;

use crate::card::CardNumber;
use crate::coded::coded_enum;
use crate::id::{CaptureId, EventId, GrantId, PaymentId, PurseId, ReceiptId, RefundId, TopUpId};
use crate::ledger::Holding;
use crate::money::{Amount, Language};
use crate::payment::InvalidTransition;
use crate::quote::Quote;
use crate::time::Timestamp;

coded_enum! {
    /// The door a top-up came through.
    Channel {
        /// The web pages, or the JSON API without a partner's key.
        Online = 1, "online";
        /// The counter of a store.
        Store = 2, "store";
        /// A kiosk.
        Kiosk = 3, "kiosk";
        /// A licensed agent, by his pages.
        Agent = 4, "agent";
        /// A partner's or agent's program, by the JSON API with a key.
        Api = 5, "api";
    }
}

/// The unguessable code that opens a top-up's page and its receipt: 128 random bits.
///
/// Whoever has it may see the receipt; it opens nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopUpCode([u8; 16]);

/// The text is no receipt code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a receipt code has 26 letters and digits")]
pub struct ParseTopUpCodeError;

impl TopUpCode {
    /// The code of these bits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bits.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// In groups of four, as a receipt prints it.
    #[must_use]
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let groups: Vec<String> =
            text.chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }
}

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Twenty-six characters of Crockford's base 32.
impl fmt::Display for TopUpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = u128::from_be_bytes(self.0);
        for position in (0..26_u32).rev() {
            let digit = usize::try_from((number >> position.saturating_mul(5)) & 31).unwrap_or(0);
            write!(f, "{}", ALPHABET.chars().nth(digit).unwrap_or('0'))?;
        }
        Ok(())
    }
}

/// Only the first four characters, so that no log opens a receipt.
impl fmt::Debug for TopUpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        write!(f, "TopUpCode({}···)", text.get(..4).unwrap_or_default())
    }
}

/// Reads what a person typed: spaces, hyphens, small letters, O for 0 and I or L for 1 are forgiven.
impl FromStr for TopUpCode {
    type Err = ParseTopUpCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut number: u128 = 0;
        let mut count: u32 = 0;
        for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET.chars().position(|known| known == c).ok_or(ParseTopUpCodeError)?;
            let digit = u128::try_from(digit).map_err(|_| ParseTopUpCodeError)?;
            number = number.checked_mul(32).and_then(|n| n.checked_add(digit)).ok_or(ParseTopUpCodeError)?;
            count = count.saturating_add(1);
        }
        if count == 26 { Ok(Self(number.to_be_bytes())) } else { Err(ParseTopUpCodeError) }
    }
}

coded_enum! {
    /// Why money goes back.
    RefundReason {
        /// The card could not be topped up any more when the money came.
        CardRefused = 1, "card_refused";
        /// The top-up had been paid already.
        PaidTwice = 2, "paid_twice";
        /// Less was paid than asked.
        Underpaid = 3, "underpaid";
        /// More was paid than asked: the excess goes back.
        Overpaid = 4, "overpaid";
        /// The payment came too late for what had been quoted.
        TooLate = 5, "too_late";
        /// Staff decided so.
        ByStaff = 6, "by_staff";
        /// The payer confirmed in the second in which the payment was cancelled: the provider has given it back.
        Cancelled = 7, "cancelled";
    }
}

/// Where a top-up stands. Each state carries only what is known in that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopUpState {
    /// Written down; nobody has paid yet.
    Placed,
    /// Paid; the card gets its value at the time that was stated, [`Sale::credit_at`].
    Deferred {
        /// Since when it has been paid.
        since: Timestamp,
    },
    /// Nobody paid, and nobody can any more. A payment that comes late is still believed.
    Abandoned {
        /// When we knew.
        abandoned_at: Timestamp,
    },
    /// The value is on the card. Final, but for refunds.
    Credited {
        /// When.
        credited_at: Timestamp,
        /// Its receipt.
        receipt: ReceiptId,
    },
    /// The money is on its way back.
    Refunding {
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: RefundReason,
        /// Its receipt, when it had been credited before.
        receipt: Option<ReceiptId>,
    },
    /// The money is back. Final.
    Refunded {
        /// When.
        refunded_at: Timestamp,
        /// Why.
        reason: RefundReason,
        /// Its receipt, when it had been credited before.
        receipt: Option<ReceiptId>,
    },
}

impl TopUpState {
    /// Its name, as columns and logs have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Deferred { .. } => "deferred",
            Self::Abandoned { .. } => "abandoned",
            Self::Credited { .. } => "credited",
            Self::Refunding { .. } => "refunding",
            Self::Refunded { .. } => "refunded",
        }
    }

    /// The value goes on the card.
    ///
    /// From `Abandoned` too: a payment that comes late is still a payment.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has been credited or refunded: the caller refunds the second payment.
    pub fn credit(self, credited_at: Timestamp, receipt: ReceiptId) -> Result<Self, InvalidTransition> {
        match self {
            Self::Placed | Self::Deferred { .. } | Self::Abandoned { .. } => {
                Ok(Self::Credited { credited_at, receipt })
            }
            Self::Credited { .. } | Self::Refunding { .. } | Self::Refunded { .. } => {
                Err(InvalidTransition { from: self.name(), to: "credited" })
            }
        }
    }

    /// It has been paid, and the card gets its value later. From `Abandoned` too, as in [`Self::credit`].
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has been paid before: the caller refunds the second payment.
    pub fn defer(self, since: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Placed | Self::Abandoned { .. } => Ok(Self::Deferred { since }),
            Self::Deferred { .. } | Self::Credited { .. } | Self::Refunding { .. } | Self::Refunded { .. } => {
                Err(InvalidTransition { from: self.name(), to: "deferred" })
            }
        }
    }

    /// Nobody can pay any more.
    ///
    /// # Errors
    /// [`InvalidTransition`] when somebody has, or when it was known before.
    pub fn abandon(self, abandoned_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Placed => Ok(Self::Abandoned { abandoned_at }),
            Self::Deferred { .. }
            | Self::Abandoned { .. }
            | Self::Credited { .. }
            | Self::Refunding { .. }
            | Self::Refunded { .. } => Err(InvalidTransition { from: self.name(), to: "abandoned" }),
        }
    }

    /// All of the money goes back.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it is on its way back already.
    pub fn refund(self, since: Timestamp, reason: RefundReason) -> Result<Self, InvalidTransition> {
        match self {
            Self::Placed | Self::Deferred { .. } | Self::Abandoned { .. } => {
                Ok(Self::Refunding { since, reason, receipt: None })
            }
            Self::Credited { receipt, .. } => Ok(Self::Refunding { since, reason, receipt: Some(receipt) }),
            Self::Refunding { .. } | Self::Refunded { .. } => {
                Err(InvalidTransition { from: self.name(), to: "refunding" })
            }
        }
    }

    /// All of the money is back.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it was not on its way.
    pub fn finish_refund(self, refunded_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Refunding { reason, receipt, .. } => Ok(Self::Refunded { refunded_at, reason, receipt }),
            Self::Placed
            | Self::Deferred { .. }
            | Self::Abandoned { .. }
            | Self::Credited { .. }
            | Self::Refunded { .. } => Err(InvalidTransition { from: self.name(), to: "refunded" }),
        }
    }

    /// Whether it has ended, so that a sweeper may leave it alone.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Abandoned { .. } | Self::Credited { .. } | Self::Refunded { .. } => true,
            Self::Placed | Self::Deferred { .. } | Self::Refunding { .. } => false,
        }
    }

    /// Its receipt, once there has been one.
    #[must_use]
    pub const fn receipt(&self) -> Option<ReceiptId> {
        match self {
            Self::Credited { receipt, .. } => Some(*receipt),
            Self::Refunding { receipt, .. } | Self::Refunded { receipt, .. } => *receipt,
            Self::Placed | Self::Deferred { .. } | Self::Abandoned { .. } => None,
        }
    }
}

/// What is known besides of a top-up that was sold by somebody: over a counter, at a kiosk, by an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The drawer, cash box or float that it was sold by.
    pub purse: PurseId,
    /// The number of its receipt among those of the same store, kiosk or agent: from 1, without a gap. None before it was paid.
    pub number: Option<u64>,
    /// When the card gets its value, where that is not at once.
    pub credit_at: Option<Timestamp>,
}

/// The order to put an amount on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUp {
    /// Its id.
    pub id: TopUpId,
    /// The code that opens its page and its receipt.
    pub code: TopUpCode,
    /// The door it came through.
    pub channel: Channel,
    /// What is known of it besides, when somebody sold it.
    pub sale: Option<Sale>,
    /// What was promised.
    pub quote: Quote,
    /// The language of the page it was placed on.
    pub language: Language,
    /// Where it stands.
    pub state: TopUpState,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What was put on the card, and what has been taken off again.
    pub given: Given,
    /// The newest of what belongs to it.
    pub newest: Newest,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

/// The newest event, payment, capture and refund of a top-up; each names the one before it. So they are found without an index, and
/// whoever adds one writes the top-up's row, whose version then guards against another who does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// What happened last.
    pub event: Option<EventId>,
    /// The payment that was begun last.
    pub payment: Option<PaymentId>,
    /// The capture that was booked last.
    pub capture: Option<CaptureId>,
    /// The refund that was booked last.
    pub refund: Option<RefundId>,
}

/// What a top-up has put on the card, and how much of it refunds have undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The payment it was credited from.
    pub payment: Option<PaymentId>,
    /// The bonus it gave.
    pub grant: Option<GrantId>,
    /// How much of what was paid has been given back, or is on its way.
    pub refunded: Amount,
    /// How much of the card's value has been undone with it.
    pub main_undone: Amount,
    /// How much of the bonus has been undone with it, in the bonus's own unit; zero without one.
    pub bonus_undone: Amount,
}

impl TopUp {
    /// The card it is for.
    #[must_use]
    pub const fn card(&self) -> CardNumber {
        self.quote.card
    }

    /// How much of what was paid is still there to be refunded.
    ///
    /// # Errors
    /// [`AmountError`](crate::money::AmountError) never, unless a row was damaged.
    pub fn refundable(&self) -> Result<Amount, crate::money::AmountError> {
        self.quote.you_pay.minus(self.given.refunded)
    }
}

/// Bonus value on a card, with its own expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The card it is on.
    pub card: CardNumber,
    /// How much was given.
    pub amount: Amount,
    /// Until when it can be spent.
    pub expires_at: Timestamp,
    /// What is left of it: the account `card.bonus`. Nothing before the first posting.
    pub left: Option<Holding>,
    /// When it ended, by lapsing; what was left of it then is no loss when its top-up is refunded.
    pub lapsed_at: Option<Timestamp>,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

#[cfg(test)]
mod tests;
