//! Commission: schemes, what was booked for each month, and what was paid.

use ringup_core::commission::{Counted, Month, Scheme, Tier};
use ringup_core::id::{AgentId, PurseId};
use ringup_core::money::{Amount, BasisPoints, Unit};
use ringup_core::product::ProductId;
use ringup_core::time::Timestamp;

use crate::card::read_u32;
use crate::column::{self, coded, needed};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static TIER: Table = Table::new(
    "commission_tier",
    &[int("agent_id"), int("product_id"), int("from_month"), int("from_minor")],
    &[int("counted"), int("rate_bp")],
    &[],
);
static BOOKING: Table = Table::new(
    "commission_booking",
    &[int("agent_id"), int("month"), int("number")],
    &[
        int("seller_id"),
        int("float_id"),
        int("earned_minor"),
        text("unit"),
        int("sales_from"),
        int("sales_until"),
        int("made_at"),
    ],
    &[int("booked_at")],
);
static PAYOUT: Table = Table::new(
    "commission_payout",
    &[int("agent_id"), int("number")],
    &[int("float_id"), int("amount_minor"), text("unit"), text("paid_to"), int("made_at")],
    &[int("booked_at")],
);

static TIERS_OF_AGENT: Lookup =
    Lookup::new(&TIER, &[int("agent_id")], "and from_month <= $2", "order by product_id, from_month desc, from_minor");
static BOOKINGS_OF_AGENT: Lookup = Lookup::new(&BOOKING, &[int("agent_id")], "", "order by month, number");
static BOOKINGS_OF_SELLER: Lookup =
    Lookup::new(&BOOKING, &[int("seller_id"), int("month")], "", "order by agent_id, number");
pub(crate) static BOOKINGS: Lookup = Lookup::new(&BOOKING, &[], "true", "order by seller_id, month, agent_id, number");
static PAYOUTS_OF_AGENT: Lookup = Lookup::new(&PAYOUT, &[int("agent_id")], "", "order by number");

/// What an agent earns by one product in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductScheme {
    /// The product.
    pub product: ProductId,
    /// Since which month.
    pub from: Month,
    /// What is earned.
    pub scheme: Scheme,
}

/// What was booked for a month: an agent's part of what a seller's sales earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Whose part.
    pub agent: AgentId,
    /// The month.
    pub month: Month,
    /// Its number in that month, from 1 on.
    pub number: u32,
    /// Who sold: the agent himself, or one below him.
    pub seller: AgentId,
    /// The agent's float.
    pub float: PurseId,
    /// What was earned, in minor units; below zero for what was taken back.
    pub earned_minor: i64,
    /// Of which unit.
    pub unit: Unit,
    /// When the month began and ended on the seller's own clock.
    pub sales: (Timestamp, Timestamp),
    /// When it was written down.
    pub made_at: Timestamp,
    /// When it was in the journal.
    pub booked_at: Option<Timestamp>,
}

/// What an agent was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Who.
    pub agent: AgentId,
    /// Its number, from 1 on.
    pub number: u32,
    /// The agent's float.
    pub float: PurseId,
    /// How much.
    pub amount: Amount,
    /// Where to.
    pub paid_to: PaidTo,
    /// When it was written down.
    pub made_at: Timestamp,
    /// When it was in the journal.
    pub booked_at: Option<Timestamp>,
}

/// Where commission is paid to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidTo {
    /// The agent's account at a bank.
    Bank,
    /// His float.
    Float,
}

impl PaidTo {
    /// Its name in a column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Float => "float",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "bank" => Some(Self::Bank),
            "float" => Some(Self::Float),
            _ => None,
        }
    }
}

