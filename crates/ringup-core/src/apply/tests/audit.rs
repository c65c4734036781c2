//! The auditor: what must hold of the books after every command. It shares no code with the commands.

use std::collections::BTreeMap;

use crate::books::Books;
use crate::books::Changes;
use crate::ledger::{AccountCode, AccountKey, Chain, ChainHead, Entry, Holding, OwnerKind, Side};
use crate::money::Unit;
use crate::payment::{Capture, Payment, PaymentState};
use crate::refund::{Refund, RefundState};
use crate::shard::Shard;
use crate::top_up::{RefundReason, TopUp, TopUpState};

/// Looks at books in which nothing was loaded but products and cards without entries.
pub(super) fn check(books: &Books) {
    let changes = books.changes();
    let balances = balances_of_rows(&changes);
    every_entry_balances(&changes.entries);
    balances_fold_from_postings(&changes, &balances);
    the_trial_balance_is_zero(&balances);
    nothing_is_below_its_floor(&changes, &balances);
    receipts_are_numbered_without_a_gap(books, &changes);
    the_chains_are_whole(books, &changes.entries);
    for payment in &changes.new_payments {
        let top_up = books.top_up(payment.top_up).unwrap();
        let refunds: Vec<&Refund> =
            books.refunds_of(payment.top_up).filter(|refund| refund.payment == payment.id).collect();
        captured_money_is_somewhere(payment, top_up, &refunds, &balances);
    }
    for top_up in &changes.new_top_ups {
        what_is_newest_leads_to_all(&changes, top_up);
        a_paid_top_up_is_credited_or_going_back(books, top_up);
    }
}

/// What every account holds, wherever it stands.
fn balances_of_rows(changes: &Changes) -> BTreeMap<AccountKey, i64> {
    let mut balances: BTreeMap<AccountKey, i64> =
        changes.new_accounts.iter().map(|account| (account.key, account.balance.minor())).collect();
    let mut stand_in = |shard: Shard, code: AccountCode, owner: u64, holding: Option<Holding>| {
        let Some(holding) = holding else { return };
        balances.insert(AccountKey { shard, code, owner, unit: holding.unit }, holding.balance.minor());
    };
    let loaded = changes.cards.iter().map(|update| &update.now);
    for card in changes.new_cards.iter().map(|(card, _)| card).chain(loaded) {
        stand_in(Shard::of_card(card.number), AccountCode::CardMain, card.number.as_u64(), card.main);
    }
    for grant in &changes.new_grants {
        stand_in(Shard::of_card(grant.card), AccountCode::CardBonus, grant.id.as_u64(), grant.left);
    }
    for payment in &changes.new_payments {
        let (shard, owner) = (payment.id.shard(), payment.id.as_u64());
        stand_in(shard, AccountCode::LiabilityUnallocated, owner, payment.unallocated);
    }
    for purse in &changes.new_purses {
        stand_in(purse.id.shard(), purse.kind.account(), purse.id.as_u64(), purse.holds);
    }
    balances
}

fn every_entry_balances(entries: &[Entry]) {
    for entry in entries {
        for unit in Unit::ALL {
            let sum = |side: Side| -> u64 {
                let of_side = entry.postings.iter().filter(|posting| posting.side == side);
                of_side.filter(|posting| posting.amount.unit() == unit).map(|posting| posting.amount.minor()).sum()
            };
            assert_eq!(sum(Side::Debit), sum(Side::Credit), "{entry:?}");
        }
    }
}

fn balances_fold_from_postings(changes: &Changes, balances: &BTreeMap<AccountKey, i64>) {
    let mut folded: BTreeMap<AccountKey, (i64, u64)> = BTreeMap::new();
    for posting in changes.entries.iter().flat_map(|entry| &entry.postings) {
        let (balance, version) = folded.entry(posting.account).or_default();
        assert_eq!((posting.before.minor(), posting.version), (*balance, *version + 1), "{posting:?}");
        let amount = posting.amount.minor_signed();
        *balance += if posting.side == posting.account.code.side() { amount } else { -amount };
        *version += 1;
        assert_eq!(posting.after.minor(), *balance, "{posting:?}");
    }
    let folded: BTreeMap<AccountKey, i64> = folded.into_iter().map(|(key, (balance, _))| (key, balance)).collect();
    assert_eq!(&folded, balances);
}

fn the_trial_balance_is_zero(balances: &BTreeMap<AccountKey, i64>) {
    for unit in Unit::ALL {
        let sum = |side: Side| -> i64 {
            let of_side = balances.iter().filter(|(key, _)| key.unit == unit && key.code.side() == side);
            of_side.map(|(_, balance)| balance).sum()
        };
        assert_eq!(sum(Side::Debit), sum(Side::Credit), "{unit}");
    }
}

fn nothing_is_below_its_floor(changes: &Changes, balances: &BTreeMap<AccountKey, i64>) {
    for (key, balance) in balances {
        let purse = changes.new_purses.iter().find(|purse| purse.id.as_u64() == key.owner);
        let floor = match (key.code.owner_kind(), key.code) {
            (OwnerKind::Day, _)
            | (_, AccountCode::CashSafe | AccountCode::CommissionPayable | AccountCode::SuspenseOverShort) => continue,
            (_, AccountCode::FloatAgent) => -purse.unwrap().credit_limit.minor_signed(),
            (OwnerKind::Card | OwnerKind::Grant | OwnerKind::Payment | OwnerKind::Purse, _) => 0,
        };
        assert!(*balance >= floor, "{key:?} holds {balance}");
    }
}

