//! The words that scenarios are written in.

use super::audit;
use super::shelf::Shelf;
use crate::apply::*;
use crate::batch;
use crate::books::{Books, Changes, Fingerprint, KeyHash, PinHash, PostError};
use crate::card::{Card, CardNumber, CardState};
use crate::id::{BatchId, GrantId, IdBlock, Node, PaymentId, PurseId, RefundId, TopUpId};
use crate::money::{Amount, Language, Unit};
use crate::payment::*;
use crate::product::{Name, NumberFormat, Product, ProductId};
use crate::promotion::{Gift, Promotion, PromotionId};
use crate::purse::PurseKind;
use crate::quote::{Quote, QuoteFor, QuoteRefusal};
use crate::shard::Shard;
use crate::time::{Span, Timestamp};
use crate::top_up::{Channel, TopUp, TopUpState};

/// 2026-06-01, four in the afternoon in China.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_780_300_800);

/// Where the server keeps the issuer's own accounts: in a shard of no card here.
pub(crate) const HOUSE: Shard = Shard(1);

/// What `"95.00 CNY"` says.
pub(crate) fn money(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(crate) fn key(number: u8) -> KeyUse {
    KeyUse { key: KeyHash([number; 16]), fingerprint: Fingerprint([number; 16]) }
}

/// The same key for another wish.
pub(crate) fn key_with_other_body(number: u8) -> KeyUse {
    altered(key(number))
}

/// The same key for another wish.
pub(crate) fn altered(key: KeyUse) -> KeyUse {
    let Fingerprint(bytes) = key.fingerprint;
    KeyUse { fingerprint: Fingerprint(bytes.map(|byte| !byte)), ..key }
}

pub(crate) fn product() -> Product {
    Product {
        id: ProductId(1),
        code: "call-card".to_owned(),
        name: name("Call card", "电话卡"),
        unit: Unit::Cny,
        format: NumberFormat { prefix: "8661".to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(365),
        added_per_top_up: Span::days(180),
        grace: Span::days(30),
        offered: vec![money("50.00 CNY"), money("100.00 CNY"), money("200.00 CNY")],
        other_amounts: Some((money("1.00 CNY"), money("1000.00 CNY"))),
        balance_min: money("0.00 CNY"),
        balance_max: money("2000.00 CNY"),
    }
}

pub(crate) fn name(en: &str, zh_hans: &str) -> Name {
    Name { en: en.to_owned(), zh_hans: zh_hans.to_owned() }
}

/// A promotion of June and July 2026, from 100.00 on.
pub(crate) fn promotion(id: u32, gives: Gift) -> Promotion {
    Promotion {
        id: PromotionId(id),
        product: ProductId(1),
        name: name("Summer", "夏日"),
        starts_at: START.minus(Span::days(1)),
        ends_at: START.plus(Span::days(60)),
        spend_at_least: money("100.00 CNY"),
        gives,
    }
}

pub(crate) fn off(amount: &str) -> Promotion {
    promotion(1, Gift::Discount(money(amount)))
}

pub(crate) fn bonus(amount: &str) -> Promotion {
    promotion(2, Gift::Bonus { amount: money(amount), lasts: Span::days(30) })
}

/// "5 off" and "10 bonus": the example of the design.
pub(crate) fn summer() -> Vec<Promotion> {
    vec![off("5.00 CNY"), bonus("10.00 CNY")]
}

/// A top-up that was placed, with its first payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) top_up: TopUpId,
    pub(crate) payment: PaymentId,
}

/// A world of one product; everything in it is done by commands.
pub(crate) struct World {
    pub(crate) books: Books,
    pub(crate) now: Timestamp,
    /// The same rows, lent anew to each command.
    shelf: Shelf,
    last_millis: i64,
    keys_drawn: u8,
    cards_made: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut books = Books::default();
        books.load_product(product());
        let mut shelf = Shelf::default();
        shelf.put_product(product());
        Self { books, now: START, shelf, last_millis: 0, keys_drawn: 100, cards_made: 0 }
    }

    // Given.

    /// An active card with this balance, taken over from another system.
    pub(crate) fn given_a_card(&mut self, balance: &str) -> CardNumber {
        let number = self.next_number();
        let import = self.import(number, money(balance));
        assert_eq!(self.run(&Command::ImportCard(import)), Ok(Outcome::CardImported));
        number
    }

    /// A card as `ringup card issue` makes it.
    pub(crate) fn given_a_card_that_is(&mut self, state: CardState) -> CardNumber {
        let number = self.next_number();
        let card = Card {
            number,
            product: ProductId(1),
            batch: BatchId::from_u64(1),
            state,
            expires_at: None,
            main: None,
            last_credit: None,
            chain: crate::ledger::ChainHead::EMPTY,
            version: 1,
        };
        self.books.load_card(card.clone());
        self.shelf.put_card(card);
        number
    }

    pub(crate) fn next_number(&mut self) -> CardNumber {
        self.cards_made += 1;
        CardNumber::with_check_digit(866_100_000_000_000 + self.cards_made * 7_919).unwrap()
    }

    pub(crate) fn import(&self, number: CardNumber, balance: Amount) -> ImportCard {
        ImportCard {
            number,
            product: ProductId(1),
            batch: BatchId::from_u64(1),
            pin: PinHash([1; 16]),
            balance,
            expires_at: self.now.plus(Span::days(100)),
        }
    }

    /// A top-up with these promotions, placed and paid by Alipay.
    pub(crate) fn given_a_credited_top_up(
        &mut self,
        card: CardNumber,
        amount: &str,
        promotions: &[Promotion],
    ) -> Order {
        let order = self.places(card, amount, promotions);
        assert_eq!(self.is_paid(order), Ok(Outcome::Credited));
        order
    }

    // When.

    pub(crate) fn waits(&mut self, span: Span) {
        self.now = self.now.plus(span);
    }

    /// The time, ids and chance of what is done next to a card.
    pub(crate) fn moment(&mut self, card: CardNumber) -> Moment {
        self.last_millis = self.now.millis().max(self.last_millis + 1);
        let ids = IdBlock::starting_at(self.last_millis, Shard::of_card(card), Node::new(1).unwrap(), 0);
        Moment { now: self.now, ids, house: HOUSE, nonce: [0; 16] }
    }

    /// Runs a command; the auditor then looks at the books.
    pub(crate) fn run(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        self.last_millis = self.now.millis().max(self.last_millis + 1);
        let ids = IdBlock::starting_at(self.last_millis, command.shard(), Node::new(1).unwrap(), 0);
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&self.last_millis.to_be_bytes());
        let at = Moment { now: self.now, ids, house: HOUSE, nonce };
        starve(&self.books, command, at);
        let before = self.books.clone();
        let result = apply(&mut self.books, command, at);
        match &result {
            Ok(_) => audit::check(&self.books),
            Err(refusal) => assert!(self.books == before, "{refusal} left something behind"),
        }
        self.runs_on_lent_rows(command, at, &result);
        result
    }

    /// The same command on what it touches alone, as a lane lends it: it must come out the same.
    fn runs_on_lent_rows(&mut self, command: &Command, at: Moment, expected: &Result<Outcome, Refusal>) {
        let commands = std::slice::from_ref(command);
        let mut lent = self.shelf.lend(&batch::touches(commands), &at);
        let result = batch::decide(&mut lent, commands, &[at]).remove(0);
        assert_eq!(&result, expected, "{command:?} comes out otherwise with what it touches alone");
        let changes = lent.changes();
        if result.is_err() {
            assert!(changes.is_empty(), "{command:?} was refused, and is to be saved");
        } else if !changes.is_empty() {
            self.shelf.keep(changes);
        }
    }

    pub(crate) fn quote(
        &self,
        card: CardNumber,
        amount: Amount,
        promotions: &[Promotion],
    ) -> Result<Quote, QuoteRefusal> {
        let card = self.books.card(card).unwrap();
        let product = self.books.product(card.product).unwrap();
        let balance = self.books.card_main(card.number, product.unit);
        Quote::make(QuoteFor { card, product, balance, promotions }, amount, self.now)
    }

    pub(crate) fn placing(&mut self, card: CardNumber, amount: &str, promotions: &[Promotion]) -> PlaceTopUp {
        PlaceTopUp {
            key: self.next_key(),
            channel: Channel::Online,
            sold_by: None,
            quote: self.quote(card, money(amount), promotions).unwrap(),
            provider: Provider::Alipay,
            method: PayMethod::Qr,
            language: Language::ZhHans,
            again: Again::Ask,
        }
    }

    pub(crate) fn places(&mut self, card: CardNumber, amount: &str, promotions: &[Promotion]) -> Order {
        let mut placing = self.placing(card, amount, promotions);
        placing.again = Again::Confirmed;
        match self.run(&Command::PlaceTopUp(placing)) {
            Ok(Outcome::Placed { top_up, payment, repeated: Repeated::No, .. }) => Order { top_up, payment },
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn next_key(&mut self) -> KeyUse {
        self.keys_drawn += 1;
        key(self.keys_drawn)
    }

    pub(crate) fn begins_another_payment(&mut self, top_up: TopUpId, provider: Provider) -> PaymentId {
        let add = AddPayment { key: self.next_key(), top_up, provider, method: PayMethod::Qr };
        match self.run(&Command::AddPayment(add)) {
            Ok(Outcome::PaymentAdded { payment, .. }) => payment,
            other => panic!("{other:?}"),
        }
    }

    /// The provider says that exactly what was asked has been paid.
    pub(crate) fn is_paid(&mut self, order: Order) -> Result<Outcome, Refusal> {
        let asked = self.payment(order.payment).amount;
        self.hears(order.payment, ReportSource::Notification, asked)
    }

    /// A provider says that so much was paid now.
    pub(crate) fn hears(
        &mut self,
        payment: PaymentId,
        source: ReportSource,
        amount: Amount,
    ) -> Result<Outcome, Refusal> {
        let transaction = TransactionId::parse(&format!("T{}", payment.as_u64())).unwrap();
        self.hears_word(payment, source, PaymentWord::Paid { transaction, amount, paid_at: self.now })
    }

    pub(crate) fn hears_word(
        &mut self,
        payment: PaymentId,
        source: ReportSource,
        word: PaymentWord,
    ) -> Result<Outcome, Refusal> {
        let provider = self.payment(payment).tender.provider().unwrap();
        self.run(&Command::RecordPayment(ProviderReport { provider, payment, source, word }))
    }

    pub(crate) fn refunds(
        &mut self,
        top_up: TopUpId,
        how_much: RefundHowMuch,
        spent: SpentMeanwhile,
    ) -> Result<Outcome, Refusal> {
        let key = self.next_key();
        self.run(&Command::RequestRefund(RequestRefund { key, top_up, how_much, spent }))
    }

    /// Staff refund all of it, and the provider sends it at once.
    pub(crate) fn refunds_and_sends(&mut self, top_up: TopUpId, how_much: RefundHowMuch, spent: SpentMeanwhile) {
        self.refunds(top_up, how_much, spent).unwrap();
        self.provider_sends_all_refunds();
    }

    pub(crate) fn provider_says_of_refund(&mut self, refund: RefundId, word: RefundWord) -> Result<Outcome, Refusal> {
        self.run(&Command::RecordRefund(RecordRefund { refund, word }))
    }

    pub(crate) fn provider_sends_all_refunds(&mut self) {
        let refunds: Vec<RefundId> = self.changes().new_refunds.iter().map(|refund| refund.id).collect();
        for refund in refunds {
            let succeeded_at = self.now;
            self.provider_says_of_refund(refund, RefundWord::Succeeded { succeeded_at }).unwrap();
        }
    }

    pub(crate) fn spends(&mut self, card: CardNumber, amount: &str) -> Result<Outcome, Refusal> {
        let key = self.next_key();
        let number = u64::from(self.keys_drawn);
        self.run(&Command::RecordUsage(RecordUsage { key, card, amount: money(amount), number }))
    }

    pub(crate) fn lapses(&mut self, grant: GrantId) -> Result<Outcome, Refusal> {
        self.run(&Command::LapseGrant(LapseGrant { grant }))
    }

    pub(crate) fn staff_make(&mut self, card: CardNumber, to: CardState) -> Result<Outcome, Refusal> {
        self.run(&Command::ChangeCardState(ChangeCardState { card, to }))
    }

    // Over a counter.

    pub(crate) fn opens(
        &mut self,
        kind: PurseKind,
        parent: Option<PurseId>,
        opening: &str,
    ) -> Result<Outcome, Refusal> {
        let (key, credit_limit) = (self.next_key(), Amount::zero(Unit::Cny));
        self.run(&Command::OpenPurse(OpenPurse { key, kind, parent, credit_limit, opening: money(opening) }))
    }

    pub(crate) fn given_a_safe(&mut self) -> PurseId {
        opened(self.opens(PurseKind::Safe, None, "0.00 CNY"))
    }

    pub(crate) fn opens_a_drawer(&mut self, safe: PurseId, opening: &str) -> PurseId {
        opened(self.opens(PurseKind::TillSession, Some(safe), opening))
    }

    /// The box of a kiosk, with nothing in it.
    pub(crate) fn opens_a_box(&mut self, safe: PurseId) -> PurseId {
        opened(self.opens(PurseKind::CashBox, Some(safe), "0.00 CNY"))
    }

    /// What notes in a box give their card, whatever stands against it.
    pub(crate) fn putting_in(
        &mut self,
        purse: PurseId,
        card: CardNumber,
        put_in: &str,
        promotions: &[Promotion],
    ) -> Sell {
        let known = self.books.card(card).unwrap();
        let product = self.books.product(known.product).unwrap();
        let balance = self.books.card_main(card, product.unit);
        let made_for = QuoteFor { card: known, product, balance, promotions };
        let quote = crate::quote::Quote::of_notes(made_for, money(put_in), self.now).unwrap();
        let sold_by = SoldBy { purse, credit_at: None };
        let (key, channel, language) = (self.next_key(), Channel::Kiosk, Language::ZhHans);
        Sell { key, channel, sold_by, quote, cash_given: None, language, again: Again::Ask }
    }

    /// An agent's float with so much on it, and so much credit.
    pub(crate) fn given_a_float(&mut self, bought: &str, credit_limit: &str) -> PurseId {
        let key = self.next_key();
        let opening = Amount::zero(Unit::Cny);
        let (kind, credit_limit) = (PurseKind::Float, money(credit_limit));
        let float = self.run(&Command::OpenPurse(OpenPurse { key, kind, parent: None, credit_limit, opening }));
        let float = opened(float);
        if !money(bought).is_zero() {
            self.moves_cash(float, CashMove::FloatBought(money(bought))).unwrap();
        }
        float
    }

    pub(crate) fn selling(&mut self, purse: PurseId, card: CardNumber, amount: &str, promotions: &[Promotion]) -> Sell {
        let channel = match self.books.purse(purse).unwrap().kind {
            PurseKind::TillSession | PurseKind::Safe => Channel::Store,
            PurseKind::CashBox => Channel::Kiosk,
            PurseKind::Float => Channel::Agent,
        };
        Sell {
            key: self.next_key(),
            channel,
            sold_by: SoldBy { purse, credit_at: None },
            quote: self.quote(card, money(amount), promotions).unwrap(),
            cash_given: (channel == Channel::Store).then(|| money(amount)),
            language: Language::ZhHans,
            again: Again::Confirmed,
        }
    }

    pub(crate) fn sells(&mut self, purse: PurseId, card: CardNumber, amount: &str, promotions: &[Promotion]) -> Order {
        let selling = self.selling(purse, card, amount, promotions);
        sold(self.run(&Command::Sell(selling)))
    }

    /// A sale whose card gets its value so much later.
    pub(crate) fn sells_for_later(&mut self, purse: PurseId, card: CardNumber, amount: &str, later: Span) -> Order {
        let mut selling = self.selling(purse, card, amount, &[]);
        selling.sold_by.credit_at = Some(self.now.plus(later));
        sold(self.run(&Command::Sell(selling)))
    }

    pub(crate) fn credits(&mut self, top_up: TopUpId) -> Result<Outcome, Refusal> {
        self.run(&Command::CreditTopUp(top_up))
    }

    pub(crate) fn closes(&mut self, purse: PurseId, counted: &str) -> Result<Outcome, Refusal> {
        self.run(&Command::ClosePurse(ClosePurse { purse, counted: money(counted) }))
    }

    pub(crate) fn moves_cash(&mut self, purse: PurseId, how: CashMove) -> Result<Outcome, Refusal> {
        let key = self.next_key();
        self.run(&Command::MoveCash(MoveCash { key, purse, how }))
    }

    pub(crate) fn refund_of(&mut self, top_up: TopUpId, how_much: RefundHowMuch) -> RefundId {
        match self.refunds(top_up, how_much, SpentMeanwhile::Refuse) {
            Ok(Outcome::RefundRequested { refund, .. }) => refund,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn pays_out(&mut self, refund: RefundId, purse: PurseId) -> Result<Outcome, Refusal> {
        let key = self.next_key();
        self.run(&Command::PayOutRefund(PayOutRefund { key, refund, purse }))
    }

    /// What is in a purse, in minor units.
    pub(crate) fn in_purse(&self, purse: PurseId) -> i64 {
        self.books.purse(purse).unwrap().holds.map_or(0, |held| held.balance.minor())
    }

    // Then.

    pub(crate) fn changes(&self) -> Changes {
        self.books.changes()
    }

    pub(crate) fn holds(&self, card: CardNumber) -> Amount {
        self.books.card_main(card, Unit::Cny)
    }

    /// What is left of each bonus of a card, the oldest first.
    pub(crate) fn bonuses(&self, card: CardNumber) -> Vec<Amount> {
        self.books.grants_of(card).map(|grant| self.books.bonus_left(grant)).collect()
    }

    pub(crate) fn grant(&self, top_up: TopUpId) -> GrantId {
        self.top_up(top_up).given.grant.unwrap()
    }

    pub(crate) fn top_up(&self, id: TopUpId) -> &TopUp {
        self.books.top_up(id).unwrap()
    }

    pub(crate) fn state(&self, id: TopUpId) -> &TopUpState {
        &self.top_up(id).state
    }

    pub(crate) fn payment(&self, id: PaymentId) -> &Payment {
        self.books.payment(id).unwrap()
    }

    /// The refunds of a top-up: amount, reason, state.
    pub(crate) fn refunds_of(&self, top_up: TopUpId) -> Vec<String> {
        let line =
            |refund: &crate::refund::Refund| format!("{} {} {}", refund.amount, refund.reason, refund.state.name());
        self.books.refunds_of(top_up).map(line).collect()
    }

    /// The names of what happened, in order.
    pub(crate) fn timeline(&self, top_up: TopUpId) -> Vec<&'static str> {
        self.changes().events.iter().filter(|event| event.top_up == top_up).map(|event| event.kind.name()).collect()
    }

    pub(crate) fn shard(card: CardNumber) -> Shard {
        Shard::of_card(card)
    }
}

fn opened(result: Result<Outcome, Refusal>) -> PurseId {
    match result {
        Ok(Outcome::PurseOpened { purse, .. }) => purse,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn sold(result: Result<Outcome, Refusal>) -> Order {
    match result {
        Ok(Outcome::Placed { top_up, payment, repeated: Repeated::No, .. }) => Order { top_up, payment },
        other => panic!("{other:?}"),
    }
}

/// Lets a command run out of ids at every point where it needs one. Each time it must leave the books as they were:
/// few refusals come after a command has begun to write, so this is what proves the way back.
fn starve(books: &Books, command: &Command, at: Moment) {
    let mut starved = books.clone();
    for given in 0..IdBlock::LENGTH {
        let mut ids = at.ids;
        for _ in given..IdBlock::LENGTH {
            ids.take().unwrap();
        }
        match apply(&mut starved, command, Moment { ids, ..at }) {
            Err(Refusal::Inconsistent(Inconsistency::Ids(_) | Inconsistency::Post(PostError::Ids(_)))) => {
                assert!(starved == *books, "with {given} ids, {command:?} left something behind");
            }
            // It has enough, or is refused anyway.
            Ok(_) | Err(_) => return,
        }
    }
}
