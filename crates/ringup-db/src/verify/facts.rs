use std::collections::BTreeMap;

use ringup_core::event::EventKind;
use ringup_core::id::{GrantId, TopUpId};
use ringup_core::ledger::AccountCode;
use ringup_core::payment::Tender;
use ringup_core::purse::PurseKind;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Grant, TopUp, TopUpState};

use super::entries::{Credit, ShardBooks};
use super::top_ups::Credited;
use super::{CheckLine, Shards};
use crate::card::{CARD, read_card};
use crate::dialect::Lookup;
use crate::error::DbError;
use crate::grant::{GRANT, read_grant};
use crate::payment::{PAYMENT, read_payment};
use crate::seam::{Connected, ReadTx};

static PAYMENTS: Lookup = Lookup::new(&PAYMENT, &[], "shard between $1 and $2", "");
static CARDS: Lookup = Lookup::new(&CARD, &[], "shard between $1 and $2", "");
static GRANTS: Lookup = Lookup::new(&GRANT, &[], "shard between $1 and $2", "");

/// What a holder is shown of a top-up stands in rows that can be changed; the journal cannot. So each credit is compared with
/// the entry that booked it, and what was asked for with what was promised.
pub(super) struct Facts {
    shown: CheckLine,
    asked: CheckLine,
    received: CheckLine,
    granted: CheckLine,
}

/// What a bonus must be, by the journal and the promise.
struct Expected {
    credit: Credit,
    expires_at: Timestamp,
}

impl Facts {
    pub(super) const fn new() -> Self {
        Self {
            shown: CheckLine::new("every card can be read"),
            asked: CheckLine::new("every payment asks for what its top-up costs"),
            received: CheckLine::new("every receipt says what the journal says"),
            granted: CheckLine::new("every bonus is what its top-up gave"),
        }
    }

    pub(super) fn lines(&self) -> [CheckLine; 4] {
        [self.shown.clone(), self.asked.clone(), self.received.clone(), self.granted.clone()]
    }

    pub(super) fn look(
        &mut self,
        tx: &mut ReadTx<'_>,
        shards: Shards,
        books: &ShardBooks,
        top_ups: &BTreeMap<TopUpId, Credited>,
    ) -> Result<(), DbError> {
        for unreadable in CARDS.find(tx, &shards.params(), |fields| Ok(read_card(fields).err()))? {
            self.shown.count();
            if let Some(error) = unreadable {
                self.shown.find(|| format!("a card of {shards}: {error}"));
            }
        }
        self.look_at_payments(tx, shards, (books, top_ups))?;
        let told = credited_events(tx, shards)?;
        let mut grants = BTreeMap::new();
        for Credited { top_up, .. } in top_ups.values() {
            let Some(credit) = top_up.given.payment.and_then(|payment| books.credits.get(&payment)) else { continue };
            self.check_receipt(top_up, credit, told.get(&top_up.id).copied());
            if let (Some((grant, _)), Some(bonus)) = (credit.bonus, top_up.quote.bonus) {
                grants.insert(grant, Expected { credit: *credit, expires_at: credit.recorded_at.plus(bonus.lasts) });
            }
        }
        self.look_at_grants(tx, shards, grants)
    }

    /// A row that cannot be read is named by another check, here and below.
    fn look_at_payments(
        &mut self,
        tx: &mut ReadTx<'_>,
        shards: Shards,
        (books, top_ups): (&ShardBooks, &BTreeMap<TopUpId, Credited>),
    ) -> Result<(), DbError> {
        for payment in PAYMENTS.find(tx, &shards.params(), |fields| Ok(read_payment(fields)))? {
            self.asked.count();
            let payment = match payment {
                Ok(payment) => payment,
                Err(error) => {
                    self.asked.find(|| format!("a payment of {shards}: {error}"));
                    continue;
                }
            };
            let costs = top_ups.get(&payment.top_up).map(|credited| credited.top_up.quote.you_pay);
            if costs != Some(payment.amount) {
                let told = costs.map_or_else(|| "is not there".to_owned(), |costs| format!("costs {costs}"));
                self.asked.find(|| format!("{} asks {}, and its top-up {told}", payment.id, payment.amount));
            }
            let taken_by = books.taken_by.get(&payment.id);
            // What came late into a box that had been counted is what was too much in it.
            let late = matches!(payment.tender, Tender::Purse { kind: PurseKind::CashBox, .. });
            let as_told = |code: AccountCode| {
                code == payment.tender.account().code || (late && code == AccountCode::SuspenseOverShort)
            };
            if taken_by.is_some_and(|code| !as_told(*code)) {
                let told = payment.tender.account().code;
                self.asked.find(|| format!("{} was not taken on {told}, as it says", payment.id));
            }
        }
        Ok(())
    }

