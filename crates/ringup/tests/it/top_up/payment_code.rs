//! At a till: the payer shows a code of his app, the clerk scans it, and the provider takes the money.

use ringup_core::apply::RefundHowMuch;
use ringup_core::payment::{CodeRefusal, PaymentCode, Provider};
use ringup_core::time::Span;
use ringup_engine::payment::{CodeAnswer, PayByCodeError, pay_by_code};
use ringup_engine::top_up;
use ringup_sandbox::{Fault, Operation, PayEffect, PayRefusal, Payer, PayerAct};

use crate::support::{Order, PROVIDERS, TestApp, TestCard, theirs};

async fn given(provider: Provider, payer: Payer) -> (TestApp, TestCard, Order, CodeAnswer) {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let (order, answer) = app.given_a_scan(&card, provider, payer).await;
    (app, card, order, answer)
}

/// The same with a payer who is asked to confirm.
async fn given_a_payer_who_is_asked(provider: Provider) -> (TestApp, TestCard, Order) {
    let (app, card, order, answer) = given(provider, Payer::MustConfirm).await;
    assert_eq!(answer, CodeAnswer::Waiting);
    (app, card, order)
}

fn payer_acts(app: &TestApp, order: &Order, act: PayerAct) -> PayEffect {
    app.sandbox.control().pay(theirs(order.provider), &order.reference, act).unwrap()
}

