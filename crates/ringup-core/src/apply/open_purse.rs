use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::id::PurseId;
use crate::ledger::{AccountRef, Cause, Chain, ChainHead, recipes};
use crate::money::Amount;
use crate::purse::{Purse, PurseKind, PurseState};

/// A purse to come into use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPurse {
    /// The caller's key.
    pub key: KeyUse,
    /// What it is.
    pub kind: PurseKind,
    /// The safe that it is filled from and emptied into.
    pub parent: Option<PurseId>,
    /// How far a float may go below zero; zero for everything else. Its unit is the purse's.
    pub credit_limit: Amount,
    /// What is put into it from its safe, as it was counted.
    pub opening: Amount,
}

/// Puts a purse into use, filled from its safe.
pub(super) fn open_purse(books: &mut Books, command: &OpenPurse, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        if used.fingerprint != command.key.fingerprint {
            return Err(Refusal::KeyUsedForSomethingElse);
        }
        return Ok(Outcome::PurseOpened { purse: PurseId::from_u64(used.result), repeated: Repeated::Yes });
    }
    let (kind, unit) = (command.kind, command.credit_limit.unit());
    let safe = match (kind, command.parent) {
        (PurseKind::TillSession | PurseKind::CashBox, Some(parent)) => {
            let safe = books.purse(parent).ok_or(Refusal::PurseUnknown)?;
            let is_open = safe.state == PurseState::Open;
            if safe.kind != PurseKind::Safe || safe.unit != unit || !is_open {
                return Err(Refusal::PurseUnsuited);
            }
            Some(AccountRef::purse(PurseKind::Safe, parent))
        }
        (PurseKind::Safe | PurseKind::Float, None) => None,
        (_, _) => return Err(Refusal::PurseUnsuited),
    };
    let has_credit = kind != PurseKind::Float && !command.credit_limit.is_zero();
    if has_credit || command.opening.unit() != unit {
        return Err(Refusal::PurseUnsuited);
    }
    let id = PurseId::from_u64(at.ids.take()?);
    books.put_purse(Purse {
        id,
        kind,
        unit,
        parent: command.parent,
        credit_limit: command.credit_limit,
        holds: None,
        receipts: 0,
        state: PurseState::Open,
        opened_at: at.now,
        chain: ChainHead::EMPTY,
        version: 0,
    });
    match safe {
        Some(safe) if !command.opening.is_zero() => {
            let entry = recipes::purse_opened(AccountRef::purse(kind, id), safe, command.opening)?;
            books.post(&entry, Chain::Purse(id), Cause::Purse(id), at.now, at)?;
        }
        Some(_) => {}
        None if command.opening.is_zero() => {}
        None => return Err(Refusal::PurseUnsuited),
    }
    let used = UsedKey { fingerprint: command.key.fingerprint, result: id.as_u64(), used_at: at.now };
    books.put_key(command.key.key, used);
    Ok(Outcome::PurseOpened { purse: id, repeated: Repeated::No })
}
