//! Samples of the receipt and of its verification.

use super::{NOW, Sample, date_after, rating, sample};
use crate::web::i18n::time;
use crate::web::view::notice::{NoticeField, NoticeForm, NoticePart, SentNotice};
use crate::web::view::rating::ReceiptRating;
use crate::web::view::receipt::{ReceiptPage, Verdict, VerifyPage};
use crate::web::view::{Fact, Page, Problems, Tone};
use crate::web::{icons, qr};

const CODE: &str = "K7QM-2XVD-94TB-HN6C-RW3F-8YPJ-5A";

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let notice =
        page.words.t_with("receipt-refunded", &[("amount", "¥95.00"), ("time", &time::date_time(page.words, NOW))]);
    let genuine = verdict(page, "ok", "verify-genuine-heading", "verify-genuine-text");
    let refunded = Verdict {
        text: page.t_one("verify-refunded-text", "amount", "¥95.00"),
        ..verdict(page, "warn", "verify-refunded-heading", "verify-genuine-text")
    };
    let altered = verdict(page, "danger", "verify-altered-heading", "verify-altered-text");
    let unknown = verdict(page, "warn", "verify-unknown-heading", "verify-unknown-text");
    let mut wrong = Problems::one("stars", page.t("problem-rating-stars"));
    wrong.add("comment", page.t("problem-rating-long"));
    Ok(vec![
        sample("receipt", &receipt(page, None))?,
        sample("receipt-rate", &rated(page, rating::form(page, "", String::new()), Problems::none()))?,
        sample("receipt-rate-problem", &rated(page, rating::form(page, "", "x".repeat(501)), wrong))?,
        sample("receipt-rated", &rated(page, rating::form(page, "4", "OK".to_owned()), Problems::none()))?,
        sample("receipt-rated-final", &rated(page, rating::given(page), Problems::none()))?,
        sample("receipt-refunded", &receipt(page, Some(notice)))?,
        sample("receipt-mail", &ReceiptPage { notice_part: Some(sent(page)), ..receipt(page, None) })?,
        sample("receipt-mail-problem", &ReceiptPage { notice_part: Some(refused(page)), ..receipt(page, None) })?,
        sample("receipt-send", &ReceiptPage { notice_part: Some(either(page)), ..receipt(page, None) })?,
        sample("receipt-sms", &ReceiptPage { notice_part: Some(texted(page)), ..receipt(page, None) })?,
        sample("receipt-sms-problem", &ReceiptPage { notice_part: Some(not_texted(page)), ..receipt(page, None) })?,
        sample("verify", &verify(page, None, Problems::none()))?,
        sample("verify-problem", &verify(page, None, Problems::one("code", page.t("problem-code-missing"))))?,
        sample("verify-genuine", &verify(page, Some(genuine), Problems::none()))?,
        sample("verify-refunded", &verify(page, Some(refunded), Problems::none()))?,
        sample("verify-altered", &verify(page, Some(Verdict { facts: Vec::new(), ..altered }), Problems::none()))?,
        sample("verify-unknown", &verify(page, Some(Verdict { facts: Vec::new(), ..unknown }), Problems::none()))?,
    ])
}

fn facts(page: &Page) -> Vec<Fact> {
    vec![
        Fact::new(page.t("fact-card"), "···· 4321".to_owned()),
        Fact::new(page.t("fact-bonus"), "¥10.00".to_owned()),
        Fact::new(page.t("fact-paid"), "¥95.00".to_owned()),
        Fact::new(page.t("fact-with"), page.t("alipay")),
        Fact::new(page.t("fact-time"), time::date_time(page.words, NOW)),
        Fact::new(page.t("fact-valid-until"), date_after(page, 365)),
        Fact::code(page.t("fact-number"), "top_0D5K2M8Q7ZJ4X".to_owned()),
        Fact::code(page.t("fact-code"), CODE.to_owned()),
    ]
}

