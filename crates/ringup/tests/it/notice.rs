//! Receipts sent by e-mail, from the form on a page to the mail server and back; and as text messages.

mod sms;

use std::sync::{Arc, Mutex};

use ringup_core::apply::RefundHowMuch;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_sandbox::{Mail, MailFault};

use crate::support::{Answer, Order, Reader, TestApp, hidden, key};

const ADDRESS: &str = "wang.fang@example.com";

/// A top-up that was credited.
async fn credited(app: &TestApp) -> Order {
    let card = app.given_a_card_of("gifts", "0.00 CNY").await;
    app.given_a_credited_top_up(&card, "100.00 CNY", Provider::Alipay).await
}

/// Types an address into the form of a receipt's page.
async fn types(reader: &Reader<'_>, order: &Order, address: &str) -> Answer {
    types_on(reader, &format!("/receipts/{}", order.code), address).await
}

async fn types_on(reader: &Reader<'_>, page: &str, address: &str) -> Answer {
    let shown = reader.gets(page).await;
    let form = [("email", address), ("idempotency_key", &hidden(&shown.text, "idempotency_key"))];
    reader.posts(&format!("{page}/notices"), &form).await
}

struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What the server writes to its log on this thread, which every task of a scenario runs on.
struct Log {
    lines: Arc<Mutex<Vec<u8>>>,
    _listening: tracing::subscriber::DefaultGuard,
}

impl Log {
    fn heard_from_now_on() -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let writer = Arc::clone(&lines);
        let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        let log = log.with_writer(move || Lines(Arc::clone(&writer)));
        Self { lines, _listening: tracing::subscriber::set_default(log.finish()) }
    }

    /// What our own crates and the mail client said.
    fn heard(&self) -> String {
        let all = String::from_utf8(self.lines.lock().unwrap().clone()).unwrap();
        let ours = all.lines().filter(|line| line.contains("ringup") || line.contains("lettre"));
        ours.map(|line| format!("{line}\n")).collect()
    }
}

/// What the receipt's page says now must be this.
async fn should_say(reader: &Reader<'_>, order: &Order, key: &str) {
    let page = reader.gets(&format!("/receipts/{}", order.code)).await;
    reader.should_read(&page, key);
}

fn mails(app: &TestApp) -> Vec<Mail> {
    app.sandbox.control().mails()
}

fn only(mut mails: Vec<Mail>) -> Mail {
    assert_eq!(mails.len(), 1, "{mails:?}");
    mails.remove(0)
}

