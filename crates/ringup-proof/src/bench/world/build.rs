//! Builds a world, by the same commands as everything else, in batches of some thousands.

use std::collections::HashSet;

use ringup_core::apply::{Again, Command, ImportCard, KeyUse, Moment, Outcome, PlaceTopUp, Refusal, Touches, apply};
use ringup_core::books::{Fingerprint, KeyHash, PinHash};
use ringup_core::card::{Card, CardNumber, CardState};
use ringup_core::id::{BatchId, Node};
use ringup_core::ledger::ChainHead;
use ringup_core::money::{Amount, Language};
use ringup_core::payment::{PayMethod, Provider};
use ringup_core::product::Product;
use ringup_core::promotion::Promotion;
use ringup_core::quote::{Quote, QuoteFor};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::Channel;
use ringup_db::batch::{Batch, BatchKind};
use ringup_db::error::Stop;
use ringup_db::seam::{Database, Writer};
use ringup_engine::ids::IdMint;
use ringup_engine::pin::PinKey;

use super::catalogue::{self, OFFERED_MINOR, OPENING_MINOR, UNIT};
use super::{CARDS_CAME_AT, PLACED_AT, Placed, WorldSpec};
use crate::bench::BenchError;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;

/// How many commands share a commit while a world is built.
const BATCH: usize = 8_192;
/// The world's ids are made by a server of their own, so that those of the measured one never meet them.
const NODE: u8 = 61;
const SEED: u64 = 20_261_126;
const SERIALS: u64 = 1_000_000_000;
const FIRST_NUMBER: u64 = 622_588 * SERIALS;

/// Builds a world in an empty database whose schema is current; answers the top-ups that were placed, in their order.
pub fn build(database: &Database, spec: &WorldSpec, pins: &PinKey) -> Result<Vec<Placed>, BenchError> {
    let product = catalogue::product()?;
    let promotions = catalogue::promotions(spec.offer)?;
    let mut builder = Builder {
        writer: database.writer()?,
        ids: IdMint::open(database, Node::new(NODE).ok_or("there is no such node")?)?,
        dice: Dice::new(SEED),
    };
    let batch = builder.begin(spec, &product, &promotions)?;
    let cards = builder.draw_cards(spec.cards)?;
    builder.import(&cards, &product, batch, pins)?;
    builder.place(&cards, spec.placed, (&product, &promotions))
}

/// The PIN of a card of the world, from its number.
pub fn pin_of(card: CardNumber) -> String {
    format!("{:06}", Dice::new(card.as_u64()).draw().checked_rem(1_000_000).unwrap_or(0))
}

struct Builder {
    writer: Writer,
    ids: IdMint,
    dice: Dice,
}

impl Builder {
    fn begin(&mut self, spec: &WorldSpec, product: &Product, promotions: &[Promotion]) -> Result<BatchId, BenchError> {
        let batch = Batch {
            id: BatchId::from_u64(self.ids.one(Shard(0), CARDS_CAME_AT)),
            product: product.id,
            kind: BatchKind::Imported,
            card_count: spec.cards.into(),
            state: CardState::Active,
            created_at: CARDS_CAME_AT,
        };
        self.writer
            .write::<_, std::convert::Infallible>(|tx| {
                ringup_db::product::upsert_product(tx, product)?;
                for promotion in promotions {
                    ringup_db::promotion::upsert_promotion(tx, promotion)?;
                }
                Ok(ringup_db::batch::insert_batch(tx, &batch)?)
            })
            .map_err(Failure::doing("the catalogue"))?;
        Ok(batch.id)
    }

    /// Random numbers, each once, in the order in which their rows lie.
    fn draw_cards(&mut self, count: u32) -> Result<Vec<CardNumber>, BenchError> {
        let count = usize::try_from(count)?;
        let mut serials = HashSet::with_capacity(count);
        while serials.len() < count {
            serials.insert(self.dice.below(SERIALS));
        }
        let number = |serial| CardNumber::with_check_digit(FIRST_NUMBER.saturating_add(serial));
        let mut cards = serials.into_iter().map(number).collect::<Result<Vec<_>, _>>()?;
        cards.sort_unstable_by_key(|card| (Shard::of_card(*card), *card));
        Ok(cards)
    }

