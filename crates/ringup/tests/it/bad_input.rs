//! Bad input on the pages, in both languages: a clear answer, the input kept, no money moved.

use ringup_core::card::CardState;
use ringup_core::time::Span;

use crate::support::{Answer, Reader, TestApp, TestCard, hidden, key};

const LANGUAGES: [&str; 2] = ["zh-Hans", "en"];

/// The form's page must come back and say this, in the reader's language.
fn should_say(reader: &Reader<'_>, answer: &Answer, status: u16, problem: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.header("content-type").unwrap().starts_with("text/html"));
    reader.should_read(answer, problem);
}

async fn chooses(reader: &Reader<'_>, card: &str, amount: &str) -> Answer {
    reader.posts("/top-ups/check", &[("card", card), ("amount", ""), ("other", amount)]).await
}

/// Chooses a card and an amount, and takes the quote to the next page.
async fn given_a_quote(reader: &Reader<'_>, card: &TestCard, amount: &str) -> String {
    let answer = chooses(reader, &card.number.to_string(), amount).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").unwrap().strip_prefix("/top-ups/new?quote=").unwrap().to_owned()
}

#[tokio::test]
async fn a_card_that_cannot_be_topped_up_is_told_at_its_field() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let suspended = app.given_a_card("0.00 CNY").await;
    app.card_becomes(&suspended, CardState::Suspended).await;
    let closed = app.given_a_card("0.00 CNY").await;
    app.card_becomes(&closed, CardState::Closed).await;
    let not_sold = app.given_a_card_not_sold().await;
    for language in LANGUAGES {
        let reader = app.reader(language);
        for (number, problem) in [
            ("", "problem-card-missing"),
            ("6225 88AB 0000 0000", "problem-card-not-digits"),
            ("62258800", "problem-card-length"),
            ("4111 1111 1111 1112", "problem-card-mistyped"),
            ("4111 1111 1111 1111", "problem-card-refused"),
            (&not_sold.number.to_string(), "problem-card-refused"),
            (&suspended.number.to_string(), "problem-card-suspended"),
            (&closed.number.to_string(), "problem-card-closed"),
        ] {
            let answer = chooses(&reader, number, "50").await;
            should_say(&reader, &answer, 422, problem);
            assert!(answer.text.contains(&format!("value=\"{number}\"")), "what was typed is kept");
        }
    }
    app.clock.advance(Span::days(190));
    for language in LANGUAGES {
        let reader = app.reader(language);
        let answer = chooses(&reader, &card.number.to_string(), "50").await;
        should_say(&reader, &answer, 422, "problem-card-expired");
    }
}

#[tokio::test]
async fn an_amount_that_cannot_be_is_told_at_its_field() {
    let app = TestApp::new().await;
    let card = app.given_a_card("980.00 CNY").await.number.to_string();
    for language in LANGUAGES {
        let reader = app.reader(language);
        for (amount, problem) in [
            ("", "problem-amount-missing"),
            ("0", "problem-amount-negative"),
            ("-50", "problem-amount-negative"),
            ("fifty", "problem-amount-not-a-number"),
            ("50.001", "problem-amount-decimals"),
            ("50 USD", "problem-amount-unit"),
            ("500.01", "problem-amount-not-offered"),
            ("9.99", "problem-amount-not-offered"),
            ("99999999999999999999", "problem-amount-not-offered"),
            ("50", "problem-balance-too-high"),
        ] {
            let answer = chooses(&reader, &card, amount).await;
            should_say(&reader, &answer, 422, problem);
        }
        let both = reader.posts("/top-ups/check", &[("card", &card), ("amount", "20.00"), ("other", "15")]).await;
        should_say(&reader, &both, 422, "problem-amount-both");
    }
}

#[tokio::test]
async fn a_quote_that_is_over_or_changed_goes_no_further() {
    for language in LANGUAGES {
        let app = TestApp::new().await;
        let reader = app.reader(language);
        let card = app.given_a_card("0.00 CNY").await;
        let quote = given_a_quote(&reader, &card, "50").await;
        let changed = format!("{}x", quote.strip_suffix(quote.chars().last().unwrap()).unwrap());
        let place = async |quote: &str| {
            let form = [("quote", quote), ("provider", "alipay"), ("idempotency_key", &key())];
            reader.posts("/top-ups", &form).await
        };
        should_say(&reader, &place(&changed).await, 400, "unreadable-heading");
        should_say(&reader, &reader.gets(&format!("/top-ups/new?quote={changed}")).await, 404, "not-found-heading");
        let no_provider = [("quote", quote.as_str()), ("idempotency_key", &key())];
        should_say(&reader, &reader.posts("/top-ups", &no_provider).await, 422, "problem-provider-missing");
        let no_key = [("quote", quote.as_str()), ("provider", "alipay")];
        should_say(&reader, &reader.posts("/top-ups", &no_key).await, 400, "unreadable-heading");
        app.clock.advance(Span::minutes(15));
        should_say(&reader, &reader.gets(&format!("/top-ups/new?quote={quote}")).await, 410, "expired-heading");
        should_say(&reader, &place(&quote).await, 410, "expired-heading");
        assert!(app.sandbox.control().orders().is_empty());
    }
}