#[tokio::test]
async fn a_receipt_is_sent_in_the_language_it_was_bought_in_with_all_that_is_on_it_and_nothing_secret() {
    for (language, got, never) in [
        ("zh-Hans", "¥100.00 已到卡 ···· ", "我们绝不会"),
        ("en", "¥100.00 is on card ···· ", "We never ask for your PIN"),
    ] {
        let app = TestApp::new().await;
        let card = app.given_a_card_of("gifts", "0.00 CNY").await;
        let order = app.given_a_credited_top_up_in(language, &card, "100.00 CNY").await;
        let reader = app.reader(language);
        for page in ["receipts", "top-ups"] {
            let sent = types_on(&reader, &format!("/{page}/{}", order.code), ADDRESS).await;
            assert_eq!((sent.status, sent.location()), (303, format!("/{page}/{}#notice", order.code)));
            let shown = reader.gets(&format!("/{page}/{}", order.code)).await;
            reader.should_read(&shown, "notice-waiting");
            assert!(shown.text.contains("w···@example.com") && !shown.text.contains(ADDRESS), "{}", shown.text);
            app.runs_due_jobs().await;
            reader.should_read(&reader.gets(&format!("/{page}/{}", order.code)).await, "notice-delivered");
        }
        let [first, second] = mails(&app).try_into().unwrap();
        assert_ne!(first.fields("message-id"), second.fields("message-id"), "each was asked for");
        assert_eq!(
            (first.from.as_str(), first.to.as_slice()),
            ("receipts@ringup.example", [ADDRESS.to_owned()].as_slice())
        );
        let (tail, code) = (card.number.last_four(), order.code.to_string());
        for text in [&first.text, &first.html] {
            let links = [format!("{}/receipts/{code}", app.url), format!("{}/verify/{code}", app.url)];
            let official = format!("{}/official", app.url);
            let facts = ["¥100.00", "¥10.00", &tail, &order.code.grouped(), never, &official];
            for expected in facts.into_iter().chain(links.iter().map(String::as_str)) {
                assert!(text.contains(expected), "{expected} is not in {text}");
            }
            for secret in ["⟦", &card.number.to_string(), &card.number.grouped(), &card.pin, ADDRESS] {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
        assert!(first.text.starts_with(got), "{}", first.text);
        let [subject] = first.fields("subject").try_into().unwrap();
        assert!(subject.contains("¥100.00") && subject.contains(&tail), "{subject}");
    }
}

#[tokio::test]
async fn a_till_sends_a_sales_receipt() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "300").await.in_english();
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "100.00", "100").await;
    let page = format!("/store/sales/{code}");
    let form = |address, key| [("email", address), ("idempotency_key", key)];
    let shown = till.gets(&page).await.text;
    assert!(shown.contains("name=\"email\" type=\"email\" inputmode=\"email\" autocomplete=\"off\""), "{shown}");
    let form_key = hidden(&shown, "idempotency_key");
    let wrong = till.posts(&format!("{page}/notices"), &form("wang", &form_key)).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("data-refused=\"email_malformed\"") && wrong.text.contains("value=\"wang\""));
    // A store's customers share its network: a till is not counted by its address.
    let holder = app.reader("en");
    for _ in 0..7 {
        let order = credited(&app).await;
        for _ in 0..3 {
            types(&holder, &order, ADDRESS).await;
        }
    }
    let sent = till.posts(&format!("{page}/notices"), &form(ADDRESS, &form_key)).await;
    assert_eq!((sent.status, sent.location()), (303, format!("{page}#notice")));
    app.runs_due_jobs().await;
    assert!(till.gets(&page).await.text.contains("The receipt was sent to w···@example.com"));
    let mail = mails(&app).into_iter().find(|mail| mail.text.contains(&code)).expect("the till's mail");
    assert!(mail.text.contains("Number at the counter: 1\n"), "{}", mail.text);
}

#[tokio::test]
async fn what_is_no_address_is_told_at_the_field_and_no_header_can_be_written_with_it() {
    let app = TestApp::new().await;
    let order = credited(&app).await;
    for language in ["zh-Hans", "en"] {
        let reader = app.reader(language);
        for (typed, code, words) in [
            ("", "email_missing", "problem-email-missing"),
            ("wang", "email_malformed", "problem-email-malformed"),
            ("wang@example.com\r\nBcc: li@example.com", "email_malformed", "problem-email-malformed"),
            ("wang@example.com\nSubject: prize", "email_malformed", "problem-email-malformed"),
            ("wang@example.com>\r\nRCPT TO:<li@example.com", "email_malformed", "problem-email-malformed"),
            ("wang@example.com,li@example.com", "email_malformed", "problem-email-malformed"),
            (&format!("{}@example.com", "a".repeat(300)), "email_length", "problem-email-length"),
        ] {
            for page in ["receipts", "top-ups"] {
                let answer = types_on(&reader, &format!("/{page}/{}", order.code), typed).await;
                assert_eq!(answer.status, 422, "{typed}");
                reader.should_read(&answer, words);
                assert!(answer.text.contains(&format!("data-refused=\"{code}\"")), "{}", answer.text);
                assert!(answer.text.contains("aria-invalid=\"true\"") && answer.text.contains("id=\"email-error\""));
            }
        }
        // What was typed is kept.
        assert!(types(&reader, &order, "wang@").await.text.contains("value=\"wang@\""));
    }
    app.runs_due_jobs().await;
    assert_eq!(mails(&app), []);
}

#[tokio::test]
async fn a_mail_server_that_is_down_or_busy_is_tried_again_until_it_takes_the_mail() {
    let app = TestApp::new().await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    app.sandbox.control().set_mail_fault(Some(MailFault::Silent { ms: 1 }));
    types(&reader, &order, ADDRESS).await;
    app.runs_due_jobs().await;
    app.sandbox.control().set_mail_fault(Some(MailFault::Later));
    app.after(Span::seconds(9)).await;
    should_say(&reader, &order, "notice-waiting").await;
    app.after_steps(3, Span::seconds(30)).await;
    assert_eq!(mails(&app), []);
    app.sandbox.control().set_mail_fault(None);
    app.after(Span::seconds(80)).await;
    should_say(&reader, &order, "notice-delivered").await;
    assert_eq!(only(mails(&app)).to, [ADDRESS]);
    // It says when it was asked for, however late it came.
    assert_eq!(only(mails(&app)).fields("date").len(), 1);
}

