//! The float: what an agent has paid in advance, bought by bank transfers that the office confirms.

use ringup_core::apply::{CashMove, Command, MoveCash, Outcome};
use ringup_core::id::AgentId;
use ringup_core::ledger::Balance;
use ringup_core::money::Amount;
use ringup_db::agent::Business;
use ringup_db::float_transfer::{self, FloatTransfer};

use super::application::is_line;
use super::find;
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};

/// A bank's reference has so many characters at most.
const REFERENCE_MAX: usize = 64;

/// How a float stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Float {
    /// What is on it; below zero when it was sold on credit.
    pub balance: Balance,
    /// How far it may go below zero.
    pub credit_limit: Amount,
    /// What can be sold from it.
    pub available: Amount,
    /// Whether that is below what the agent wants to be told at.
    pub is_low: bool,
}

/// How an agent's float stands.
///
/// # Errors
/// [`Unavailable`], also when the float is not there.
pub async fn float(engine: &Engine, business: &Business) -> Result<Float, Unavailable> {
    let (id, alert_below) = (business.float, business.alert_below);
    let purse = engine.read(move |tx| ringup_db::purse::find_purse(tx, id)).await?;
    let purse = purse.ok_or_else(|| Unavailable(format!("the float {id} is missing")))?;
    let available = purse.available();
    Ok(Float {
        balance: purse.holds.map_or(Balance::ZERO, |held| held.balance),
        credit_limit: purse.credit_limit,
        available,
        is_low: alert_below.is_some_and(|alert| alert.exceeds(available).unwrap_or(false)),
    })
}

/// Why a transfer was not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// The reference is missing or too long.
    #[error("a transfer's reference has 1 to {REFERENCE_MAX} characters")]
    Reference,
    /// There is no such agent, or he has no float yet.
    #[error("there is no such agent with a float")]
    AgentUnknown,
    /// The amount is nothing, or in another currency than the float.
    #[error("the amount is nothing, or in another currency than the float")]
    Amount,
    /// The reference was confirmed before, for another agent or amount.
    #[error("a transfer with this reference was confirmed before, for another agent or amount")]
    ReferenceUsed,
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for TransferError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// The office confirms that a transfer has arrived: it is on the agent's float, once for each reference. The same again is the same
/// answer.
///
/// # Errors
/// [`TransferError`], in its order.
pub async fn confirm_transfer(
    engine: &Engine,
    id: AgentId,
    reference: &str,
    amount: Amount,
) -> Result<FloatTransfer, TransferError> {
    let reference = reference.trim().to_owned();
    if !is_line(&reference) || reference.chars().count() > REFERENCE_MAX {
        return Err(TransferError::Reference);
    }
    let business = find(engine, id).await?.and_then(|agent| agent.business).ok_or(TransferError::AgentUnknown)?;
    if amount.is_zero() || amount.unit() != business.unit {
        return Err(TransferError::Amount);
    }
    let (float, confirmed_at) = (business.float, engine.now());
    let wanted = FloatTransfer { reference, agent: id, float, amount, confirmed_at, booked_at: None };
    // Written down before it is booked: what is cut off is booked when it is confirmed again.
    let transfer = engine
        .write(move |tx| match float_transfer::find_float_transfer(tx, &wanted.reference)? {
            Some(confirmed) => Ok(confirmed),
            None => {
                float_transfer::insert_float_transfer(tx, &wanted)?;
                Ok(wanted)
            }
        })
        .await?;
    if (transfer.agent, transfer.amount) != (id, amount) {
        return Err(TransferError::ReferenceUsed);
    }
    if transfer.booked_at.is_some() {
        return Ok(transfer);
    }
    // The key is the transfer's: it is on the float once.
    let key = IdempotencyKey::of_our_own(&format!("transfer {}", transfer.reference));
    let how = CashMove::FloatBought(amount);
    let key = key.used_for("move_cash", &format!("{id} {how:?}"));
    match engine.submit(Command::MoveCash(MoveCash { key, purse: float, how })).await? {
        Outcome::CashMoved { .. } => {}
        other => return Err(unexpected(&other).into()),
    }
    let (reference, now) = (transfer.reference.clone(), engine.now());
    engine.write(move |tx| float_transfer::book_float_transfer(tx, &reference, now)).await?;
    Ok(FloatTransfer { booked_at: Some(now), ..transfer })
}
