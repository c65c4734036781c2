//! What a card holds, for whoever has its PIN.

mod guard;
mod looks;
mod pass;

pub(crate) use looks::Looks;
use looks::Seen;
pub use pass::CardPass;

use ringup_core::books::PinHash;
use ringup_core::card::{Card, CardNumber};
use ringup_core::id::EntryId;
use ringup_core::money::Amount;
use ringup_core::product::Product;
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::Grant;
use ringup_db::card::CardSight;
use ringup_db::journal::HistoryLine;

use crate::error::{SubmitError, Unavailable};
use crate::pin::{self, Pin};
use crate::top_up::TopUpView;
use crate::{Engine, limits};

/// How long a page may be looked at after the PIN has been given.
pub const SEEN_FOR: Span = Span::minutes(10);

/// Why a card is not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// No such card, or another PIN: the two look the same and take the same.
    #[error("the card number or the PIN is not right")]
    Wrong,
    /// There have been too many wrong ones.
    #[error("there have been too many wrong PINs")]
    Locked {
        /// Until when no PIN is looked at.
        until: Timestamp,
    },
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for PinError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl PinError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "pin_wrong",
            Self::Locked { .. } => "pin_locked",
            Self::Submit(error) => error.code(),
        }
    }
}

/// What a card holds.
#[derive(Clone, Debug)]
pub struct Holdings {
    /// The card.
    pub card: Card,
    /// What kind of card it is.
    pub product: Product,
    /// Its own money.
    pub main: Amount,
    /// Its bonuses that have not ended, with what is left of each; the one that lapses soonest first.
    pub bonuses: Vec<(Grant, Amount)>,
    /// What happened to it, the latest first.
    pub history: Vec<HistoryLine>,
    /// Where the next page of that begins, if there is one.
    pub more_from: Option<EntryId>,
}

/// Lets whoever knows the PIN see a card for ten minutes.
///
/// `address` is where the question comes from; wrong PINs are counted for the card, for the address, and in all.
///
/// # Errors
/// [`PinError`].
pub async fn unlock(engine: &Engine, card: CardNumber, given: &Pin, address: &str) -> Result<CardPass, PinError> {
    let now = engine.now();
    check_pin(engine, card, given, (address, now)).await?;
    Ok(CardPass { card, until: now.plus(SEEN_FOR) })
}

/// What is on a card now, for a program that has its number and PIN.
#[derive(Clone, Debug)]
pub struct OnCard {
    /// The card.
    pub card: Card,
    /// Its own money.
    pub main: Amount,
    /// Its bonuses that have not ended, with what is left of each; the one that lapses soonest first.
    pub bonuses: Vec<(Grant, Amount)>,
}

/// Tells what is on a card to whoever knows the PIN; `address` as for [`unlock`].
///
/// # Errors
/// [`PinError`].
pub async fn ask(engine: &Engine, card: CardNumber, given: &Pin, address: &str) -> Result<OnCard, PinError> {
    let now = engine.now();
    let CardSight { card, product, mut bonuses, .. } = check_pin(engine, card, given, (address, now)).await?;
    let main = match card.main {
        Some(main) if main.unit == product.unit => main.balance.available(product.unit),
        Some(_) | None => Amount::zero(product.unit),
    };
    bonuses.retain(|(grant, left)| now < grant.expires_at && !left.is_zero());
    Ok(OnCard { card, main, bonuses })
}

/// Shows a card to whoever knows its PIN, and counts those who do not.
async fn check_pin(
    engine: &Engine,
    card: CardNumber,
    given: &Pin,
    (address, now): (&str, Timestamp),
) -> Result<CardSight, PinError> {
    let scopes = guard::scopes(card, address);
    let Seen { sight, locked_until, has_failures } = engine.looks().look(card, scopes).await?;
    if let Some(until) = locked_until.filter(|until| now < *until) {
        return Err(PinError::Locked { until });
    }
    let given = given.hash(engine.keys().pins(), card);
    // An unknown number is compared too, with what no PIN hashes to but by a chance of one in 2^128.
    let known = sight.as_ref().map_or(PinHash([0; 16]), |sight| sight.pin);
    match sight.filter(|_| pin::is_same(given, known)) {
        Some(sight) => {
            if has_failures {
                guard::forget_failures(engine, card).await?;
            }
            Ok(sight)
        }
        None => {
            guard::count_failure(engine, scopes, now).await?;
            Err(PinError::Wrong)
        }
    }
}

/// What a card holds, with one page of its history.
///
/// # Errors
/// [`PinError::Wrong`] when there is no such card any more, [`PinError::Submit`].
pub async fn show(engine: &Engine, card: CardNumber, from: Option<EntryId>) -> Result<Holdings, PinError> {
    let found = engine
        .read(move |tx| {
            let Some(card) = ringup_db::card::find_card(tx, card)? else { return Ok(None) };
            let Some(product) = ringup_db::product::find_product(tx, card.product)? else { return Ok(None) };
            let main = ringup_db::account::card_balance(tx, card.number, product.unit)?.available(product.unit);
            let bonuses = ringup_db::grant::open_grants_of(tx, card.number)?;
            let page = ringup_db::journal::card_history(tx, card.number, from, limits::HISTORY_PAGE)?;
            Ok(Some(Holdings { card, product, main, bonuses, history: page.lines, more_from: page.next }))
        })
        .await?;
    let mut holdings = found.ok_or(PinError::Wrong)?;
    let now = engine.now();
    holdings.bonuses.retain(|(grant, left)| now < grant.expires_at && !left.is_zero());
    holdings.bonuses.sort_by_key(|(grant, _)| (grant.expires_at, grant.id));
    Ok(holdings)
}

/// The last top-ups of a card, the latest first, for "Where is my money?".
///
/// # Errors
/// [`Unavailable`].
pub async fn recent_top_ups(engine: &Engine, card: CardNumber) -> Result<Vec<TopUpView>, Unavailable> {
    engine
        .read(move |tx| {
            let top_ups = ringup_db::top_up::recent_top_ups(tx, card, limits::RECENT_TOP_UPS)?;
            top_ups.into_iter().map(|top_up| TopUpView::read(tx, top_up)).collect()
        })
        .await
}
