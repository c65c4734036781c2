//! Top-ups whose card gets the value later: not before the time that was stated, and not long after it.

use ringup_core::apply::Command;

use super::Auditor;
use super::rules::MINUTE;

/// How far behind a stated time a server may come, where clocks are never wrong by hours: it dies, is started again, finds the store
/// out of service, and tries again each minute.
const LATE_MAX: i64 = 60 * MINUTE;

/// Whether he can say what is late.
#[derive(Default)]
pub(super) struct Late {
    clocks_are_near: bool,
}

impl Auditor {
    /// No clock of this world is wrong by more than minutes.
    pub fn clocks_are_near(&mut self) {
        self.late.clocks_are_near = true;
    }

    /// A top-up that had to wait is credited, or owed back, at its time.
    pub(super) fn check_in_time(&self, (command, now): (&Command, i64), came_to: &str) -> Result<(), String> {
        let Command::CreditTopUp(id) = command else { return Ok(()) };
        let sale = self.model.top_ups.get(id).and_then(|top_up| top_up.sale);
        let Some(credit_at) = sale.and_then(|sale| sale.credit_at).filter(|_| came_to != "nothing to do") else {
            return Ok(());
        };
        let after = now - credit_at;
        if came_to != "not due" && after < 0 {
            return Err(format!("{id} was {came_to} before its time"));
        }
        if self.late.clocks_are_near && after > LATE_MAX {
            return Err(format!("{id} was {came_to} {} minutes after its time", after / MINUTE));
        }
        Ok(())
    }
}