#[tokio::test]
async fn a_code_that_is_paid_at_once_puts_the_value_on_the_card_and_its_refund_goes_back_through_the_provider() {
    for provider in PROVIDERS {
        let app = TestApp::with(|agreement| agreement.time_scale = 1_000).await;
        let card = app.given_a_card("0.00 CNY").await;
        let (order, answer) = app.given_a_scan(&card, provider, Payer::PaysAtOnce).await;
        assert_eq!(answer, CodeAnswer::Paid);
        assert_eq!(app.state_of(&order).await, "credited");
        app.should_hold(&card, "50.00 CNY").await;
        assert!(app.status_of(&order).await["payments"][0]["hand_over"].is_null());

        app.refunds(&order, "refund-1", RefundHowMuch::Whole).await.unwrap();
        let refunded = async {
            while app.state_of(&order).await != "refunded" {
                app.after(Span::seconds(30)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), refunded).await.expect("refunded");
        assert_eq!(app.sent_back(&order), [5_000]);
        app.should_hold(&card, "0.00 CNY").await;
    }
}

#[tokio::test]
async fn a_payer_who_confirms_is_credited_in_seconds_although_nobody_notifies() {
    for (provider, confirms_after) in PROVIDERS.into_iter().cycle().zip([1, 30, 59, 70]) {
        let (app, card, order) = given_a_payer_who_is_asked(provider).await;
        app.after_steps(confirms_after, Span::seconds(1)).await;
        assert_eq!(app.state_of(&order).await, "placed");
        assert_eq!(payer_acts(&app, &order, PayerAct::Pay), PayEffect::Paid);
        app.after_steps(5, Span::seconds(1)).await;
        assert_eq!(app.state_of(&order).await, "credited", "{provider} {confirms_after}");
        app.should_hold(&card, "50.00 CNY").await;
        app.after_steps(4, Span::seconds(30)).await;
        assert!(app.sent_back(&order).is_empty());
    }
}

#[tokio::test]
async fn the_page_of_the_till_finds_out_by_looking() {
    for provider in PROVIDERS {
        let (app, card, order) = given_a_payer_who_is_asked(provider).await;
        payer_acts(&app, &order, PayerAct::Pay);
        top_up::look_now(&app.engine, order.code, None).await.unwrap();
        assert_eq!(app.state_of(&order).await, "credited");
        app.should_hold(&card, "50.00 CNY").await;
    }
}

#[tokio::test]
async fn a_payment_that_the_payer_declines_or_leaves_is_cancelled_after_a_minute() {
    for provider in PROVIDERS {
        for act in [PayerAct::Decline, PayerAct::Nothing] {
            let (app, card, order) = given_a_payer_who_is_asked(provider).await;
            payer_acts(&app, &order, act);
            app.after(Span::seconds(4)).await;
            // Only WeChat Pay tells that somebody said no.
            let is_told = (provider, act) == (Provider::WechatPay, PayerAct::Decline);
            let expected = if is_told { CodeAnswer::Refused(CodeRefusal::Declined) } else { CodeAnswer::Waiting };
            let repeated = app.clerk_scans(&order, &app.given_a_code(provider, Payer::PaysAtOnce)).await;
            assert_eq!(repeated, expected, "{provider} {act:?}");
            app.after_steps(70, Span::seconds(1)).await;
            assert_eq!((app.state_of(&order).await.as_str(), app.at_the_provider(&order).state), ("placed", "waiting"));
            app.after(Span::seconds(1)).await;
            assert_eq!(app.state_of(&order).await, "abandoned", "{provider} {act:?}");
            assert_eq!(app.at_the_provider(&order).state, "closed");
            assert_eq!(app.tries_to_pay(&order), Err(PayRefusal::Closed));
            app.should_hold(&card, "0.00 CNY").await;
            let again = app.clerk_scans(&order, &app.given_a_code(provider, Payer::PaysAtOnce)).await;
            assert_eq!(again, CodeAnswer::Refused(CodeRefusal::Cancelled));
        }
    }
}

/// What can become of a request, with no more waiting than a test wants; and whether it was done.
const UNBELIEVABLE: [(Fault, bool); 6] = [
    (Fault::TimeoutBeforeEffect { ms: 0 }, false),
    (Fault::TimeoutAfterEffect { ms: 0 }, true),
    (Fault::Http5xx { status: 503 }, false),
    (Fault::Rubbish, true),
    (Fault::WrongAnswerSignature, true),
    (Fault::AnotherOrder, true),
];

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_and_the_code_is_not_sent_again() {
    for provider in PROVIDERS {
        for (fault, is_done) in UNBELIEVABLE {
            let app = TestApp::new().await;
            app.given_notifications_are_lost();
            let card = app.given_a_card("0.00 CNY").await;
            app.given_next(1, Operation::Pay, fault.clone());
            let (order, answer) = app.given_a_scan(&card, provider, Payer::PaysAtOnce).await;
            assert_eq!(answer, CodeAnswer::Waiting, "{fault:?}");
            app.after(Span::seconds(4)).await;
            if is_done {
                assert_eq!(app.state_of(&order).await, "credited", "{provider} {fault:?}");
            } else {
                assert_eq!(app.state_of(&order).await, "placed", "{provider} {fault:?}");
                app.after_steps(72, Span::seconds(1)).await;
                assert_eq!(app.state_of(&order).await, "abandoned", "{provider} {fault:?}");
                assert!(app.sandbox.control().orders().is_empty());
            }
            app.should_hold(&card, if is_done { "50.00 CNY" } else { "0.00 CNY" }).await;
        }
    }
}

#[tokio::test]
async fn a_payment_that_could_not_be_cancelled_is_cancelled_soon_after() {
    for provider in PROVIDERS {
        for (fault, _) in UNBELIEVABLE {
            let (app, card, order) = given_a_payer_who_is_asked(provider).await;
            app.given_next(2, Operation::Cancel, fault.clone());
            app.after_steps(90, Span::seconds(1)).await;
            assert_eq!(app.state_of(&order).await, "abandoned", "{provider} {fault:?}");
            assert_eq!(app.at_the_provider(&order).state, "closed");
            app.should_hold(&card, "0.00 CNY").await;
        }
    }
}

#[tokio::test]
async fn a_payment_that_comes_although_it_was_cancelled_is_credited() {
    for provider in PROVIDERS {
        let (app, card, order) = given_a_payer_who_is_asked(provider).await;
        app.given(Fault::CancelForgotten);
        app.after_steps(76, Span::seconds(1)).await;
        // WeChat Pay's word on what it has reversed is a second question: it says that the payer is still asked.
        let told = if provider == Provider::Alipay { "abandoned" } else { "placed" };
        assert_eq!(app.state_of(&order).await, told);
        payer_acts(&app, &order, PayerAct::Pay);
        app.given_all_is_well_again();
        app.after_steps(15, Span::seconds(1)).await;
        assert_eq!(app.state_of(&order).await, "credited", "{provider}");
        app.should_hold(&card, "50.00 CNY").await;
        app.after_steps(5, Span::minutes(1)).await;
        assert!(app.sent_back(&order).is_empty());
    }
}

#[tokio::test]
async fn a_payment_that_was_confirmed_in_the_second_of_its_cancelling_came_and_went_back() {
    for provider in PROVIDERS {
        let (app, card, order) = given_a_payer_who_is_asked(provider).await;
        app.given(Fault::PaidAsCancelled);
        app.after_steps(76, Span::seconds(1)).await;
        assert_eq!(app.state_of(&order).await, "refunded", "{provider}");
        assert_eq!(app.payments_of(&order).await, ["captured"]);
        app.should_hold(&card, "0.00 CNY").await;
        app.after_steps(5, Span::minutes(1)).await;
        assert_eq!(app.sent_back(&order), [5_000], "the provider gave it back, and nobody else did");
        if provider == Provider::Alipay {
            insta::assert_snapshot!("a_payment_that_came_and_went_back", app.journal(&card).await);
        }
    }
}

#[tokio::test]
async fn what_was_put_on_the_card_while_its_payment_was_cancelled_is_taken_off_again() {
    // Only Alipay notifies of payments by code.
    let (app, card, order) = given_a_payer_who_is_asked(Provider::Alipay).await;
    app.given(Fault::PaidAsCancelled);
    app.given_next(1, Operation::Cancel, Fault::TimeoutAfterEffect { ms: 0 });
    app.after_steps(75, Span::seconds(1)).await;
    app.provider_says_so(&order).await;
    assert_eq!(app.state_of(&order).await, "credited");
    app.should_hold(&card, "50.00 CNY").await;
    app.after_steps(6, Span::seconds(1)).await;
    assert_eq!(app.state_of(&order).await, "refunded");
    app.should_hold(&card, "0.00 CNY").await;
    app.after_steps(5, Span::minutes(1)).await;
    assert_eq!(app.sent_back(&order), [5_000]);
    insta::assert_snapshot!("what_was_taken_off_again", app.journal(&card).await);
}

#[tokio::test]
async fn a_code_that_is_used_expired_or_without_money_is_refused_and_the_payer_pays_with_another() {
    let invalid = CodeAnswer::Refused(CodeRefusal::CodeInvalid);
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let till = app.given_a_drawer().await;
        let used = app.given_a_code(provider, Payer::PaysAtOnce);
        let other = app.given_a_card("0.00 CNY").await;
        let first = app.clerk_places(till, &other, "20.00 CNY", provider).await;
        assert_eq!(app.clerk_scans(&first, &used).await, CodeAnswer::Paid);
        let old = app.given_a_code(provider, Payer::PaysAtOnce);
        app.after(Span::seconds(61)).await;
        let short = CodeAnswer::Refused(CodeRefusal::BalanceInsufficient);
        for (code, expected) in [(Some(&used), invalid), (Some(&old), invalid), (None, short)] {
            let poor = app.given_a_code(provider, Payer::LacksMoney);
            let code = code.unwrap_or(&poor);
            let card = app.given_a_card("0.00 CNY").await;
            let order = app.clerk_places(till, &card, "50.00 CNY", provider).await;
            assert_eq!(app.clerk_scans(&order, code).await, expected, "{provider}");
            let repeated = app.clerk_scans(&order, &app.given_a_code(provider, Payer::PaysAtOnce)).await;
            assert_eq!(repeated, expected, "a repeat hears the same, and sends nothing");
            assert_eq!(app.state_of(&order).await, "placed");
            let second = app.clerk_begins_another_payment(&order, provider).await;
            let fresh = app.given_a_code(provider, Payer::PaysAtOnce);
            assert_eq!(app.clerk_scans(&second, &fresh).await, CodeAnswer::Paid);
            app.should_hold(&card, "50.00 CNY").await;
            app.after_steps(4, Span::seconds(30)).await;
            assert_eq!(app.state_of(&order).await, "credited");
            assert_eq!(app.payments_of(&order).await, ["abandoned", "captured"]);
            assert!(app.status_of(&order).await["payments"][0]["hand_over"].is_null());
        }
    }
}

