use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::id::TopUpId;
use ringup_core::money::{Amount, Unit};
use ringup_core::shard::Shard;

use super::top_ups::Credited;
use super::{CheckLine, Shards};

/// What a caller was told: this top-up put this amount on this card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The top-up.
    pub top_up: TopUpId,
    /// The card.
    pub card: CardNumber,
    /// What the card got.
    pub amount: Amount,
}

/// The line is no acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an acknowledgement is a top-up's id, a card number, an amount and its unit, such as \"top_… 8880… 100.00 CNY\""
)]
pub struct ParseAckError;

/// Reads a line of an acknowledgement file: `TOP-UP CARD-NUMBER AMOUNT UNIT`.
///
/// # Errors
/// [`ParseAckError`].
pub fn parse_ack(line: &str) -> Result<Ack, ParseAckError> {
    let mut words = line.split_whitespace();
    let mut word = || words.next().ok_or(ParseAckError);
    let top_up = word()?.parse().map_err(|_| ParseAckError)?;
    let card = word()?.parse().map_err(|_| ParseAckError)?;
    let figure = word()?;
    let unit: Unit = word()?.parse().map_err(|_| ParseAckError)?;
    let amount = Amount::parse(figure, unit).map_err(|_| ParseAckError)?;
    if words.next().is_some() { Err(ParseAckError) } else { Ok(Ack { top_up, card, amount }) }
}

/// Each acknowledged top-up was credited exactly once, with the card and the amount that were told.
pub(super) struct Acks<'a> {
    line: CheckLine,
    by_shard: BTreeMap<Shard, Vec<&'a Ack>>,
}

impl<'a> Acks<'a> {
    pub(super) fn new(acks: &'a [Ack]) -> Self {
        let mut by_shard: BTreeMap<Shard, Vec<&Ack>> = BTreeMap::new();
        for ack in acks {
            by_shard.entry(ack.top_up.shard()).or_default().push(ack);
        }
        Self { line: CheckLine::new("every acknowledged top-up is on its card exactly once"), by_shard }
    }

    pub(super) fn look(&mut self, shards: Shards, credited: &BTreeMap<TopUpId, Credited>) {
        let of_shards: Vec<&Ack> =
            self.by_shard.range(shards.first..=shards.last).flat_map(|(_, acks)| acks).copied().collect();
        for ack in of_shards {
            self.line.count();
            let Some(Credited { top_up, times }) = credited.get(&ack.top_up) else {
                self.line.find(|| format!("{} is not there", ack.top_up));
                continue;
            };
            if *times != 1 {
                self.line.find(|| format!("{} was credited {times} times", ack.top_up));
            } else if (top_up.quote.card, top_up.quote.card_gets) != (ack.card, ack.amount) {
                self.line.find(|| format!("{} put another amount, or it on another card, than was told", ack.top_up));
            }
        }
    }

    pub(super) fn line(self, acks: &[Ack]) -> CheckLine {
        debug_assert_eq!(u64::try_from(acks.len()), Ok(self.line.checked));
        self.line
    }
}