    fn check_receipt(&mut self, top_up: &TopUp, credit: &Credit, told_at: Option<Timestamp>) {
        self.received.count();
        let id = top_up.id;
        let bonus = top_up.given.grant.zip(top_up.quote.bonus.map(|bonus| bonus.amount));
        if (credit.paid, credit.bonus) != (Some(top_up.quote.you_pay), bonus) {
            self.received.find(|| format!("{id} was paid, or brought a bonus, otherwise than it says"));
        }
        // The receipt's number is drawn right after its entry's.
        let number = top_up.state.receipt().map(|receipt| receipt.as_u64());
        if number != Some(credit.entry.as_u64().saturating_add(1)) {
            self.received.find(|| format!("{id} has another receipt's number than it was given"));
        }
        let said_at = match top_up.state {
            TopUpState::Credited { credited_at, .. } => credited_at,
            TopUpState::Placed
            | TopUpState::Deferred { .. }
            | TopUpState::Abandoned { .. }
            | TopUpState::Refunding { .. }
            | TopUpState::Refunded { .. } => credit.recorded_at,
        };
        if said_at != credit.recorded_at || told_at != Some(credit.recorded_at) {
            self.received.find(|| format!("{id} says that it was credited at another time than it was"));
        }
    }

    fn look_at_grants(
        &mut self,
        tx: &mut ReadTx<'_>,
        shards: Shards,
        mut expected: BTreeMap<GrantId, Expected>,
    ) -> Result<(), DbError> {
        for grant in GRANTS.find(tx, &shards.params(), |fields| Ok(read_grant(fields)))? {
            self.granted.count();
            match grant {
                Ok(grant) => match expected.remove(&grant.id) {
                    Some(expected) if expected.is(&grant) => {}
                    Some(_) => self.granted.find(|| format!("{} is not what its top-up gave", grant.id)),
                    None => self.granted.find(|| format!("{} was given by no top-up", grant.id)),
                },
                Err(error) => self.granted.find(|| format!("a bonus of {shards}: {error}")),
            }
        }
        for grant in expected.keys() {
            self.granted.find(|| format!("{grant} was given, and is not there"));
        }
        Ok(())
    }
}

impl Expected {
    fn is(&self, grant: &Grant) -> bool {
        let is_as_given = self.credit.bonus == Some((grant.id, grant.amount))
            && Some(grant.card) == self.credit.card
            && grant.expires_at == self.expires_at;
        let left = grant.left.map_or(0, |left| left.balance.minor());
        let may_have_ended = left == 0 && grant.lapsed_at.is_none_or(|lapsed_at| lapsed_at >= grant.expires_at);
        is_as_given && (grant.lapsed_at.is_none() || may_have_ended)
    }
}

/// When each top-up of these shards was credited, by its timeline; one that tells of it twice is left out.
fn credited_events(tx: &mut ReadTx<'_>, shards: Shards) -> Result<BTreeMap<TopUpId, Timestamp>, DbError> {
    let mut told = BTreeMap::new();
    let sql = "select top_up_id, happened_at from event where shard between $1 and $2 and kind = $3";
    let [first, last] = shards.params();
    tx.stream(sql, &[first, last, EventKind::Credited.code().into()], &mut |row| {
        let mut fields = row.fields();
        let (top_up, at) = (TopUpId::from_u64(fields.bits()?), fields.time()?);
        if told.insert(top_up, at).is_some_and(|before| before != at) {
            told.remove(&top_up);
        }
        Ok(())
    })?;
    Ok(told)
}
