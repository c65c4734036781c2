use super::{Moment, Outcome, Refusal};
use crate::books::Books;
use crate::card::{CardNumber, CardState};

/// A decision of staff on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeCardState {
    /// Which card.
    pub card: CardNumber,
    /// What it is to be.
    pub to: CardState,
}

/// Changes a card's state. Its validity begins when it first becomes active.
pub(super) fn change_card_state(books: &mut Books, command: ChangeCardState, at: &Moment) -> Result<Outcome, Refusal> {
    let mut card = books.card(command.card).ok_or(Refusal::CardUnknown)?.clone();
    if card.state == command.to {
        return Ok(Outcome::NothingToDo);
    }
    if !card.state.may_become().contains(&command.to) {
        return Err(Refusal::CardState { from: card.state.name(), to: command.to.name() });
    }
    let product = books.product(card.product).ok_or(Refusal::ProductUnknown)?;
    if command.to == CardState::Active && card.expires_at.is_none() {
        card.expires_at = Some(at.now.plus(product.validity));
    }
    card.state = command.to;
    books.put_card(card);
    Ok(Outcome::CardStateChanged)
}
