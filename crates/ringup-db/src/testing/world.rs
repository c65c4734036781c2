//! A small world in which random things happen: commands that make sense, decided once in memory, and the same commands
//! done again through a database.

use proptest::prelude::*;
use ringup_core::apply::{
    AddPayment, Again, CashMove, ChangeCardState, ClosePurse, Command, KeyUse, LapseGrant, Moment, MoveCash, OpenPurse,
    Outcome, PayOutRefund, PlaceTopUp, RecordHandOver, RecordRefund, RecordUsage, RefundHowMuch, Refusal,
    RequestRefund, Sell, SoldBy, SpentMeanwhile, Touches, apply,
};
use ringup_core::books::{Books, Fingerprint, KeyHash};
use ringup_core::card::CardState;
use ringup_core::id::{GrantId, PaymentId, RefundId, TopUpId};
use ringup_core::money::Language;
use ringup_core::payment::{
    PayMethod, PaymentState, PaymentWord, Provider, ProviderReport, RefundWord, ReportSource, TransactionId,
};
use ringup_core::purse::PurseKind;
use ringup_core::quote::{Quote, QuoteFor};
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::Channel;

use super::{HOUSE, TestDatabase, card_number, cny, import, moment, product, promotions, start};
use crate::books::{load, save};

/// How many cards there are.
const CARDS: u64 = 3;

/// Something that happens. The numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Place { card: u64, amount: usize, repeats_key: bool },
    AddPayment { top_up: usize },
    HandOver { payment: usize },
    Paid { payment: usize, difference: i64, asked_by_us: bool, late: bool },
    Closed { payment: usize },
    GivenBack { payment: usize },
    Refund { top_up: usize, part: Option<u64>, accept_loss: bool },
    RefundWord { refund: usize, succeeds: bool },
    Usage { card: u64, amount: u64 },
    Lapse { grant: usize },
    CardState { card: u64, to: usize },
    Open { float: bool, opening: u64 },
    Sell { card: u64, amount: usize, purse: usize, later: bool },
    Credit { top_up: usize },
    Close { purse: usize, counted: u64 },
    MoveCash { purse: usize, how: usize },
    PayOut { refund: usize, purse: usize },
    TimePasses { minutes: i64 },
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let some = || 0..8_usize;
    prop_oneof![
        4 => (0..CARDS, 0..5_usize, prop::bool::weighted(0.1))
            .prop_map(|(card, amount, repeats_key)| Step::Place { card, amount, repeats_key }),
        1 => some().prop_map(|top_up| Step::AddPayment { top_up }),
        1 => some().prop_map(|payment| Step::HandOver { payment }),
        6 => (some(), prop_oneof![8 => Just(0_i64), 1 => -50..50_i64], any::<bool>(), prop::bool::weighted(0.1))
            .prop_map(|(payment, difference, asked_by_us, late)| Step::Paid { payment, difference, asked_by_us, late }),
        1 => some().prop_map(|payment| Step::Closed { payment }),
        1 => some().prop_map(|payment| Step::GivenBack { payment }),
        2 => (some(), prop::option::of(1..9_000_u64), any::<bool>())
            .prop_map(|(top_up, part, accept_loss)| Step::Refund { top_up, part, accept_loss }),
        2 => (some(), prop::bool::weighted(0.8)).prop_map(|(refund, succeeds)| Step::RefundWord { refund, succeeds }),
        2 => (0..CARDS, 1..6_000_u64).prop_map(|(card, amount)| Step::Usage { card, amount }),
        1 => some().prop_map(|grant| Step::Lapse { grant }),
        1 => (0..CARDS, 0..5_usize).prop_map(|(card, to)| Step::CardState { card, to }),
        2 => (any::<bool>(), 0..50_000_u64).prop_map(|(float, opening)| Step::Open { float, opening }),
        6 => (0..CARDS, 0..5_usize, some(), prop::bool::weighted(0.3))
            .prop_map(|(card, amount, purse, later)| Step::Sell { card, amount, purse, later }),
        2 => some().prop_map(|top_up| Step::Credit { top_up }),
        1 => (some(), 0..60_000_u64).prop_map(|(purse, counted)| Step::Close { purse, counted }),
        1 => (some(), 0..4_usize).prop_map(|(purse, how)| Step::MoveCash { purse, how }),
        2 => (some(), some()).prop_map(|(refund, purse)| Step::PayOut { refund, purse }),
        2 => prop_oneof![5 => 1..30_i64, 1 => 600..50_000_i64].prop_map(|minutes| Step::TimePasses { minutes }),
    ]
}

