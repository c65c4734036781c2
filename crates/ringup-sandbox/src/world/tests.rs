use super::{CloseRefusal, NewRefund, PayEffect, PayRefusal, PlaceRefusal, RefundEffect, RefundRefusal, World};
use crate::order::{Door, EventKind, Life, NewOrder, OrderState, Provider};

const NOW: i64 = 1_795_413_729_000_000;
const MINUTE: i64 = 60_000_000;

fn order(provider: Provider, number: &str, total_minor: u64) -> NewOrder {
    NewOrder {
        provider,
        out_trade_no: number.to_owned(),
        door: Door::Native,
        description: "x".to_owned(),
        total_minor,
        notify_url: Some("http://127.0.0.1/notify".to_owned()),
        return_url: None,
        attach: None,
        openid: None,
        code_expires_at: NOW + 10 * MINUTE,
        life: Life::AfterScan(20 * MINUTE),
    }
}

fn refund(number: &str, amount_minor: u64) -> NewRefund {
    NewRefund { out_refund_no: number.to_owned(), amount_minor, reason: None, notify_url: None }
}

/// An order brought into each state, by name.
fn world_with(provider: Provider, state: &str) -> World {
    let mut world = World::new();
    world.place(order(provider, "N1", 9_500), NOW).unwrap();
    match state {
        "unseen" => {}
        "waiting" => world.scan(provider, "N1", NOW).unwrap(),
        "paid" => assert_eq!(world.pay(provider, "N1", NOW), Ok(PayEffect::Paid)),
        "closed" => {
            world.scan(provider, "N1", NOW).unwrap();
            world.close(provider, "N1", NOW).unwrap();
        }
        other => panic!("no such state: {other}"),
    }
    world
}

#[test]
fn each_state_allows_what_it_should() {
    // state, again, pay, close, refund
    let table = [
        ("unseen", Ok(()), Ok(PayEffect::Paid), Ok(()), Err(RefundRefusal::NotPaid)),
        ("waiting", Ok(()), Ok(PayEffect::Paid), Ok(()), Err(RefundRefusal::NotPaid)),
        ("paid", Err(PlaceRefusal::Paid), Err(PayRefusal::Paid), Err(CloseRefusal::Paid), Ok(RefundEffect::New)),
        (
            "closed",
            Err(PlaceRefusal::Closed),
            Err(PayRefusal::Closed),
            Err(CloseRefusal::Closed),
            Err(RefundRefusal::NotPaid),
        ),
    ];
    for provider in [Provider::Alipay, Provider::WechatPay] {
        for (state, again, pay, mut close, back) in table {
            if (provider, state) == (Provider::Alipay, "unseen") {
                close = Err(CloseRefusal::Unknown); // nobody has scanned: there is no trade
            }
            let world = || world_with(provider, state);
            let key = (provider, "N1".to_owned());
            assert_eq!(
                world().place(order(provider, "N1", 9_500), NOW),
                again,
                "{provider:?} {state}: the order again"
            );
            assert_eq!(world().pay(provider, "N1", NOW), pay, "{provider:?} {state}: pay");
            assert_eq!(world().close(provider, "N1", NOW), close, "{provider:?} {state}: close");
            assert_eq!(world().refund(&key, refund("R1", 1), NOW), back, "{provider:?} {state}: refund");
        }
    }
}

