//! Receipts sent as text messages, from the form on a page to the SMS centre, the phone, and back.

use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_engine::notice;
use ringup_sandbox::{SMS_PASSWORD, SmsFault, SmsOutcome, Text};

use super::{ADDRESS, Log, credited, should_say, types as types_an_address};
use crate::support::{Answer, Order, Reader, TestApp, hidden, key};

const NUMBER: &str = "+86 138 0013 8000";
const DIGITS: &str = "8613800138000";

/// An issuer whose SMS centre keeps its reports to itself until a scenario asks for them.
async fn app() -> TestApp {
    let app = TestApp::with(|agreement| agreement.sms = Some(SMS_PASSWORD)).await;
    app.sandbox.control().sms().set_outcome(SmsOutcome::Held);
    app
}

fn texts(app: &TestApp) -> Vec<Text> {
    app.sandbox.control().sms().texts()
}

/// The phone says what became of the text that was handed over last; answers how the centre's report was answered.
async fn phone_says(app: &TestApp, outcome: SmsOutcome) -> Option<u32> {
    let centre = app.sandbox.control().sms();
    let reference = centre.references().pop().expect("a text");
    centre.report(&reference, outcome).await
}

/// Types a number into the form of a receipt's page.
async fn types(reader: &Reader<'_>, order: &Order, number: &str) -> Answer {
    types_on(reader, &format!("/receipts/{}", order.code), number).await
}

async fn types_on(reader: &Reader<'_>, page: &str, number: &str) -> Answer {
    let shown = reader.gets(page).await;
    let form = [("mobile", number), ("idempotency_key", &hidden(&shown.text, "idempotency_key"))];
    reader.posts(&format!("{page}/notices"), &form).await
}

#[tokio::test]
async fn a_receipt_is_texted_in_the_language_of_its_page_and_the_page_tells_when_the_phone_has_it() {
    for (language, says) in [("zh-Hans", "充值凭证：2026年11月23日"), ("en", "¥100.00 is on card ****")] {
        let app = app().await;
        let hearing = tokio::spawn(notice::hear_for_ever(app.engine.clone()));
        let card = app.given_a_card_of("gifts", "0.00 CNY").await;
        let order = app.given_a_credited_top_up_in("zh-Hans", &card, "100.00 CNY").await;
        let reader = app.reader(language);
        for page in ["receipts", "top-ups"] {
            let page = format!("/{page}/{}", order.code);
            let sent = types_on(&reader, &page, NUMBER).await;
            assert_eq!((sent.status, sent.location()), (303, format!("{page}#notice")));
            let shown = reader.gets(&page).await;
            reader.should_read(&shown, "notice-sms-waiting");
            assert!(shown.text.contains("···8000") && !shown.text.contains("13800138000"), "{}", shown.text);
            app.runs_due_jobs().await;
            reader.should_read(&reader.gets(&page).await, "notice-sms-accepted");
            assert_eq!(phone_says(&app, SmsOutcome::Delivered).await, Some(0), "written down before it was answered");
            reader.should_read(&reader.gets(&page).await, "notice-sms-delivered");
        }
        let [first, second] = texts(&app).try_into().unwrap();
        assert_eq!(first, second);
        assert_eq!((first.from.as_str(), first.to.as_str()), ("Ringup", DIGITS));
        let receipt = format!("{}/receipts/{}", app.url, order.code);
        for expected in [says, "¥100.00", &format!("****{}", card.number.last_four()), "10:00", "rcp_", &receipt] {
            assert!(first.text.contains(expected), "{expected} is not in {}", first.text);
        }
        for secret in ["⟦", &card.number.to_string(), &card.pin, "13800138000"] {
            assert!(!first.text.contains(secret), "{secret} is in {}", first.text);
        }
        assert!(first.parts <= 3, "{first:?}");
        hearing.abort();
    }
}

#[tokio::test]
async fn a_till_texts_a_sales_receipt() {
    let app = app().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "300").await.in_english();
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "100.00", "100").await;
    let page = format!("/store/sales/{code}");
    let shown = till.gets(&page).await.text;
    assert!(shown.contains("name=\"mobile\" type=\"tel\" inputmode=\"tel\" autocomplete=\"off\""), "{shown}");
    let form_key = hidden(&shown, "idempotency_key");
    let form = |number, key| [("mobile", number), ("idempotency_key", key)];
    let wrong = till.posts(&format!("{page}/notices"), &form("1380013", &form_key)).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("data-refused=\"mobile_malformed\"") && wrong.text.contains("value=\"1380013\""));
    let sent = till.posts(&format!("{page}/notices"), &form("13800138000", &form_key)).await;
    assert_eq!((sent.status, sent.location()), (303, format!("{page}#notice")));
    app.runs_due_jobs().await;
    assert!(till.gets(&page).await.text.contains("The mobile network took the text message to ···8000"));
    let [text] = texts(&app).try_into().unwrap();
    assert!(text.text.contains(&code) && text.to == DIGITS, "{text:?}");
}