/// The schemes of an agent that hold in a month.
///
/// # Errors
/// What the database says.
pub fn schemes_of(tx: &mut impl Read, agent: AgentId, month: Month) -> Result<Vec<ProductScheme>, DbError> {
    let mut found: Vec<(ProductId, Month, Counted, Vec<Tier>)> = Vec::new();
    for (product, from, counted, tier) in
        TIERS_OF_AGENT.find(tx, &[agent.as_u64().into(), month.number().into()], read_tier)?
    {
        match found.last_mut() {
            Some(last) if last.0 == product && last.1 == from => last.3.push(tier),
            // An older scheme of the same product.
            Some(last) if last.0 == product => {}
            Some(_) | None => found.push((product, from, counted, vec![tier])),
        }
    }
    let scheme = |(product, from, counted, tiers)| {
        let scheme = Scheme::new(counted, tiers).map_err(|error| DbError::Damaged(error.to_string()))?;
        Ok(ProductScheme { product, from, scheme })
    };
    found.into_iter().map(scheme).collect()
}

/// Writes down what an agent earns by a product from a month on, in place of what was written for the same month.
///
/// # Errors
/// What the database says.
pub fn put_scheme(tx: &mut WriteTx<'_>, agent: AgentId, scheme: &ProductScheme) -> Result<(), DbError> {
    let key: [Value<'_>; 3] = [agent.as_u64().into(), scheme.product.0.into(), scheme.from.number().into()];
    let sql = "delete from commission_tier where agent_id = $1 and product_id = $2 and from_month = $3";
    tx.execute(sql, &key)?;
    let mut values: Vec<Value<'_>> = Vec::new();
    for tier in scheme.scheme.tiers() {
        values.extend(key.clone());
        values.extend([tier.from_minor.into(), scheme.scheme.counted().code().into(), tier.rate.0.into()]);
    }
    TIER.insert_all(tx, values)
}

/// Everything that was booked for an agent, in the order of the months.
///
/// # Errors
/// What the database says.
pub fn bookings_of(tx: &mut impl Read, agent: AgentId) -> Result<Vec<Booking>, DbError> {
    BOOKINGS_OF_AGENT.find(tx, &[agent.as_u64().into()], read_booking)
}

/// Everything that was booked for a seller's sales of a month, whoever earned it.
///
/// # Errors
/// What the database says.
pub fn bookings_of_seller(tx: &mut impl Read, seller: AgentId, month: Month) -> Result<Vec<Booking>, DbError> {
    BOOKINGS_OF_SELLER.find(tx, &[seller.as_u64().into(), month.number().into()], read_booking)
}

/// Waits until nobody else books a month or changes what months are booked by, and keeps others waiting until the transaction ends.
///
/// # Errors
/// What the database says.
pub fn take_turn(tx: &mut WriteTx<'_>) -> Result<(), DbError> {
    tx.execute_exactly("update commission_turn set turn = turn + 1 where id = $1", &[1_u64.into()], 1)
}

/// Writes down what is to be booked.
///
/// # Errors
/// [`DbError::Conflict`] when there is one with this number: somebody else did.
pub fn insert_booking(tx: &mut WriteTx<'_>, booking: &Booking) -> Result<(), DbError> {
    let (sales_from, sales_until) = booking.sales;
    let values: Vec<Value<'_>> = vec![
        booking.agent.as_u64().into(),
        booking.month.number().into(),
        booking.number.into(),
        booking.seller.as_u64().into(),
        booking.float.as_u64().into(),
        booking.earned_minor.into(),
        booking.unit.code().into(),
        sales_from.into(),
        sales_until.into(),
        booking.made_at.into(),
        booking.booked_at.into(),
    ];
    BOOKING.insert_all(tx, values)
}

/// It is in the journal.
///
/// # Errors
/// What the database says.
pub fn mark_booking(tx: &mut WriteTx<'_>, booking: &Booking, now: Timestamp) -> Result<(), DbError> {
    let sql = "update commission_booking set booked_at = $4
        where agent_id = $1 and month = $2 and number = $3 and booked_at is null";
    let key = [booking.agent.as_u64().into(), booking.month.number().into(), booking.number.into(), now.into()];
    tx.execute(sql, &key).map(drop)
}

