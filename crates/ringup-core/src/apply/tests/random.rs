//! Random worlds: any sequence of commands, and the auditor after each one.

mod counter;

use proptest::prelude::*;

use counter::{Counter, counter};

use super::support::*;
use crate::apply::*;
use crate::books::{Books, Fingerprint, KeyHash};
use crate::card::CardState;
use crate::money::{Amount, Unit};
use crate::payment::*;
use crate::promotion::{Gift, Promotion};
use crate::time::Span;

/// One random step. Numbers choose among what exists; amounts are in fen.
#[derive(Clone, Debug, Hash)]
enum Step {
    Import { fen: u64 },
    Place { card: usize, fen: u64, promotions: u8, aged_minutes: i64, again: bool, key: u8 },
    AddPayment { top_up: usize, wechat: bool, key: u8 },
    HandOver { payment: usize },
    Paid { payment: usize, more: i64, asked_by_us: bool, paid_hours_ago: i64, other_transaction: bool },
    Closed { payment: usize },
    GivenBack { payment: usize },
    Refund { top_up: usize, fen: Option<u64>, accept_loss: bool, key: u8 },
    RefundWord { refund: usize, failed: bool },
    Use { card: usize, fen: u64, seconds: bool, key: u8 },
    Lapse { grant: usize },
    Staff { card: usize, to: usize },
    Counter(Counter),
    Wait { minutes: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let (which, key) = (0..8_usize, 0..60_u8);
    let more = prop_oneof![6 => Just(0_i64), 1 => -5_000..0_i64, 1 => 1..5_000_i64];
    let bought = prop_oneof![Just(10_000_u64), 50..25_000_u64];
    let waited = prop_oneof![1..30_i64, 600..3_000_i64, 20_000..60_000_i64];
    prop_oneof![
        1 => (0..250_000_u64).prop_map(|fen| Step::Import { fen }),
        6 => (which.clone(), bought, 0..8_u8, 0..17_i64, any::<bool>(), key.clone()).prop_map(
            |(card, fen, promotions, aged_minutes, again, key)| {
                Step::Place { card, fen, promotions, aged_minutes, again, key }
            }
        ),
        2 => (which.clone(), any::<bool>(), key.clone())
            .prop_map(|(top_up, wechat, key)| Step::AddPayment { top_up, wechat, key }),
        1 => which.clone().prop_map(|payment| Step::HandOver { payment }),
        10 => (which.clone(), more, any::<bool>(), 0..30_i64, prop::bool::weighted(0.1)).prop_map(
            |(payment, more, asked_by_us, paid_hours_ago, other_transaction)| {
                Step::Paid { payment, more, asked_by_us, paid_hours_ago, other_transaction }
            }
        ),
        2 => which.clone().prop_map(|payment| Step::Closed { payment }),
        2 => which.clone().prop_map(|payment| Step::GivenBack { payment }),
        4 => (which.clone(), prop::option::of(0..12_000_u64), any::<bool>(), key.clone())
            .prop_map(|(top_up, fen, accept_loss, key)| Step::Refund { top_up, fen, accept_loss, key }),
        3 => (which.clone(), prop::bool::weighted(0.2))
            .prop_map(|(refund, failed)| Step::RefundWord { refund, failed }),
        4 => (which.clone(), 10..9_000_u64, prop::bool::weighted(0.2), key)
            .prop_map(|(card, fen, seconds, key)| Step::Use { card, fen, seconds, key }),
        1 => which.clone().prop_map(|grant| Step::Lapse { grant }),
        1 => (which, 0..CardState::ALL.len()).prop_map(|(card, to)| Step::Staff { card, to }),
        16 => counter().prop_map(Step::Counter),
        2 => waited.prop_map(|minutes| Step::Wait { minutes }),
    ]
}

fn cny(fen: u64) -> Amount {
    Amount::new(fen, Unit::Cny).unwrap()
}

/// A key that may have been used before, for this or for another wish.
fn key_for(key: u8, step: &Step) -> KeyUse {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    for byte in format!("{step:?}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    let mut fingerprint = [0; 16];
    fingerprint[..8].copy_from_slice(&hash.to_be_bytes());
    KeyUse { key: KeyHash([key; 16]), fingerprint: Fingerprint(fingerprint) }
}

/// Some of: 5 off, 10 bonus, 600 seconds.
fn promotions(mask: u8) -> Vec<Promotion> {
    let seconds = promotion(3, Gift::Bonus { amount: money("600 SEC"), lasts: Span::days(20) });
    let all = [off("5.01 CNY"), bonus("10.03 CNY"), seconds];
    all.into_iter().zip([1, 2, 4]).filter(|(_, bit)| mask & bit != 0).map(|(promotion, _)| promotion).collect()
}

fn pick<T: Copy>(all: &[T], which: usize) -> Option<T> {
    all.get(which % all.len().max(1)).copied()
}

/// The command that a step means in this world; none when there is nothing to choose from.
fn command(world: &mut World, step: &Step) -> Option<Command> {
    let changes = world.changes();
    let cards: Vec<_> = changes.new_cards.iter().map(|(card, _)| card.number).collect();
    let top_ups: Vec<_> = changes.new_top_ups.iter().map(|top_up| top_up.id).collect();
    let payments: Vec<_> = changes.new_payments.iter().map(|payment| payment.id).collect();
    Some(match *step {
        Step::Counter(ref counter) => return counter::command(world, counter, step),
        Step::Import { .. } | Step::Wait { .. } => return None,
        Step::Place { card, fen, promotions: mask, aged_minutes, again, key } => {
            let now = world.now;
            world.now = now.minus(Span::minutes(aged_minutes));
            let quote = world.quote(pick(&cards, card)?, cny(fen), &promotions(mask));
            world.now = now;
            let mut placing = PlaceTopUp {
                key: key_for(key, step),
                channel: crate::top_up::Channel::Online,
                sold_by: None,
                quote: quote.ok()?,
                provider: Provider::Alipay,
                method: PayMethod::Qr,
                language: crate::money::Language::En,
                again: Again::Ask,
            };
            if again {
                placing.again = Again::Confirmed;
            }
            Command::PlaceTopUp(placing)
        }
        Step::AddPayment { top_up, wechat, key } => Command::AddPayment(AddPayment {
            key: key_for(key, step),
            top_up: pick(&top_ups, top_up)?,
            provider: if wechat { Provider::WechatPay } else { Provider::Alipay },
            method: PayMethod::Qr,
        }),
        Step::HandOver { payment } => {
            let payment = pick(&payments, payment)?;
            Command::RecordHandOver(RecordHandOver { payment, hand_over: "https://qr.example".to_owned() })
        }
        Step::Paid { payment, .. } => return paid(world, pick(&payments, payment)?, step),
        Step::Closed { payment } => report(world, pick(&payments, payment)?, ReportSource::Query, PaymentWord::Closed),
        Step::GivenBack { payment } => given_back(world, pick(&payments, payment)?),
        Step::Refund { top_up, fen, accept_loss, key } => Command::RequestRefund(RequestRefund {
            key: key_for(key, step),
            top_up: pick(&top_ups, top_up)?,
            how_much: fen.map_or(RefundHowMuch::Whole, |fen| RefundHowMuch::Part(cny(fen))),
            spent: if accept_loss { SpentMeanwhile::AcceptLoss } else { SpentMeanwhile::Refuse },
        }),
        Step::RefundWord { refund, failed } => {
            let refunds: Vec<_> = changes.new_refunds.iter().map(|refund| refund.id).collect();
            let word = if failed {
                RefundWord::Failed { reason: "REFUSED".to_owned() }
            } else {
                RefundWord::Succeeded { succeeded_at: world.now }
            };
            Command::RecordRefund(RecordRefund { refund: pick(&refunds, refund)?, word })
        }
        Step::Use { card, fen, seconds, key } => {
            let amount = if seconds { Amount::new(fen / 10, Unit::Sec).unwrap() } else { cny(fen) };
            let card = pick(&cards, card)?;
            Command::RecordUsage(RecordUsage { key: key_for(key, step), card, amount, number: fen })
        }
        Step::Lapse { grant } => {
            let grants: Vec<_> = changes.new_grants.iter().map(|grant| grant.id).collect();
            Command::LapseGrant(LapseGrant { grant: pick(&grants, grant)? })
        }
        Step::Staff { card, to } => {
            Command::ChangeCardState(ChangeCardState { card: pick(&cards, card)?, to: CardState::ALL[to] })
        }
    })
}

fn paid(world: &World, payment: crate::id::PaymentId, step: &Step) -> Option<Command> {
    let Step::Paid { more, asked_by_us, paid_hours_ago, other_transaction, .. } = *step else { return None };
    let asked = world.payment(payment).amount.minor_signed();
    let amount = cny(u64::try_from(asked + more).unwrap_or(1).max(1));
    let number = format!("{}{}", if other_transaction { "X" } else { "T" }, payment.as_u64());
    let transaction = TransactionId::parse(&number).unwrap();
    let source = if asked_by_us { ReportSource::Query } else { ReportSource::Notification };
    let paid_at = world.now.minus(Span::hours(paid_hours_ago));
    Some(report(world, payment, source, PaymentWord::Paid { transaction, amount, paid_at }))
}

/// The provider had the money, all that was taken, and has given it back of its own.
fn given_back(world: &World, id: crate::id::PaymentId) -> Command {
    let payment = world.payment(id);
    let amount = match &payment.state {
        PaymentState::Captured(capture) => capture.amount,
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => payment.amount,
    };
    let transaction = TransactionId::parse(&format!("T{}", id.as_u64())).unwrap();
    let word = PaymentWord::GivenBack { transaction, amount, paid_at: world.now };
    report(world, id, ReportSource::Query, word)
}

fn report(world: &World, payment: crate::id::PaymentId, source: ReportSource, word: PaymentWord) -> Command {
    let provider = world.payment(payment).tender.provider().unwrap_or(Provider::Alipay);
    Command::RecordPayment(ProviderReport { provider, payment, source, word })
}

/// Plays the steps; `World::run` has the auditor look after each, and checks that a refusal leaves nothing behind.
fn play(steps: &[Step]) -> (Books, Vec<Result<Outcome, Refusal>>) {
    let mut world = World::new();
    let mut results = Vec::new();
    for card in ["0.00 CNY", "500.00 CNY"] {
        world.given_a_card(card);
    }
    let safe = world.given_a_safe();
    world.opens_a_drawer(safe, "50.00 CNY");
    world.given_a_float("200.00 CNY", "100.00 CNY");
    for step in steps {
        match *step {
            Step::Import { fen } if world.changes().new_cards.len() < 4 => {
                let number = world.next_number();
                let import = world.import(number, cny(fen));
                results.push(world.run(&Command::ImportCard(import)));
            }
            Step::Wait { minutes } => world.waits(Span::minutes(minutes)),
            _ => {
                if let Some(command) = command(&mut world, step) {
                    results.push(world.run(&command));
                }
            }
        }
    }
    (world.books, results)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_keeps_the_books_and_always_comes_out_the_same(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let (books, results) = play(&steps);
        let (books_again, results_again) = play(&steps);
        prop_assert!(books == books_again);
        prop_assert_eq!(&results, &results_again);
        let broken = |result: &&Result<Outcome, Refusal>| matches!(result, Err(Refusal::Inconsistent(_)));
        prop_assert_eq!(results.iter().find(broken), None);
    }
}

/// The random worlds are worth something only if they get to where it hurts.
#[test]
fn random_worlds_reach_credits_refunds_losses_and_refusals() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let mut seen: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    for _ in 0..80 {
        let steps = prop::collection::vec(step(), 50..100).new_tree(&mut runner).unwrap().current();
        let (books, results) = play(&steps);
        for result in results {
            seen.insert(match result {
                Ok(outcome) => format!("{outcome:?}").split([' ', '{']).next().unwrap_or_default().to_owned(),
                Err(refusal) => refusal.code().to_owned(),
            });
        }
        seen.extend(books.changes().new_refunds.iter().map(|refund| refund.reason.name().to_owned()));
        seen.extend(books.changes().new_accounts.iter().map(|account| account.key.code.name().to_owned()));
    }
    let expected = [
        "Credited",
        "OwedBack",
        "AlreadyRecorded",
        "GrantLapsed",
        "RefundRecorded",
        "card_has_spent",
        "idempotency_key_reused",
        "quote_expired",
        "report_differs",
        "another_one",
        "underpaid",
        "overpaid",
        "paid_twice",
        "too_late",
        "card_refused",
        "Deferred",
        "NotDue",
        "PurseOpened",
        "PurseClosed",
        "CashMoved",
        "RefundPaidOut",
        "purse_closed",
        "purse_unsuited",
        "float_insufficient",
        "cash_too_little",
        "cash_insufficient",
        "refund_paid_out",
        "amount_zero",
        "suspense.over_short",
        "cash.transit",
        "bank",
        "expense.refund_loss",
        "income.breakage",
    ];
    let missed: Vec<&str> = expected.into_iter().filter(|wanted| !seen.contains(*wanted)).collect();
    assert_eq!(missed, Vec::<&str>::new(), "{seen:?}");
}