#[tokio::test]
async fn a_mail_that_nobody_takes_for_a_day_is_given_up_and_the_page_says_so() {
    let app = TestApp::new().await;
    let (order, reader) = (credited(&app).await, app.reader("zh-Hans"));
    app.sandbox.control().set_mail_fault(Some(MailFault::Later));
    types(&reader, &order, ADDRESS).await;
    app.runs_due_jobs().await;
    app.after_steps(23, Span::hours(1)).await;
    should_say(&reader, &order, "notice-waiting").await;
    app.after_steps(2, Span::hours(1)).await;
    should_say(&reader, &order, "notice-given-up").await;
    app.sandbox.control().set_mail_fault(None);
    app.after(Span::hours(2)).await;
    assert_eq!(mails(&app), []);
    app.database.should_not_contain(ADDRESS);
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_is_sent_again_under_the_same_message_id() {
    let app = TestApp::new().await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    app.sandbox.control().set_mail_fault(Some(MailFault::DropAfterData));
    types(&reader, &order, ADDRESS).await;
    app.runs_due_jobs().await;
    should_say(&reader, &order, "notice-waiting").await;
    app.sandbox.control().set_mail_fault(None);
    app.after(Span::seconds(10)).await;
    should_say(&reader, &order, "notice-delivered").await;
    app.after(Span::hours(1)).await;
    let [first, second] = mails(&app).try_into().unwrap();
    assert_eq!(first.fields("message-id").len(), 1);
    assert_eq!(first.raw, second.raw, "to the last byte");
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_told_at_once_and_not_tried_again() {
    let app = TestApp::new().await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    app.sandbox.control().set_mail_fault(Some(MailFault::Refused));
    types(&reader, &order, ADDRESS).await;
    app.runs_due_jobs().await;
    should_say(&reader, &order, "notice-refused").await;
    app.sandbox.control().set_mail_fault(None);
    app.after(Span::hours(2)).await;
    assert_eq!(mails(&app), []);
    // The typing error is mended, and the receipt comes.
    types(&reader, &order, "wang.fang@example.org").await;
    app.runs_due_jobs().await;
    assert_eq!(only(mails(&app)).to, ["wang.fang@example.org"]);
}

#[tokio::test]
async fn the_same_form_sent_twice_sends_one_mail() {
    let app = TestApp::new().await;
    let (order, reader, key) = (credited(&app).await, app.reader("en"), key());
    let path = format!("/receipts/{}/notices", order.code);
    let form = [("email", ADDRESS), ("idempotency_key", key.as_str())];
    for _ in 0..5 {
        assert_eq!(reader.posts(&path, &form).await.status, 303);
    }
    app.runs_due_jobs().await;
    assert_eq!(reader.posts(&path, &form).await.status, 303);
    app.runs_due_jobs().await;
    only(mails(&app));
    let other = [("email", "li@example.com"), ("idempotency_key", key.as_str())];
    assert_eq!(reader.posts(&path, &other).await.status, 303);
    app.runs_due_jobs().await;
    assert_eq!(mails(&app).len(), 2, "another address is another wish");
}

#[tokio::test]
async fn a_receipt_is_sent_three_times_and_no_more() {
    let app = TestApp::new().await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    let last = hidden(&reader.gets(&format!("/receipts/{}", order.code)).await.text, "idempotency_key");
    for _ in 0..3 {
        assert_eq!(types(&reader, &order, ADDRESS).await.status, 303);
    }
    should_say(&reader, &order, "notice-enough").await;
    let form = [("email", ADDRESS), ("idempotency_key", last.as_str())];
    let answer = reader.posts(&format!("/receipts/{}/notices", order.code), &form).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains("data-refused=\"notices_of_receipt\""), "{}", answer.text);
    app.runs_due_jobs().await;
    assert_eq!(mails(&app).len(), 3);
}

#[tokio::test]
async fn twenty_receipts_an_hour_are_sent_because_of_one_network_address() {
    let app = TestApp::new().await;
    let (reader, elsewhere) = (app.reader_at("en", "198.51.100.7"), app.reader_at("en", "198.51.100.8"));
    let mut order = credited(&app).await;
    for number in 0..20 {
        if number % 3 == 2 {
            order = credited(&app).await;
        }
        assert_eq!(types(&reader, &order, ADDRESS).await.status, 303);
        app.clock.advance(Span::minutes(1));
    }
    let order = credited(&app).await;
    let answer = types(&reader, &order, ADDRESS).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("2401")));
    assert!(answer.text.contains("data-refused=\"notices_from_address\""), "{}", answer.text);
    reader.should_read(&answer, "problem-notices-from-address");
    assert_eq!(types(&elsewhere, &order, ADDRESS).await.status, 303);
    app.clock.advance(Span::seconds(2_401));
    assert_eq!(types(&reader, &order, ADDRESS).await.status, 303, "the first of them is an hour ago");
    assert_eq!(types(&reader, &order, ADDRESS).await.status, 429);
    app.runs_due_jobs().await;
}

