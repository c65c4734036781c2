//! Cash that leaves a safe for the bank, in numbered bags, until the office writes down what the bank found.

use ringup_core::apply::{CashMove, Command, MoveCash, Outcome};
use ringup_core::id::{ClerkId, PlaceId, PurseId, TransitId};
use ringup_core::money::Amount;
use ringup_core::shard::Shard;
use ringup_db::cash_transit::{self, CashTransit};
use ringup_db::clerk::Role;

use super::Counter;
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};

/// A bag's number has so many characters at most.
const BAG_MAX: usize = 40;

/// Why a bag was not sent, or not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BagError {
    /// Only a supervisor sends cash.
    #[error("only a supervisor sends cash")]
    NotSupervisor,
    /// The number is missing or too long.
    #[error("a bag's number has 1 to {BAG_MAX} characters")]
    Number,
    /// The store has sent a bag with this number, with something else in it.
    #[error("a bag with this number was sent before")]
    NumberUsed,
    /// There is no such bag on its way.
    #[error("there is no such bag")]
    Unknown,
    /// The bank's count is in another currency, or was written down otherwise before.
    #[error("the count does not fit the bag")]
    CountDiffers,
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for BagError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// Sends cash out of the store's safe. The same bag again is the same answer.
///
/// # Errors
/// [`BagError`], in its order.
pub async fn send_to_bank(
    engine: &Engine,
    counter: &Counter,
    bag: &str,
    amount: Amount,
) -> Result<TransitId, BagError> {
    if counter.clerk.role != Role::Supervisor {
        return Err(BagError::NotSupervisor);
    }
    send_bag(engine, (counter.store.place, counter.store.safe), counter.clerk.id, (bag, amount)).await
}

/// The same out of any place's safe.
pub(crate) async fn send_bag(
    engine: &Engine,
    (place, safe): (PlaceId, PurseId),
    sent_by: ClerkId,
    (bag, amount): (&str, Amount),
) -> Result<TransitId, BagError> {
    let bag = bag.trim().to_owned();
    if bag.is_empty() || bag.chars().count() > BAG_MAX {
        return Err(BagError::Number);
    }
    let now = engine.now();
    let id = TransitId::from_u64(engine.ids().one(Shard(0), now));
    let transit = CashTransit { id, place, bag, amount, sent_by, sent_at: now, banked: None };
    // Written down before it is booked: what is cut off is booked when the bag is sent again.
    let transit = engine
        .write(move |tx| match cash_transit::find_transit_by_bag(tx, place, &transit.bag)? {
            Some(sent) => Ok(sent),
            None => {
                cash_transit::insert_transit(tx, &transit)?;
                Ok(transit)
            }
        })
        .await?;
    if transit.amount != amount {
        return Err(BagError::NumberUsed);
    }
    book(engine, safe, (&transit, "sent"), CashMove::SentToBank(amount)).await?;
    Ok(transit.id)
}

/// Writes down what the bank found in a bag. What differs is charged to the safe it came from.
///
/// # Errors
/// [`BagError::Unknown`], [`BagError::CountDiffers`], [`BagError::Submit`].
pub async fn banked(engine: &Engine, id: TransitId, found: Amount) -> Result<(), BagError> {
    let transit = engine.read(move |tx| cash_transit::find_transit(tx, id)).await?.ok_or(BagError::Unknown)?;
    let counted_before = transit.banked.map(|(amount, _)| amount);
    if found.unit() != transit.amount.unit() || counted_before.is_some_and(|before| before != found) {
        return Err(BagError::CountDiffers);
    }
    let safe = safe_of(engine, transit.place).await?.ok_or(BagError::Unknown)?;
    let how = CashMove::Banked { sent: transit.amount, banked: found };
    book(engine, safe, (&transit, "banked"), how).await?;
    let now = engine.now();
    engine
        .write(move |tx| match cash_transit::find_transit(tx, id)? {
            Some(transit) if transit.banked.is_none() => cash_transit::bank_transit(tx, id, found, now),
            Some(_) | None => Ok(()),
        })
        .await?;
    Ok(())
}

async fn safe_of(engine: &Engine, place: PlaceId) -> Result<Option<PurseId>, Unavailable> {
    let kiosk = crate::kiosk::find(engine, place).await?.map(|kiosk| kiosk.safe);
    Ok(super::find(engine, place).await?.map(|store| store.safe).or(kiosk))
}

/// The key is the bag's: it leaves once, and arrives once.
async fn book(
    engine: &Engine,
    purse: PurseId,
    (transit, what): (&CashTransit, &str),
    how: CashMove,
) -> Result<(), SubmitError> {
    let key = IdempotencyKey::of_our_own(&format!("{what} {}", transit.id)).used_for("move_cash", &format!("{how:?}"));
    match engine.submit(Command::MoveCash(MoveCash { key, purse, how })).await? {
        Outcome::CashMoved { .. } => Ok(()),
        other => Err(unexpected(&other)),
    }
}
