//! Commission: counted from the sales of a month, booked when the month is over, counted again with what was reversed, and paid.

mod booking;
mod statement;

pub use booking::book_month;
pub use statement::{FromBelow, GoneUp, OwnSales, Statement, StatementLine, statement};

use ringup_core::apply::{CashMove, Command, MoveCash, Outcome};
use ringup_core::commission::{Month, Scheme};
use ringup_core::id::{AgentId, PurseId};
use ringup_core::money::{Amount, Unit};
use ringup_core::time::Timestamp;
use ringup_db::agent::{Agent, Business};
use ringup_db::commission::{self, PaidTo, Payout, ProductScheme};
use ringup_db::error::DbError;
use ringup_db::seam::ReadTx;

use super::{beginning_of_day, find};
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};

/// Why commission was not set, booked or paid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommissionError {
    /// There is no such agent with a float.
    #[error("there is no such agent with a float")]
    AgentUnknown,
    /// There is no such product in the float's currency.
    #[error("there is no such product in the currency of the float")]
    ProductUnknown,
    /// A month that begins no later has been booked by another scheme.
    #[error("{0} has been booked already: a scheme is for months that have not")]
    MonthBooked(Month),
    /// The month is not over on the agent's own clock.
    #[error("{0} is not over on the agent's own clock")]
    MonthNotOver(Month),
    /// The office agreed on another scheme while the month was counted. Nothing has happened; counted again, it can be booked.
    #[error("another scheme was agreed on while {0} was counted")]
    SchemeChanged(Month),
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for CommissionError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// How an agent's commission stands over all months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What was booked.
    pub booked_minor: i64,
    /// What was paid.
    pub paid_minor: u64,
}

impl Account {
    /// What is to be paid; below zero when sales were reversed that had been paid for.
    #[must_use]
    pub fn payable_minor(self) -> i64 {
        self.booked_minor.saturating_sub(i64::try_from(self.paid_minor).unwrap_or(i64::MAX))
    }
}

/// Says what an agent earns by a product from a month on. Months that were booked keep their scheme.
///
/// # Errors
/// [`CommissionError`], in its order.
pub async fn set_scheme(
    engine: &Engine,
    id: AgentId,
    (product, from): (&str, Month),
    scheme: Scheme,
) -> Result<(), CommissionError> {
    let (_, business) = approved(engine, id).await?;
    let products = engine.read(|tx| ringup_db::product::products(tx)).await?;
    let product = products.into_iter().find(|known| known.code == product && known.unit == business.unit);
    let product = product.ok_or(CommissionError::ProductUnknown)?.id;
    let scheme = ProductScheme { product, from, scheme };
    let booked = engine
        .write(move |tx| {
            commission::take_turn(tx)?;
            // What came up from others was earned by schemes of theirs.
            let own = commission::bookings_of(tx, id)?.into_iter().filter(|booking| booking.seller == id);
            let last = own.map(|booking| booking.month).max();
            if last.is_some_and(|last| from <= last) {
                return Ok(last);
            }
            commission::put_scheme(tx, id, &scheme)?;
            Ok(None)
        })
        .await?;
    booked.map_or(Ok(()), |month| Err(CommissionError::MonthBooked(month)))
}

/// How an agent's commission stands.
///
/// # Errors
/// [`Unavailable`].
pub async fn account(engine: &Engine, id: AgentId) -> Result<Account, Unavailable> {
    engine.read(move |tx| read_account(tx, id)).await
}

/// The month that an agent's clock shows.
#[must_use]
pub fn month_of(agent: &Agent, now: Timestamp) -> Option<Month> {
    crate::place::Zones::new(now).local(&agent.time_zone).map(|local| Month::of(local.date))
}

/// Pays an agent what he has earned and not been paid; answers how much, nothing when there is nothing to be paid.
///
/// # Errors
/// [`CommissionError::AgentUnknown`], [`CommissionError::Submit`].
pub async fn pay_out(engine: &Engine, id: AgentId, paid_to: PaidTo) -> Result<Option<Amount>, CommissionError> {
    let (_, business) = approved(engine, id).await?;
    let now = engine.now();
    let (float, unit) = (business.float, business.unit);
    let payouts = engine
        .write(move |tx| {
            let mut payouts = commission::payouts_of(tx, id)?;
            let booked: i64 = commission::bookings_of(tx, id)?
                .iter()
                .filter(|booking| booking.booked_at.is_some())
                .map(|booking| booking.earned_minor)
                .sum();
            let paid: u64 = payouts.iter().map(|payout| payout.amount.minor()).sum();
            let payable = booked.saturating_sub(i64::try_from(paid).unwrap_or(i64::MAX));
            if payable > 0 {
                let amount = amount_or_damaged(payable.unsigned_abs(), unit)?;
                let number = u32::try_from(payouts.len()).unwrap_or(u32::MAX).saturating_add(1);
                let payout = Payout { agent: id, number, float, amount, paid_to, made_at: now, booked_at: None };
                commission::insert_payout(tx, &payout)?;
                payouts.push(payout);
            }
            Ok(payouts)
        })
        .await?;
    let mut sum: u64 = 0;
    for payout in payouts.into_iter().filter(|payout| payout.booked_at.is_none()) {
        let how = match payout.paid_to {
            PaidTo::Bank => CashMove::CommissionPaid(payout.amount),
            PaidTo::Float => CashMove::CommissionToFloat(payout.amount),
        };
        move_money(engine, business.float, (&format!("payout {id} {}", payout.number), how)).await?;
        let now = engine.now();
        engine.write(move |tx| commission::mark_payout(tx, &payout, now)).await?;
        sum = sum.saturating_add(payout.amount.minor());
    }
    if sum == 0 { Ok(None) } else { Ok(Some(amount(sum, unit)?)) }
}

async fn approved(engine: &Engine, id: AgentId) -> Result<(Agent, Business), CommissionError> {
    let agent = find(engine, id).await?.ok_or(CommissionError::AgentUnknown)?;
    let business = agent.business.ok_or(CommissionError::AgentUnknown)?;
    Ok((agent, business))
}

/// When a month begins and ends on the agent's own clock.
fn bounds(agent: &Agent, month: Month) -> Option<(Timestamp, Timestamp)> {
    let zone = &agent.time_zone;
    Some((beginning_of_day(zone, month.begins())?, beginning_of_day(zone, month.next().begins())?))
}

fn read_account(tx: &mut ReadTx<'_>, id: AgentId) -> Result<Account, DbError> {
    let booked_minor = commission::bookings_of(tx, id)?.iter().map(|booking| booking.earned_minor).sum();
    let paid_minor = commission::payouts_of(tx, id)?.iter().map(|payout| payout.amount.minor()).sum();
    Ok(Account { booked_minor, paid_minor })
}

/// The key is made of what it is about: done twice, it is done once.
async fn move_money(engine: &Engine, float: PurseId, (what, how): (&str, CashMove)) -> Result<(), SubmitError> {
    let key = IdempotencyKey::of_our_own(what).used_for("move_cash", &format!("{how:?}"));
    match engine.submit(Command::MoveCash(MoveCash { key, purse: float, how })).await? {
        Outcome::CashMoved { .. } => Ok(()),
        other => Err(unexpected(&other)),
    }
}

fn amount(minor: u64, unit: Unit) -> Result<Amount, Unavailable> {
    Amount::new(minor, unit).map_err(|error| Unavailable(error.to_string()))
}

fn amount_or_damaged(minor: u64, unit: Unit) -> Result<Amount, DbError> {
    Amount::new(minor, unit).map_err(|error| DbError::Damaged(error.to_string()))
}
