use super::{Moment, Outcome, Refusal};
use crate::books::Books;
use crate::id::GrantId;
use crate::ledger::{Cause, Chain, recipes};

/// A bonus whose date may have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LapseGrant {
    /// Which.
    pub grant: GrantId,
}

/// Ends a bonus whose date has come; what is left of it is the issuer's again.
pub(super) fn lapse_grant(books: &mut Books, command: LapseGrant, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut grant = *books.grant(command.grant).ok_or(Refusal::GrantUnknown)?;
    if grant.lapsed_at.is_some() {
        return Ok(Outcome::NothingToDo);
    }
    // A clock that went back since the job was taken: the date has still to come.
    if at.now < grant.expires_at {
        return Ok(Outcome::NotDue { until: grant.expires_at });
    }
    let left = books.bonus_left(&grant);
    if !left.is_zero() {
        let entry = recipes::bonus_lapsed(grant.id, left)?;
        books.post(&entry, Chain::Card(grant.card), Cause::Grant(grant.id), grant.expires_at, at)?;
    }
    grant.lapsed_at = Some(at.now);
    books.put_grant(grant);
    Ok(Outcome::GrantLapsed)
}
