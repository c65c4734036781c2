//! Commission: counted from the sales of a month, booked when the month is over, counted again with what was reversed, and paid.

use ringup_core::apply::{CashMove, Command, MoveCash, Outcome};
use ringup_core::commission::{Earnings, Month, Scheme};
use ringup_core::id::AgentId;
use ringup_core::money::{Amount, Unit};
use ringup_core::product::{Product, ProductId};
use ringup_core::time::Timestamp;
use ringup_db::agent::{Agent, Business};
use ringup_db::commission::{self, Booking, PaidTo, Payout, ProductScheme};
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
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for CommissionError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// What an agent earned in a month.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The month.
    pub month: Month,
    /// What it is counted in.
    pub unit: Unit,
    /// Each product that he earns by.
    pub lines: Vec<StatementLine>,
    /// What he earned, by what has not been reversed until now.
    pub earned_minor: u64,
    /// What of it has been booked; nothing before the month was.
    pub booked_minor: Option<i64>,
    /// Whether the month is over.
    pub is_over: bool,
}

/// What an agent earned by one product.
#[derive(Clone, Debug)]
pub struct StatementLine {
    /// The product.
    pub product: Product,
    /// How it is counted.
    pub scheme: Scheme,
    /// How many sales there were.
    pub sales: u64,
    /// What was sold, in minor units.
    pub sold_minor: u64,
    /// What was given back of it.
    pub reversed_minor: u64,
    /// What the rest earned.
    pub earned_minor: u64,
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
            let last = commission::bookings_of(tx, id)?.into_iter().map(|booking| booking.month).max();
            if last.is_some_and(|last| from <= last) {
                return Ok(last);
            }
            commission::put_scheme(tx, id, &scheme)?;
            Ok(None)
        })
        .await?;
    booked.map_or(Ok(()), |month| Err(CommissionError::MonthBooked(month)))
}

