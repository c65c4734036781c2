//! What an agent earned in a month: by his own sales, from those below him, less what went up.
//!
//! Of those below him he learns a name, a state and sums, never whom they sold to. Of those further below he learns the sum that came
//! through.

use ringup_core::commission::{Earnings, Month, Scheme};
use ringup_core::id::AgentId;
use ringup_core::money::{BasisPoints, Unit};
use ringup_core::place::PlaceCode;
use ringup_core::product::{Product, ProductId};
use ringup_core::sub_agent::{Parent, rise};
use ringup_core::time::Timestamp;
use ringup_db::agent::{Agent, Business, find_agent};
use ringup_db::commission::{self, ProductScheme};
use ringup_db::error::DbError;
use ringup_db::seam::ReadTx;
use ringup_db::sub_agent;

use super::bounds;
use crate::Engine;
use crate::agent::{Standing, standing};
use crate::error::Unavailable;

/// What an agent earned in a month.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The month.
    pub month: Month,
    /// What his own sales earned.
    pub own: OwnSales,
    /// What came up from each agent below him.
    pub from_below: Vec<FromBelow>,
    /// What went up to his parent, where he has one.
    pub gone_up: Option<GoneUp>,
    /// What he earned, by what has not been reversed until now: his own sales and what came up, less what went up.
    pub earned_minor: u64,
    /// What of it has been booked; nothing before the month of his own sales was.
    pub booked_minor: Option<i64>,
    /// Whether the month is over.
    pub is_over: bool,
}

/// What an agent's own sales earned in a month, before anything goes up.
#[derive(Clone, Debug)]
pub struct OwnSales {
    /// What it is counted in.
    pub unit: Unit,
    /// Each product that he earns by.
    pub lines: Vec<StatementLine>,
    /// What all of them earned.
    pub earned_minor: u64,
    /// How it was counted.
    pub(super) schemes: Vec<ProductScheme>,
}

/// What an agent's sales of one product earned.
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

/// What came up from an agent below.
#[derive(Clone, Debug)]
pub struct FromBelow {
    /// The company's name.
    pub company: String,
    /// The code of his place.
    pub code: Option<PlaceCode>,
    /// How he stands now.
    pub standing: Standing,
    /// Which part of what he gets comes up.
    pub share: BasisPoints,
    /// How many sales he made of what earns.
    pub sales: u64,
    /// What he sold, in minor units.
    pub sold_minor: u64,
    /// What was given back of it.
    pub reversed_minor: u64,
    /// What came up of what his own sales earned.
    pub by_sales_minor: u64,
    /// What came up through him, from those below him.
    pub through_minor: u64,
}

/// What went up to an agent's parent.
#[derive(Clone, Debug)]
pub struct GoneUp {
    /// The parent's company.
    pub company: String,
    /// The code of the parent's place.
    pub code: Option<PlaceCode>,
    /// Which part of what the agent gets goes up.
    pub share: BasisPoints,
    /// How much it was.
    pub minor: u64,
}

/// What an agent earned in a month, as it stands now; nothing for whoever is no agent with a float.
///
/// # Errors
/// [`Unavailable`].
pub async fn statement(engine: &Engine, agent: &Agent, month: Month) -> Result<Option<Statement>, Unavailable> {
    let (agent, now) = (agent.clone(), engine.now());
    engine.read(move |tx| read_statement(tx, &agent, month, now)).await
}