#[tokio::test]
async fn a_form_that_is_sent_again_places_one_top_up() {
    let app = TestApp::new().await;
    let reader = app.reader("en");
    let card = app.given_a_card("0.00 CNY").await;
    let quote = given_a_quote(&reader, &card, "50").await;
    let page = reader.gets(&format!("/top-ups/new?quote={quote}")).await.text;
    let (quote, key) = (hidden(&page, "quote"), hidden(&page, "idempotency_key"));
    let form = [("quote", quote.as_str()), ("provider", "alipay"), ("idempotency_key", &key)];
    let first = reader.posts("/top-ups", &form).await;
    assert_eq!(first.status, 303);
    let again = reader.posts("/top-ups", &form).await;
    assert_eq!((again.status, again.header("location")), (303, first.header("location")));
    // Two at the same moment, too.
    let (one, two) = tokio::join!(reader.posts("/top-ups", &form), reader.posts("/top-ups", &form));
    assert_eq!((one.header("location"), two.header("location")), (first.header("location"), first.header("location")));
    assert_eq!(app.sandbox.control().orders().len(), 1);
    let other = [("quote", quote.as_str()), ("provider", "wechat_pay"), ("idempotency_key", &key)];
    should_say(&reader, &reader.posts("/top-ups", &other).await, 409, "sent-before-heading");
}

#[tokio::test]
async fn the_same_top_up_a_moment_later_is_asked_about_on_the_page() {
    for language in LANGUAGES {
        let app = TestApp::new().await;
        let reader = app.reader(language);
        let card = app.given_a_card("0.00 CNY").await;
        app.given_a_credited_top_up(&card, "50.00 CNY", ringup_core::payment::Provider::Alipay).await;
        let quote = given_a_quote(&reader, &card, "50").await;
        let key = key();
        let form = [("quote", quote.as_str()), ("provider", "alipay"), ("idempotency_key", &key)];
        let asked = reader.posts("/top-ups", &form).await;
        should_say(&reader, &asked, 409, "problem-another-unconfirmed");
        // The key stays: the answer to the question is the same intent.
        assert_eq!(hidden(&asked.text, "idempotency_key"), key);
        let confirmed = [form.as_slice(), &[("confirm_another", "yes")]].concat();
        assert_eq!(reader.posts("/top-ups", &confirmed).await.status, 303);
    }
}

#[tokio::test]
async fn what_is_no_form_of_ours_is_refused() {
    let app = TestApp::new().await;
    let form_type = "application/x-www-form-urlencoded";
    for language in LANGUAGES {
        let reader = app.reader(language);
        let too_large = format!("card={}", "1".repeat(64 * 1024)).into_bytes();
        for path in ["/top-ups/check", "/top-ups", "/balance", "/where"] {
            let answer = reader.posts_bytes(path, form_type, too_large.clone()).await;
            should_say(&reader, &answer, 413, "too-large-heading");
            let answer = reader.posts_bytes(path, "application/json", b"{}".to_vec()).await;
            should_say(&reader, &answer, 415, "unreadable-heading");
            let answer = reader.posts_from_elsewhere(path, &[("card", "1")]).await;
            should_say(&reader, &answer, 403, "cross-site-heading");
            // Bytes that are no text are read as replacement characters, which no field takes.
            let answer = reader.posts_bytes(path, form_type, b"card=%ff%fe&pin=%ff&quote=%ff".to_vec()).await;
            assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        }
        // A method that no form has, too.
        let put = app.http.put(format!("{}/where", app.url)).header("sec-fetch-site", "cross-site");
        let answer = Answer::of(put.header("accept-language", language).send().await.unwrap()).await;
        should_say(&reader, &answer, 403, "cross-site-heading");
        should_say(&reader, &reader.gets("/nothing").await, 404, "not-found-heading");
        should_say(&reader, &reader.gets("/top-ups/00000000000000000000000000").await, 404, "not-found-heading");
        assert_eq!(reader.gets("/?card=%ff%fe").await.status, 200);
    }
}
