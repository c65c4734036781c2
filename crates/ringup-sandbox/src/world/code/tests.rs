use super::*;
use crate::{
    fault::Switch,
    order::{Life, NewOrder},
    world::PayRefusal,
};

const NOW: i64 = 1_795_413_729_000_000;
const SECOND: i64 = 1_000_000;
const PROVIDERS: [Provider; 2] = [Provider::Alipay, Provider::WechatPay];

fn order(provider: Provider, number: &str, total_minor: u64) -> NewOrder {
    NewOrder {
        provider,
        out_trade_no: number.to_owned(),
        door: Door::Code,
        description: "x".to_owned(),
        total_minor,
        notify_url: None,
        return_url: None,
        attach: None,
        openid: None,
        code_expires_at: NOW + 60 * SECOND,
        life: Life::AfterScan(120 * SECOND),
    }
}

fn waiting(provider: Provider) -> World {
    let mut world = World::new();
    let code = world.show_code(provider, Payer::MustConfirm, NOW).digits;
    assert_eq!(world.pay_by_code(order(provider, "N1", 5_000), &code, NOW), Ok(CodeEffect::Waiting));
    world
}

fn switch(fault: Fault) -> Switch {
    Switch { provider: None, out_trade_no: None, operation: None, next: Some(1), fault }
}

#[test]
fn a_code_looks_like_the_apps_and_is_good_once_and_for_a_minute() {
    for provider in PROVIDERS {
        let mut world = World::new();
        let code = world.show_code(provider, Payer::PaysAtOnce, NOW).digits;
        assert_eq!((code.len(), &code[..2]), (18, if provider == Provider::Alipay { "28" } else { "13" }));
        assert_eq!(world.pay_by_code(order(provider, "N1", 5_000), &code, NOW), Ok(CodeEffect::Paid));
        assert_eq!(world.pay_by_code(order(provider, "N2", 5_000), &code, NOW), Err(CodeRefusal::Invalid));
        let again = world.pay_by_code(order(provider, "N1", 5_000), &code, NOW);
        assert_eq!(again, Err(CodeRefusal::Order(PlaceRefusal::Paid)));
        let old = world.show_code(provider, Payer::PaysAtOnce, NOW).digits;
        let late = world.pay_by_code(order(provider, "N3", 5_000), &old, NOW + 60 * SECOND);
        assert_eq!(late, Err(CodeRefusal::Expired));
        assert_eq!(
            world.pay_by_code(order(provider, "N4", 5_000), "280000000000000000", NOW),
            Err(CodeRefusal::Invalid)
        );
        let poor = world.show_code(provider, Payer::LacksMoney, NOW).digits;
        assert_eq!(world.pay_by_code(order(provider, "N5", 5_000), &poor, NOW), Err(CodeRefusal::LacksMoney));
        assert!(world.order(provider, "N5", NOW).is_none());
    }
}

#[test]
fn a_payer_who_must_confirm_confirms_or_declines_once() {
    for provider in PROVIDERS {
        let mut world = waiting(provider);
        assert_eq!(world.waiting_for_a_payer(provider, NOW), ["N1"]);
        assert_eq!(world.pay(provider, "N1", NOW), Ok(PayEffect::Paid));
        let mut world = waiting(provider);
        world.decline(provider, "N1");
        assert_eq!(world.pay(provider, "N1", NOW), Err(PayRefusal::Closed));
        assert!(world.waiting_for_a_payer(provider, NOW).is_empty());
    }
}

#[test]
fn cancelling_closes_what_is_unpaid_and_gives_back_what_is_paid_each_once() {
    for provider in PROVIDERS {
        let mut world = waiting(provider);
        assert_eq!(world.cancel(provider, "N1", NOW), CancelEffect::Closed);
        assert_eq!(world.cancel(provider, "N1", NOW), CancelEffect::Closed);
        assert_eq!(world.pay(provider, "N1", NOW), Err(PayRefusal::Closed));
        assert_eq!(world.cancel(provider, "N2", NOW), CancelEffect::Unknown);

        let mut world = waiting(provider);
        world.switches.add(switch(Fault::PaidAsCancelled));
        assert_eq!(world.cancel(provider, "N1", NOW), CancelEffect::GivenBack);
        assert_eq!(world.cancel(provider, "N1", NOW), CancelEffect::GivenBack);
        let order = world.order(provider, "N1", NOW).unwrap();
        assert_eq!((order.is_fully_refunded(), order.refunds.len()), (true, 1));

        let mut world = waiting(provider);
        world.switches.add(switch(Fault::CancelForgotten));
        assert_eq!(world.cancel(provider, "N1", NOW), CancelEffect::Closed);
        assert_eq!(world.pay(provider, "N1", NOW), Ok(PayEffect::Paid));
    }
}