/// A command, when it was given and what came of it in memory.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) command: Command,
    pub(crate) at: Moment,
    pub(crate) result: Result<Outcome, Refusal>,
}

/// What happened in memory, one by one.
pub(crate) struct World {
    pub(crate) books: Books,
    pub(crate) done: Vec<Done>,
    pub(crate) touches: Touches,
    now: Timestamp,
    grants: Vec<GrantId>,
}

/// Lets all of it happen in memory.
pub(crate) fn imagine(steps: &[Step]) -> World {
    let mut books = Books::default();
    books.load_product(product());
    let mut world = World { books, done: Vec::new(), touches: Touches::default(), now: start(), grants: Vec::new() };
    for card in 0..CARDS {
        let expires_at = start().plus(Span::days(20));
        world.give(import(card_number(card), card * 1_000, expires_at));
    }
    for step in steps {
        world.now = world.now.plus(Span::seconds(1));
        world.take(*step);
    }
    world
}

fn pick<T: Copy>(items: &[T], n: usize) -> Option<T> {
    // The latest first: what has just been made is what most often goes on.
    items.len().checked_sub(1).and_then(|last| items.get(last - n % items.len())).copied()
}

impl World {
    fn take(&mut self, step: Step) {
        let command = match step {
            Step::TimePasses { minutes } => {
                self.now = self.now.plus(Span::minutes(minutes));
                None
            }
            Step::Place { card, amount, repeats_key } => self.place(card, amount, repeats_key),
            Step::AddPayment { top_up } => pick(&self.touches.top_ups, top_up).map(|top_up| {
                let key = self.new_key();
                Command::AddPayment(AddPayment { key, top_up, provider: Provider::WechatPay, method: PayMethod::Qr })
            }),
            Step::HandOver { payment } => pick(&self.touches.payments, payment).map(|payment| {
                Command::RecordHandOver(RecordHandOver { payment, hand_over: format!("https://qr.example/{payment}") })
            }),
            Step::Paid { payment, difference, asked_by_us, late } => {
                pick(&self.touches.payments, payment).map(|payment| self.paid(payment, difference, (asked_by_us, late)))
            }
            Step::Closed { payment } => pick(&self.touches.payments, payment).map(|payment| {
                let provider = self.provider_of(payment);
                let (source, word) = (ReportSource::Query, PaymentWord::Closed);
                Command::RecordPayment(ProviderReport { provider, payment, source, word })
            }),
            Step::GivenBack { payment } => {
                pick(&self.touches.payments, payment).map(|payment| self.given_back(payment))
            }
            Step::Refund { top_up, part, accept_loss } => pick(&self.touches.top_ups, top_up).map(|top_up| {
                let how_much = part.map_or(RefundHowMuch::Whole, |minor| RefundHowMuch::Part(cny(minor)));
                let spent = if accept_loss { SpentMeanwhile::AcceptLoss } else { SpentMeanwhile::Refuse };
                Command::RequestRefund(RequestRefund { key: self.new_key(), top_up, how_much, spent })
            }),
            Step::RefundWord { refund, succeeds } => {
                pick(&self.touches.refunds, refund).map(|refund| self.refund_word(refund, succeeds))
            }
            Step::Usage { card, amount } => {
                let (key, number) = (self.new_key(), u64::MAX - self.count());
                Some(Command::RecordUsage(RecordUsage { key, card: card_number(card), amount: cny(amount), number }))
            }
            Step::Lapse { grant } => pick(&self.grants, grant).map(|grant| Command::LapseGrant(LapseGrant { grant })),
            Step::Open { float, opening } => {
                if self.touches.purses.is_empty() {
                    self.open(PurseKind::Safe, 0);
                }
                self.open(if float { PurseKind::Float } else { PurseKind::TillSession }, opening);
                None
            }
            Step::Sell { card, amount, purse, later } => self.sell(card, amount, (purse, later)),
            Step::Credit { top_up } => pick(&self.touches.top_ups, top_up).map(Command::CreditTopUp),
            Step::Close { purse, counted } => pick(&self.touches.purses, purse)
                .map(|purse| Command::ClosePurse(ClosePurse { purse, counted: cny(counted) })),
            Step::MoveCash { purse, how } => pick(&self.touches.purses, purse).map(|purse| {
                let how = [
                    CashMove::SentToBank(cny(3_000)),
                    CashMove::Banked { sent: cny(3_000), banked: cny(2_900) },
                    CashMove::FetchedFromBank(cny(50_000)),
                    CashMove::FloatBought(cny(20_000)),
                    CashMove::CommissionEarned(cny(20)),
                ][how];
                Command::MoveCash(MoveCash { key: self.new_key(), purse, how })
            }),
            Step::PayOut { refund, purse } => {
                let picked = pick(&self.touches.refunds, refund).zip(pick(&self.touches.purses, purse));
                picked.map(|(refund, purse)| Command::PayOutRefund(PayOutRefund { key: self.new_key(), refund, purse }))
            }
            Step::CardState { card, to } => {
                let to = CardState::ALL[to];
                Some(Command::ChangeCardState(ChangeCardState { card: card_number(card), to }))
            }
        };
        if let Some(command) = command {
            self.give(command);
        }
    }

