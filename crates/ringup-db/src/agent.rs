//! Agents: companies that sell top-ups from float under a licence, or want to.

use ringup_core::id::{AgentId, PlaceId, PurseId};
use ringup_core::money::{Amount, Unit};
use ringup_core::place::LocalDate;
use ringup_core::time::Timestamp;

use crate::column::{self, needed};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, Value, WriteTx};

static AGENT: Table = Table::new(
    "agent",
    &[int("id")],
    &[text("company"), text("registration"), text("contact"), text("time_zone"), int("applied_at")],
    &[
        text("state"),
        int("state_at"),
        text("licence_number"),
        text("licence_issuer"),
        int("licence_last_day"),
        int("licence_ends_at"),
        int("place_id"),
        int("float_id"),
        text("unit"),
        int("alert_below_minor"),
        int("approved_at"),
    ],
);

static AGENT_BY_ID: Lookup = Lookup::new(&AGENT, &[int("id")], "", "");
static AGENT_BY_PLACE: Lookup = Lookup::new(&AGENT, &[int("place_id")], "", "");
static AGENTS: Lookup = Lookup::new(&AGENT, &[], "id > $1", "order by id limit $2");

/// What the office has decided about an agent. Whether his licence still holds is a matter of the clock, not of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentState {
    /// Nothing yet.
    Applied,
    /// He may sell while his licence holds.
    Approved,
    /// He may not sell until further notice.
    Suspended,
}

impl AgentState {
    /// Its name in a column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Approved => "approved",
            Self::Suspended => "suspended",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "applied" => Some(Self::Applied),
            "approved" => Some(Self::Approved),
            "suspended" => Some(Self::Suspended),
            _ => None,
        }
    }
}

/// The licence that an agent sells under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Its number.
    pub number: String,
    /// Who gave it.
    pub issuer: String,
    /// Its last day.
    pub last_day: LocalDate,
    /// When that day ends on the agent's own clock.
    pub ends_at: Timestamp,
}

/// What an agent has since he was approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Business {
    /// Where he sells.
    pub place: PlaceId,
    /// The purse that is his float.
    pub float: PurseId,
    /// What it is counted in.
    pub unit: Unit,
    /// Below what it is low; nothing when he is not told.
    pub alert_below: Option<Amount>,
    /// Since when.
    pub approved_at: Timestamp,
}

/// A company that sells top-ups, or wants to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// What the office has decided.
    pub state: AgentState,
    /// When.
    pub state_at: Timestamp,
    /// The company's name.
    pub company: String,
    /// Its number in the register of companies.
    pub registration: String,
    /// Who applied and how to reach him, sealed.
    pub contact: String,
    /// The licence.
    pub licence: Licence,
    /// The zone of the agent's clock.
    pub time_zone: String,
    /// When he applied.
    pub applied_at: Timestamp,
    /// What he has since he was approved.
    pub business: Option<Business>,
}

/// An agent.
///
/// # Errors
/// What the database says.
pub fn find_agent(tx: &mut impl Read, id: AgentId) -> Result<Option<Agent>, DbError> {
    AGENT_BY_ID.find_one(tx, &[id.as_u64().into()], read_agent)
}

/// The agent who sells at a place.
///
/// # Errors
/// What the database says.
pub fn find_agent_at(tx: &mut impl Read, place: PlaceId) -> Result<Option<Agent>, DbError> {
    AGENT_BY_PLACE.find_one(tx, &[place.as_u64().into()], read_agent)
}

/// Agents after this one, in the order in which they applied, `limit` at most.
///
/// # Errors
/// What the database says.
pub fn agents(tx: &mut impl Read, after: Option<AgentId>, limit: u32) -> Result<Vec<Agent>, DbError> {
    AGENTS.find(tx, &[after.map_or(0, AgentId::as_u64).into(), limit.into()], read_agent)
}

/// How many applications wait for the office.
///
/// # Errors
/// What the database says.
pub fn count_applications(tx: &mut impl Read) -> Result<u64, DbError> {
    let sql = "select count(*) from agent where state = 'applied'";
    Ok(tx.query_first(sql, &[], |fields| fields.count())?.unwrap_or(0))
}

