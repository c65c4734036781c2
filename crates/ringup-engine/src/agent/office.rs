//! What the office decides about agents.

use ringup_core::apply::{Command, OpenPurse, Outcome};
use ringup_core::id::AgentId;
use ringup_core::money::Amount;
use ringup_core::place::{LocalDate, PlaceCode, PlaceKind};
use ringup_core::purse::PurseKind;
use ringup_db::agent::{Agent, AgentState, Business, Licence};

use super::application::is_line;
use super::{end_of_day, find};
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};

/// What an agent is approved with.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The code of the place where he sells: one of the list, of the kind `agent`.
    pub place: PlaceCode,
    /// How far his float may go below zero; its unit is the float's.
    pub credit_limit: Amount,
    /// Below what the float is low.
    pub alert_below: Option<Amount>,
}

/// Why the office could not do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfficeError {
    /// There is no such agent.
    #[error("there is no such agent")]
    AgentUnknown,
    /// He has not been approved yet.
    #[error("the agent has not been approved yet")]
    NotApproved,
    /// He was approved before, with another place.
    #[error("the agent was approved before, for another place")]
    ApprovedBefore,
    /// There is no agent's place with this code.
    #[error("there is no place of the kind agent with this code")]
    PlaceUnknown,
    /// Another agent sells there.
    #[error("another agent sells at this place")]
    PlaceTaken,
    /// The amounts are not in one unit.
    #[error("the credit limit and the alert are in two currencies")]
    UnitsDiffer,
    /// His licence has run out.
    #[error("the licence has run out: renew it first")]
    LicenceExpired,
    /// The licence's number or issuer is missing or too long.
    #[error("the licence needs a number and an issuer")]
    LicenceIncomplete,
    /// The database does not serve, or somebody else decided meanwhile.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for OfficeError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// Approves an agent: he gets a float, and sells at a place. The same again is the same answer.
///
/// # Errors
/// [`OfficeError`], in its order.
pub async fn approve(engine: &Engine, id: AgentId, approval: Approval) -> Result<Agent, OfficeError> {
    let agent = find(engine, id).await?.ok_or(OfficeError::AgentUnknown)?;
    let wanted = approval.place.clone();
    let found = engine.read(move |tx| ringup_db::place::find_place_by_code(tx, &wanted)).await?;
    let place = found.filter(|place| place.kind == PlaceKind::Agent).ok_or(OfficeError::PlaceUnknown)?;
    match agent.business {
        Some(business) if business.place == place.id => return Ok(agent),
        Some(_) => return Err(OfficeError::ApprovedBefore),
        None => {}
    }
    let (now, unit) = (engine.now(), approval.credit_limit.unit());
    if approval.alert_below.is_some_and(|alert| alert.unit() != unit) {
        return Err(OfficeError::UnitsDiffer);
    }
    if now >= agent.licence.ends_at {
        return Err(OfficeError::LicenceExpired);
    }
    let (place, taken) = (place.id, engine.read(move |tx| ringup_db::agent::find_agent_at(tx, place.id)).await?);
    if taken.is_some() {
        return Err(OfficeError::PlaceTaken);
    }
    // The key is the agent's: asked twice, he still has one float.
    let key = IdempotencyKey::of_our_own(&format!("float of {id}")).used_for("open_purse", "float");
    let opening = Amount::zero(unit);
    let open = OpenPurse { key, kind: PurseKind::Float, parent: None, credit_limit: approval.credit_limit, opening };
    let float = match engine.submit(Command::OpenPurse(open)).await? {
        Outcome::PurseOpened { purse, .. } => purse,
        other => return Err(unexpected(&other).into()),
    };
    let business = Business { place, float, unit, alert_below: approval.alert_below, approved_at: now };
    let approved = Agent { state: AgentState::Approved, state_at: now, business: Some(business), ..agent.clone() };
    change(engine, agent, approved).await
}

/// Keeps an agent from selling until further notice.
///
/// # Errors
/// [`OfficeError::AgentUnknown`], [`OfficeError::NotApproved`], [`OfficeError::Submit`].
pub async fn suspend(engine: &Engine, id: AgentId) -> Result<Agent, OfficeError> {
    become_state(engine, id, AgentState::Suspended).await
}

/// Lets a suspended agent sell again.
///
/// # Errors
/// [`OfficeError::AgentUnknown`], [`OfficeError::NotApproved`], [`OfficeError::Submit`].
pub async fn resume(engine: &Engine, id: AgentId) -> Result<Agent, OfficeError> {
    become_state(engine, id, AgentState::Approved).await
}

async fn become_state(engine: &Engine, id: AgentId, state: AgentState) -> Result<Agent, OfficeError> {
    let agent = find_approved(engine, id).await?;
    if agent.state == state {
        return Ok(agent);
    }
    let changed = Agent { state, state_at: engine.now(), ..agent.clone() };
    change(engine, agent, changed).await
}

/// Writes down a new licence, or that the old one holds longer.
///
/// # Errors
/// [`OfficeError::AgentUnknown`], [`OfficeError::LicenceIncomplete`], [`OfficeError::LicenceExpired`],
/// [`OfficeError::Submit`].
pub async fn renew(
    engine: &Engine,
    id: AgentId,
    (number, issuer): (Option<String>, Option<String>),
    last_day: LocalDate,
) -> Result<Agent, OfficeError> {
    let agent = find(engine, id).await?.ok_or(OfficeError::AgentUnknown)?;
    let number = number.unwrap_or_else(|| agent.licence.number.clone()).trim().to_owned();
    let issuer = issuer.unwrap_or_else(|| agent.licence.issuer.clone()).trim().to_owned();
    if !is_line(&number) || !is_line(&issuer) {
        return Err(OfficeError::LicenceIncomplete);
    }
    let ends_at = end_of_day(&agent.time_zone, last_day).ok_or(OfficeError::LicenceIncomplete)?;
    if ends_at <= engine.now() {
        return Err(OfficeError::LicenceExpired);
    }
    let licence = Licence { number, issuer, last_day, ends_at };
    let renewed = Agent { licence, ..agent.clone() };
    change(engine, agent, renewed).await
}

/// Says below what the float is low; nothing for no alert.
///
/// # Errors
/// [`OfficeError::AgentUnknown`], [`OfficeError::NotApproved`], [`OfficeError::UnitsDiffer`], [`OfficeError::Submit`].
pub async fn set_alert(engine: &Engine, id: AgentId, alert_below: Option<Amount>) -> Result<Agent, OfficeError> {
    let agent = find_approved(engine, id).await?;
    let business = agent.business.ok_or(OfficeError::NotApproved)?;
    if alert_below.is_some_and(|alert| alert.unit() != business.unit) {
        return Err(OfficeError::UnitsDiffer);
    }
    let changed = Agent { business: Some(Business { alert_below, ..business }), ..agent.clone() };
    change(engine, agent, changed).await
}

async fn find_approved(engine: &Engine, id: AgentId) -> Result<Agent, OfficeError> {
    let agent = find(engine, id).await?.ok_or(OfficeError::AgentUnknown)?;
    if agent.business.is_some() { Ok(agent) } else { Err(OfficeError::NotApproved) }
}

async fn change(engine: &Engine, was: Agent, now: Agent) -> Result<Agent, OfficeError> {
    let written = now.clone();
    engine.write(move |tx| ringup_db::agent::update_agent(tx, &was, &written)).await?;
    Ok(now)
}