    /// What a provider would say of a payment that none takes is said by one all the same: it is refused.
    fn provider_of(&self, payment: PaymentId) -> Provider {
        self.books.payment(payment).unwrap().tender.provider().unwrap_or(Provider::Alipay)
    }

    /// The first purse is a safe, which the others are filled from.
    fn open(&mut self, kind: PurseKind, opening: u64) {
        let parent = match kind {
            PurseKind::TillSession | PurseKind::CashBox => self.touches.purses.first().copied(),
            PurseKind::Safe | PurseKind::Float => None,
        };
        let (opening, credit_limit) = match kind {
            PurseKind::Float => (cny(0), cny(opening)),
            PurseKind::TillSession | PurseKind::CashBox | PurseKind::Safe => (cny(opening), cny(0)),
        };
        let key = self.new_key();
        self.give(Command::OpenPurse(OpenPurse { key, kind, parent, credit_limit, opening }));
    }

    fn sell(&self, card: u64, amount: usize, (purse, later): (usize, bool)) -> Option<Command> {
        let purse = pick(&self.touches.purses, purse)?;
        let quote = self.quote(card, amount)?;
        let channel = match self.books.purse(purse)?.kind {
            PurseKind::Float => Channel::Agent,
            PurseKind::TillSession | PurseKind::CashBox | PurseKind::Safe => Channel::Store,
        };
        let credit_at = later.then(|| self.now.plus(Span::minutes(20)));
        let cash_given = (channel == Channel::Store).then(|| cny(50_000));
        Some(Command::Sell(Sell {
            key: self.new_key(),
            channel,
            sold_by: SoldBy { purse, credit_at },
            quote,
            cash_given,
            language: Language::En,
            again: Again::Confirmed,
        }))
    }

    fn count(&self) -> u64 {
        u64::try_from(self.done.len()).unwrap()
    }

    fn new_key(&self) -> KeyUse {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&self.count().wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
        KeyUse { key: KeyHash(key), fingerprint: Fingerprint([1; 16]) }
    }

    fn place(&self, card: u64, amount: usize, repeats_key: bool) -> Option<Command> {
        let quote = self.quote(card, amount)?;
        let key = if repeats_key { *self.touches.keys.last()? } else { self.new_key().key };
        Some(Command::PlaceTopUp(PlaceTopUp {
            key: KeyUse { key, fingerprint: Fingerprint([1; 16]) },
            channel: Channel::Online,
            sold_by: None,
            quote,
            provider: Provider::Alipay,
            method: PayMethod::Page,
            language: Language::ZhHans,
            again: Again::Confirmed,
        }))
    }

    fn quote(&self, card: u64, amount: usize) -> Option<Quote> {
        let number = card_number(card);
        let amount = cny([500, 3_000, 5_000, 10_000, 50_000][amount]);
        let promotions = promotions();
        let (card, product) = (self.books.card(number)?, product());
        let balance = self.books.card_main(number, product.unit);
        let made_for = QuoteFor { card, product: &product, balance, promotions: &promotions };
        Quote::make(made_for, amount, self.now).ok()
    }

