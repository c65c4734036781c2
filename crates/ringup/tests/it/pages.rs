//! The portal, page by page, as a browser without scripts goes through it; in both languages.

use ringup_core::apply::RefundHowMuch;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_sandbox::Fault;

use crate::support::{Answer, Order, PROVIDERS, Reader, TestApp, TestCard, hidden};

const LANGUAGES: [&str; 2] = ["zh-Hans", "en"];

/// Where an answer leads.
fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").unwrap().to_owned()
}

/// From the first page to the one where it is paid.
async fn places(reader: &Reader<'_>, app: &TestApp, card: &TestCard, provider: Provider) -> Order {
    assert_eq!(reader.gets("/").await.status, 200);
    let form = [("card", card.number.grouped()), ("amount", "50.00".to_owned())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let check = reader.gets(&leads_to(&reader.posts("/top-ups/check", &form).await)).await;
    assert_eq!(check.status, 200);
    let (quote, key) = (hidden(&check.text, "quote"), hidden(&check.text, "idempotency_key"));
    let form = [("quote", quote.as_str()), ("idempotency_key", &key), ("provider", provider.name())];
    let pay = leads_to(&reader.posts("/top-ups", &form).await);
    app.order_of(pay.strip_prefix("/top-ups/").unwrap().parse().unwrap()).await
}

async fn page_of(reader: &Reader<'_>, order: &Order) -> Answer {
    let page = reader.gets(&format!("/top-ups/{}", order.code)).await;
    assert_eq!(page.status, 200);
    page
}

#[tokio::test]
async fn a_holder_tops_up_without_scripts_and_gets_a_receipt_that_others_can_check() {
    for (language, provider) in LANGUAGES.into_iter().zip(PROVIDERS) {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let card = app.given_a_card("0.00 CNY").await;
        let reader = app.reader(language);
        let order = places(&reader, &app, &card, provider).await;
        let page = page_of(&reader, &order).await;
        reader.should_read(&page, "pay-look-now");
        assert!(page.text.contains("<svg"), "a QR code");

        let look = format!("/top-ups/{}/look", order.code);
        let looked = reader.gets(&leads_to(&reader.posts(&look, &[]).await)).await;
        reader.should_read(&looked, "pay-not-yet");
        app.customer_pays(&order);
        // The provider is asked about a payment once in three seconds.
        app.clock.advance(Span::seconds(3));
        leads_to(&reader.posts(&look, &[]).await);
        let page = page_of(&reader, &order).await;
        reader.should_read(&page, "credited-heading");

        let receipt = reader.gets(&format!("/receipts/{}", order.code)).await;
        reader.should_read(&receipt, "receipt-check-heading");
        let stranger = app.reader(language);
        let verified = stranger.gets(&format!("/verify/{}", order.code)).await;
        assert_eq!(verified.status, 200);
        stranger.should_read(&verified, "verify-genuine-heading");
        for page in [&page, &receipt, &verified] {
            assert!(!page.text.contains(&card.number.to_string()) && !page.text.contains(&card.number.grouped()));
        }
        let unknown = stranger.gets("/verify/00000000000000000000000000").await;
        assert_eq!(unknown.status, 404);
        stranger.should_read(&unknown, "verify-unknown-heading");
    }
}

#[tokio::test]
async fn a_page_tells_a_script_when_to_fetch_it_anew() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let reader = app.reader("en");
    let order = places(&reader, &app, &card, Provider::Alipay).await;
    let page = page_of(&reader, &order).await.text;
    let status = page.split('"').find(|part| part.contains("/status?seen=")).unwrap().to_owned();
    assert_eq!(reader.gets(&status).await.status, 204);
    app.customer_pays(&order);
    app.provider_says_so(&order).await;
    let changed = reader.gets(&status).await;
    assert_eq!((changed.status, changed.header("hx-refresh")), (200, Some("true")));
}

#[tokio::test]
async fn each_end_of_a_top_up_is_told_on_its_page() {
    for language in LANGUAGES {
        let app = TestApp::with(|agreement| agreement.time_scale = 1_000).await;
        app.given_notifications_are_lost();
        let reader = app.reader(language);
        let card = app.given_a_card("0.00 CNY").await;

        let unpaid = places(&reader, &app, &card, Provider::WechatPay).await;
        app.after(Span::seconds(15 * 60 + 5)).await;
        reader.should_read(&page_of(&reader, &unpaid).await, "status-abandoned-heading");

        let underpaid = places(&reader, &app, &card, Provider::Alipay).await;
        app.given(Fault::PaidOtherAmount { amount_minor: 1 });
        app.customer_pays(&underpaid);
        app.given_all_is_well_again();
        app.after(Span::seconds(10)).await;
        let page = page_of(&reader, &underpaid).await;
        reader.should_read(&page, "status-refunded-heading");
        reader.should_read(&page, "refund-reason-underpaid");

        let returned = app.given_a_credited_top_up(&card, "20.00 CNY", Provider::Alipay).await;
        app.refunds(&returned, "refund-1", RefundHowMuch::Whole).await.unwrap();
        reader.should_read(&page_of(&reader, &returned).await, "status-refunding-heading");
        app.runs_due_jobs().await;
        reader.should_read(&page_of(&reader, &returned).await, "status-refunded-heading");
        let verified = reader.gets(&format!("/verify/{}", returned.code)).await;
        reader.should_read(&verified, "verify-refunded-heading");
    }
}

#[tokio::test]
async fn a_phone_is_handed_over_to_the_app() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let card = app.given_a_card("0.00 CNY").await;
        let reader = app.reader("en").with_a_phone();
        let order = places(&reader, &app, &card, provider).await;
        let page = page_of(&reader, &order).await;
        reader.should_read(&page, "pay-line-press");
        let hand_over = app.status_of(&order).await["payments"][0]["hand_over"].as_str().unwrap().to_owned();
        assert!(page.text.contains(&hand_over.replace('&', "&#38;")), "{hand_over} is not in {}", page.text);
        let opened = app.http.get(&hand_over).send().await.unwrap();
        assert!(opened.status().as_u16() < 400, "{}", opened.status());
        app.customer_pays(&order);
        app.until_it_is(&order, "credited").await;
    }
}

#[tokio::test]
async fn where_is_my_money_is_answered_by_code_and_by_card() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    for language in LANGUAGES {
        let reader = app.reader(language);
        for typed in [order.code.to_string(), order.code.grouped(), order.code.to_string().to_lowercase()] {
            let found = reader.posts("/where", &[("code", &typed)]).await;
            assert_eq!(leads_to(&found), format!("/top-ups/{}", order.code));
        }
        for (typed, problem) in [
            ("", "problem-code-missing"),
            ("1234", "problem-code-malformed"),
            ("00000000000000000000000000", "problem-code-unknown"),
        ] {
            let answer = reader.posts("/where", &[("code", typed)]).await;
            assert_eq!(answer.status, 422);
            reader.should_read(&answer, problem);
        }
        let number = card.number.to_string();
        let opened = reader.posts("/where", &[("card", &number), ("pin", &card.pin)]).await;
        let list = reader.gets(&leads_to(&opened)).await;
        assert!(list.text.contains(&format!("/top-ups/{}", order.code)), "{}", list.text);
    }
}
