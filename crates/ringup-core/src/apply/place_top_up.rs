use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::card::Card;
use crate::event::{Event, EventKind};
use crate::id::{EventId, IdsUsedUp, JobId, PaymentId, PurseId, TopUpId};
use crate::job::{FIRST_QUERY_AFTER, JobKind, NewJob};
use crate::money::{Amount, Language};
use crate::payment::{PayMethod, Payment, PaymentState, Provider, Tender};
use crate::purse::{Purse, PurseKind, PurseState};
use crate::quote::{self, Quote};
use crate::time::{Span, Timestamp};
use crate::top_up::{Channel, Given, Newest, Sale, TopUp, TopUpCode, TopUpState};

/// How long a provider may take the money; then we close the order there.
pub const PAYABLE_FOR: Span = Span::minutes(15);

/// The same where the payer shows a code: a minute for him to confirm, after the time in which the code is sent.
pub const CODE_PAYABLE_FOR: Span = Span::seconds(75);

/// How soon after a payment was begun its code may be sent, so that a minute is left to confirm it.
pub const CODE_SENT_WITHIN: Span = Span::seconds(15);

/// How soon after a credit the same top-up must be confirmed as another one.
pub const REPEAT_ASKED_WITHIN: Span = Span::seconds(120);

/// Whether the caller knows that the same was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Not said: ask.
    Ask,
    /// "Yes, this is another one."
    Confirmed,
}

/// By whom a top-up is sold, and when its card gets the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoldBy {
    /// The drawer, cash box or float.
    pub purse: PurseId,
    /// When the card gets its value, where that is not at once.
    pub credit_at: Option<Timestamp>,
}

/// What is the same of every top-up, whichever way it is paid.
pub(super) struct Order<'a> {
    pub(super) channel: Channel,
    pub(super) sold_by: Option<SoldBy>,
    pub(super) quote: &'a Quote,
    pub(super) language: Language,
    pub(super) again: Again,
}

/// A top-up to be written down, with its first payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceTopUp {
    /// The caller's key.
    pub key: KeyUse,
    /// The door.
    pub channel: Channel,
    /// Who sells it; nobody online.
    pub sold_by: Option<SoldBy>,
    /// What was promised; the engine has checked that the promise is its own.
    pub quote: Quote,
    /// Who is to take the payment.
    pub provider: Provider,
    /// How the payer gets there.
    pub method: PayMethod,
    /// The language of the page.
    pub language: Language,
    /// Whether a repeat has been confirmed.
    pub again: Again,
}

/// Writes down a top-up, its first payment, and the job that follows the payment. No money moves.
pub(super) fn place_top_up(books: &mut Books, command: &PlaceTopUp, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        return placed_before(books, command.key, *used);
    }
    let (quote, sold_by) = (&command.quote, command.sold_by);
    let order = Order { channel: command.channel, sold_by, quote, language: command.language, again: command.again };
    let (id, code) = write_top_up(books, &order, at)?;
    let tender = Tender::Provider { provider: command.provider, method: command.method };
    let payment = begin_payment(books, id, tender, quote.you_pay, at)?;
    follow_payment(books, payment, at)?;
    append_event(books, id, (EventKind::Placed, Some(payment), Some(quote.you_pay)), at.now, at)?;
    books.put_key(
        command.key.key,
        UsedKey { fingerprint: command.key.fingerprint, result: id.as_u64(), used_at: at.now },
    );
    Ok(Outcome::Placed { top_up: id, code, payment, repeated: Repeated::No })
}

/// Checks everything that can stand against a top-up, and writes it down.
pub(super) fn write_top_up(
    books: &mut Books,
    order: &Order<'_>,
    at: &mut Moment,
) -> Result<(TopUpId, TopUpCode), Refusal> {
    let quote = order.quote;
    if at.now >= quote.valid_until() {
        return Err(Refusal::QuoteExpired);
    }
    let sold_in = match order.sold_by {
        Some(SoldBy { purse, .. }) => Some(selling_purse(books, purse, order.channel)?.kind),
        None => None,
    };
    let card = books.card(quote.card).ok_or(Refusal::CardUnknown)?.clone();
    // Of money that is there already the settlement decides: on the card, or owed back.
    if !sold_in.is_some_and(PurseKind::is_paid_first) {
        check_card(books, &card, quote.card_gets, at.now)?;
        if order.again == Again::Ask {
            ask_for_repeat(&card, quote.card_gets, at.now)?;
        }
    }
    let id = TopUpId::from_u64(at.ids.take()?);
    let code = TopUpCode::from_bytes(at.nonce);
    let bonus_unit = quote.bonus.map_or(quote.card_gets.unit(), |bonus| bonus.amount.unit());
    let sale = order.sold_by.map(|SoldBy { purse, credit_at }| Sale { purse, number: None, credit_at });
    books.put_top_up(TopUp {
        id,
        code,
        channel: order.channel,
        sale,
        quote: quote.clone(),
        language: order.language,
        state: TopUpState::Placed,
        placed_at: at.now,
        given: Given {
            payment: None,
            grant: None,
            refunded: Amount::zero(quote.you_pay.unit()),
            main_undone: Amount::zero(quote.card_gets.unit()),
            bonus_undone: Amount::zero(bonus_unit),
        },
        newest: Newest::default(),
        version: 0,
    });
    Ok((id, code))
}

