use std::time::Duration;

use crate::{
    AlipayKeyMode, Forgery, NotifyRefusal, PayerAct, Provider,
    testing::{Received, Shop, field},
};

const ALIPAY: Provider = Provider::Alipay;
const WECHAT_PAY: Provider = Provider::WechatPay;

/// A shop with one paid order of each provider; switches and answers are set before anything is sent.
async fn given_paid_orders(prepare: impl FnOnce(&Shop)) -> Shop {
    let shop = Shop::open().await;
    prepare(&shop);
    shop.precreate("A1", "95.00").await;
    shop.native("W00001", 9_500).await;
    shop
}

fn pay(shop: &Shop, provider: Provider) {
    shop.control.pay(provider, number(provider), PayerAct::Pay).unwrap();
}

fn number(provider: Provider) -> &'static str {
    match provider {
        ALIPAY => "A1",
        WECHAT_PAY => "W00001",
    }
}

/// Waits for `count`, and then a while longer: no more may arrive.
async fn settled(shop: &Shop, count: usize) -> Vec<Received> {
    shop.inbox.wait_for(count).await;
    // sleeps: that nothing comes cannot be waited for.
    tokio::time::sleep(Duration::from_millis(250)).await;
    shop.inbox.wait_for(0).await
}

fn twists(shop: &Shop, provider: Provider) -> Vec<Option<&'static str>> {
    let order = shop.control.order(provider, number(provider)).unwrap();
    order.notifications.iter().map(|attempt| attempt.twist).collect()
}

#[tokio::test]
async fn alipay_wants_exactly_success_and_gives_up_after_eight_sends() {
    for (status, answer, sends) in [
        (200, "success", 1),
        (200, "success\n", 8),
        (200, "SUCCESS", 8),
        (200, "", 8),
        (201, "success", 8),
        (302, "success", 8),
    ] {
        let shop = given_paid_orders(|shop| shop.inbox.answer_next(&[(status, answer); 8])).await;
        pay(&shop, ALIPAY);
        let received = settled(&shop, sends).await;
        assert_eq!(received.len(), sends, "{status} {answer:?}");
    }
}