/// Each store, kiosk and agent has given the numbers from 1 on, each once, to what was sold and paid.
fn receipts_are_numbered_without_a_gap(books: &Books, changes: &Changes) {
    let mut numbers: BTreeMap<crate::id::PurseId, Vec<u64>> = BTreeMap::new();
    for sale in changes.new_top_ups.iter().filter_map(|top_up| top_up.sale) {
        let numbered_in = books.purse(sale.purse).unwrap().numbered_in();
        numbers.entry(numbered_in).or_default().extend(sale.number);
    }
    for purse in &changes.new_purses {
        let mut given = numbers.remove(&purse.id).unwrap_or_default();
        given.sort_unstable();
        assert_eq!(given, (1..=purse.receipts).collect::<Vec<_>>(), "{purse:?}");
    }
}

fn the_chains_are_whole(books: &Books, entries: &[Entry]) {
    let mut heads: BTreeMap<Chain, ChainHead> = BTreeMap::new();
    for entry in entries {
        let head = heads.entry(entry.chain).or_insert(ChainHead::EMPTY);
        assert_eq!(entry.position, head.length + 1);
        assert_eq!(entry.previous, head.last);
        assert_eq!(entry.hash, entry.expected_hash(head.hash));
        *head = ChainHead { last: Some(entry.id), length: entry.position, hash: entry.hash };
    }
    for (chain, head) in heads {
        let told = match chain {
            Chain::Card(card) => books.card(card).unwrap().chain,
            Chain::Purse(purse) => books.purse(purse).unwrap().chain,
        };
        assert_eq!(told, head);
    }
}

/// The promise: every fen that was taken is on a card, owed back, or sent back.
fn captured_money_is_somewhere(
    payment: &Payment,
    top_up: &TopUp,
    refunds: &[&Refund],
    balances: &BTreeMap<AccountKey, i64>,
) {
    let held = |code: AccountCode| {
        let mine = balances.iter().filter(|(key, _)| key.code == code && key.owner == payment.id.as_u64());
        mine.map(|(_, balance)| balance).sum::<i64>()
    };
    let PaymentState::Captured(Capture { amount: captured, .. }) = &payment.state else {
        assert_eq!(refunds.len(), 0, "{payment:?}");
        return;
    };
    let sum = |wanted: &dyn Fn(&Refund) -> bool| -> i64 {
        refunds.iter().filter(|refund| wanted(refund)).map(|refund| refund.amount.minor_signed()).sum()
    };
    let is_its = top_up.given.payment == Some(payment.id);
    let waits = is_its && matches!(top_up.state, TopUpState::Deferred { .. });
    let was_credited = is_its && top_up.state.receipt().is_some();
    let credited = if was_credited { top_up.quote.you_pay.minor_signed() } else { 0 };
    let waiting = if waits { top_up.quote.you_pay.minor_signed() } else { 0 };
    // What is refunded of a credited payment for these reasons was taken off the card.
    let takes_off = |refund: &Refund| matches!(refund.reason, RefundReason::ByStaff | RefundReason::Cancelled);
    let never_credited = sum(&|refund| !takes_off(refund) || !was_credited);
    assert_eq!(captured.minor_signed(), credited + waiting + never_credited, "{payment:?}");
    assert_eq!(held(AccountCode::LiabilityUnallocated), waiting, "{payment:?}");
    let unsent = sum(&|refund| !matches!(refund.state, RefundState::Succeeded { .. }));
    assert_eq!(held(AccountCode::LiabilityRefund), unsent, "{payment:?}");
    if credited > 0 {
        let taken_off = sum(&takes_off);
        assert_eq!(top_up.given.refunded.minor_signed(), taken_off, "{top_up:?}");
        assert!(taken_off <= credited, "{top_up:?}");
    }
}

/// From the newest event, payment, capture and refund of a top-up all the others are found, each once and the latest first.
fn what_is_newest_leads_to_all(changes: &Changes, top_up: &TopUp) {
    let newest = top_up.newest;
    let events = changes.events.iter().filter(|event| event.top_up == top_up.id);
    leads_to_all(newest.event, events.map(|event| (event.id, event.previous)));
    let payments = changes.new_payments.iter().filter(|payment| payment.top_up == top_up.id);
    leads_to_all(newest.payment, payments.clone().map(|payment| (payment.id, payment.previous)));
    let captures = payments.filter_map(|payment| match &payment.state {
        PaymentState::Captured(capture) => Some((capture.id, capture.previous)),
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => None,
    });
    leads_to_all(newest.capture, captures);
    let refunds = changes.new_refunds.iter().filter(|refund| refund.top_up == top_up.id);
    leads_to_all(newest.refund, refunds.map(|refund| (refund.id, refund.previous)));
}

fn leads_to_all<Id: Copy + Ord + std::fmt::Debug>(newest: Option<Id>, all: impl Iterator<Item = (Id, Option<Id>)>) {
    let mut rest: BTreeMap<Id, Option<Id>> = all.collect();
    let mut next = newest;
    while let Some(id) = next {
        next = rest.remove(&id).unwrap();
    }
    assert!(rest.is_empty(), "{rest:?}");
}

fn a_paid_top_up_is_credited_or_going_back(books: &Books, top_up: &TopUp) {
    let is_paid = books.payments_of(top_up.id).any(|payment| matches!(payment.state, PaymentState::Captured(_)));
    let waits = matches!(top_up.state, TopUpState::Placed | TopUpState::Abandoned { .. });
    assert_eq!(waits, !is_paid, "{top_up:?}");
    if let TopUpState::Refunded { .. } = top_up.state {
        // A payment that comes after the end goes back too, and the state stays.
        let first = books.refunds_of(top_up.id).next().unwrap();
        assert!(matches!(first.state, RefundState::Succeeded { .. }), "{top_up:?}");
    }
}