/// A purse that is in use and may sell by this channel.
pub(super) fn selling_purse(books: &Books, id: PurseId, channel: Channel) -> Result<&Purse, Refusal> {
    let purse = books.purse(id).ok_or(Refusal::PurseUnknown)?;
    match purse.state {
        PurseState::Open | PurseState::Closed(_) if !purse.kind.sells_by(channel) => Err(Refusal::PurseUnsuited),
        PurseState::Closed(_) if !purse.kind.is_paid_first() => Err(Refusal::PurseClosed),
        PurseState::Open | PurseState::Closed(_) => Ok(purse),
    }
}

/// The answer that was given when the key was used for the first time.
pub(super) fn placed_before(books: &Books, key: KeyUse, used: UsedKey) -> Result<Outcome, Refusal> {
    if used.fingerprint != key.fingerprint {
        return Err(Refusal::KeyUsedForSomethingElse);
    }
    let top_up = books.top_up(TopUpId::from_u64(used.result)).ok_or(Refusal::TopUpUnknown)?;
    let payment = first_payment_of(top_up.id);
    books.payment(payment).ok_or(Refusal::PaymentUnknown)?;
    Ok(Outcome::Placed { top_up: top_up.id, code: top_up.code, payment, repeated: Repeated::Yes })
}

/// The payment that was begun with a top-up: its id was taken right after the top-up's. Another payment may have a lower id, when
/// it was begun by a server whose clock is behind.
const fn first_payment_of(top_up: TopUpId) -> PaymentId {
    PaymentId::from_u64(top_up.as_u64().saturating_add(1))
}

/// Whether the card may get this much more now.
pub(super) fn check_card(books: &Books, card: &Card, more: Amount, now: Timestamp) -> Result<(), Refusal> {
    let product = books.product(card.product).ok_or(Refusal::ProductUnknown)?;
    quote::may_be_topped_up(card.standing(product, now))?;
    let balance = books.card_main(card.number, product.unit);
    quote::may_hold(product, balance, more)?;
    Ok(())
}

fn ask_for_repeat(card: &Card, amount: Amount, now: Timestamp) -> Result<(), Refusal> {
    match card.last_credit {
        Some(last) if last.amount == amount && now < last.credited_at.plus(REPEAT_ASKED_WITHIN) => {
            Err(Refusal::AnotherOne { top_up: last.top_up, credited_at: last.credited_at })
        }
        Some(_) | None => Ok(()),
    }
}

/// Writes down a payment.
pub(super) fn begin_payment(
    books: &mut Books,
    top_up: TopUpId,
    tender: Tender,
    amount: Amount,
    at: &mut Moment,
) -> Result<PaymentId, IdsUsedUp> {
    let id = PaymentId::from_u64(at.ids.take()?);
    let expires_at = at.now.plus(if tender.is_by_code() { CODE_PAYABLE_FOR } else { PAYABLE_FOR });
    books.add_payment(Payment {
        id,
        top_up,
        previous: None,
        tender,
        amount,
        state: PaymentState::Created,
        created_at: at.now,
        expires_at,
        unallocated: None,
        version: 0,
    });
    Ok(id)
}

/// Adds the job that follows a payment at its provider.
pub(super) fn follow_payment(books: &mut Books, payment: PaymentId, at: &mut Moment) -> Result<(), IdsUsedUp> {
    append_job(books, (JobKind::FollowPayment, payment.as_u64()), at.now.plus(FIRST_QUERY_AFTER), at)
}

/// Adds to the timeline of a top-up.
pub(super) fn append_event(
    books: &mut Books,
    top_up: TopUpId,
    (kind, payment, amount): (EventKind, Option<PaymentId>, Option<Amount>),
    happened_at: Timestamp,
    at: &mut Moment,
) -> Result<(), IdsUsedUp> {
    let id = EventId::from_u64(at.ids.take()?);
    books.add_event(Event { id, top_up, previous: None, kind, payment, amount, happened_at });
    Ok(())
}

/// Adds work to be done later.
pub(super) fn append_job(
    books: &mut Books,
    (kind, subject): (JobKind, u64),
    run_at: Timestamp,
    at: &mut Moment,
) -> Result<(), IdsUsedUp> {
    let id = JobId::from_u64(at.ids.take()?);
    books.append_job(NewJob { id, shard: id.shard(), kind, subject, run_at });
    Ok(())
}
