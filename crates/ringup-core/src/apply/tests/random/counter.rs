//! What happens over counters and off floats: any of it, in any order, also in the wrong unit and the wrong purse.

use proptest::prelude::*;

use super::{Step, cny, key_for, pick, promotions};
use crate::apply::tests::support::*;
use crate::apply::*;
use crate::id::PurseId;
use crate::money::{Amount, Language, Unit};
use crate::payment::{PayMethod, Provider};
use crate::purse::PurseKind;
use crate::time::Span;
use crate::top_up::Channel;

/// One step over a counter. Numbers choose among what exists; amounts are in fen, or in cents where `usd` says so.
#[derive(Clone, Debug, Hash)]
pub(super) enum Counter {
    Open { kind: usize, parent: Option<usize>, opening: u64, limit: u64, usd: bool, mixed: bool, key: u8 },
    Sell { card: usize, fen: u64, promotions: u8, by: By, given: Option<i64>, again: bool, key: u8 },
    ShowCode { card: usize, fen: u64, promotions: u8, by: By, key: u8 },
    Credit { top_up: usize },
    Close { purse: usize, differs: i64, usd: bool },
    Move { purse: usize, how: usize, fen: u64, differs: i64, usd: bool, mixed: bool, key: u8 },
    PayOut { refund: usize, purse: usize, of_any_kind: bool, key: u8 },
}

/// By whom it is sold, and how many minutes later the card gets its value.
#[derive(Clone, Debug, Hash)]
pub(super) struct By {
    purse: usize,
    later: Option<i64>,
    by_other_door: bool,
}

fn by() -> impl Strategy<Value = By> {
    (0..8_usize, prop::option::weighted(0.3, -5..300_i64), prop::bool::weighted(0.05))
        .prop_map(|(purse, later, by_other_door)| By { purse, later, by_other_door })
}

pub(super) fn counter() -> impl Strategy<Value = Counter> {
    let (which, key) = (0..8_usize, 0..60_u8);
    let bought = prop_oneof![Just(10_000_u64), 50..25_000_u64];
    let differs = prop_oneof![4 => Just(0_i64), 1 => -3_000..3_000_i64];
    let (usd, mixed) = (prop::bool::weighted(0.05), prop::bool::weighted(0.05));
    let limit = prop_oneof![4 => Just(0_u64), 1 => 1..20_000_u64];
    let opening = prop_oneof![Just(0_u64), 1..30_000_u64];
    prop_oneof![
        2 => (0..4_usize, prop::option::weighted(0.6, which.clone()), opening, limit, usd, mixed, key.clone())
            .prop_map(|(kind, parent, opening, limit, usd, mixed, key)| {
                Counter::Open { kind, parent, opening, limit, usd, mixed, key }
            }),
        8 => (which.clone(), bought.clone(), 0..8_u8, by(), prop::option::of(-200..9_000_i64), any::<bool>(), key.clone())
            .prop_map(|(card, fen, promotions, by, given, again, key)| {
                Counter::Sell { card, fen, promotions, by, given, again, key }
            }),
        2 => (which.clone(), bought.clone(), 0..8_u8, by(), key.clone()).prop_map(
            |(card, fen, promotions, by, key)| Counter::ShowCode { card, fen, promotions, by, key }
        ),
        3 => which.clone().prop_map(|top_up| Counter::Credit { top_up }),
        1 => (which.clone(), differs.clone(), usd)
            .prop_map(|(purse, differs, usd)| Counter::Close { purse, differs, usd }),
        2 => (which.clone(), 0..5_usize, prop_oneof![1 => Just(0_u64), 6 => 1..40_000_u64], differs, usd, mixed, key.clone())
            .prop_map(|(purse, how, fen, differs, usd, mixed, key)| {
                Counter::Move { purse, how, fen, differs, usd, mixed, key }
            }),
        4 => (which.clone(), which, prop::bool::weighted(0.2), key).prop_map(
            |(refund, purse, of_any_kind, key)| Counter::PayOut { refund, purse, of_any_kind, key }
        ),
    ]
}

fn money_of(minor: u64, usd: bool) -> Amount {
    if usd { Amount::new(minor, Unit::Usd).unwrap() } else { cny(minor) }
}

fn differing(minor: u64, differs: i64) -> u64 {
    minor.saturating_add_signed(differs)
}

