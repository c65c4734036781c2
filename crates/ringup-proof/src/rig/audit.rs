//! An audit of our own beside `ringup verify`: what callers were told, added up by card, against what the books hold.

use std::collections::BTreeMap;
use std::fs;

use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Unit};
use ringup_core::time::Span;
use ringup_db::account::card_balance;
use ringup_db::seam::Database;
use ringup_db::top_up::recent_top_ups;
use ringup_db::verify::parse_ack;
use ringup_engine::clock::Clock;

use super::acks::Acks;
use super::failure::Failure;
use super::issuer::Issuer;

/// What the books hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// What each card has to spend, in minor units.
    pub main_minor: BTreeMap<CardNumber, i128>,
    /// How many top-ups were placed, in all states.
    pub top_ups: u64,
}

/// Reads what the books hold of the issuer's cards, past the server. Blocks: not for a thread that runs asynchronous tasks.
///
/// # Errors
/// What the database says.
pub fn holdings(issuer: &Issuer) -> Result<Holdings, Failure> {
    let url = issuer.database.parse().map_err(Failure::doing("the database's address"))?;
    let mut reader = Database::open(url).and_then(|database| database.reader()).map_err(Failure::doing("opening"))?;
    let unit: Unit = "CNY".parse().map_err(Failure::doing("the unit"))?;
    let read = reader.read(|tx| {
        let (mut main_minor, mut top_ups) = (BTreeMap::new(), 0_u64);
        for card in &issuer.cards {
            let balance = i128::from(card_balance(tx, card.number, unit)?.minor());
            main_minor.insert(card.number, balance);
            let placed = recent_top_ups(tx, card.number, i32::MAX.unsigned_abs())?;
            top_ups = top_ups.saturating_add(u64::try_from(placed.len()).unwrap_or(u64::MAX));
        }
        Ok::<_, ringup_db::error::DbError>(Holdings { main_minor, top_ups })
    });
    read.map_err(Failure::doing("reading the books"))
}

/// Whether a job will be due within a minute. Blocks, as [`holdings`] does.
///
/// # Errors
/// What the database says.
pub fn has_jobs_soon(issuer: &Issuer) -> Result<bool, Failure> {
    let url = issuer.database.parse().map_err(Failure::doing("the database's address"))?;
    let mut reader = Database::open(url).and_then(|database| database.reader()).map_err(Failure::doing("opening"))?;
    let soon = Clock::System.now().plus(Span::minutes(1));
    let due = reader.read(|tx| ringup_db::job::has_due_job(tx, soon));
    due.map_err(Failure::doing("reading the jobs"))
}

/// What callers were told, added up by card; cards that nobody was told about hold nothing.
///
/// # Errors
/// When the file cannot be read.
pub fn told(issuer: &Issuer, acks: &Acks) -> Result<BTreeMap<CardNumber, i128>, Failure> {
    let mut told: BTreeMap<CardNumber, i128> = issuer.cards.iter().map(|card| (card.number, 0)).collect();
    let text = fs::read_to_string(acks.path()).map_err(Failure::doing(acks.path().display()))?;
    for line in text.lines() {
        let ack = parse_ack(line).map_err(Failure::doing(format!("the acknowledgement {line:?}")))?;
        let minor = told.entry(ack.card).or_default();
        *minor = minor.saturating_add(of(ack.amount));
    }
    Ok(told)
}

/// The first card that holds something else than its callers were told, in words.
#[must_use]
pub fn difference(holdings: &Holdings, told: &BTreeMap<CardNumber, i128>) -> Option<String> {
    let differs = told.iter().find(|&(card, minor)| holdings.main_minor.get(card) != Some(minor));
    differs.map(|(card, minor)| {
        let holds = holdings.main_minor.get(card).copied().unwrap_or(0);
        format!("card {card} holds {holds} minor units, and its holder was told of {minor}")
    })
}

fn of(amount: Amount) -> i128 {
    i128::from(amount.minor())
}
