//! Ids: 63-bit integers that grow with time and tell where their row lives.
//!
//! From the top: 41 bits of milliseconds since 2025, 8 of shard, 6 of node, 8 of sequence. They are no
//! secrets; what must not be guessed is a [`TopUpCode`](crate::top_up::TopUpCode).

mod block;
mod mint;
mod text;

pub use block::{IdBlock, IdsUsedUp};
pub use mint::Mint;
pub use text::ParseIdError;

use crate::shard::Shard;
use crate::time::Timestamp;

/// 2025-01-01T00:00:00Z in milliseconds since 1970: where ids begin to count.
pub const EPOCH_MILLIS: i64 = 1_735_689_600_000;

const SEQUENCE_BITS: u32 = 8;
const NODE_BITS: u32 = 6;
const SHARD_BITS: u32 = 8;

/// One server among those that write to the same database: 0 to 63.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(u8);

impl Node {
    /// The node with this number; `None` above 63.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number < 64 { Some(Self(number)) } else { None }
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// Puts an id together. The time is the engine's; a time before 2025 counts as 2025.
#[must_use]
pub fn compose(millis: i64, shard: Shard, node: Node, sequence: u8) -> u64 {
    let since_epoch = u64::try_from(millis.saturating_sub(EPOCH_MILLIS)).unwrap_or(0) & ((1 << 41) - 1);
    (since_epoch << (SHARD_BITS + NODE_BITS + SEQUENCE_BITS))
        | (u64::from(shard.0) << (NODE_BITS + SEQUENCE_BITS))
        | (u64::from(node.0) << SEQUENCE_BITS)
        | u64::from(sequence)
}

/// The shard that an id's row lives in.
#[must_use]
pub fn shard_of(id: u64) -> Shard {
    let [low, ..] = (id >> (NODE_BITS + SEQUENCE_BITS)).to_le_bytes();
    Shard(low)
}

/// The moment an id was made, to the millisecond.
#[must_use]
pub fn made_at(id: u64) -> Timestamp {
    let since_epoch = i64::try_from(id >> (SHARD_BITS + NODE_BITS + SEQUENCE_BITS)).unwrap_or(0);
    Timestamp::from_micros(EPOCH_MILLIS.saturating_add(since_epoch).saturating_mul(1_000))
}

/// Makes one type for the ids of one kind of thing.
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// What its text begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id with this number.
            #[must_use]
            pub const fn from_u64(number: u64) -> Self {
                Self(number)
            }

            /// Its number: below 2^63.
            #[must_use]
            pub const fn as_u64(self) -> u64 {
                self.0
            }

            /// The shard its row lives in.
            #[must_use]
            pub fn shard(self) -> Shard {
                shard_of(self.0)
            }

            /// When it was made, to the millisecond.
            #[must_use]
            pub fn made_at(self) -> Timestamp {
                made_at(self.0)
            }

            /// The form that providers take as our reference: sixteen letters and digits, no check character,
            /// because WeChat Pay and Alipay refuse most signs in an order number.
            #[must_use]
            pub fn to_reference(self) -> String {
                text::to_reference($prefix, self.0)
            }

            /// Reads [`Self::to_reference`] back.
            ///
            /// # Errors
            /// [`ParseIdError::Prefix`], [`ParseIdError::Form`].
            pub fn from_reference(reference: &str) -> Result<Self, ParseIdError> {
                text::from_reference(reference, $prefix).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                text::write(f, $prefix, self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text::read(text, $prefix).map(Self)
            }
        }
    };
}

id_type!(/// A top-up.
    TopUpId, "top");
id_type!(/// A payment: one attempt to pay for a top-up.
    PaymentId, "pay");
id_type!(/// A capture: what a provider took for a payment.
    CaptureId, "cap");
id_type!(/// A refund.
    RefundId, "ref");
id_type!(/// A receipt.
    ReceiptId, "rcp");
id_type!(/// A journal entry.
    EntryId, "jrn");
id_type!(/// Bonus value given to one card, with its own expiry.
    GrantId, "bon");
id_type!(/// Something that happened to a top-up.
    EventId, "evt");
id_type!(/// Work to be done later.
    JobId, "job");
id_type!(/// A matter that a person must look at.
    CaseId, "cas");
id_type!(/// A purse: a drawer, a cash box, a safe, a float.
    PurseId, "pur");
id_type!(/// Somebody who serves at a counter.
    ClerkId, "clk");
id_type!(/// A till or kiosk that may speak for a place.
    DeviceId, "dev");
id_type!(/// That somebody wants a sale undone.
    VoidId, "voi");
id_type!(/// That a buyer showed who he is.
    IdentityCheckId, "idc");
id_type!(/// Cash on its way to the bank.
    TransitId, "trn");
id_type!(/// An agent: a company that sells top-ups from float.
    AgentId, "agt");
id_type!(/// A document that came with an agent's application.
    AgentDocumentId, "agd");
id_type!(/// A key that an agent's own program shows.
    AgentKeyId, "agk");
id_type!(/// A list of top-ups that an agent uploaded.
    SaleListId, "lst");
id_type!(/// Float that an agent buys through a provider.
    FloatPurchaseId, "flo");
id_type!(/// A batch of cards.
    BatchId, "bat");
id_type!(/// A place where cards are topped up.
    PlaceId, "plc");
id_type!(/// What the holder of a receipt says of the place that sold it.
    RatingId, "rat");
id_type!(/// A provider's notification that was written down.
    NotificationId, "ntf");
id_type!(/// A receipt that is sent to a holder.
    NoticeId, "ntc");

#[cfg(test)]
mod tests;