    fn import(
        &mut self,
        cards: &[CardNumber],
        product: &Product,
        batch: BatchId,
        pins: &PinKey,
    ) -> Result<(), BenchError> {
        let expires_at = CARDS_CAME_AT.plus(Span::days(36_500));
        let balance = Amount::new(OPENING_MINOR, UNIT)?;
        let import = |card: &CardNumber| {
            let pin: PinHash = pins.hash(*card, pin_of(*card).as_bytes());
            Command::ImportCard(ImportCard { number: *card, product: product.id, batch, pin, balance, expires_at })
        };
        for some in cards.chunks(BATCH) {
            let commands: Vec<Command> = some.iter().map(import).collect();
            self.carry_out(&commands, CARDS_CAME_AT)?;
        }
        Ok(())
    }

    fn place(
        &mut self,
        cards: &[CardNumber],
        count: u32,
        catalogue: (&Product, &[Promotion]),
    ) -> Result<Vec<Placed>, BenchError> {
        let count = usize::try_from(count)?;
        let mut placed = Vec::with_capacity(count);
        while placed.len() < count {
            let more = BATCH.min(count.saturating_sub(placed.len()));
            let quotes = (0..more).map(|_| self.quote(cards, catalogue)).collect::<Result<Vec<_>, _>>()?;
            let commands: Vec<Command> = quotes.iter().map(|quote| self.placing(quote)).collect();
            for (quote, outcome) in quotes.iter().zip(self.carry_out(&commands, PLACED_AT)?) {
                placed.push(placed_by(quote, &outcome)?);
            }
        }
        Ok(placed)
    }

    /// A quote for a random card and one of the offered amounts.
    fn quote(
        &mut self,
        cards: &[CardNumber],
        (product, promotions): (&Product, &[Promotion]),
    ) -> Result<Quote, BenchError> {
        let number = *self.dice.pick(cards).ok_or("there are no cards")?;
        let amount = Amount::new(*self.dice.pick(&OFFERED_MINOR).unwrap_or(&0), UNIT)?;
        let card = Card {
            number,
            product: product.id,
            batch: BatchId::from_u64(0),
            state: CardState::Active,
            expires_at: None,
            main: None,
            last_credit: None,
            chain: ChainHead::EMPTY,
            version: 0,
        };
        let balance = Amount::new(OPENING_MINOR, UNIT)?;
        Ok(Quote::make(QuoteFor { card: &card, product, balance, promotions }, amount, PLACED_AT)?)
    }

    fn placing(&mut self, quote: &Quote) -> Command {
        Command::PlaceTopUp(PlaceTopUp {
            key: KeyUse { key: KeyHash(bytes(&mut self.dice)), fingerprint: Fingerprint(bytes(&mut self.dice)) },
            channel: Channel::Online,
            sold_by: None,
            quote: quote.clone(),
            provider: Provider::Alipay,
            method: PayMethod::Qr,
            language: Language::En,
            again: Again::Ask,
        })
    }

    fn carry_out(&mut self, commands: &[Command], now: Timestamp) -> Result<Vec<Outcome>, BenchError> {
        let mut touches = Touches::default();
        let mut moments = Vec::with_capacity(commands.len());
        for command in commands {
            touches.add(command.touches());
            moments.push(Moment {
                now,
                ids: self.ids.block(command.shard(), now),
                house: self.ids.house(),
                nonce: bytes(&mut self.dice),
            });
        }
        let house = self.ids.house();
        let written = self.writer.write(|tx| {
            let mut books = ringup_db::books::load(tx, &touches, house, now)?;
            let mut outcomes = Vec::with_capacity(commands.len());
            for (command, moment) in commands.iter().zip(&moments) {
                outcomes.push(apply(&mut books, command, *moment).map_err(Stop::<Refusal>::Refused)?);
            }
            ringup_db::books::save(tx, house, &books.changes(), now)?;
            Ok(outcomes)
        });
        Ok(written.map_err(Failure::doing("building the world"))?)
    }
}

fn placed_by(quote: &Quote, outcome: &Outcome) -> Result<Placed, BenchError> {
    let Outcome::Placed { code, payment, .. } = outcome else {
        return Err(format!("a placing came to {outcome:?}").into());
    };
    Ok(Placed {
        card: quote.card,
        payment: *payment,
        code: *code.as_bytes(),
        gets_minor: quote.card_gets.minor(),
        pays_minor: quote.you_pay.minor(),
        bonus_minor: quote.bonus.map_or(0, |bonus| bonus.amount.minor()),
    })
}

/// 128 bits.
fn bytes(dice: &mut Dice) -> [u8; 16] {
    let (high, low) = (u128::from(dice.draw()), u128::from(dice.draw()));
    (high << 64 | low).to_be_bytes()
}
