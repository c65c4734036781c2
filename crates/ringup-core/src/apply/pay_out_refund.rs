use super::record_refund::succeed;
use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::id::{PurseId, RefundId};
use crate::ledger::AccountRef;
use crate::payment::Tender;
use crate::purse::{PurseKind, PurseState};
use crate::refund::RefundState;

/// A refund to be handed over in cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayOutRefund {
    /// The caller's key.
    pub key: KeyUse,
    /// Which.
    pub refund: RefundId,
    /// The drawer, or the safe of a kiosk, that the cash is taken from.
    pub purse: PurseId,
}

/// Books that a refund was handed over in cash: of what had been paid in cash, once.
pub(super) fn pay_out_refund(books: &mut Books, command: &PayOutRefund, at: &mut Moment) -> Result<Outcome, Refusal> {
    let refund = books.refund(command.refund).ok_or(Refusal::RefundUnknown)?.clone();
    let id = refund.id;
    if let Some(used) = books.key(command.key.key) {
        if used.fingerprint != command.key.fingerprint {
            return Err(Refusal::KeyUsedForSomethingElse);
        }
        return Ok(Outcome::RefundPaidOut { refund: id, repeated: Repeated::Yes });
    }
    let purse = books.purse(command.purse).ok_or(Refusal::PurseUnknown)?;
    if purse.state != PurseState::Open {
        return Err(Refusal::PurseClosed);
    }
    let tender = books.payment(refund.payment).ok_or(Refusal::PaymentUnknown)?.tender;
    match (tender, purse.kind) {
        (Tender::Purse { kind: PurseKind::TillSession | PurseKind::CashBox, .. }, PurseKind::TillSession)
        // What was put into a kiosk the office hands out of what its boxes were emptied into.
        | (Tender::Purse { kind: PurseKind::CashBox, .. }, PurseKind::Safe) => {}
        (_, _) => return Err(Refusal::PurseUnsuited),
    }
    if purse.unit != refund.amount.unit() {
        return Err(Refusal::PurseUnsuited);
    }
    match refund.state {
        RefundState::Requested | RefundState::Failed { .. } => {}
        RefundState::Succeeded { .. } => return Err(Refusal::RefundPaidOut),
    }
    let available = purse.available();
    if refund.amount.exceeds(available)? {
        return Err(Refusal::CashInsufficient);
    }
    let given_by = AccountRef::purse(purse.kind, purse.id);
    succeed(books, refund, (given_by, at.now), at)?;
    let used = UsedKey { fingerprint: command.key.fingerprint, result: id.as_u64(), used_at: at.now };
    books.put_key(command.key.key, used);
    Ok(Outcome::RefundPaidOut { refund: id, repeated: Repeated::No })
}
