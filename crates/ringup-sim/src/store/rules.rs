//! What the schema's constraints refuse, whatever the books say.

use std::collections::BTreeMap;

use ringup_core::batch::{TRANSACTION_UNIQUE, WriteFailure};
use ringup_core::books::Changes;
use ringup_core::ledger::{Account, AccountCode, Holding};
use ringup_core::purse::{Purse, PurseKind};

use super::Store;
use super::save::{Guard, transaction_of};

impl Store {
    pub(super) fn check_rules(&self, changes: &Changes, guard: Guard) -> Result<(), WriteFailure> {
        let broken = |rule: &str| Err(WriteFailure::Broken(rule.to_owned()));
        let accounts = || changes.new_accounts.iter().chain(changes.accounts.iter().map(|update| &update.now));
        let stands_elsewhere = |account: &Account| {
            use AccountCode::{CardBonus, CardMain, LiabilityUnallocated};
            matches!(account.key.code, CardMain | CardBonus | LiabilityUnallocated)
                || account.key.code.is_held_by_purse()
        };
        if accounts().any(stands_elsewhere) {
            return broken("account_code");
        }
        if accounts().any(|account| account.key.code.has_floor() && account.balance.minor() < 0) {
            return broken("account_floor");
        }
        let below = |holding: Option<Holding>| holding.is_some_and(|holding| holding.balance.minor() < 0);
        let cards =
            changes.new_cards.iter().map(|(card, _)| card).chain(changes.cards.iter().map(|update| &update.now));
        if cards.into_iter().any(|card| below(card.main)) {
            return broken("card_main");
        }
        if changes.payments.iter().any(|update| below(update.now.unallocated)) {
            return broken("payment_unallocated");
        }
        let grants = changes.new_grants.iter().chain(changes.grants.iter().map(|update| &update.now));
        if grants.into_iter().any(|grant| below(grant.left)) {
            return broken("bonus_grant_left");
        }
        if changes.new_top_ups.iter().any(|top_up| self.codes.contains(&top_up.code)) {
            return broken("top_up_code_unique");
        }
        let purses = changes.new_purses.iter().chain(changes.purses.iter().map(|update| &update.now));
        if guard != Guard::WithoutFloors && purses.into_iter().any(is_below_its_floor) {
            return broken("purse_floor");
        }
        self.check_transactions(changes)
    }

    /// A provider's transaction number is there once, for ever.
    fn check_transactions(&self, changes: &Changes) -> Result<(), WriteFailure> {
        let mut in_batch = BTreeMap::new();
        for update in &changes.payments {
            let Some(transaction) = transaction_of(&update.now) else { continue };
            let known = self.transactions.get(&transaction).copied();
            let other = in_batch.insert(transaction, update.now.id).or(known);
            if other.is_some_and(|other| other != update.now.id) {
                return Err(WriteFailure::Broken(TRANSACTION_UNIQUE.to_owned()));
            }
        }
        Ok(())
    }
}

/// A safe may be below zero: when more was taken out than anyone wrote down putting in. A float may as far as its credit goes.
fn is_below_its_floor(purse: &Purse) -> bool {
    let held = purse.holds.map_or(0, |holding| holding.balance.minor());
    purse.kind != PurseKind::Safe && held < -purse.credit_limit.minor_signed()
}
