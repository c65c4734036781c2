//! Wrong PINs are counted for the card, for the address, and in all; too many lock, each time for longer.

use aws_lc_rs::digest;
use ringup_core::card::CardNumber;
use ringup_core::time::{Span, Timestamp};
use ringup_db::pin_guard::{self, PinScope};

use crate::Engine;
use crate::error::SubmitError;
use crate::keys::first_128_bits;

/// How many wrong ones each kind of scope bears before it locks for the first time, and for how long then.
struct Rule {
    failures: u32,
    first_lock: Span,
    longest_lock: Span,
    /// So long after the first of them, the counting begins anew.
    counted_for: Span,
}

const CARD: Rule =
    Rule { failures: 5, first_lock: Span::minutes(1), longest_lock: Span::hours(24), counted_for: Span::hours(24) };
// Many holders can share an address: a hostel, a mobile network's gateway.
const ADDRESS: Rule =
    Rule { failures: 20, first_lock: Span::minutes(5), longest_lock: Span::hours(24), counted_for: Span::hours(24) };
// So many in ten minutes are no holders: somebody tries numbers from many addresses.
const ALL: Rule = Rule {
    failures: 2_000,
    first_lock: Span::minutes(1),
    longest_lock: Span::minutes(10),
    counted_for: Span::minutes(10),
};

/// Whose wrong PINs are counted.
pub(super) fn scopes(card: CardNumber, address: &str) -> [PinScope; 3] {
    [PinScope::Card(card), PinScope::Address(hash(address.as_bytes())), PinScope::All]
}

/// Counts a wrong PIN in every scope, in one commit.
pub(super) async fn count_failure(engine: &Engine, scopes: [PinScope; 3], now: Timestamp) -> Result<(), SubmitError> {
    engine
        .write(move |tx| {
            for scope in &scopes {
                let rule = rule(scope);
                let failures = pin_guard::record_pin_failure(tx, scope, now, now.minus(rule.counted_for))?;
                if let Some(locked_for) = locked_for(rule, failures) {
                    pin_guard::lock_pin(tx, scope, now.plus(locked_for))?;
                }
            }
            Ok(())
        })
        .await
}

/// A right PIN ends the counting for its card; an address has to live its count down.
pub(super) async fn forget_failures(engine: &Engine, card: CardNumber) -> Result<(), SubmitError> {
    let scope = PinScope::Card(card);
    engine.write(move |tx| pin_guard::clear_pin_failures(tx, &scope)).await
}

const fn rule(scope: &PinScope) -> &'static Rule {
    match scope {
        PinScope::Card(_) => &CARD,
        PinScope::Address(_) => &ADDRESS,
        PinScope::All => &ALL,
    }
}

/// For how long the scope locks after so many wrong PINs: at every multiple of the rule's number, twice as long as the
/// time before.
fn locked_for(rule: &Rule, failures: u32) -> Option<Span> {
    failures.is_multiple_of(rule.failures).then(|| {
        let times_locked = (failures / rule.failures).saturating_sub(1).min(20);
        let micros = rule.first_lock.as_micros().saturating_mul(1 << times_locked);
        Span::micros(micros.min(rule.longest_lock.as_micros()))
    })
}

/// An address is kept as a hash: the table is for counting, not for knowing who asked.
fn hash(bytes: &[u8]) -> [u8; 16] {
    first_128_bits(digest::digest(&digest::SHA256, bytes).as_ref())
}

#[cfg(test)]
mod tests;