fn receipt(page: &Page, notice: Option<String>) -> ReceiptPage {
    let address = format!("ringup.example/verify/{CODE}");
    ReceiptPage {
        page: page.clone(),
        issued_at: time::date_time(page.words, NOW),
        amount: "¥100.00".to_owned(),
        facts: facts(page),
        notice,
        notice_part: None,
        verify_url: format!("/verify/{CODE}"),
        qr: qr::svg(&format!("https://{address}"), &page.t("receipt-check-heading")).unwrap_or_default(),
        verify_address: address,
        signed_text: format!(
            "ringup-receipt/1 code={CODE} card=4321 amount=100.00 CNY paid=95.00 CNY at=2026-11-22T14:02:31+08:00"
        ),
        signature: vec![
            Fact::code(page.t("receipt-signature-key"), "2026-11-a".to_owned()),
            Fact::code(page.t("receipt-signature-algorithm"), "Ed25519".to_owned()),
            Fact::code(page.t("receipt-signature-value"), "5Zk3s0pQ8uVfUe3yqV1nYh2w7m9xGJcTt4bR6dLaKoE".repeat(2)),
        ],
        rating: None,
        problems: Problems::none(),
    }
}

/// A receipt that was sent as often as it may be.
fn sent(page: &Page) -> NoticePart {
    let states = [(Tone::Warn, "notice-refused"), (Tone::Ok, "notice-delivered"), (Tone::Wait, "notice-waiting")];
    asked_for(page, "notice-heading", "w···@example.com", states)
}

/// The same as text messages, each as it may stand.
fn texted(page: &Page) -> NoticePart {
    let states = [
        (Tone::Wait, "notice-sms-waiting"),
        (Tone::Ok, "notice-sms-accepted"),
        (Tone::Ok, "notice-sms-delivered"),
        (Tone::Warn, "notice-sms-refused"),
        (Tone::Warn, "notice-sms-failed"),
        (Tone::Warn, "notice-sms-given-up"),
        (Tone::Warn, "notice-sms-unanswered"),
    ];
    asked_for(page, "notice-heading-sms", "···8000", states)
}

fn asked_for<const N: usize>(page: &Page, heading: &str, address: &str, states: [(Tone, &str); N]) -> NoticePart {
    let things = [("address", address), ("time", "14:02")];
    let sent = states.map(|(tone, key)| SentNotice { tone, text: page.words.t_with(key, &things) });
    let heading = page.t(heading);
    NoticePart { heading, sent: sent.to_vec(), form: None, problems: Problems::none(), refused: None }
}

fn refused(page: &Page) -> NoticePart {
    let email = NoticeField { typed: "wang@".to_owned(), ..field(page, "email", "notice-button") };
    let problems = Problems::one("email", page.t("problem-email-malformed"));
    NoticePart { problems, refused: Some("email_malformed"), ..forms(page, "notice-heading", Some(email), None) }
}

/// Where both a mail server and an SMS centre are set up.
fn either(page: &Page) -> NoticePart {
    let (email, mobile) = (field(page, "email", "notice-button-email"), field(page, "tel", "notice-button-sms"));
    forms(page, "notice-heading-both", Some(email), Some(mobile))
}

fn not_texted(page: &Page) -> NoticePart {
    let mobile = NoticeField { typed: "010 6552 9988".to_owned(), ..field(page, "tel", "notice-button") };
    let problems = Problems::one("mobile", page.t("problem-mobile-not-mobile"));
    NoticePart { problems, refused: Some("mobile_not_mobile"), ..forms(page, "notice-heading-sms", None, Some(mobile)) }
}

fn field(page: &Page, autocomplete: &'static str, button: &str) -> NoticeField {
    NoticeField { typed: String::new(), autocomplete, button: page.t(button) }
}

fn forms(page: &Page, heading: &str, email: Option<NoticeField>, mobile: Option<NoticeField>) -> NoticePart {
    let (action, idempotency_key) = (format!("/receipts/{CODE}/notices"), "0123456789abcdef".to_owned());
    let form = NoticeForm { action, idempotency_key, email, mobile };
    let heading = page.t(heading);
    NoticePart { heading, sent: Vec::new(), form: Some(form), problems: Problems::none(), refused: None }
}

fn rated(page: &Page, rating: ReceiptRating, problems: Problems) -> ReceiptPage {
    ReceiptPage { rating: Some(rating), problems, ..receipt(page, None) }
}

fn verify(page: &Page, verdict: Option<Verdict>, problems: Problems) -> VerifyPage {
    let code = if verdict.is_some() { CODE.to_owned() } else { String::new() };
    VerifyPage { page: page.clone(), code, verdict, problems }
}

fn verdict(page: &Page, class: &'static str, heading: &str, text: &str) -> Verdict {
    let icon = match class {
        "ok" => icons::CHECK,
        "danger" => icons::CROSS,
        _ => icons::ALERT,
    };
    Verdict { class, icon, heading: page.t(heading), text: page.t(text), facts: facts(page) }
}
