use std::time::Duration;

use ringup_core::time::Span;
use ringup_sandbox::{SMS_PASSWORD, SmsControl, SmsFault, SmsOutcome as PhoneSays, start_sms_centre};

use super::*;
use crate::support::NOW;

fn config(smpp_url: &str, password: &str) -> SmsConfig {
    SmsConfig {
        smpp_url: smpp_url.to_owned(),
        password: Some(Secret::new(password.to_owned())),
        from: "Ringup".to_owned(),
        countries: vec!["CN".to_owned()],
    }
}

/// An SMS centre, and us.
struct Both {
    theirs: ringup_sandbox::SmsCentre,
    ours: Arc<SmsCentre>,
}

impl Both {
    async fn meet() -> Self {
        Self::meet_with(SMS_PASSWORD).await
    }

    async fn meet_with(password: &str) -> Self {
        let theirs = start_sms_centre(([127, 0, 0, 1], 0).into()).await.unwrap();
        let mut ours = SmsCentre::new(&config(&theirs.smpp_url(), password)).unwrap();
        ours.times.answer = Duration::from_millis(300);
        theirs.control().set_outcome(PhoneSays::Held);
        Self { theirs, ours: Arc::new(ours) }
    }

    fn control(&self) -> SmsControl {
        self.theirs.control()
    }

    async fn send(&self, text: &str, now: Timestamp) -> Result<String, SmsError> {
        self.ours.send(&message(text), now).await
    }

    fn texts(&self) -> Vec<(String, usize)> {
        self.control().texts().into_iter().map(|text| (text.text, text.parts)).collect()
    }
}

fn message(text: &str) -> TextMessage {
    let to = MobileNumber::from_e164("+8613800138000").unwrap();
    TextMessage { reference: 0x5a, to, text: Secret::new(text.to_owned()) }
}

fn later(seconds: i64) -> Timestamp {
    NOW.plus(Span::seconds(seconds))
}

#[tokio::test]
async fn a_text_comes_to_its_phone_as_it_was_written_in_as_many_parts_as_it_needs() {
    let both = Both::meet().await;
    let long = "¥100.00 is on card ****4321 [€] ".repeat(8);
    for (text, parts) in [
        ("¥100.00 is on card ****4321", 1),
        ("充值凭证：卡 ****4321 到账 ¥100.00。", 1),
        (&"😀".repeat(60), 2),
        (&"充".repeat(140), 3),
        (&long, 2),
    ] {
        let reference = both.send(text, NOW).await.unwrap();
        assert_eq!(both.texts().pop(), Some((text.to_owned(), parts)));
        assert_eq!(both.control().references().pop(), Some(reference), "that of the last part");
    }
    let shown = both.control().texts().remove(0);
    assert_eq!((shown.from.as_str(), shown.to.as_str()), ("Ringup", "8613800138000"));
    assert_eq!(both.control().binds(), [0], "over one connection");
    assert_eq!(both.send(&"a".repeat(1_000), NOW).await, Err(SmsError::TooLong));
}

#[tokio::test]
async fn what_the_centre_says_is_read_by_its_number() {
    let both = Both::meet().await;
    both.control().set_fault(Some(SmsFault::Refused));
    assert_eq!(both.send("a", NOW).await, Err(SmsError::Refused { status: 0x0b }));
    both.control().set_fault(Some(SmsFault::Unwell));
    assert_eq!(both.send("a", NOW).await, Err(SmsError::NotTaken { why: "0x08".to_owned() }));
    both.control().set_fault(None);
    both.send("a", NOW).await.unwrap();
    assert_eq!(both.control().binds(), [0]);
}

