//! What the auditor knows: whole numbers in maps.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::apply::{Command, PayOutRefund, PlaceTopUp, RecordRefund, Sell};
use ringup_core::books::{Fingerprint, KeyHash};
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::{GrantId, PaymentId, PurseId, RefundId, TopUpId};
use ringup_core::ledger::AccountCode;
use ringup_core::money::Unit;
use ringup_core::payment::Provider;
use ringup_core::product::ProductId;
use ringup_core::purse::PurseKind;

use super::card_of;

/// Everything that he knows. Times are microseconds, money is minor units.
#[derive(Default)]
pub(super) struct Model {
    pub(super) products: BTreeMap<ProductId, ProductModel>,
    pub(super) cards: BTreeMap<CardNumber, CardModel>,
    pub(super) top_ups: BTreeMap<TopUpId, TopUpModel>,
    pub(super) payments: BTreeMap<PaymentId, PaymentModel>,
    pub(super) refunds: BTreeMap<RefundId, RefundModel>,
    pub(super) grants: BTreeMap<GrantId, TopUpId>,
    pub(super) purses: BTreeMap<PurseId, PurseModel>,
    pub(super) keys: BTreeMap<KeyHash, (Fingerprint, Meant)>,
    pub(super) totals: BTreeMap<(AccountCode, Unit), i64>,
    /// Refunds that must be found in the books after the batch: of which payment, how much, and whether they have been sent by then.
    pub(super) new_refunds: Vec<(PaymentId, i64, bool)>,
}

#[derive(Clone, Copy)]
pub(super) struct ProductModel {
    pub(super) balance_min: i64,
    pub(super) balance_max: i64,
    pub(super) validity: i64,
    pub(super) added_per_top_up: i64,
    pub(super) grace: i64,
}

pub(super) struct CardModel {
    pub(super) product: ProductId,
    pub(super) state: CardState,
    pub(super) expires_at: Option<i64>,
    pub(super) main: i64,
    /// The amount and the time of the last credit.
    pub(super) last_credit: Option<(i64, i64)>,
}

impl CardModel {
    pub(super) const fn new(product: ProductId, state: CardState, expires_at: Option<i64>, main: i64) -> Self {
        Self { product, state, expires_at, main, last_credit: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Placed,
    Abandoned,
    Deferred,
    Credited,
    Refunding,
    Refunded,
}

impl Life {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Abandoned => "abandoned",
            Self::Deferred => "deferred",
            Self::Credited => "credited",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
        }
    }
}

pub(super) struct TopUpModel {
    pub(super) card: CardNumber,
    pub(super) gets: i64,
    pub(super) pays: i64,
    /// Amount, unit, and how long it lasts.
    pub(super) bonus: Option<(i64, Unit, i64)>,
    pub(super) has_promotion: bool,
    pub(super) quoted_at: i64,
    pub(super) sale: Option<SaleModel>,
    pub(super) has_cash_given: bool,
    pub(super) was_deferred: bool,
    pub(super) was_credited: bool,
    pub(super) life: Life,
    pub(super) payments: Vec<PaymentId>,
    pub(super) paid_by: Option<PaymentId>,
    pub(super) grant: Option<GrantModel>,
    pub(super) refunded: i64,
    pub(super) main_undone: i64,
    pub(super) bonus_undone: i64,
}

#[derive(Clone, Copy)]
pub(super) struct GrantModel {
    pub(super) id: GrantId,
    pub(super) unit: Unit,
    pub(super) left: i64,
    pub(super) expires_at: i64,
    pub(super) has_lapsed: bool,
}

/// Who sold a top-up, under which number, and when its card gets the value.
#[derive(Clone, Copy)]
pub(super) struct SaleModel {
    pub(super) purse: PurseId,
    pub(super) number: Option<u64>,
    pub(super) credit_at: Option<i64>,
}

/// Who took a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaidBy {
    Provider(Provider),
    Cash(PurseId),
    Float(PurseId),
}

pub(super) struct PurseModel {
    pub(super) kind: PurseKind,
    pub(super) parent: Option<PurseId>,
    pub(super) limit: i64,
    pub(super) holds: i64,
    pub(super) receipts: u64,
    /// What was expected and counted when it was closed.
    pub(super) closed: Option<(i64, i64)>,
    pub(super) over_short: i64,
}

pub(super) struct PaymentModel {
    pub(super) top_up: TopUpId,
    pub(super) by: PaidBy,
    pub(super) asked: i64,
    pub(super) is_abandoned: bool,
    pub(super) captured: Option<i64>,
    pub(super) transaction: Option<String>,
    /// Taken, and not on the card before its time.
    pub(super) waiting: i64,
    pub(super) owed: i64,
    pub(super) sent: i64,
}

pub(super) struct RefundModel {
    pub(super) payment: PaymentId,
    pub(super) amount: i64,
    pub(super) is_sent: bool,
    pub(super) has_failed: bool,
}

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Placed(TopUpId, PaymentId),
    Added(PaymentId),
    Requested(RefundId),
    Charged,
    Opened(PurseId),
    Moved,
    PaidOut(RefundId),
}

impl PaymentModel {
    /// A payment that nobody has made yet.
    pub(super) const fn new(top_up: TopUpId, by: PaidBy, asked: i64) -> Self {
        let (captured, transaction) = (None, None);
        Self { top_up, by, asked, is_abandoned: false, captured, transaction, waiting: 0, owed: 0, sent: 0 }
    }
}

impl Model {
    pub(super) fn add_to_total(&mut self, code: AccountCode, unit: Unit, minor: i64) {
        *self.totals.entry((code, unit)).or_insert(0) += minor;
    }

    /// The cards and top-ups that commands concern.
    pub(super) fn touched(&self, commands: &[Command]) -> (BTreeSet<CardNumber>, BTreeSet<TopUpId>) {
        let mut cards: BTreeSet<CardNumber> = commands.iter().filter_map(card_of).collect();
        let mut top_ups = BTreeSet::new();
        for command in commands {
            top_ups.extend(self.top_up_of(command));
        }
        cards.extend(top_ups.iter().filter_map(|id| self.top_ups.get(id)).map(|top_up| top_up.card));
        (cards, top_ups)
    }

    pub(super) fn top_up_of(&self, command: &Command) -> Option<TopUpId> {
        let of_payment = |id: &PaymentId| self.payments.get(id).map(|payment| payment.top_up);
        match command {
            Command::PlaceTopUp(PlaceTopUp { key, .. }) | Command::Sell(Sell { key, .. }) => {
                match self.keys.get(&key.key) {
                    Some((_, Meant::Placed(top_up, _))) => Some(*top_up),
                    _ => None,
                }
            }
            Command::CreditTopUp(top_up) => Some(*top_up),
            Command::AddPayment(command) => Some(command.top_up),
            Command::RecordHandOver(command) => of_payment(&command.payment),
            Command::RecordPayment(report) => of_payment(&report.payment),
            Command::RequestRefund(command) => Some(command.top_up),
            Command::RecordRefund(RecordRefund { refund, .. }) | Command::PayOutRefund(PayOutRefund { refund, .. }) => {
                self.refunds.get(refund).and_then(|refund| of_payment(&refund.payment))
            }
            Command::LapseGrant(command) => self.grants.get(&command.grant).copied(),
            Command::RecordUsage(_)
            | Command::ChangeCardState(_)
            | Command::ImportCard(_)
            | Command::OpenPurse(_)
            | Command::ClosePurse(_)
            | Command::MoveCash(_) => None,
        }
    }
}
