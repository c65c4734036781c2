//! A month that is over, booked: what a seller's sales earned, divided between him and those above him.

use ringup_core::apply::CashMove;
use ringup_core::commission::Month;
use ringup_core::id::{AgentId, PurseId};
use ringup_core::money::BasisPoints;
use ringup_core::sub_agent::divide;
use ringup_core::time::Timestamp;
use ringup_db::agent::find_agent;
use ringup_db::commission::{self, Booking};
use ringup_db::error::DbError;
use ringup_db::seam::WriteTx;
use ringup_db::sub_agent;

use super::statement::{OwnSales, read_own};
use super::{CommissionError, amount, approved, bounds, move_money};
use crate::Engine;

/// What is to be booked, and by when it was counted.
struct Counted {
    seller: AgentId,
    month: Month,
    bounds: (Timestamp, Timestamp),
    own: OwnSales,
    now: Timestamp,
}

/// Books what an agent's sales earned in a month that is over, or what has changed since by reversals: his part for him, and theirs for
/// those above him. Answers how much all of it was, below zero for what is taken back. Done again, nothing more is booked.
///
/// # Errors
/// [`CommissionError::AgentUnknown`], [`CommissionError::MonthNotOver`], [`CommissionError::SchemeChanged`],
/// [`CommissionError::Submit`].
pub async fn book_month(engine: &Engine, id: AgentId, month: Month) -> Result<i64, CommissionError> {
    let (agent, business) = approved(engine, id).await?;
    let bounds = bounds(&agent, month).ok_or(CommissionError::MonthNotOver(month))?;
    let now = engine.now();
    if now < bounds.1 {
        return Err(CommissionError::MonthNotOver(month));
    }
    let own = engine.read(move |tx| read_own(tx, (id, &business), month, bounds)).await?;
    let counted = Counted { seller: id, month, bounds, own, now };
    // Written down before it is booked: what is cut off is booked by the next run.
    let bookings = engine.write(move |tx| write_down(tx, &counted)).await?;
    let bookings = bookings.ok_or(CommissionError::SchemeChanged(month))?;
    let mut changed: i64 = 0;
    for booking in bookings.into_iter().filter(|booking| booking.booked_at.is_none()) {
        let amount = amount(booking.earned_minor.unsigned_abs(), booking.unit)?;
        let is_earned = booking.earned_minor > 0;
        let how = if is_earned { CashMove::CommissionEarned(amount) } else { CashMove::CommissionTakenBack(amount) };
        let what = format!("commission {} {month} {}", booking.agent, booking.number);
        move_money(engine, booking.float, (&what, how)).await?;
        let now = engine.now();
        engine.write(move |tx| commission::mark_booking(tx, &booking, now)).await?;
        changed = changed.saturating_add(booking.earned_minor);
    }
    Ok(changed)
}

/// Writes down each part that differs from what was booked; the first time also a part of nothing, so that a month that was booked is
/// known for each who is concerned. Answers everything of the month; nothing when it was counted by a scheme that no longer holds.
fn write_down(tx: &mut WriteTx<'_>, counted: &Counted) -> Result<Option<Vec<Booking>>, DbError> {
    let (seller, month) = (counted.seller, counted.month);
    commission::take_turn(tx)?;
    if commission::schemes_of(tx, seller, month)? != counted.own.schemes {
        return Ok(None);
    }
    let above = sub_agent::parents_above(tx, seller, month)?;
    let shares: Vec<BasisPoints> = above.iter().map(|parent| parent.share).collect();
    let earners = std::iter::once(seller).chain(above.iter().map(|parent| parent.agent));
    let before = commission::bookings_of_seller(tx, seller, month)?;
    let mut bookings = before.clone();
    for (agent, part) in earners.zip(divide(counted.own.earned_minor, &shares)) {
        let of_agent = before.iter().filter(|booking| booking.agent == agent);
        let booked = of_agent.fold(0_i64, |sum, booking| sum.saturating_add(booking.earned_minor));
        let earned_minor = i64::try_from(part).unwrap_or(i64::MAX).saturating_sub(booked);
        if earned_minor != 0 || before.is_empty() {
            let booking = write_part(tx, counted, (agent, earned_minor))?;
            bookings.push(booking);
        }
    }
    Ok(Some(bookings))
}

fn write_part(
    tx: &mut WriteTx<'_>,
    counted: &Counted,
    (agent, earned_minor): (AgentId, i64),
) -> Result<Booking, DbError> {
    let float: PurseId = match find_agent(tx, agent)?.and_then(|agent| agent.business) {
        Some(business) => business.float,
        None => return Err(DbError::Damaged(format!("{agent} earns commission and has no float"))),
    };
    let of_month = commission::bookings_of(tx, agent)?.into_iter().filter(|booking| booking.month == counted.month);
    let booking = Booking {
        agent,
        month: counted.month,
        number: u32::try_from(of_month.count()).unwrap_or(u32::MAX).saturating_add(1),
        seller: counted.seller,
        float,
        earned_minor,
        unit: counted.own.unit,
        sales: counted.bounds,
        made_at: counted.now,
        // There is nothing to be booked of nothing.
        booked_at: (earned_minor == 0).then_some(counted.now),
    };
    commission::insert_booking(tx, &booking)?;
    Ok(booking)
}
