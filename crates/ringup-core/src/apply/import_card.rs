use super::{Moment, Outcome, Refusal};
use crate::books::{Books, PinHash};
use crate::card::{Card, CardNumber, CardState};
use crate::id::BatchId;
use crate::ledger::{Cause, Chain, ChainHead, recipes};
use crate::money::Amount;
use crate::product::ProductId;
use crate::quote::{self, QuoteRefusal};
use crate::time::Timestamp;

/// A card that exists already, in the hands of a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportCard {
    /// Its number.
    pub number: CardNumber,
    /// What kind of card it is.
    pub product: ProductId,
    /// The batch of the import.
    pub batch: BatchId,
    /// The keyed hash of its PIN.
    pub pin: PinHash,
    /// What it holds.
    pub balance: Amount,
    /// Until when it is valid.
    pub expires_at: Timestamp,
}

/// Takes over a card, with one opening entry for what it holds.
pub(super) fn import_card(books: &mut Books, command: &ImportCard, at: &mut Moment) -> Result<Outcome, Refusal> {
    if books.card(command.number).is_some() {
        return Err(Refusal::CardExists);
    }
    let product = books.product(command.product).ok_or(Refusal::ProductUnknown)?;
    if command.balance.unit() != product.unit {
        return Err(QuoteRefusal::WrongUnit(product.unit).into());
    }
    quote::may_hold(product, Amount::zero(product.unit), command.balance)?;
    let card = Card {
        number: command.number,
        product: command.product,
        batch: command.batch,
        state: CardState::Active,
        expires_at: Some(command.expires_at),
        last_credit: None,
        main: None,
        chain: ChainHead::EMPTY,
        version: 0,
    };
    books.put_new_card(card, command.pin);
    if !command.balance.is_zero() {
        let entry = recipes::opening_balance(command.number, command.balance)?;
        books.post(&entry, Chain::Card(command.number), Cause::Import(command.batch.as_u64()), at.now, at)?;
    }
    Ok(Outcome::CardImported)
}
