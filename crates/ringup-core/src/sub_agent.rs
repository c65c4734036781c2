//! Sub-agents: an agent may have a parent, who gets a share of what his sales earn.
//!
//! What the seller's own scheme says is the whole, and the issuer pays no more. Shares come out of it on its way up, so no tree of agents
//! costs more than a single agent does. A parent is agreed on for whole months: a month has one.

use std::collections::{BTreeMap, BTreeSet};

use crate::commission::Month;
use crate::id::AgentId;
use crate::money::BasisPoints;

/// So many levels there are at most: main agent, sub-agent, and his sub-agent.
pub const LEVELS_MAX: usize = 3;

/// So many agents are below one at most: a statement counts the sales of them all.
pub const BELOW_MAX: usize = 100;

/// Who is above an agent, and what goes up to him.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The agent above.
    pub agent: AgentId,
    /// Which part of what the agent below gets.
    pub share: BasisPoints,
}

/// Who is above an agent from a month on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The agent.
    pub agent: AgentId,
    /// The first month that it holds for.
    pub from: Month,
    /// His parent; nothing when he has none from then on.
    pub parent: Option<Parent>,
}

/// What reaches each level of what a seller's sales earned: the whole reaches himself, then the share of it that goes up reaches his
/// parent, and of that a share the parent's own. Rounded down on the way up: whoever is below keeps what cannot be divided.
#[must_use]
pub fn rise(whole: u64, shares: &[BasisPoints]) -> Vec<u64> {
    let mut reached = vec![whole];
    let mut rest = whole;
    for share in shares {
        rest = share_of(rest, *share);
        reached.push(rest);
    }
    reached
}

/// What each level keeps, the seller first: the parts add up to the whole.
#[must_use]
pub fn divide(whole: u64, shares: &[BasisPoints]) -> Vec<u64> {
    let reached = rise(whole, shares);
    let passed_on = reached.iter().skip(1).copied().chain([0]);
    reached.iter().zip(passed_on).map(|(reached, passed_on)| reached.saturating_sub(passed_on)).collect()
}

fn share_of(minor: u64, share: BasisPoints) -> u64 {
    let rate = u128::from(share.0.min(BasisPoints::WHOLE.0));
    let part = u128::from(minor).saturating_mul(rate).checked_div(u128::from(BasisPoints::WHOLE.0));
    part.and_then(|part| u64::try_from(part).ok()).unwrap_or(0)
}

/// Why an agent cannot be below another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// More than the whole.
    #[error("a share is 100 % at most")]
    Share,
    /// He would be above himself.
    #[error("an agent cannot be above himself")]
    Circle,
    /// There would be a fourth level.
    #[error("there are {LEVELS_MAX} levels at most")]
    TooDeep,
    /// There would be too many below one.
    #[error("an agent has {BELOW_MAX} others below him at most")]
    TooMany,
}

/// Who is above whom, in every month.
#[derive(Clone, Debug, Default)]
pub struct Links(BTreeMap<AgentId, BTreeMap<Month, Option<Parent>>>);

impl Links {
    /// What has been written down.
    #[must_use]
    pub fn new(links: impl IntoIterator<Item = Link>) -> Self {
        let mut all = Self::default();
        for link in links {
            all.0.entry(link.agent).or_default().insert(link.from, link.parent);
        }
        all
    }

    /// Who is above an agent in a month.
    #[must_use]
    pub fn parent(&self, agent: AgentId, month: Month) -> Option<Parent> {
        self.0.get(&agent)?.range(..=month).next_back().and_then(|(_, parent)| *parent)
    }

    /// Who is above an agent in a month, the nearest first. Ends where there would be a level too many.
    #[must_use]
    pub fn above(&self, agent: AgentId, month: Month) -> Vec<Parent> {
        let mut above: Vec<Parent> = Vec::new();
        let mut next = self.parent(agent, month);
        while let Some(parent) = next.filter(|_| above.len() < LEVELS_MAX) {
            above.push(parent);
            next = self.parent(parent.agent, month);
        }
        above
    }

    /// Whether an agent has a parent in a month, or in one after it.
    #[must_use]
    pub fn has_parent_from(&self, agent: AgentId, month: Month) -> bool {
        let later = self.0.get(&agent).is_some_and(|links| links.range(month..).any(|(_, parent)| parent.is_some()));
        later || self.parent(agent, month).is_some()
    }

    /// Puts a link in place of everything that was written for its agent from its month on.
    ///
    /// # Errors
    /// [`LinkError`], in its order, of the first month in which it would not hold; nothing is put then.
    pub fn put(&mut self, link: Link) -> Result<(), LinkError> {
        if link.parent.is_some_and(|parent| parent.share > BasisPoints::WHOLE) {
            return Err(LinkError::Share);
        }
        let mut changed = self.clone();
        let of_agent = changed.0.entry(link.agent).or_default();
        of_agent.retain(|from, _| *from < link.from);
        of_agent.insert(link.from, link.parent);
        // What others have agreed on for later months meets this link, too.
        let later = changed.0.values().flat_map(BTreeMap::keys).filter(|from| **from > link.from);
        let months: BTreeSet<Month> = later.copied().chain([link.from]).collect();
        months.into_iter().try_for_each(|month| changed.check(link.agent, month))?;
        *self = changed;
        Ok(())
    }

    fn check(&self, agent: AgentId, month: Month) -> Result<(), LinkError> {
        let above = self.above(agent, month);
        if above.iter().any(|parent| parent.agent == agent) {
            return Err(LinkError::Circle);
        }
        let mut levels_below = 0;
        let mut below: BTreeMap<AgentId, usize> = BTreeMap::new();
        for other in self.0.keys() {
            for (number, parent) in (1_usize..).zip(self.above(*other, month)) {
                let count = below.entry(parent.agent).or_default();
                *count = count.saturating_add(1);
                if parent.agent == agent {
                    levels_below = number.max(levels_below);
                }
            }
        }
        if above.len().saturating_add(1).saturating_add(levels_below) > LEVELS_MAX {
            return Err(LinkError::TooDeep);
        }
        let too_many = |parent: &Parent| below.get(&parent.agent).is_some_and(|count| *count > BELOW_MAX);
        if above.iter().any(too_many) { Err(LinkError::TooMany) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
