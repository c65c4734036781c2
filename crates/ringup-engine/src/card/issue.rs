//! Making cards: numbers drawn by chance, PINs as keyed hashes, and one encrypted file for the printer.
//!
//! The cards and their print file agree: both are there, or neither. The file is written and on the disk before the cards
//! are committed, and gets its name after; what fails in between takes the other one with it.

mod print_file;

use std::collections::HashSet;
use std::path::PathBuf;

use print_file::PrintFile;
pub use print_file::PrintFileError;
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::BatchId;
use ringup_core::product::Product;
use ringup_core::shard::Shard;
use ringup_core::time::Span;
use ringup_db::batch::{Batch, BatchKind};
use ringup_db::card::NewCard;
use ringup_db::error::{Stop, WriteError};
use ringup_db::seam::WriteTx;

use super::bulk::Bulk;
use super::draw::{Dice, DrawError, Numbers, Pins};
use crate::limits;
use crate::pin::PinKey;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct IssueCards {
    /// The code of the product.
    pub product: String,
    /// How many.
    pub count: u32,
    /// The print file.
    pub out: PathBuf,
    /// Whom it is encrypted to: an age public key.
    pub recipient: String,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The batch, by which the cards are activated.
    pub batch: BatchId,
    /// How many cards.
    pub count: u32,
    /// The print file.
    pub file: PathBuf,
}

/// Why no cards were made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// None, or too many for one batch.
    #[error("between 1 and {} cards can be made at once", limits::BATCH_CARDS_MAX)]
    Count,
    /// No such product.
    #[error("there is no product {0:?}")]
    ProductUnknown(String),
    /// The numbers cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The print file cannot be written.
    #[error(transparent)]
    PrintFile(#[from] PrintFileError),
    /// The cards are made, but the print file could not be given its name.
    #[error("{batch} has been made; its print file is {} and could not be renamed: {source}", part.display())]
    NotRenamed {
        /// The batch.
        batch: BatchId,
        /// Where its print file is.
        part: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The connection was lost at the commit.
    #[error(
        "it is not known whether {batch} was made; if it is in the database, {} is its print file, else delete that",
        part.display()
    )]
    Unknown {
        /// The batch.
        batch: BatchId,
        /// Where its print file is.
        part: PathBuf,
    },
    /// The database does not serve. Nothing was made.
    #[error("nothing was made: {0}")]
    Database(String),
}

/// Makes a batch of cards. They are `generated`: worth nothing until they are activated.
///
/// # Errors
/// [`IssueError`].
pub fn issue(bulk: &mut Bulk, request: &IssueCards) -> Result<Issued, IssueError> {
    if request.count == 0 || request.count > limits::BATCH_CARDS_MAX {
        return Err(IssueError::Count);
    }
    let product = bulk.product(&request.product).map_err(|error| IssueError::Database(error.to_string()))?;
    let product = product.ok_or_else(|| IssueError::ProductUnknown(request.product.clone()))?;
    let mut press = Press::new(&product, request.count, bulk.pins.clone())?;
    let mut file = PrintFile::begin(&request.out, &request.recipient)?;
    let now = bulk.clock.now();
    let batch = Batch {
        id: BatchId::from_u64(bulk.ids.one(Shard(0), now)),
        product: product.id,
        kind: BatchKind::Issued,
        card_count: u64::from(request.count),
        state: CardState::Generated,
        created_at: now,
    };
    let written = bulk.writer.write(|tx| {
        ringup_db::batch::insert_batch(tx, &batch)?;
        press.insert(tx, &batch)?;
        let mark = bulk.ids.keep_mark(tx)?;
        press.print(&mut file, product.validity).map_err(Stop::Refused)?;
        Ok(mark)
    });
    match written {
        Ok(mark) => bulk.ids.mark_kept(mark),
        Err(WriteError::Refused(refused)) => return Err(refused),
        Err(WriteError::CommitUnknown { .. }) => {
            return Err(IssueError::Unknown { batch: batch.id, part: file.keep() });
        }
        Err(error) => return Err(IssueError::Database(error.to_string())),
    }
    match file.publish() {
        Ok(file) => Ok(Issued { batch: batch.id, count: request.count, file }),
        Err((part, source)) => Err(IssueError::NotRenamed { batch: batch.id, part, source }),
    }
}

/// The cards that are being made: numbers, PINs and hashes, position by position.
struct Press {
    dice: Dice,
    numbers: Numbers,
    pins: Pins,
    key: PinKey,
    cards: Vec<NewCard>,
}

impl Press {
    fn new(product: &Product, count: u32, key: PinKey) -> Result<Self, IssueError> {
        let mut dice = Dice::new();
        let mut numbers = Numbers::new(&product.format, count)?;
        let count = usize::try_from(count).map_err(|_| IssueError::Count)?;
        let pins = Pins::draw(count, product.format.pin_digits, &mut dice);
        let mut cards = Vec::with_capacity(count);
        for pin in pins.iter() {
            let number = numbers.draw(&mut dice)?;
            cards.push(NewCard { number, pin: key.hash(number, pin) });
        }
        Ok(Self { dice, numbers, pins, key, cards })
    }

    /// Inserts the cards; for numbers that older cards have, others are drawn.
    fn insert(&mut self, tx: &mut WriteTx<'_>, batch: &Batch) -> Result<(), Stop<IssueError>> {
        let insert = |tx: &mut WriteTx<'_>, cards: &[NewCard]| {
            ringup_db::card::insert_cards(tx, cards, batch.product, batch.id, batch.state)
        };
        let mut taken: HashSet<CardNumber> = insert(tx, &self.cards)?.into_iter().collect();
        while !taken.is_empty() {
            let mut redrawn = Vec::with_capacity(taken.len());
            for (card, pin) in self.cards.iter_mut().zip(self.pins.iter()) {
                if taken.contains(&card.number) {
                    card.number = self.numbers.draw(&mut self.dice).map_err(|error| Stop::Refused(error.into()))?;
                    card.pin = self.key.hash(card.number, pin);
                    redrawn.push(*card);
                }
            }
            taken = insert(tx, &redrawn)?.into_iter().collect();
        }
        Ok(())
    }

    /// Writes the print file, in the order of the drawing.
    fn print(&self, file: &mut PrintFile, validity: Span) -> Result<(), IssueError> {
        let valid_days = validity.as_seconds().div_euclid(86_400);
        file.write_head()?;
        for (card, pin) in self.cards.iter().zip(self.pins.iter()) {
            file.write_card(card.number, pin, valid_days)?;
        }
        Ok(file.finish()?)
    }
}

#[cfg(test)]
mod tests;