/// The command that it means in this world; none when there is nothing to choose from.
pub(super) fn command(world: &World, counter: &Counter, step: &Step) -> Option<Command> {
    let changes = world.changes();
    let purses: Vec<PurseId> = changes.new_purses.iter().map(|purse| purse.id).collect();
    let of_kind = |kind| -> Vec<PurseId> {
        changes.new_purses.iter().filter(|purse| purse.kind == kind).map(|purse| purse.id).collect()
    };
    let safes = of_kind(PurseKind::Safe);
    Some(match *counter {
        Counter::Open { kind, parent, opening, limit, usd, mixed, key } => Command::OpenPurse(OpenPurse {
            key: key_for(key, step),
            kind: PurseKind::ALL[kind],
            parent: parent.and_then(|parent| pick(if mixed { &purses } else { &safes }, parent)),
            credit_limit: money_of(if kind == 3 { limit } else { limit / 20_000 }, usd),
            opening: money_of(opening, usd != mixed),
        }),
        Counter::Sell { ref by, given, again, key, .. } => {
            let (quote, channel, sold_by) = ordered(world, counter, by)?;
            let pays = quote.you_pay.minor();
            let cash_given = given.map(|more| cny(differing(pays, more)));
            let again = if again { Again::Confirmed } else { Again::Ask };
            let (key, language) = (key_for(key, step), Language::En);
            Command::Sell(Sell { key, channel, sold_by, quote, cash_given, language, again })
        }
        Counter::ShowCode { ref by, key, .. } => {
            let (quote, channel, sold_by) = ordered(world, counter, by)?;
            Command::PlaceTopUp(PlaceTopUp {
                key: key_for(key, step),
                channel,
                sold_by: Some(sold_by),
                quote,
                provider: Provider::WechatPay,
                method: PayMethod::Qr,
                language: Language::En,
                again: Again::Confirmed,
            })
        }
        Counter::Credit { top_up } => {
            let top_ups: Vec<_> = changes.new_top_ups.iter().map(|top_up| top_up.id).collect();
            Command::CreditTopUp(pick(&top_ups, top_up)?)
        }
        Counter::Close { purse, differs, usd } => {
            let purse = pick(&purses, purse)?;
            let expected = u64::try_from(world.in_purse(purse)).unwrap_or(0);
            Command::ClosePurse(ClosePurse { purse, counted: money_of(differing(expected, differs), usd) })
        }
        Counter::Move { purse, how, fen, differs, usd, mixed, key } => {
            let (amount, other) = (money_of(fen, usd), money_of(differing(fen, differs), usd != mixed));
            let how = match how {
                0 => CashMove::SentToBank(amount),
                1 => CashMove::Banked { sent: amount, banked: other },
                2 => CashMove::FetchedFromBank(amount),
                3 => CashMove::FloatBought(amount),
                _ => CashMove::FloatPaid { provider: Provider::Alipay, amount },
            };
            Command::MoveCash(MoveCash { key: key_for(key, step), purse: pick(&purses, purse)?, how })
        }
        Counter::PayOut { refund, purse, of_any_kind, key } => {
            let purses = if of_any_kind { purses } else { of_kind(PurseKind::TillSession) };
            let refunds: Vec<_> = changes.new_refunds.iter().map(|refund| refund.id).collect();
            let (refund, purse) = (pick(&refunds, refund)?, pick(&purses, purse)?);
            Command::PayOutRefund(PayOutRefund { key: key_for(key, step), refund, purse })
        }
    })
}

/// The quote, the door and the seller of an order.
fn ordered(world: &World, counter: &Counter, by: &By) -> Option<(crate::quote::Quote, Channel, SoldBy)> {
    let (Counter::Sell { card, fen, promotions: mask, .. } | Counter::ShowCode { card, fen, promotions: mask, .. }) =
        *counter
    else {
        return None;
    };
    let changes = world.changes();
    let cards: Vec<_> = changes.new_cards.iter().map(|(card, _)| card.number).collect();
    let purses: Vec<_> = changes.new_purses.iter().map(|purse| (purse.id, purse.kind)).collect();
    let quote = world.quote(pick(&cards, card)?, cny(fen), &promotions(mask)).ok()?;
    let (purse, kind) = pick(&purses, by.purse)?;
    let channel = match kind {
        _ if by.by_other_door => Channel::Online,
        PurseKind::TillSession | PurseKind::Safe => Channel::Store,
        PurseKind::CashBox => Channel::Kiosk,
        PurseKind::Float => Channel::Api,
    };
    let credit_at = by.later.map(|minutes| world.now.plus(Span::minutes(minutes)));
    Some((quote, channel, SoldBy { purse, credit_at }))
}
