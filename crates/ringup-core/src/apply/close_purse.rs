use super::{Moment, Outcome, Refusal, Repeated};
use crate::books::Books;
use crate::id::PurseId;
use crate::ledger::{AccountRef, Balance, Cause, Chain, recipes};
use crate::money::Amount;
use crate::purse::{Count, PurseKind, PurseState};

/// A drawer or cash box to be emptied into its safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosePurse {
    /// Which.
    pub purse: PurseId,
    /// What was counted, by somebody who had not been told what to expect.
    pub counted: Amount,
}

/// Empties a drawer or cash box into its safe, and names what was too much or too little. The same count again is the same answer;
/// another count of what has been closed is refused.
pub(super) fn close_purse(books: &mut Books, command: ClosePurse, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut purse = books.purse(command.purse).ok_or(Refusal::PurseUnknown)?.clone();
    let parent = match (purse.kind, purse.parent) {
        (PurseKind::TillSession | PurseKind::CashBox, Some(parent)) => parent,
        (_, _) => return Err(Refusal::PurseUnsuited),
    };
    match purse.state {
        PurseState::Open => {}
        PurseState::Closed(count) if count.counted == command.counted => {
            return Ok(Outcome::PurseClosed { count, repeated: Repeated::Yes });
        }
        PurseState::Closed(_) => return Err(Refusal::PurseClosed),
    }
    if command.counted.unit() != purse.unit {
        return Err(Refusal::PurseUnsuited);
    }
    let expected = purse.holds.map_or(Balance::ZERO, |held| held.balance).available(purse.unit);
    let count = Count { closed_at: at.now, expected, counted: command.counted };
    purse.state = PurseState::Closed(count);
    books.put_purse(purse.clone());
    if !(expected.is_zero() && command.counted.is_zero()) {
        let safe = AccountRef::purse(PurseKind::Safe, parent);
        let entry = recipes::purse_closed(&purse, safe, (expected, command.counted))?;
        books.post(&entry, Chain::Purse(purse.id), Cause::Purse(purse.id), at.now, at)?;
    }
    Ok(Outcome::PurseClosed { count, repeated: Repeated::No })
}