/// What an agent earned in a month, as it stands now; nothing for whoever is no agent with a float.
///
/// # Errors
/// [`Unavailable`].
pub async fn statement(engine: &Engine, agent: &Agent, month: Month) -> Result<Option<Statement>, Unavailable> {
    let Some((business, sales)) = agent.business.zip(bounds(agent, month)) else { return Ok(None) };
    let (id, is_over) = (agent.id, sales.1 <= engine.now());
    engine.read(move |tx| read_statement(tx, (id, &business), month, (sales, is_over))).await.map(Some)
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

/// Books what an agent earned in a month that is over, or what has changed since by reversals; answers how much, below zero for what
/// is taken back. Done again, nothing more is booked.
///
/// # Errors
/// [`CommissionError::AgentUnknown`], [`CommissionError::MonthNotOver`], [`CommissionError::Submit`].
pub async fn book_month(engine: &Engine, id: AgentId, month: Month) -> Result<i64, CommissionError> {
    let (agent, business) = approved(engine, id).await?;
    let sales = bounds(&agent, month).ok_or(CommissionError::MonthNotOver(month))?;
    if engine.now() < sales.1 {
        return Err(CommissionError::MonthNotOver(month));
    }
    let now = engine.now();
    let statement = engine.read(move |tx| read_statement(tx, (id, &business), month, (sales, true))).await?;
    let earned = i64::try_from(statement.earned_minor).unwrap_or(i64::MAX);
    // Written down before it is booked: what is cut off is booked by the next run.
    let bookings = engine
        .write(move |tx| {
            let mut bookings = commission::bookings_of(tx, id)?;
            bookings.retain(|booking| booking.month == month);
            let booked: i64 = bookings.iter().map(|booking| booking.earned_minor).sum();
            let number = u32::try_from(bookings.len()).unwrap_or(u32::MAX).saturating_add(1);
            let difference = earned.saturating_sub(booked);
            if difference != 0 || bookings.is_empty() {
                let (float, unit) = (business.float, business.unit);
                let booked_at = (difference == 0).then_some(now);
                let earned_minor = difference;
                let made_at = now;
                let booking =
                    Booking { agent: id, month, number, float, earned_minor, unit, sales, made_at, booked_at };
                commission::insert_booking(tx, &booking)?;
                bookings.push(booking);
            }
            Ok(bookings)
        })
        .await?;
    let mut changed: i64 = 0;
    for booking in bookings.into_iter().filter(|booking| booking.booked_at.is_none()) {
        let amount = amount(booking.earned_minor.unsigned_abs(), booking.unit)?;
        let is_earned = booking.earned_minor > 0;
        let how = if is_earned { CashMove::CommissionEarned(amount) } else { CashMove::CommissionTakenBack(amount) };
        move_money(engine, &business, (&format!("commission {id} {month} {}", booking.number), how)).await?;
        let now = engine.now();
        engine.write(move |tx| commission::mark_booking(tx, &booking, now)).await?;
        changed = changed.saturating_add(booking.earned_minor);
    }
    Ok(changed)
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
        move_money(engine, &business, (&format!("payout {id} {}", payout.number), how)).await?;
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

fn read_statement(
    tx: &mut ReadTx<'_>,
    (agent, business): (AgentId, &Business),
    month: Month,
    (sales, is_over): ((Timestamp, Timestamp), bool),
) -> Result<Statement, DbError> {
    let schemes = commission::schemes_of(tx, agent, month)?;
    let mut counts: Vec<(u64, u64, u64, Earnings<'_>)> =
        schemes.iter().map(|scheme| (0, 0, 0, Earnings::new(&scheme.scheme))).collect();
    commission::for_each_sale(tx, business.float, sales, &mut |sale| {
        let nth = schemes.iter().position(|scheme| scheme.product == sale.product);
        let Some((count, sold, reversed, earnings)) = nth.and_then(|nth| counts.get_mut(nth)) else { return };
        *count = count.saturating_add(1);
        *sold = sold.saturating_add(sale.paid_minor);
        *reversed = reversed.saturating_add(sale.refunded_minor);
        earnings.count(sale.paid_minor.saturating_sub(sale.refunded_minor));
    })?;
    let mut lines = Vec::with_capacity(schemes.len());
    for (scheme, (sales, sold_minor, reversed_minor, earnings)) in schemes.iter().zip(&counts) {
        let product = product(tx, scheme.product)?;
        lines.push(StatementLine {
            product,
            scheme: scheme.scheme.clone(),
            sales: *sales,
            sold_minor: *sold_minor,
            reversed_minor: *reversed_minor,
            earned_minor: earnings.earned_minor(),
        });
    }
    let earned_minor = lines.iter().fold(0_u64, |sum, line| sum.saturating_add(line.earned_minor));
    let bookings = commission::bookings_of(tx, agent)?;
    let mut booked = bookings.iter().filter(|booking| booking.month == month).peekable();
    let booked_minor = booked.peek().is_some().then(|| booked.map(|booking| booking.earned_minor).sum());
    Ok(Statement { month, unit: business.unit, lines, earned_minor, booked_minor, is_over })
}

fn product(tx: &mut ReadTx<'_>, id: ProductId) -> Result<Product, DbError> {
    ringup_db::product::find_product(tx, id)?.ok_or_else(|| DbError::Damaged(format!("product {} is missing", id.0)))
}

fn read_account(tx: &mut ReadTx<'_>, id: AgentId) -> Result<Account, DbError> {
    let booked_minor = commission::bookings_of(tx, id)?.iter().map(|booking| booking.earned_minor).sum();
    let paid_minor = commission::payouts_of(tx, id)?.iter().map(|payout| payout.amount.minor()).sum();
    Ok(Account { booked_minor, paid_minor })
}

/// The key is made of what it is about: done twice, it is done once.
async fn move_money(engine: &Engine, business: &Business, (what, how): (&str, CashMove)) -> Result<(), SubmitError> {
    let key = IdempotencyKey::of_our_own(what).used_for("move_cash", &format!("{how:?}"));
    match engine.submit(Command::MoveCash(MoveCash { key, purse: business.float, how })).await? {
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