#[test]
fn refunds_never_exceed_what_was_paid() {
    let mut world = world_with(Provider::Alipay, "paid");
    let key = (Provider::Alipay, "N1".to_owned());
    assert_eq!(world.refund(&key, refund("R0", 0), NOW), Err(RefundRefusal::TooMuch));
    assert_eq!(world.refund(&key, refund("R1", 9_000), NOW), Ok(RefundEffect::New));
    assert_eq!(world.refund(&key, refund("R1", 9_000), NOW), Ok(RefundEffect::Repeated));
    assert_eq!(world.refund(&key, refund("R1", 500), NOW), Err(RefundRefusal::Differs));
    assert_eq!(world.refund(&key, refund("R2", 501), NOW), Err(RefundRefusal::TooMuch));
    assert_eq!(world.refund(&key, refund("R2", 500), NOW), Ok(RefundEffect::New));
    assert!(world.order(Provider::Alipay, "N1", NOW).unwrap().is_fully_refunded());
    assert_eq!(world.refund(&key, refund("R3", u64::MAX), NOW), Err(RefundRefusal::TooMuch));
}

#[test]
fn amounts_choose_what_the_payer_does() {
    let cases = [
        (91, PayEffect::Declined, None),
        (92, PayEffect::Nothing, None),
        (99, PayEffect::Paid, Some(199)),
        (90, PayEffect::Paid, Some(90)),
    ];
    for (total_minor, effect, paid) in cases {
        let mut world = World::new();
        world.place(order(Provider::Alipay, "N1", total_minor), NOW).unwrap();
        assert_eq!(world.pay(Provider::Alipay, "N1", NOW), Ok(effect), "{total_minor}");
        let state = &world.order(Provider::Alipay, "N1", NOW).unwrap().state;
        let paid_minor = if let OrderState::Paid { paid_minor, .. } = state { Some(*paid_minor) } else { None };
        assert_eq!(paid_minor, paid, "{total_minor}");
    }
}

#[test]
fn the_same_order_with_later_times_is_the_same_and_with_another_amount_is_not() {
    let mut world = world_with(Provider::WechatPay, "unseen");
    let later = NewOrder { code_expires_at: NOW + 30 * MINUTE, ..order(Provider::WechatPay, "N1", 9_500) };
    assert_eq!(world.place(later, NOW), Ok(()));
    assert_eq!(world.pay(Provider::WechatPay, "N1", NOW + 20 * MINUTE), Ok(PayEffect::Paid), "the fresh code counts");
    let mut world = world_with(Provider::WechatPay, "unseen");
    assert_eq!(world.place(order(Provider::WechatPay, "N1", 1), NOW), Err(PlaceRefusal::Differs));
}

#[test]
fn a_code_that_is_too_old_cannot_be_scanned() {
    let mut world = world_with(Provider::Alipay, "unseen");
    assert_eq!(world.scan(Provider::Alipay, "N1", NOW + 10 * MINUTE), Err(PayRefusal::CodeExpired));
    assert_eq!(world.scan(Provider::Alipay, "N2", NOW), Err(PayRefusal::Unknown));
}

#[test]
fn an_event_keeps_the_order_as_it_was_and_waits_in_the_outbox_once() {
    let mut world = world_with(Provider::Alipay, "paid");
    let key = (Provider::Alipay, "N1".to_owned());
    world.refund(&key, refund("R1", 9_500), NOW).unwrap();
    let events = world.take_outbox();
    assert_eq!(
        events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>(),
        [EventKind::Paid, EventKind::Refunded { out_refund_no: "R1".to_owned() }]
    );
    assert_eq!(events[0].order.refunds.len(), 0, "a late notification of the payment knows nothing of the refund");
    assert_ne!(events[0].id, events[1].id);
    assert!(world.take_outbox().is_empty());
    assert_eq!(world.events(&key).len(), 2);
}

#[test]
fn numbers_look_like_the_providers_own_and_are_never_the_same() {
    let mut world = World::new();
    let alipay = world.next_number(Provider::Alipay, NOW);
    let wechat_pay = world.next_number(Provider::WechatPay, NOW);
    assert!(alipay.starts_with("202611232200") && alipay.len() == 28, "{alipay}");
    assert!(wechat_pay.starts_with("42000020261123") && wechat_pay.len() == 28, "{wechat_pay}");
    assert_ne!(alipay, world.next_number(Provider::Alipay, NOW));
}
