use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_db::store::IdentityRule;
use ringup_sandbox::{Payer, PayerAct};

use crate::support::{PROVIDERS, TestApp, TestCard, TestStore, Till, drawer_of, in_the_purse, theirs};

async fn given_a_till(app: &TestApp) -> (TestStore, Till<'_>, TestCard) {
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "100").await;
    let card = app.given_a_card("0.00 CNY").await;
    (store, till, card)
}

/// The clerk scans what the payer's phone shows; the page that he is led to.
async fn scans(app: &TestApp, till: &Till<'_>, card: &TestCard, (provider, payer): (Provider, Payer)) -> String {
    let code = app.sandbox.control().show_code(theirs(provider), payer);
    let form = till.chooses(card, "50.00").await;
    let answer = till.sells_what(&form, &[("cash", &code)]).await;
    assert!(!answer.text.contains(&code), "the code comes back to nobody");
    app.database.should_not_contain(&code);
    if answer.status == 422 { answer.text } else { answer.location() }
}

#[tokio::test]
async fn a_code_that_is_paid_at_once_is_a_sale_without_cash() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let (store, till, card) = given_a_till(&app).await;
        let led_to = scans(&app, &till, &card, (provider, Payer::PaysAtOnce)).await;
        assert!(led_to.starts_with("/store?sold="), "{led_to}");
        app.should_hold(&card, "50.00 CNY").await;
        let page = till.gets(&led_to).await.text;
        assert!(!page.contains("class=\"due\""), "there is no change: {page}");
        assert!(page.contains("BJ-S001-000001"));
        assert!(page.contains("¥100.00"), "the drawer holds what it held");
        assert_eq!(in_the_purse(&app, store.store.safe).await, -10_000);
    }
}

#[tokio::test]
async fn a_payer_who_must_confirm_is_waited_for_and_sold_to_when_he_has() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let (_, till, card) = given_a_till(&app).await;
        let waiting = scans(&app, &till, &card, (provider, Payer::MustConfirm)).await;
        assert!(waiting.ends_with("/scan"), "{waiting}");
        let page = till.gets(&waiting).await;
        assert!(page.text.contains("data-waiting") && page.text.contains("10:01"), "{}", page.text);
        app.should_hold(&card, "0.00 CNY").await;
        let code = waiting.split('/').nth(3).unwrap().to_owned();
        let order = app.order_of(code.parse().unwrap()).await;
        app.sandbox.control().pay(theirs(provider), &order.reference, PayerAct::Pay).unwrap();
        app.clock.advance(Span::seconds(4));
        let sold = till.gets(&waiting).await;
        assert_eq!((sold.status, sold.location()), (303, format!("/store?sold={code}")));
        app.should_hold(&card, "50.00 CNY").await;
    }
}

#[tokio::test]
async fn a_payer_who_does_not_confirm_is_not_charged_and_the_till_says_so() {
    let app = TestApp::new().await;
    let (_, till, card) = given_a_till(&app).await;
    let waiting = scans(&app, &till, &card, (Provider::Alipay, Payer::MustConfirm)).await;
    app.after_steps(30, Span::seconds(4)).await;
    let page = till.gets(&waiting).await.text;
    assert!(page.contains("Nothing was taken") && !page.contains("data-waiting"), "{page}");
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn a_payer_without_money_is_told_and_can_pay_in_cash() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let (_, till, card) = given_a_till(&app).await;
        let page = scans(&app, &till, &card, (provider, Payer::LacksMoney)).await;
        assert!(page.contains("not enough money there") && page.contains("cash-error"), "{page}");
        let code = till.sells(&card, "50.00", "50").await;
        app.should_hold(&card, "50.00 CNY").await;
        // The payment that was refused is cancelled by itself, and nothing comes of it.
        app.after_steps(30, Span::seconds(4)).await;
        app.should_hold(&card, "50.00 CNY").await;
        assert_eq!(till.gets(&format!("/store/sales/{code}")).await.status, 200);
    }
}

#[tokio::test]
async fn one_key_sells_once_whether_cash_or_a_code_comes_with_it() {
    let app = TestApp::new().await;
    let (_, till, card) = given_a_till(&app).await;
    let form = till.chooses(&card, "50.00").await;
    assert_eq!(till.sells_what(&form, &[("cash", "50")]).await.status, 303);
    let code = app.sandbox.control().show_code(theirs(Provider::Alipay), Payer::PaysAtOnce);
    assert_eq!(till.sells_what(&form, &[("cash", &code)]).await.status, 409);
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn a_till_whose_line_was_down_finds_the_payer_still_confirming() {
    let app = TestApp::new().await;
    let (_, till, card) = given_a_till(&app).await;
    let code = app.sandbox.control().show_code(theirs(Provider::WechatPay), Payer::MustConfirm);
    let form = till.chooses(&card, "50.00").await;
    let waiting = till.sells_what(&form, &[("cash", &code)]).await.location();
    let heard = till.gets(&format!("/store/keys/{}", form[2].1)).await.json();
    assert_eq!((heard["state"].as_str(), heard["url"].as_str()), (Some("placed"), Some(waiting.as_str())));
    app.after_steps(30, Span::seconds(4)).await;
}

#[tokio::test]
async fn a_sale_by_code_that_is_undone_goes_back_by_its_provider_and_not_out_of_the_drawer() {
    let app = TestApp::with(|agreement| agreement.time_scale = 1_000).await;
    let store = app.given_a_store_that("BJ-S001", IdentityRule::default()).await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let supervisor = app.given_a_clerk(&store, "09", Role::Supervisor).await;
    let till = app.given_an_open_till(&store, &clerk, "100").await;
    let card = app.given_a_card("0.00 CNY").await;
    let sold = scans(&app, &till, &card, (Provider::Alipay, Payer::PaysAtOnce)).await;
    let code = sold.strip_prefix("/store?sold=").unwrap().to_owned();
    till.posts(&format!("/store/sales/{code}/undo"), &[("reason", "wrong card")]).await;
    let list = till.gets("/store/undo").await.text;
    let (_, rest) = list.split_once("action=\"/store/undo/").unwrap();
    let url = format!("/store/undo/{}", rest.split('"').next().unwrap());
    let decides = [("number", supervisor.number), ("pin", supervisor.pin.reveal()), ("decision", "approve")];
    assert_eq!(till.posts(&url, &decides).await.status, 303);
    let slip = till.gets(&format!("/store/sales/{code}")).await.text;
    assert!(!slip.contains("/store/refunds/"), "there is no cash to hand over: {slip}");
    let order = app.order_of(code.parse().unwrap()).await;
    let refunded = async {
        while app.state_of(&order).await != "refunded" {
            app.after(Span::seconds(30)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), refunded).await.unwrap();
    app.should_hold(&card, "0.00 CNY").await;
    assert_eq!(in_the_purse(&app, drawer_of(&app, &clerk).await).await, 10_000);
}