fn read_statement(
    tx: &mut ReadTx<'_>,
    agent: &Agent,
    month: Month,
    now: Timestamp,
) -> Result<Option<Statement>, DbError> {
    let Some((business, bounds)) = agent.business.zip(bounds(agent, month)) else { return Ok(None) };
    let own = read_own(tx, (agent.id, &business), month, bounds)?;
    let parent = sub_agent::find_parent(tx, agent.id, month)?;
    // What reaches the parent is rounded for each seller, as it is booked.
    let goes_up = |shares: &[BasisPoints], whole: u64| {
        let shares: Vec<BasisPoints> = shares.iter().copied().chain(parent.map(|parent| parent.share)).collect();
        if parent.is_some() { rise(whole, &shares).last().copied().unwrap_or(0) } else { 0 }
    };
    let mut gone_up = goes_up(&[], own.earned_minor);
    let mut from_below = Vec::new();
    for (below, share) in sub_agent::sub_agents(tx, agent.id, month)? {
        let whole = read_whole(tx, below, month)?;
        let mut through_minor: u64 = 0;
        for (further, share_of_further) in sub_agent::sub_agents(tx, below, month)? {
            let whole = read_whole(tx, further, month)?.own.earned_minor;
            let shares = [share_of_further, share];
            through_minor = through_minor.saturating_add(rise(whole, &shares).last().copied().unwrap_or(0));
            gone_up = gone_up.saturating_add(goes_up(&shares, whole));
        }
        let earned = whole.own.earned_minor;
        gone_up = gone_up.saturating_add(goes_up(&[share], earned));
        let by_sales_minor = rise(earned, &[share]).last().copied().unwrap_or(0);
        from_below.push(whole.seen_from_above(tx, share, (by_sales_minor, through_minor), now)?);
    }
    let came_up = from_below.iter().map(|one| one.by_sales_minor.saturating_add(one.through_minor));
    let gross = came_up.fold(own.earned_minor, u64::saturating_add);
    let gone_up = parent.map(|parent| read_gone_up(tx, parent, gone_up)).transpose()?;
    let earned_minor = gross.saturating_sub(gone_up.as_ref().map_or(0, |gone_up| gone_up.minor));
    let bookings = commission::bookings_of(tx, agent.id)?.into_iter().filter(|booking| booking.month == month);
    let bookings: Vec<_> = bookings.collect();
    let is_booked = bookings.iter().any(|booking| booking.seller == agent.id);
    let booked_minor = is_booked.then(|| bookings.iter().map(|booking| booking.earned_minor).sum());
    Ok(Some(Statement { month, own, from_below, gone_up, earned_minor, booked_minor, is_over: bounds.1 <= now }))
}

/// An agent below, with what his sales earned.
struct Below {
    agent: Agent,
    business: Business,
    own: OwnSales,
}

impl Below {
    fn seen_from_above(
        self,
        tx: &mut ReadTx<'_>,
        share: BasisPoints,
        (by_sales_minor, through_minor): (u64, u64),
        now: Timestamp,
    ) -> Result<FromBelow, DbError> {
        let sum = |of: fn(&StatementLine) -> u64| self.own.lines.iter().map(of).fold(0, u64::saturating_add);
        Ok(FromBelow {
            code: ringup_db::place::find_place(tx, self.business.place)?.map(|place| place.code),
            standing: standing(&self.agent, now),
            share,
            sales: sum(|line| line.sales),
            sold_minor: sum(|line| line.sold_minor),
            reversed_minor: sum(|line| line.reversed_minor),
            company: self.agent.company,
            by_sales_minor,
            through_minor,
        })
    }
}

fn read_whole(tx: &mut ReadTx<'_>, id: AgentId, month: Month) -> Result<Below, DbError> {
    let agent = find_agent(tx, id)?;
    let found = agent.and_then(|agent| {
        let (business, bounds) = agent.business.zip(bounds(&agent, month))?;
        Some((agent, business, bounds))
    });
    let (agent, business, bounds) =
        found.ok_or_else(|| DbError::Damaged(format!("{id} has a parent and no float, or no clock")))?;
    let own = read_own(tx, (id, &business), month, bounds)?;
    Ok(Below { agent, business, own })
}

fn read_gone_up(tx: &mut ReadTx<'_>, parent: Parent, minor: u64) -> Result<GoneUp, DbError> {
    let agent = find_agent(tx, parent.agent)?;
    let agent = agent.ok_or_else(|| DbError::Damaged(format!("{} is a parent and missing", parent.agent)))?;
    let place = agent.business.map(|business| ringup_db::place::find_place(tx, business.place)).transpose()?;
    let code = place.flatten().map(|place| place.code);
    Ok(GoneUp { company: agent.company, code, share: parent.share, minor })
}

/// What an agent's own sales earned between two moments.
pub(super) fn read_own(
    tx: &mut ReadTx<'_>,
    (agent, business): (AgentId, &Business),
    month: Month,
    bounds: (Timestamp, Timestamp),
) -> Result<OwnSales, DbError> {
    let schemes = commission::schemes_of(tx, agent, month)?;
    let mut counts: Vec<(u64, u64, u64, Earnings<'_>)> =
        schemes.iter().map(|scheme| (0, 0, 0, Earnings::new(&scheme.scheme))).collect();
    commission::for_each_sale(tx, business.float, bounds, &mut |sale| {
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
    drop(counts);
    Ok(OwnSales { unit: business.unit, lines, earned_minor, schemes })
}

fn product(tx: &mut ReadTx<'_>, id: ProductId) -> Result<Product, DbError> {
    ringup_db::product::find_product(tx, id)?.ok_or_else(|| DbError::Damaged(format!("product {} is missing", id.0)))
}