#[tokio::test]
async fn without_a_mail_server_there_is_no_form_and_nothing_is_taken_in() {
    let app = TestApp::with(|agreement| agreement.mail = false).await;
    let (order, reader) = (credited(&app).await, app.reader("en"));
    for page in ["receipts", "top-ups"] {
        let shown = reader.gets(&format!("/{page}/{}", order.code)).await;
        assert_eq!(shown.status, 200);
        assert!(!shown.text.contains("name=\"email\""), "{}", shown.text);
        let form = [("email", ADDRESS), ("idempotency_key", &key())];
        let refused = reader.posts(&format!("/{page}/{}/notices", order.code), &form).await;
        assert_eq!(refused.problem(), (409, "email_not_offered".to_owned()));
    }
}

#[tokio::test]
async fn what_has_no_receipt_yet_has_none_to_send() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "100.00 CNY", Provider::Alipay).await;
    let reader = app.reader("en");
    let form = [("email", ADDRESS), ("idempotency_key", &key())];
    let refused = reader.posts(&format!("/top-ups/{}/notices", order.code), &form).await;
    assert_eq!(refused.problem(), (409, "receipt_missing".to_owned()));
    let unknown = reader.posts("/receipts/K7QM2XVD94TBHN6CRW3F8YPJ5A/notices", &form).await;
    assert_eq!(unknown.status, 404);
    let from_elsewhere = reader.posts_from_elsewhere(&format!("/receipts/{}/notices", order.code), &form).await;
    assert_eq!(from_elsewhere.status, 403);
    for (page, back) in
        [("receipts", format!("/receipts/{}#notice", order.code)), ("top-ups", format!("/top-ups/{}", order.code))]
    {
        assert_eq!(reader.gets(&format!("/{page}/{}/notices", order.code)).await.location(), back);
    }
}

#[tokio::test]
async fn a_receipt_whose_money_went_back_since_says_so_in_its_mail() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "100.00 CNY", Provider::Alipay).await;
    app.refunds(&order, &key(), RefundHowMuch::Part("30.00 CNY".parse().unwrap())).await.unwrap();
    app.runs_due_jobs().await;
    let reader = app.reader("en");
    types(&reader, &order, ADDRESS).await;
    app.runs_due_jobs().await;
    let mail = only(mails(&app));
    assert!(mail.text.contains("¥30.00") && mail.html.contains("¥30.00"), "{}", mail.text);
}

#[tokio::test]
async fn no_row_and_no_log_ever_has_the_address() {
    let (app, log) = (TestApp::new().await, Log::heard_from_now_on());
    let (order, reader) = (credited(&app).await, app.reader("en"));
    for fault in [Some(MailFault::Later), Some(MailFault::Refused), None] {
        app.sandbox.control().set_mail_fault(fault);
        types(&reader, &order, ADDRESS).await;
        app.runs_due_jobs().await;
        app.database.should_not_contain(ADDRESS);
        app.database.should_not_contain("wang.fang");
        app.database.should_not_contain("/receipts/");
    }
    app.after(Span::hours(2)).await;
    assert_eq!(mails(&app).len(), 2);
    let top_up = order.top_up();
    let waiting = app.database.read(move |tx| {
        let notices = ringup_db::notice::notices_of(tx, top_up)?;
        notices.iter().map(|notice| ringup_db::notice::find_waiting(tx, notice.id)).collect::<Result<Vec<_>, _>>()
    });
    assert_eq!(waiting, [None, None, None], "and what was sealed is gone");
    let lines = log.heard();
    assert!(lines.contains("a receipt was not sent yet") && lines.contains("a receipt will not be sent"), "{lines}");
    assert!(!lines.contains("wang"), "{lines}");
}