#[tokio::test]
async fn what_is_no_mobile_number_is_told_at_the_field() {
    let app = app().await;
    let order = credited(&app).await;
    for language in ["zh-Hans", "en"] {
        let reader = app.reader(language);
        for (typed, code, words) in [
            ("", "mobile_missing", "problem-mobile-missing"),
            (ADDRESS, "mobile_malformed", "problem-mobile-malformed"),
            ("1380013800", "mobile_malformed", "problem-mobile-malformed"),
            ("13800138000,13900139000", "mobile_malformed", "problem-mobile-malformed"),
            ("+86 10 6552 9988", "mobile_not_mobile", "problem-mobile-not-mobile"),
            ("+44 7400 123456", "mobile_country", "problem-mobile-country"),
        ] {
            for page in ["receipts", "top-ups"] {
                let answer = types_on(&reader, &format!("/{page}/{}", order.code), typed).await;
                assert_eq!(answer.status, 422, "{typed}");
                reader.should_read(&answer, words);
                assert!(answer.text.contains(&format!("data-refused=\"{code}\"")), "{}", answer.text);
                assert!(answer.text.contains("id=\"mobile-error\"") && !answer.text.contains("id=\"email-error\""));
            }
        }
        assert!(types(&reader, &order, "1380013800").await.text.contains("value=\"1380013800\""), "it is kept");
    }
    assert_eq!(types(&app.reader("en"), &order, "+65 8123 4567").await.status, 303, "another country that is served");
    app.runs_due_jobs().await;
    assert_eq!(texts(&app).len(), 1);
}

#[tokio::test]
async fn a_centre_that_is_busy_is_tried_again_until_it_takes_the_text() {
    let app = app().await;
    let (order, reader, centre) = (credited(&app).await, app.reader("en"), app.sandbox.control().sms());
    centre.set_fault(Some(SmsFault::Throttled));
    types(&reader, &order, NUMBER).await;
    app.runs_due_jobs().await;
    centre.set_fault(Some(SmsFault::Unwell));
    app.after(Span::seconds(10)).await;
    should_say(&reader, &order, "notice-sms-waiting").await;
    centre.set_fault(None);
    app.after(Span::seconds(20)).await;
    should_say(&reader, &order, "notice-sms-accepted").await;
    assert_eq!(texts(&app).len(), 1);
}

#[tokio::test]
async fn a_text_whose_answer_was_lost_is_sent_again_and_never_more_than_three_times() {
    let app = app().await;
    let (order, reader, centre) = (credited(&app).await, app.reader("en"), app.sandbox.control().sms());
    centre.set_fault(Some(SmsFault::DropAfterSubmit));
    types(&reader, &order, NUMBER).await;
    app.runs_due_jobs().await;
    should_say(&reader, &order, "notice-sms-waiting").await;
    centre.set_fault(None);
    app.after(Span::seconds(10)).await;
    should_say(&reader, &order, "notice-sms-accepted").await;
    assert_eq!(texts(&app).len(), 2, "twice is harmless");

    let order = credited(&app).await;
    centre.set_fault(Some(SmsFault::DropAfterSubmit));
    types(&reader, &order, NUMBER).await;
    app.runs_due_jobs().await;
    app.after_steps(24, Span::hours(1)).await;
    should_say(&reader, &order, "notice-sms-unanswered").await;
    assert_eq!(texts(&app).len(), 5, "two before, and three of this one");
    app.database.should_not_contain("13800138000");
}

#[tokio::test]
async fn a_number_that_the_network_does_not_know_is_told_at_once_and_not_tried_again() {
    let app = app().await;
    let (order, reader, centre) = (credited(&app).await, app.reader("zh-Hans"), app.sandbox.control().sms());
    centre.set_fault(Some(SmsFault::Refused));
    types(&reader, &order, NUMBER).await;
    app.runs_due_jobs().await;
    should_say(&reader, &order, "notice-sms-refused").await;
    centre.set_fault(None);
    app.after(Span::hours(2)).await;
    assert_eq!(texts(&app), []);
}

#[tokio::test]
async fn a_text_that_does_not_reach_its_phone_is_told_and_a_report_of_nothing_of_ours_is_not_believed() {
    let app = app().await;
    let hearing = tokio::spawn(notice::hear_for_ever(app.engine.clone()));
    let (order, reader) = (credited(&app).await, app.reader("en"));
    types(&reader, &order, NUMBER).await;
    app.runs_due_jobs().await;
    assert_eq!(phone_says(&app, SmsOutcome::Held).await, Some(0));
    let stranger = app.sandbox.control().sms().report("0", SmsOutcome::Delivered).await;
    assert_eq!(stranger, Some(0x64), "it is to be brought again");
    should_say(&reader, &order, "notice-sms-accepted").await;
    assert_eq!(phone_says(&app, SmsOutcome::Undeliverable).await, Some(0));
    should_say(&reader, &order, "notice-sms-failed").await;
    assert_eq!(phone_says(&app, SmsOutcome::Delivered).await, Some(0), "a second report changes nothing");
    should_say(&reader, &order, "notice-sms-failed").await;
    hearing.abort();
}

