use ringup_core::id::TopUpId;
use ringup_core::payment::{Provider, TransactionId};
use ringup_core::time::Span;
use ringup_core::top_up::TopUpCode;

use super::{find_top_up, find_top_up_by_code, recent_top_ups};
use crate::account::{card_balance, trial_balance};
use crate::grant::{find_grant, open_grants_of};
use crate::idempotency_key::{find_key, forget_old_keys};
use crate::journal::{Direction, card_history};
use crate::payment::{find_payment, find_payment_by_transaction, paid_but_not_settled, payments_of};
use crate::refund::refunds_of;
use crate::testing::world::{Step, World, imagine};
use crate::testing::{TestDatabase, card_number, cny, given_a_database, start};

/// The first card is topped up by 100 with a bonus of 10, uses 25, and gives half of it back.
fn given_a_topped_up_card() -> (TestDatabase, World) {
    let steps = [
        Step::Place { card: 0, amount: 3, repeats_key: false },
        Step::Paid { payment: 0, difference: 0, asked_by_us: true, late: false },
        Step::Usage { card: 0, amount: 2_500 },
        Step::Refund { top_up: 0, part: Some(4_750), accept_loss: true },
    ];
    let world = imagine(&steps);
    assert!(world.done.iter().all(|done| done.result.is_ok()), "{:#?}", world.done);
    let test = given_a_database();
    test.relive(&world.done, &[2]);
    (test, world)
}

#[test]
fn a_top_up_is_found_by_its_id_its_code_and_its_card() {
    let (test, world) = given_a_topped_up_card();
    let id = world.touches.top_ups[0];
    let top_up = test.read(|tx| find_top_up(tx, id)).unwrap();
    assert_eq!(top_up.quote, world.books.top_up(id).unwrap().quote);
    assert_eq!(top_up.given, world.books.top_up(id).unwrap().given);
    assert_eq!(test.read(|tx| find_top_up_by_code(tx, &top_up.code)), Some(top_up.clone()));
    assert_eq!(test.read(|tx| recent_top_ups(tx, card_number(0), 5)), [top_up]);
    assert_eq!(test.read(|tx| recent_top_ups(tx, card_number(1), 5)), []);
    assert_eq!(test.read(|tx| find_top_up(tx, TopUpId::from_u64(1))), None);
    assert_eq!(test.read(|tx| find_top_up_by_code(tx, &TopUpCode::from_bytes([0; 16]))), None);
}

#[test]
fn its_payments_and_refunds_are_found() {
    let (test, world) = given_a_topped_up_card();
    let top_up = test.read(|tx| find_top_up(tx, world.touches.top_ups[0])).unwrap();
    let payment = test.read(|tx| payments_of(tx, &top_up)).remove(0);
    assert_eq!(test.read(|tx| find_payment(tx, payment.id)), Some(payment.clone()));
    let number = TransactionId::parse(&format!("T{}", payment.id.as_u64())).unwrap();
    assert_eq!(test.read(|tx| find_payment_by_transaction(tx, Provider::Alipay, &number)), Some(payment));
    assert_eq!(test.read(|tx| find_payment_by_transaction(tx, Provider::WechatPay, &number)), None);
    assert_eq!(test.read(|tx| refunds_of(tx, &top_up)).remove(0).amount, cny(4_750));
}

#[test]
fn a_card_shows_its_balance_its_bonuses_and_its_history() {
    let (test, _) = given_a_topped_up_card();
    let card = card_number(0);
    let balance = test.read(|tx| card_balance(tx, card, cny(0).unit()));
    assert_eq!(balance.minor(), 10_000 - 1_500 - 5_000, "the bonus of 10.00 was used first");
    let (grant, left) = test.read(|tx| open_grants_of(tx, card)).remove(0);
    assert_eq!((grant.amount, left), (cny(1_000), cny(0)));
    assert_eq!(test.read(|tx| find_grant(tx, grant.id)), Some(grant));

    let page = test.read(|tx| card_history(tx, card, None, 50));
    let moved: Vec<i64> = page.lines.iter().map(|line| line.main.unwrap().signed_minor()).collect();
    assert_eq!((moved, page.next), (vec![-5_000, -1_500, 10_000], None));
    let credit = page.lines.last().unwrap();
    assert_eq!((credit.bonuses[0].direction, credit.bonuses[0].after.minor()), (Direction::In, 1_000));
    assert_eq!(page.lines[0].main.unwrap().after, balance);

    let first = test.read(|tx| card_history(tx, card, None, 2));
    let second = test.read(|tx| card_history(tx, card, first.next, 2));
    assert_eq!([first.lines, second.lines].concat(), page.lines);
}

#[test]
fn debits_and_credits_are_equal_over_all_accounts() {
    let (test, _) = given_a_topped_up_card();
    let sum: i64 = test
        .read(|tx| trial_balance(tx))
        .iter()
        .map(|total| match total.code.side() {
            ringup_core::ledger::Side::Debit => total.balance.minor(),
            ringup_core::ledger::Side::Credit => -total.balance.minor(),
        })
        .sum();
    assert_eq!(sum, 0);
}

#[test]
fn a_payment_that_was_captured_and_went_nowhere_is_noticed() {
    let (test, _) = given_a_topped_up_card();
    let stuck = |since, before| test.read(|tx| paid_but_not_settled(tx, since, before, 9)).len();
    let later = start().plus(Span::hours(1));
    assert_eq!(stuck(start(), later), 0);
    test.write(|tx| Ok(tx.batch("update capture set unallocated_minor = 100")?));
    assert_eq!(stuck(start(), later), 1);
    assert_eq!(stuck(start(), start()), 0, "not captured before");
    assert_eq!(stuck(later, later), 0, "not made since");
}

#[test]
fn a_used_key_is_remembered_for_four_hundred_days() {
    let (test, world) = given_a_topped_up_card();
    let key = world.touches.keys[0];
    let used = test.read(|tx| find_key(tx, &key)).unwrap();
    assert_eq!(used.result, world.touches.top_ups[0].as_u64());
    let forget = |days| test.write(|tx| Ok(forget_old_keys(tx, start().plus(Span::days(days)))?));
    assert_eq!(forget(400), 0);
    assert_eq!(forget(401), 3);
    assert_eq!(test.read(|tx| find_key(tx, &key)), None);
}
