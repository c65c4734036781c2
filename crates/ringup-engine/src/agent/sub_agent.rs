//! Who is above an agent: the office says so, from a month on that has not been booked.

use ringup_core::commission::Month;
use ringup_core::id::AgentId;
use ringup_core::sub_agent::{Link, LinkError, Links, Parent};
use ringup_db::error::DbError;
use ringup_db::seam::WriteTx;
use ringup_db::{commission, sub_agent};

use super::find;
use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// Why an agent did not get a parent, or kept his.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubAgentError {
    /// There is no such agent with a float.
    #[error("there is no such agent with a float")]
    AgentUnknown,
    /// There is no such parent with a float.
    #[error("there is no such parent with a float")]
    ParentUnknown,
    /// The two floats are not in one currency.
    #[error("the floats of the two are in two currencies")]
    UnitsDiffer,
    /// A month that begins no earlier has been booked, for him or for one below him.
    #[error("{0} has been booked already: a parent is for months that have not")]
    MonthBooked(Month),
    /// He has no parent from that month on.
    #[error("the agent has no parent from {0} on")]
    NoParent(Month),
    /// There would be a circle, a fourth level, or too many below one.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for SubAgentError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// Says who is above an agent from a month on, and what goes up to him, in place of whatever was agreed on from that month on.
///
/// # Errors
/// [`SubAgentError`], in its order.
pub async fn set_parent(engine: &Engine, id: AgentId, parent: Parent, from: Month) -> Result<(), SubAgentError> {
    let business = find(engine, id).await?.and_then(|agent| agent.business).ok_or(SubAgentError::AgentUnknown)?;
    let above = find(engine, parent.agent).await?.and_then(|agent| agent.business);
    let above = above.ok_or(SubAgentError::ParentUnknown)?;
    if business.unit != above.unit {
        return Err(SubAgentError::UnitsDiffer);
    }
    put(engine, Link { agent: id, from, parent: Some(parent) }).await
}

/// Ends that an agent has a parent: from a month on nothing of what he earns goes up.
///
/// # Errors
/// [`SubAgentError::AgentUnknown`], [`SubAgentError::MonthBooked`], [`SubAgentError::NoParent`], [`SubAgentError::Submit`].
pub async fn end_parent(engine: &Engine, id: AgentId, from: Month) -> Result<(), SubAgentError> {
    find(engine, id).await?.ok_or(SubAgentError::AgentUnknown)?;
    put(engine, Link { agent: id, from, parent: None }).await
}

/// What was agreed on about who is above an agent, the oldest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn parents(engine: &Engine, id: AgentId) -> Result<Vec<Link>, Unavailable> {
    engine.read(move |tx| sub_agent::links_of(tx, id)).await
}

async fn put(engine: &Engine, link: Link) -> Result<(), SubAgentError> {
    engine.write(move |tx| write_down(tx, link)).await?
}

fn write_down(tx: &mut WriteTx<'_>, link: Link) -> Result<Result<(), SubAgentError>, DbError> {
    commission::take_turn(tx)?;
    // Whatever was booked for somebody below him has a part of his own in it, if only one of nothing.
    let last = commission::bookings_of(tx, link.agent)?.into_iter().map(|booking| booking.month).max();
    if let Some(month) = last.filter(|last| link.from <= *last) {
        return Ok(Err(SubAgentError::MonthBooked(month)));
    }
    let mut links: Links = sub_agent::links(tx)?;
    if link.parent.is_none() && !links.has_parent_from(link.agent, link.from) {
        return Ok(Err(SubAgentError::NoParent(link.from)));
    }
    if let Err(error) = links.put(link) {
        return Ok(Err(error.into()));
    }
    sub_agent::put_link(tx, &link)?;
    Ok(Ok(()))
}