#[tokio::test]
async fn a_centre_that_is_busy_is_left_alone_until_its_pause_is_over() {
    let both = Both::meet().await;
    both.control().set_fault(Some(SmsFault::Throttled));
    let busy = Err(SmsError::NotTaken { why: "it is busy: 0x58".to_owned() });
    assert_eq!(both.send("a", NOW).await, busy);
    both.control().set_fault(None);
    assert_eq!(both.send("a", later(4)).await, busy, "it is not asked");
    assert_eq!(both.control().parts(), 0);
    both.send("a", later(5)).await.unwrap();
    assert_eq!(both.texts().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_said_to_be_one_and_not_tried_again_for_ten_minutes() {
    let both = Both::meet_with("wrong").await;
    let not_known = Err(SmsError::NotKnown { status: 0x0e });
    for seconds in [0, 1, 60, 599] {
        assert_eq!(both.send("a", later(seconds)).await, not_known);
        assert_eq!(both.ours.keep_bound(later(seconds)).await, Err(SmsError::NotKnown { status: 0x0e }));
    }
    assert_eq!(both.control().binds(), [0x0e]);
    assert_eq!(both.send("a", later(600)).await, not_known);
    assert_eq!(both.control().binds(), [0x0e, 0x0e]);
    assert!(!SmsError::NotKnown { status: 0x0e }.to_string().contains("wrong"));
}

#[tokio::test]
async fn a_text_whose_answer_never_came_is_not_called_refused() {
    for fault in [SmsFault::Silent, SmsFault::DropAfterSubmit] {
        let both = Both::meet().await;
        both.control().set_fault(Some(fault));
        let sent = both.send("a", NOW).await;
        assert!(matches!(sent, Err(SmsError::Unanswered { .. })), "{fault:?}: {sent:?}");
        assert_eq!(both.texts().len(), 1, "it was taken");
        both.control().set_fault(None);
        let paused = both.send("a", later(1)).await;
        assert!(matches!(paused, Err(SmsError::NotTaken { .. })), "{paused:?}");
        both.send("a", later(5)).await.unwrap();
        assert_eq!(both.control().binds(), [0, 0], "over a new connection");
    }
}

#[tokio::test]
async fn a_text_of_which_a_part_was_taken_is_not_called_untaken() {
    let both = Both::meet().await;
    let (control, text) = (both.control(), "充".repeat(100));
    let sent = {
        let ours = Arc::clone(&both.ours);
        let begun = tokio::spawn(async move { ours.send(&message(&text), NOW).await });
        // The centre becomes busy between the two.
        while control.parts() == 0 {
            tokio::task::yield_now().await;
        }
        control.set_fault(Some(SmsFault::Throttled));
        begun.await.unwrap()
    };
    if control.parts() == 1 {
        assert!(matches!(sent, Err(SmsError::Unanswered { .. })), "{sent:?}");
    }
}

#[tokio::test]
async fn no_more_than_ten_texts_wait_for_their_answers() {
    let both = Both::meet().await;
    both.send("first", NOW).await.unwrap();
    both.control().set_fault(Some(SmsFault::Silent));
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..25 {
        let ours = Arc::clone(&both.ours);
        sending.spawn(async move { ours.send(&message("a"), NOW).await });
    }
    let (mut unanswered, mut not_taken) = (0, 0);
    while let Some(sent) = sending.join_next().await {
        match sent.unwrap() {
            Err(SmsError::Unanswered { .. }) => unanswered += 1,
            Err(SmsError::NotTaken { .. }) => not_taken += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        (unanswered, not_taken, both.control().parts()),
        (10, 15, 11),
        "what was not handed over is not in doubt"
    );
}

#[tokio::test]
async fn a_centre_that_is_not_there_is_a_text_not_taken() {
    let both = Both::meet().await;
    let Both { theirs, ours } = both;
    drop(theirs);
    let sent = ours.send(&message("a"), NOW).await;
    assert!(matches!(sent, Err(SmsError::NotTaken { .. })), "{sent:?}");
}

#[tokio::test]
async fn a_connection_that_broke_while_nobody_used_it_is_made_anew() {
    let both = Both::meet().await;
    both.ours.keep_bound(NOW).await.unwrap();
    both.ours.keep_bound(NOW).await.unwrap();
    assert_eq!(both.control().binds(), [0]);
    both.control().hang_up();
    while both.ours.link.lock().await.session.as_ref().is_some_and(Session::stands) {
        tokio::task::yield_now().await;
    }
    both.send("a", NOW).await.unwrap();
    assert_eq!((both.control().binds(), both.texts().len()), (vec![0, 0], 1));
}

#[tokio::test]
async fn a_quiet_centre_is_asked_whether_it_is_there_and_one_that_does_not_answer_is_left() {
    let theirs = start_sms_centre(([127, 0, 0, 1], 0).into()).await.unwrap();
    let mut ours = SmsCentre::new(&config(&theirs.smpp_url(), SMS_PASSWORD)).unwrap();
    assert_eq!(ours.times.quiet, Duration::from_secs(30));
    ours.times = Times { answer: Duration::from_millis(200), quiet: Duration::from_millis(20) };
    ours.keep_bound(NOW).await.unwrap();
    let session = ours.link.lock().await.session.clone().unwrap();
    while theirs.control().enquiries() < 3 {
        tokio::task::yield_now().await;
    }
    assert!(session.stands());
    theirs.control().set_fault(Some(SmsFault::Silent));
    while session.stands() {
        tokio::task::yield_now().await;
    }
    assert_eq!(theirs.control().binds(), [0]);
}

#[tokio::test]
async fn a_report_is_answered_when_it_has_been_written_down_and_brought_again_until_then() {
    let both = Both::meet().await;
    let mut reports = both.ours.reports().unwrap();
    assert!(both.ours.reports().is_none(), "one listens");
    let reference = both.send("a", NOW).await.unwrap();
    for (says, outcome, is_written, status) in [
        (PhoneSays::Delivered, SmsOutcome::Delivered, false, 0x64),
        (PhoneSays::Delivered, SmsOutcome::Delivered, true, 0),
        (PhoneSays::Undeliverable, SmsOutcome::Failed, true, 0),
    ] {
        let control = both.control();
        let brought = reference.clone();
        let bringing = tokio::spawn(async move { control.report(&brought, says).await });
        let report = reports.recv().await.unwrap();
        assert_eq!((report.reference.as_str(), report.outcome), (reference.as_str(), outcome));
        if is_written {
            report.is_written()
        } else {
            report.is_to_come_again()
        }
        assert_eq!(bringing.await.unwrap(), Some(status));
    }
    assert_eq!(both.control().report(&reference, PhoneSays::Held).await, Some(0), "it is on its way: nobody need know");
    drop(reports);
    assert_eq!(both.control().report(&reference, PhoneSays::Delivered).await, Some(0x64), "nobody listens any more");
}

#[test]
fn settings_that_cannot_be_used_are_refused_by_name() {
    let refused = |config: &SmsConfig| SmsCentre::new(config).unwrap_err().to_string();
    for (smpp_url, password, expected) in [
        ("sms.example.com", "", "sms.smpp_url: relative URL without a base"),
        ("https://us@sms.example.com", "", "sms.smpp_url: it is no smpp:// or smpps:// address"),
        ("smpps://us:secret@sms.example.com", "", "sms.smpp_url: a password stands in sms.password_file"),
        ("smpps://us@sms.example.com/a", "", "sms.smpp_url: it has the form smpps://system-id@host:port"),
        ("smpps://sms.example.com", "", "sms.smpp_url: its user is the system id: 1 to 15 letters of ASCII"),
        (
            "smpps://sixteenletters16@sms.example.com",
            "",
            "sms.smpp_url: its user is the system id: 1 to 15 letters of ASCII",
        ),
        ("smpps://us@sms.example.com", "nineteen9", "sms.password_file: a password has at most 8 letters"),
    ] {
        assert_eq!(refused(&config(smpp_url, password)), expected);
    }
    let good = config("smpps://us@sms.example.com", "eight888");
    for (from, expected) in [
        ("", "sms.from: it is no number and no name of ASCII letters"),
        ("凭证", "sms.from: it is no number and no name of ASCII letters"),
        ("+86a", "sms.from: it is no number and no name of ASCII letters"),
        ("Ringup Demo 1", "sms.from: it has more than 11 characters"),
        ("+8613800138000123", "sms.from: it has more than 15 characters"),
    ] {
        assert_eq!(refused(&SmsConfig { from: from.to_owned(), ..good.clone() }), expected);
    }
    let nowhere = SmsConfig { countries: vec!["China".to_owned()], ..good.clone() };
    assert_eq!(refused(&nowhere), "sms.countries: it is a list of codes like \"CN\"");
    let centre = SmsCentre::new(&good).unwrap();
    assert_eq!((centre.host.as_str(), centre.port, centre.tls.is_some()), ("sms.example.com", 3_550, true));
    assert!(!format!("{centre:?}").contains("eight888"));
    let plain = SmsCentre::new(&config("smpp://us@[::1]:2776", "")).unwrap();
    assert_eq!((plain.host.as_str(), plain.port, plain.tls.is_some()), ("::1", 2_776, false));
}

#[test]
fn a_sender_is_a_number_of_the_world_one_of_the_network_or_a_name() {
    for (from, ton, npi, address) in [
        ("+8613800138000", Ton::International, Npi::Isdn, "8613800138000"),
        ("1069012345", Ton::Unknown, Npi::Unknown, "1069012345"),
        ("Ringup", Ton::Alphanumeric, Npi::Unknown, "Ringup"),
    ] {
        let read = sender(from).unwrap();
        assert_eq!((read.ton, read.npi, read.address.as_str()), (ton, npi, address));
    }
}

#[tokio::test]
async fn a_line_that_is_not_secured_as_asked_carries_nothing() {
    let theirs = start_sms_centre(([127, 0, 0, 1], 0).into()).await.unwrap();
    let secured = theirs.smpp_url().replace("smpp://", "smpps://");
    let ours = SmsCentre::new(&config(&secured, SMS_PASSWORD)).unwrap();
    assert_eq!(ours.keep_bound(NOW).await, Err(SmsError::NotTaken { why: "TLS failed".to_owned() }));
    assert_eq!(theirs.control().binds(), [0_u32; 0]);
}