#[tokio::test]
async fn a_wrong_password_keeps_texts_waiting_and_is_not_tried_for_each_of_them() {
    let app = TestApp::with(|agreement| agreement.sms = Some("wrong")).await;
    let (reader, centre) = (app.reader("en"), app.sandbox.control().sms());
    let orders = [credited(&app).await, credited(&app).await, credited(&app).await];
    for order in &orders {
        types(&reader, order, NUMBER).await;
    }
    app.runs_due_jobs().await;
    app.after_steps(9, Span::minutes(1)).await;
    assert_eq!(centre.binds(), [0x0e], "once in ten minutes");
    should_say(&reader, &orders[0], "notice-sms-waiting").await;
    app.after_steps(25, Span::hours(1)).await;
    should_say(&reader, &orders[0], "notice-sms-given-up").await;
    assert!((2..30).contains(&centre.binds().len()), "{:?}", centre.binds());
    app.database.should_not_contain("13800138000");
}

#[tokio::test]
async fn where_receipts_are_not_texted_there_is_no_field_and_nothing_is_taken_in() {
    let app = TestApp::new().await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    for page in ["receipts", "top-ups"] {
        let shown = reader.gets(&format!("/{page}/{}", order.code)).await;
        assert!(shown.text.contains("name=\"email\"") && !shown.text.contains("name=\"mobile\""), "{}", shown.text);
        let form = [("mobile", NUMBER), ("idempotency_key", &key())];
        let refused = reader.posts(&format!("/{page}/{}/notices", order.code), &form).await;
        assert_eq!(refused.problem(), (409, "sms_not_offered".to_owned()));
    }
    let texts_alone = TestApp::with(|agreement| {
        agreement.mail = false;
        agreement.sms = Some(SMS_PASSWORD);
    });
    let app = texts_alone.await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    let shown = reader.gets(&format!("/receipts/{}", order.code)).await;
    reader.should_read(&shown, "notice-heading-sms");
    assert!(!shown.text.contains("name=\"email\"") && shown.text.contains("name=\"mobile\""), "{}", shown.text);
}

#[tokio::test]
async fn mails_and_texts_of_a_receipt_are_counted_together_and_the_same_form_is_one_wish() {
    let app = app().await;
    let (order, reader, form_key) = (credited(&app).await, app.reader("en"), key());
    let path = format!("/receipts/{}/notices", order.code);
    for number in ["13800138000", "+86 138-0013-8000", NUMBER] {
        let form = [("mobile", number), ("idempotency_key", form_key.as_str())];
        assert_eq!(reader.posts(&path, &form).await.status, 303);
    }
    app.runs_due_jobs().await;
    assert_eq!(texts(&app).len(), 1, "however the number is written");
    let last = hidden(&reader.gets(&format!("/receipts/{}", order.code)).await.text, "idempotency_key");
    types_an_address(&reader, &order, ADDRESS).await;
    assert_eq!(types(&reader, &order, NUMBER).await.status, 303);
    should_say(&reader, &order, "notice-enough").await;
    let answer = reader.posts(&path, &[("mobile", NUMBER), ("idempotency_key", &last)]).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains("data-refused=\"notices_of_receipt\""), "{}", answer.text);
    app.runs_due_jobs().await;
    assert_eq!(texts(&app).len(), 2);
}

#[tokio::test]
async fn no_row_and_no_log_ever_has_the_number() {
    let (app, log) = (app().await, Log::heard_from_now_on());
    let hearing = tokio::spawn(notice::hear_for_ever(app.engine.clone()));
    let (order, reader, centre) = (credited(&app).await, app.reader("en"), app.sandbox.control().sms());
    for fault in [Some(SmsFault::Throttled), Some(SmsFault::Refused), None] {
        centre.set_fault(fault);
        types(&reader, &order, NUMBER).await;
        app.after(Span::seconds(10)).await;
        app.database.should_not_contain("13800138000");
        app.database.should_not_contain("/receipts/");
    }
    app.after(Span::hours(2)).await;
    assert_eq!(phone_says(&app, SmsOutcome::Delivered).await, Some(0));
    let top_up = order.top_up();
    let waiting = app.database.read(move |tx| {
        let notices = ringup_db::notice::notices_of(tx, top_up)?;
        notices.iter().map(|notice| ringup_db::notice::find_waiting(tx, notice.id)).collect::<Result<Vec<_>, _>>()
    });
    assert_eq!(waiting, [None, None, None], "and what was sealed is gone");
    let lines = log.heard();
    assert!(lines.contains("a receipt was not sent yet") && lines.contains("a receipt will not be sent"), "{lines}");
    for secret in ["13800138000", "138 0013 8000", SMS_PASSWORD_SHOWN] {
        assert!(!lines.contains(secret), "{secret} is in {lines}");
    }
    hearing.abort();
}

/// As a form or a structure would show it.
const SMS_PASSWORD_SHOWN: &str = "\"sandbox\"";