/// Writes down an application.
///
/// # Errors
/// What the database says.
pub fn insert_agent(tx: &mut WriteTx<'_>, agent: &Agent) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> = vec![
        agent.id.as_u64().into(),
        agent.company.as_str().into(),
        agent.registration.as_str().into(),
        agent.contact.as_str().into(),
        agent.time_zone.as_str().into(),
        agent.applied_at.into(),
    ];
    values.extend(changing(agent));
    AGENT.insert_all(tx, values)
}

/// Writes down what the office has decided, a licence that was renewed, or below what the float is low. `was` is the agent as he
/// was read.
///
/// # Errors
/// [`DbError::Conflict`] when somebody else decided meanwhile; [`DbError::Broken`] when another agent sells at the place.
pub fn update_agent(tx: &mut WriteTx<'_>, was: &Agent, agent: &Agent) -> Result<(), DbError> {
    let sql = "update agent set
            state = $2,
            state_at = $3,
            licence_number = $4,
            licence_issuer = $5,
            licence_last_day = $6,
            licence_ends_at = $7,
            place_id = $8,
            float_id = $9,
            unit = $10,
            alert_below_minor = $11,
            approved_at = $12
        where id = $1 and state = $13 and state_at = $14";
    let mut values: Vec<Value<'_>> = vec![agent.id.as_u64().into()];
    values.extend(changing(agent));
    values.extend([was.state.name().into(), was.state_at.into()]);
    tx.execute_exactly(sql, &values, 1)
}

fn changing(agent: &Agent) -> [Value<'_>; 11] {
    let (licence, business) = (&agent.licence, agent.business);
    [
        agent.state.name().into(),
        agent.state_at.into(),
        licence.number.as_str().into(),
        licence.issuer.as_str().into(),
        i64::from(licence.last_day.days_since(LocalDate::from_days(0))).into(),
        licence.ends_at.into(),
        business.map(|business| business.place.as_u64()).into(),
        business.map(|business| business.float.as_u64()).into(),
        business.map(|business| business.unit.code()).into(),
        business.and_then(|business| business.alert_below).map(Amount::minor).into(),
        business.map(|business| business.approved_at).into(),
    ]
}

fn read_agent(fields: &mut Fields<'_>) -> Result<Agent, DbError> {
    let id = AgentId::from_u64(fields.bits()?);
    let company = fields.text()?.to_owned();
    let registration = fields.text()?.to_owned();
    let contact = fields.text()?.to_owned();
    let time_zone = fields.text()?.to_owned();
    let applied_at = fields.time()?;
    let state = needed(AgentState::from_name(fields.text()?), "an agent's state")?;
    let state_at = fields.time()?;
    let licence = Licence {
        number: fields.text()?.to_owned(),
        issuer: fields.text()?.to_owned(),
        last_day: LocalDate::from_days(needed(i32::try_from(fields.int()?).ok(), "a licence's last day")?),
        ends_at: fields.time()?,
    };
    let business = read_business(fields)?;
    Ok(Agent { id, state, state_at, company, registration, contact, licence, time_zone, applied_at, business })
}

fn read_business(fields: &mut Fields<'_>) -> Result<Option<Business>, DbError> {
    let (place, float) = (fields.opt_bits()?, fields.opt_bits()?);
    let unit = fields.opt_text()?.map(column::parse_unit).transpose()?;
    let (alert_minor, approved_at) = (fields.opt_bits()?, fields.opt_time()?);
    let (Some(place), Some(float), Some(unit), Some(approved_at)) = (place, float, unit, approved_at) else {
        return Ok(None);
    };
    let alert_below = alert_minor.map(|minor| column::amount(minor, unit)).transpose()?;
    let (place, float) = (PlaceId::from_u64(place), PurseId::from_u64(float));
    Ok(Some(Business { place, float, unit, alert_below, approved_at }))
}
