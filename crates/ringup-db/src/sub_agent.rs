//! Sub-agents: who is above an agent in which month.

use ringup_core::commission::Month;
use ringup_core::id::AgentId;
use ringup_core::money::BasisPoints;
use ringup_core::sub_agent::{LEVELS_MAX, Link, Links, Parent};

use crate::card::read_u32;
use crate::column::needed;
use crate::dialect::{Lookup, Table, int};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static LINK: Table =
    Table::new("sub_agent", &[int("agent_id"), int("from_month")], &[int("parent_id"), int("share_bp")], &[]);

static LINKS: Lookup = Lookup::new(&LINK, &[], "true", "order by agent_id, from_month");
static LINK_OF_MONTH: Lookup =
    Lookup::new(&LINK, &[int("agent_id")], "and from_month <= $2", "order by from_month desc limit 1");
static LINKS_OF_AGENT: Lookup = Lookup::new(&LINK, &[int("agent_id")], "", "order by from_month");
static LINKS_TO_PARENT: Lookup =
    Lookup::new(&LINK, &[int("parent_id")], "and from_month <= $2", "order by agent_id, from_month");

/// Everything that was written down about who is above whom.
///
/// # Errors
/// What the database says.
pub fn links(tx: &mut impl Read) -> Result<Links, DbError> {
    Ok(Links::new(LINKS.find(tx, &[], read_link)?))
}

/// Everything that was written down about who is above an agent, the oldest first.
///
/// # Errors
/// What the database says.
pub fn links_of(tx: &mut impl Read, agent: AgentId) -> Result<Vec<Link>, DbError> {
    LINKS_OF_AGENT.find(tx, &[agent.as_u64().into()], read_link)
}

/// Who is above an agent in a month.
///
/// # Errors
/// What the database says.
pub fn find_parent(tx: &mut impl Read, agent: AgentId, month: Month) -> Result<Option<Parent>, DbError> {
    let link = LINK_OF_MONTH.find_one(tx, &[agent.as_u64().into(), month.number().into()], read_link)?;
    Ok(link.and_then(|link| link.parent))
}

/// Who is above an agent in a month, the nearest first.
///
/// # Errors
/// [`DbError::Damaged`] when there are more levels than may be; what the database says.
pub fn parents_above(tx: &mut impl Read, agent: AgentId, month: Month) -> Result<Vec<Parent>, DbError> {
    let mut above: Vec<Parent> = Vec::new();
    let mut next = find_parent(tx, agent, month)?;
    while let Some(parent) = next {
        above.push(parent);
        if above.len() >= LEVELS_MAX {
            return Err(DbError::Damaged(format!("more than {LEVELS_MAX} levels above {agent} in {month}")));
        }
        next = find_parent(tx, parent.agent, month)?;
    }
    Ok(above)
}

/// Whose parent an agent is in a month, with the share that comes up.
///
/// # Errors
/// What the database says.
pub fn sub_agents(tx: &mut impl Read, parent: AgentId, month: Month) -> Result<Vec<(AgentId, BasisPoints)>, DbError> {
    let mut agents = LINKS_TO_PARENT.find(tx, &[parent.as_u64().into(), month.number().into()], read_link)?;
    agents.dedup_by_key(|link| link.agent);
    let mut found = Vec::with_capacity(agents.len());
    for agent in agents.into_iter().map(|link| link.agent) {
        // What was agreed on later may have ended it.
        let is_of = find_parent(tx, agent, month)?.filter(|of_month| of_month.agent == parent);
        found.extend(is_of.map(|of_month| (agent, of_month.share)));
    }
    Ok(found)
}

/// Writes down who is above an agent from a month on, in place of what was written for it and for later months.
///
/// # Errors
/// What the database says.
pub fn put_link(tx: &mut WriteTx<'_>, link: &Link) -> Result<(), DbError> {
    let key: [Value<'_>; 2] = [link.agent.as_u64().into(), link.from.number().into()];
    tx.execute("delete from sub_agent where agent_id = $1 and from_month >= $2", &key)?;
    let mut values = key.to_vec();
    values.push(link.parent.map(|parent| parent.agent.as_u64()).into());
    values.push(link.parent.map(|parent| u64::from(parent.share.0)).into());
    LINK.insert_all(tx, values)
}

fn read_link(fields: &mut Fields<'_>) -> Result<Link, DbError> {
    let agent = AgentId::from_u64(fields.bits()?);
    let from = needed(Month::from_number(read_u32(fields)?), "a month")?;
    let (parent, share) = (fields.opt_bits()?, fields.opt_bits()?);
    let share = share.map(|share| needed(u32::try_from(share).ok(), "a share")).transpose()?;
    let parent =
        parent.zip(share).map(|(agent, share)| Parent { agent: AgentId::from_u64(agent), share: BasisPoints(share) });
    Ok(Link { agent, from, parent })
}