/// Everything that an agent was paid, the oldest first.
///
/// # Errors
/// What the database says.
pub fn payouts_of(tx: &mut impl Read, agent: AgentId) -> Result<Vec<Payout>, DbError> {
    PAYOUTS_OF_AGENT.find(tx, &[agent.as_u64().into()], read_payout)
}

/// Writes down what is to be paid.
///
/// # Errors
/// [`DbError::Conflict`] when there is one with this number: somebody else did.
pub fn insert_payout(tx: &mut WriteTx<'_>, payout: &Payout) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        payout.agent.as_u64().into(),
        payout.number.into(),
        payout.float.as_u64().into(),
        payout.amount.minor().into(),
        payout.amount.unit().code().into(),
        payout.paid_to.name().into(),
        payout.made_at.into(),
        payout.booked_at.into(),
    ];
    PAYOUT.insert_all(tx, values)
}

/// It is in the journal.
///
/// # Errors
/// What the database says.
pub fn mark_payout(tx: &mut WriteTx<'_>, payout: &Payout, now: Timestamp) -> Result<(), DbError> {
    let sql = "update commission_payout set booked_at = $3 where agent_id = $1 and number = $2 and booked_at is null";
    tx.execute(sql, &[payout.agent.as_u64().into(), payout.number.into(), now.into()]).map(drop)
}

/// A sale, as far as commission is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommissionedSale {
    /// Of which product.
    pub product: ProductId,
    /// What was paid for it, in minor units.
    pub paid_minor: u64,
    /// What was given back of that.
    pub refunded_minor: u64,
}

/// Hands every sale of a float in a span of time to `each`.
///
/// # Errors
/// What the database says.
pub fn for_each_sale(
    tx: &mut impl Read,
    float: PurseId,
    (from, until): (Timestamp, Timestamp),
    each: &mut dyn FnMut(CommissionedSale),
) -> Result<(), DbError> {
    let sql = "select product_id, pay_minor, refunded_minor from top_up
        where sold_by = $1 and placed_at >= $2 and placed_at < $3 and paid_by is not null";
    tx.each(sql, &[float.as_u64().into(), from.into(), until.into()], &mut |row| {
        let fields = &mut row.fields();
        let product = ProductId(read_u32(fields)?);
        each(CommissionedSale { product, paid_minor: fields.count()?, refunded_minor: fields.count()? });
        Ok(())
    })
}

fn read_tier(fields: &mut Fields<'_>) -> Result<(ProductId, Month, Counted, Tier), DbError> {
    fields.int()?; // whose
    let product = ProductId(read_u32(fields)?);
    let from = read_month(fields)?;
    let from_minor = fields.count()?;
    let counted = coded(fields, Counted::from_code)?;
    Ok((product, from, counted, Tier { from_minor, rate: BasisPoints(read_u32(fields)?) }))
}

fn read_month(fields: &mut Fields<'_>) -> Result<Month, DbError> {
    needed(Month::from_number(read_u32(fields)?), "a month")
}

pub(crate) fn read_booking(fields: &mut Fields<'_>) -> Result<Booking, DbError> {
    Ok(Booking {
        agent: AgentId::from_u64(fields.bits()?),
        month: read_month(fields)?,
        number: read_u32(fields)?,
        seller: AgentId::from_u64(fields.bits()?),
        float: PurseId::from_u64(fields.bits()?),
        earned_minor: fields.int()?,
        unit: column::unit(fields)?,
        sales: (fields.time()?, fields.time()?),
        made_at: fields.time()?,
        booked_at: fields.opt_time()?,
    })
}

fn read_payout(fields: &mut Fields<'_>) -> Result<Payout, DbError> {
    Ok(Payout {
        agent: AgentId::from_u64(fields.bits()?),
        number: read_u32(fields)?,
        float: PurseId::from_u64(fields.bits()?),
        amount: column::amount_and_unit(fields)?,
        paid_to: needed(PaidTo::from_name(fields.text()?), "where commission is paid to")?,
        made_at: fields.time()?,
        booked_at: fields.opt_time()?,
    })
}