#[tokio::test]
async fn a_refused_payment_that_nobody_tries_again_ends_with_its_minute() {
    for provider in PROVIDERS {
        let (app, card, order, answer) = given(provider, Payer::LacksMoney).await;
        assert_eq!(answer, CodeAnswer::Refused(CodeRefusal::BalanceInsufficient));
        app.after_steps(76, Span::seconds(1)).await;
        assert_eq!(app.state_of(&order).await, "abandoned");
        app.should_hold(&card, "0.00 CNY").await;
    }
}

#[tokio::test]
async fn two_clerks_who_scan_for_one_payment_send_one_code() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let card = app.given_a_card("0.00 CNY").await;
        let till = app.given_a_drawer().await;
        let order = app.clerk_places(till, &card, "50.00 CNY", provider).await;
        let codes = [0, 1].map(|_| app.given_a_code(provider, Payer::PaysAtOnce));
        let answers = tokio::join!(app.clerk_scans(&order, &codes[0]), app.clerk_scans(&order, &codes[1]));
        assert!(matches!(
            answers,
            (CodeAnswer::Paid, CodeAnswer::Waiting | CodeAnswer::Paid) | (CodeAnswer::Waiting, CodeAnswer::Paid)
        ));
        assert_eq!(app.clerk_scans(&order, &codes[0]).await, CodeAnswer::Paid, "a repeat hears how it stands");
        // The code that was not sent is still good.
        let mut good = 0;
        for code in &codes {
            let another = app.clerk_places(till, &card, "20.00 CNY", provider).await;
            good += usize::from(app.clerk_scans(&another, code).await == CodeAnswer::Paid);
        }
        assert_eq!(good, 1);
        app.should_hold(&card, "70.00 CNY").await;
    }
}