    fn paid(&self, id: PaymentId, difference: i64, (asked_by_us, late): (bool, bool)) -> Command {
        let payment = self.books.payment(id).unwrap();
        let minor = payment.amount.minor().checked_add_signed(difference).unwrap().max(1);
        let source = if asked_by_us { ReportSource::Query } else { ReportSource::Notification };
        let paid_at = if late { self.now.plus(Span::days(2)) } else { self.now };
        Command::RecordPayment(ProviderReport {
            provider: self.provider_of(id),
            payment: id,
            source,
            word: PaymentWord::Paid {
                transaction: TransactionId::parse(&format!("T{}", id.as_u64())).unwrap(),
                amount: cny(minor),
                paid_at,
            },
        })
    }

    fn refund_word(&self, refund: RefundId, succeeds: bool) -> Command {
        let word = if succeeds {
            RefundWord::Succeeded { succeeded_at: self.now }
        } else {
            RefundWord::Failed { reason: "the account is closed".to_owned() }
        };
        Command::RecordRefund(RecordRefund { refund, word })
    }

    /// The provider had the money, all that was taken, and has given it back of its own.
    fn given_back(&self, id: PaymentId) -> Command {
        let payment = self.books.payment(id).unwrap();
        let amount = match &payment.state {
            PaymentState::Captured(capture) => capture.amount,
            PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => payment.amount,
        };
        let transaction = TransactionId::parse(&format!("T{}", id.as_u64())).unwrap();
        Command::RecordPayment(ProviderReport {
            provider: self.provider_of(id),
            payment: id,
            source: ReportSource::Query,
            word: PaymentWord::GivenBack { transaction, amount, paid_at: self.now },
        })
    }

    fn give(&mut self, command: Command) {
        let at = moment(self.count(), command.shard(), self.now);
        let result = apply(&mut self.books, &command, at);
        self.touches.add(command.touches());
        match &result {
            Ok(Outcome::Placed { top_up, payment, .. }) => {
                self.touches.top_ups.push(*top_up);
                self.touches.payments.push(*payment);
            }
            Ok(Outcome::PaymentAdded { payment, .. }) => self.touches.payments.push(*payment),
            Ok(Outcome::PurseOpened { purse, .. }) => self.touches.purses.push(*purse),
            _ => {}
        }
        self.learn_ids();
        self.done.push(Done { command, at, result });
    }

    /// Refunds and bonuses come about without being named in the outcome.
    fn learn_ids(&mut self) {
        let top_ups: Vec<TopUpId> = self.touches.top_ups.clone();
        for top_up in top_ups {
            let refunds: Vec<RefundId> = self.books.refunds_of(top_up).map(|refund| refund.id).collect();
            for refund in refunds {
                if !self.touches.refunds.contains(&refund) {
                    self.touches.refunds.push(refund);
                }
            }
            let grant = self.books.top_up(top_up).and_then(|top_up| top_up.given.grant);
            if let Some(grant) = grant.filter(|grant| !self.grants.contains(grant)) {
                self.grants.push(grant);
                self.touches.grants.push(grant);
            }
        }
    }
}

impl TestDatabase {
    /// Does the same commands through the database, in batches of these lengths, again and again.
    pub(crate) fn relive(&self, done: &[Done], lengths: &[usize]) {
        let mut writer = self.database.writer().unwrap();
        let mut lengths = lengths.iter().cycle();
        let mut rest = done;
        while let Some(first) = rest.first() {
            // A batch stands in one day, whose accounts it needs.
            let day = |done: &Done| done.at.now.china_day() == first.at.now.china_day();
            let length = rest.iter().take(*lengths.next().unwrap()).take_while(|done| day(done)).count();
            let (batch, behind) = rest.split_at(length.max(1));
            writer
                .write::<_, String>(|tx| {
                    let mut touches = Touches::default();
                    batch.iter().for_each(|done| touches.add(done.command.touches()));
                    let mut books = load(tx, &touches, HOUSE, first.at.now)?;
                    for done in batch {
                        assert_eq!(apply(&mut books, &done.command, done.at), done.result, "{:?}", done.command);
                    }
                    save(tx, HOUSE, &books.changes(), first.at.now)?;
                    Ok(())
                })
                .unwrap();
            rest = behind;
        }
    }
}
