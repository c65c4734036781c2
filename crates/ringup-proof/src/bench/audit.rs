//! Whether what was measured really happened: the books are read back and compared with what was acknowledged.

use std::collections::BTreeMap;
use std::convert::Infallible;

use ringup_core::apply::Touches;
use ringup_core::books::Books;
use ringup_core::card::CardNumber;
use ringup_core::ledger::AccountCode;
use ringup_core::shard::Shard;
use ringup_db::error::Stop;
use ringup_db::seam::Database;
use ringup_engine::clock::Clock;

use super::BenchError;
use super::store::World;
use super::world::{OPENING_MINOR, Placed, UNIT};
use crate::rig::failure::Failure;

/// How many cards are read at once.
const CARDS_AT_ONCE: usize = 2_048;

/// What a card must have got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Got {
    main_minor: u64,
    bonus_minor: u64,
    credits: u64,
}

/// Refuses the measurement unless exactly these top-ups have been credited, each once.
///
/// Each card that one of them is for holds what it must, in money and in bonus; and the sums over all cards and
/// over what Alipay owes say that nobody else got anything.
pub fn check(database: &Database, world: &World, credited: &[Placed]) -> Result<(), BenchError> {
    let mut expected: BTreeMap<(Shard, CardNumber), Got> = BTreeMap::new();
    let mut total = Got { main_minor: OPENING_MINOR.saturating_mul(world.spec.cards.into()), ..Got::default() };
    let mut paid_minor: u64 = 0;
    for one in credited {
        let got = expected.entry((Shard::of_card(one.card), one.card)).or_default();
        for got in [got, &mut total] {
            got.main_minor += one.gets_minor;
            got.bonus_minor += one.bonus_minor;
            got.credits += 1;
        }
        paid_minor += one.pays_minor;
    }
    check_totals(database, total, paid_minor)?;
    let cards: Vec<(CardNumber, Got)> = expected.into_iter().map(|((_, card), got)| (card, got)).collect();
    cards.chunks(CARDS_AT_ONCE).try_for_each(|some| check_cards(database, some))
}

fn check_totals(database: &Database, total: Got, paid_minor: u64) -> Result<(), BenchError> {
    let found = database.reader()?.read(|tx| ringup_db::account::trial_balance(tx))?;
    let expected = [
        (AccountCode::CardMain, total.main_minor),
        (AccountCode::CardBonus, total.bonus_minor),
        (AccountCode::ClearingAlipay, paid_minor),
        (AccountCode::LiabilityUnallocated, 0),
    ];
    for (code, minor) in expected {
        let line = found.iter().find(|line| line.code == code && line.unit == UNIT);
        let held = line.map_or(0, |line| line.balance.minor());
        if i64::try_from(minor).ok() != Some(held) {
            return Err(format!("after {} credits {code} holds {held}, and must hold {minor}", total.credits).into());
        }
    }
    Ok(())
}

fn check_cards(database: &Database, cards: &[(CardNumber, Got)]) -> Result<(), BenchError> {
    let numbers: Vec<CardNumber> = cards.iter().map(|(card, _)| *card).collect();
    let touches = Touches { cards: numbers.clone(), spending: numbers, ..Touches::default() };
    let now = Clock::System.now();
    let books = database
        .writer()?
        .write::<Books, Infallible>(|tx| ringup_db::books::load(tx, &touches, Shard(0), now).map_err(Stop::Db))
        .map_err(Failure::doing("reading the cards back"))?;
    for (card, got) in cards {
        let main_minor = books.card_main(*card, UNIT).minor();
        let bonus_minor: u64 = books.grants_of(*card).map(|grant| books.bonus_left(grant).minor()).sum();
        if main_minor != OPENING_MINOR + got.main_minor || bonus_minor != got.bonus_minor {
            return Err(format!(
                "the card {card:?} holds {main_minor} and a bonus of {bonus_minor} after {} credits of together {got:?}",
                got.credits
            )
            .into());
        }
    }
    Ok(())
}