#[tokio::test]
async fn a_code_that_comes_too_late_or_is_of_another_app_is_not_sent() {
    for (provider, other) in PROVIDERS.into_iter().zip(PROVIDERS.into_iter().rev()) {
        let app = TestApp::new().await;
        let card = app.given_a_card("0.00 CNY").await;
        let till = app.given_a_drawer().await;
        let order = app.clerk_places(till, &card, "50.00 CNY", provider).await;
        let foreign = app.given_a_code(other, Payer::PaysAtOnce);
        let refused = app.clerk_scans(&order, &foreign).await;
        assert_eq!(refused, CodeAnswer::Refused(CodeRefusal::OtherProvider));
        app.after_steps(15, Span::seconds(1)).await;
        let late = app.clerk_scans(&order, &app.given_a_code(provider, Payer::PaysAtOnce)).await;
        assert_eq!(late, CodeAnswer::Refused(CodeRefusal::TooLate));
        app.after_steps(60, Span::seconds(1)).await;
        assert_eq!(app.state_of(&order).await, "abandoned");
        assert!(app.sandbox.control().orders().is_empty());
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_was_sent_nothing() {
    let app = TestApp::with(|agreement| agreement.elsewhere = Some("http://127.0.0.1:1".to_owned())).await;
    for provider in PROVIDERS {
        let card = app.given_a_card("0.00 CNY").await;
        let (order, answer) = app.given_a_scan(&card, provider, Payer::PaysAtOnce).await;
        assert_eq!(answer, CodeAnswer::Refused(CodeRefusal::NotSent));
        let repeated = app.clerk_scans(&order, &app.given_a_code(provider, Payer::PaysAtOnce)).await;
        assert_eq!(repeated, answer);
    }
}

#[tokio::test]
async fn a_payment_that_is_made_otherwise_takes_no_code() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    let code = app.given_a_code(Provider::Alipay, Payer::PaysAtOnce);
    let result = pay_by_code(&app.engine, order.payment(), &code).await;
    assert_eq!(result, Err(PayByCodeError::PaymentUnknown));
}

#[tokio::test]
async fn a_payment_code_is_kept_nowhere() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let card = app.given_a_card("0.00 CNY").await;
        let till = app.given_a_drawer().await;
        let codes =
            [Payer::PaysAtOnce, Payer::LacksMoney, Payer::MustConfirm].map(|payer| app.given_a_code(provider, payer));
        for code in &codes {
            let order = app.clerk_places(till, &card, "50.00 CNY", provider).await;
            app.clerk_scans(&order, code).await;
            let seen = app.get(&format!("/api/v1/top-ups/{}", order.code)).await.text;
            let page = app.reader("en").gets(&format!("/top-ups/{}", order.code)).await.text;
            assert!(!seen.contains(code.reveal()) && !page.contains(code.reveal()));
        }
        app.after_steps(76, Span::seconds(1)).await;
        let folder = app.database.folder();
        let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        let bytes: Vec<u8> = files.flatten().collect();
        let is_there = |code: &PaymentCode| bytes.windows(18).any(|window| window == code.reveal().as_bytes());
        assert!(!codes.iter().any(is_there));
    }
}
