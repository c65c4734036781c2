//! When a buyer must show who he is, and what is kept of it: the kind of document, its last four characters, a keyed hash.

use ringup_core::card::CardNumber;
use ringup_core::id::IdentityCheckId;
use ringup_core::money::Amount;
use ringup_core::secret::Secret;
use ringup_core::shard::Shard;
use ringup_core::time::Span;
use ringup_core::top_up::{Channel, TopUp, TopUpState};
use ringup_db::error::DbError;
use ringup_db::identity_check::{self, IdentityCheck};
use ringup_db::seam::ReadTx;
use ringup_db::till_session;

use super::Counter;
use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// For so long a check counts for the sale it was made for.
const CHECK_COUNTS_FOR: Span = Span::minutes(15);

/// Over so long a card's sales are added up.
const MONTH: Span = Span::days(30);

/// So many of a card's last top-ups are looked at.
const LOOKED_AT_MAX: u32 = 500;

/// Why a buyer must show who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityReason {
    /// The sale is large.
    Amount {
        /// From so much on.
        from: Amount,
    },
    /// The card's sales within 30 days come to too much.
    Month {
        /// From so much on.
        from: Amount,
    },
    /// It is the first sale to this card at this store.
    FirstSale,
}

/// A document that a buyer shows.
#[derive(Clone, Debug)]
pub struct IdentityDocument {
    kind: DocumentKind,
    number: Secret<String>,
}

/// What kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// A national identity card.
    IdCard,
    /// A passport.
    Passport,
    /// A residence permit.
    ResidencePermit,
}

impl DocumentKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::IdCard, Self::Passport, Self::ResidencePermit];

    /// Its name in forms and columns.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdCard => "id_card",
            Self::Passport => "passport",
            Self::ResidencePermit => "residence_permit",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is missing of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// No kind was chosen.
    #[error("no kind of document was chosen")]
    Kind,
    /// The number is missing, or is none.
    #[error("a document's number has 5 to 32 letters and digits")]
    Number,
}

impl IdentityDocument {
    /// Reads what a clerk typed off a document; spaces and hyphens are forgiven.
    ///
    /// # Errors
    /// [`DocumentError`], in its order.
    pub fn parse(kind: &str, number: &str) -> Result<Self, DocumentError> {
        let kind = DocumentKind::from_name(kind).ok_or(DocumentError::Kind)?;
        let number: String =
            number.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let fits = (5..=32).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self { kind, number: Secret::new(number) }) } else { Err(DocumentError::Number) }
    }

    fn last_four(&self) -> String {
        let number = self.number.reveal();
        number.get(number.len().saturating_sub(4)..).unwrap_or_default().to_owned()
    }
}

/// Writes down that a buyer showed who he is, for a sale to this card.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn record_identity(
    engine: &Engine,
    counter: &Counter,
    card: CardNumber,
    document: &IdentityDocument,
) -> Result<(), SubmitError> {
    let now = engine.now();
    let hash = engine.keys().pins().hash_for("ringup document 1", 0, document.number.reveal().as_bytes());
    let check = IdentityCheck {
        id: IdentityCheckId::from_u64(engine.ids().one(Shard(0), now)),
        card,
        place: counter.store.place,
        document: document.kind.name().to_owned(),
        last_four: document.last_four(),
        number_hash: hash.0,
        checked_by: counter.clerk.id,
        checked_at: now,
    };
    engine.write(move |tx| identity_check::insert_identity_check(tx, &check)).await
}

/// Why the buyer must show who he is before this sale; nothing when he need not, or has.
pub(super) async fn needed(
    engine: &Engine,
    counter: &Counter,
    card: CardNumber,
    amount: Amount,
) -> Result<Option<IdentityReason>, Unavailable> {
    let (rule, place, now) = (counter.store.identity, counter.store.place, engine.now());
    engine
        .read(move |tx| {
            let since = now.minus(CHECK_COUNTS_FOR);
            if identity_check::last_identity_check(tx, card, since)?.is_some() {
                return Ok(None);
            }
            if let Some(from) = rule.from.filter(|from| !from.exceeds(amount).unwrap_or(true)) {
                return Ok(Some(IdentityReason::Amount { from }));
            }
            if rule.month.is_none() && !rule.first_sale {
                return Ok(None);
            }
            let sold: Vec<TopUp> = ringup_db::top_up::recent_top_ups(tx, card, LOOKED_AT_MAX)?
                .into_iter()
                .filter(|top_up| top_up.channel == Channel::Store && is_sold(top_up))
                .collect();
            if let Some(from) = rule.month {
                let of_month = sold.iter().filter(|top_up| now < top_up.placed_at.plus(MONTH));
                let sum = of_month.map(|top_up| u128::from(top_up.quote.card_gets.minor())).sum::<u128>();
                if sum + u128::from(amount.minor()) >= u128::from(from.minor()) {
                    return Ok(Some(IdentityReason::Month { from }));
                }
            }
            if rule.first_sale && !sold_here(tx, &sold, place)? {
                return Ok(Some(IdentityReason::FirstSale));
            }
            Ok(None)
        })
        .await
}

const fn is_sold(top_up: &TopUp) -> bool {
    match top_up.state {
        TopUpState::Deferred { .. } | TopUpState::Credited { .. } => true,
        TopUpState::Placed
        | TopUpState::Abandoned { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => false,
    }
}

fn sold_here(tx: &mut ReadTx<'_>, sold: &[TopUp], place: ringup_core::id::PlaceId) -> Result<bool, DbError> {
    for sale in sold.iter().filter_map(|top_up| top_up.sale) {
        let session = till_session::find_till_session(tx, sale.purse)?;
        if session.is_some_and(|session| session.place == place) {
            return Ok(true);
        }
    }
    Ok(false)
}