#[tokio::test]
async fn wechat_pay_looks_at_the_status_only_and_gives_up_after_sixteen_sends() {
    for (status, answer, sends) in
        [(200, "", 1), (204, "", 1), (200, r#"{"code":"FAIL"}"#, 1), (500, "success", 16), (202, "", 16)]
    {
        let shop = given_paid_orders(|shop| shop.inbox.answer_next(&[(status, answer); 16])).await;
        pay(&shop, WECHAT_PAY);
        let received = settled(&shop, sends).await;
        assert_eq!(received.len(), sends, "{status} {answer:?}");
    }
}

#[tokio::test]
async fn a_repeat_is_the_same_event_signed_anew() {
    let shop = given_paid_orders(|shop| shop.inbox.answer_next(&[(500, ""), (500, "")])).await;
    pay(&shop, WECHAT_PAY);
    let received = shop.inbox.wait_for(3).await;
    let ids: Vec<_> = received.iter().map(|one| one.wechat_pay().unwrap().0["id"].clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_ne!(received[0].headers["wechatpay-nonce"], received[1].headers["wechatpay-nonce"]);
    let attempts = shop.control.order(WECHAT_PAY, "W00001").unwrap().notifications;
    assert_eq!(attempts.iter().map(|attempt| attempt.status).collect::<Vec<_>>()[..2], [Some(500), Some(500)]);
}

#[tokio::test]
async fn a_lost_notification_comes_with_the_next_try() {
    let shop = given_paid_orders(|shop| shop.switch(r#"{"fault":"notification_lost","next":2}"#)).await;
    pay(&shop, ALIPAY);
    let received = settled(&shop, 1).await;
    assert_eq!(received.len(), 1);
    assert_eq!(twists(&shop, ALIPAY), [Some("lost"), Some("lost"), None]);
}

#[tokio::test]
async fn a_repeated_notification_comes_whatever_the_answer() {
    let shop = given_paid_orders(|shop| shop.switch(r#"{"fault":"notification_repeated","times":3,"next":1}"#)).await;
    pay(&shop, WECHAT_PAY);
    assert_eq!(settled(&shop, 3).await.len(), 3);
}

#[tokio::test]
async fn forged_ones_and_probes_carry_a_wrong_signature_and_the_next_try_a_right_one() {
    for (provider, fault) in
        [(ALIPAY, "notification_forged"), (WECHAT_PAY, "notification_forged"), (WECHAT_PAY, "notification_probe")]
    {
        let shop = given_paid_orders(|shop| {
            shop.switch(&format!(r#"{{"fault":"{fault}","next":1}}"#));
            shop.inbox.answer_next(&[(401, "fail")]);
        })
        .await;
        pay(&shop, provider);
        let received = shop.inbox.wait_for(2).await;
        let is_genuine = |one: &Received| match provider {
            ALIPAY => one.alipay().is_some(),
            WECHAT_PAY => one.wechat_pay().is_some(),
        };
        assert_eq!(received.iter().map(is_genuine).collect::<Vec<_>>(), [false, true], "{fault}");
        if fault == "notification_probe" {
            let signature = received[0].headers["wechatpay-signature"].to_str().unwrap();
            assert!(signature.starts_with("WECHATPAY/SIGNTEST/"), "{signature}");
        }
    }
}

#[tokio::test]
async fn a_changed_amount_is_signed_properly_and_a_query_tells_the_truth() {
    let shop = given_paid_orders(|shop| shop.switch(r#"{"fault":"notification_amount_changed"}"#)).await;
    pay(&shop, ALIPAY);
    pay(&shop, WECHAT_PAY);
    let received = shop.inbox.wait_for(2).await;
    let (alipay, wechat_pay): (Vec<_>, Vec<_>) = received.iter().partition(|one| one.path.ends_with("/alipay"));
    assert_eq!(field(&alipay[0].alipay().unwrap(), "total_amount"), "96.00");
    assert_eq!(wechat_pay[0].wechat_pay().unwrap().1["amount"]["total"], 9_600);
    let asked = shop.alipay("alipay.trade.query", serde_json::json!({ "out_trade_no": "A1" })).await;
    assert_eq!(asked["total_amount"], "95.00");
    assert_eq!(shop.query_native("W00001").await.1["amount"]["total"], 9_500);
}

#[tokio::test]
async fn a_reordered_notification_lets_another_one_pass() {
    let shop = Shop::open_as(AlipayKeyMode::Key, 1).await;
    shop.switch(r#"{"fault":"notification_reordered","next":1}"#);
    for number in ["A1", "A2"] {
        shop.precreate(number, "1.00").await;
        shop.control.pay(ALIPAY, number, PayerAct::Pay).unwrap();
        // sleeps: the first one must be waiting before the second is sent, and it tells nobody that it does.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let received = shop.inbox.wait_for(2).await;
    let numbers: Vec<_> = received.iter().map(|one| field(&one.alipay().unwrap(), "out_trade_no").to_owned()).collect();
    assert_eq!(numbers, ["A2", "A1"]);
}

#[tokio::test]
async fn a_late_notification_is_held_back() {
    let shop = given_paid_orders(|shop| shop.switch(r#"{"fault":"notification_late","ms":300,"next":1}"#)).await;
    pay(&shop, ALIPAY);
    // sleeps: that nothing comes cannot be waited for.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(shop.inbox.count(), 0);
    shop.inbox.wait_for(1).await;
}

#[tokio::test]
async fn amounts_choose_what_happens_to_notifications() {
    // 93 lost, 94 twice, 98 another amount, 99 overpaid
    for (yuan, arrive, told) in
        [("1.93", 0, ""), ("1.94", 2, "1.94"), ("1.98", 1, "2.98"), ("1.99", 1, "2.99"), ("1.95", 1, "1.95")]
    {
        let shop = Shop::open().await;
        shop.precreate("A1", yuan).await;
        shop.control.pay(ALIPAY, "A1", PayerAct::Pay).unwrap();
        let received = settled(&shop, arrive).await;
        assert_eq!(received.len(), arrive, "{yuan}");
        for one in received {
            assert_eq!(field(&one.alipay().unwrap(), "total_amount"), told, "{yuan}");
        }
    }
}

#[tokio::test]
async fn notifications_are_sent_and_made_by_hand() {
    let shop = given_paid_orders(|_| {}).await;
    let by_hand = |forgery| shop.control.notify(ALIPAY, "A1", 2, forgery);
    assert_eq!(by_hand(Forgery::None).await.unwrap_err(), NotifyRefusal::NothingHappened);
    assert_eq!(shop.control.notify(ALIPAY, "A9", 1, Forgery::None).await.unwrap_err(), NotifyRefusal::UnknownOrder);
    pay(&shop, ALIPAY);
    shop.inbox.wait_for(1).await;
    let attempts = by_hand(Forgery::Amount).await.unwrap();
    assert_eq!(attempts.len(), 2);
    assert!(attempts.iter().all(|attempt| attempt.acknowledged && attempt.twist == Some("amount_changed")));
    let made = shop.control.notification(ALIPAY, "A1", Forgery::WrongKey).unwrap();
    assert_eq!(made.url, shop.inbox.url(ALIPAY));
    assert!(made.body.contains("out_trade_no=A1"));
    assert_eq!(shop.inbox.count(), 3, "made, not sent");
}
