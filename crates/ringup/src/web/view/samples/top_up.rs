//! Samples of the pages of a top-up.

use super::{NOW, Sample, date_after, deadline, quote, sample, tiles};
use crate::web::i18n::time;
use crate::web::qr;
use crate::web::view::top_up::{
    Action, AnotherTopUp, CheckPage, ChoosePage, CreditedPage, OtherAmount, OtherWay, OtherWays, PayPage,
    ProviderChoice, QuoteFragment, StatusPage,
};
use crate::web::view::{Fact, Live, Page, Problems, Step, StepState, Tone};

const CARD: &str = "8610 2233 4455 4321";
const CODE: &str = "K7QM 2XVD 94TB HN6C RW3F 8YPJ 5A";

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let refunded_since = page.t_one("receipt-refunded", "amount", "¥20.00");
    let mut pages = vec![
        sample("choose", &choose(page, "", Problems::none()))?,
        sample("choose-quoted", &choose(page, "100.00", Problems::none()))?,
        sample("choose-problems", &choose(page, "", problems(page)))?,
        sample(
            "quote-fragment",
            &QuoteFragment {
                page: page.clone(),
                tiles: tiles(page, "100.00"),
                quote: Some(quote(page)),
                quote_problem: None,
            },
        )?,
        sample("check", &check(page, None))?,
        sample("check-another", &check(page, Some(another(page))))?,
        sample("pay", &pay(page, None))?,
        sample("pay-looked", &pay(page, Some(looked(page))))?,
        sample(
            "pay-on-phone",
            &PayPage { qr: None, app_url: Some("https://openapi.alipay.com/gateway.do".to_owned()), ..pay(page, None) },
        )?,
        sample("credited", &credited(page))?,
        sample("credited-refunded", &CreditedPage { notice: Some(refunded_since), ..credited(page) })?,
    ];
    for (name, status) in statuses(page) {
        pages.push(sample(name, &status)?);
    }
    Ok(pages)
}

fn choose(page: &Page, chosen: &str, problems: Problems) -> ChoosePage {
    let quoted = !chosen.is_empty();
    let hint = page.words.t_with("other-amount-hint", &[("min", "¥1.00"), ("max", "¥500.00")]);
    ChoosePage {
        page: page.clone(),
        card: if quoted || !problems.is_empty() { CARD.to_owned() } else { String::new() },
        tiles: tiles(page, chosen),
        other: Some(OtherAmount { typed: String::new(), sign: "¥", hint }),
        quote: quoted.then(|| quote(page)),
        quote_problem: None,
        problems,
    }
}

fn problems(page: &Page) -> Problems {
    let mut problems = Problems::one("card", page.t("problem-card-mistyped"));
    problems.add("amount", page.t("problem-amount-missing"));
    problems
}

fn check(page: &Page, another: Option<AnotherTopUp>) -> CheckPage {
    let provider = |value, name, note, chosen| ProviderChoice { value, name: page.t(name), note: page.t(note), chosen };
    CheckPage {
        page: page.clone(),
        card_tail: "4321".to_owned(),
        quote: quote(page),
        change_url: "/?quote=sample".to_owned(),
        providers: vec![
            provider("alipay", "alipay", "provider-alipay-note", true),
            provider("wechat_pay", "wechat-pay", "provider-wechat-pay-note", false),
        ],
        quote_token: "sample".to_owned(),
        idempotency_key: "sample".to_owned(),
        deadline: deadline(page),
        problems: if another.is_some() {
            Problems::one("another", page.t("problem-another-unconfirmed"))
        } else {
            Problems::none()
        },
        another,
    }
}

fn another(page: &Page) -> AnotherTopUp {
    AnotherTopUp {
        heading: page.words.t_with("another-heading", &[("amount", "¥100.00"), ("time", "14:01")]),
        text: page.t("another-text"),
        url: format!("/top-ups/{CODE}"),
    }
}

fn looked(page: &Page) -> String {
    page.words.t_with("pay-not-yet", &[("provider", &page.t("alipay")), ("time", "14:03:12")])
}

fn pay(page: &Page, looked: Option<String>) -> PayPage {
    let provider = page.t("alipay");
    let app = page.t("pay-app-alipay");
    let scan_with = page.t_one("pay-scan-with", "app", &app);
    PayPage {
        page: page.clone(),
        heading: page.t_one("pay-with", "provider", &provider),
        amount: "¥95.00".to_owned(),
        card_tail: "4321".to_owned(),
        qr: qr::svg("https://qr.alipay.com/bax03431ljhokirwl38f00a7", &scan_with).ok(),
        scan_with,
        app_url: None,
        open_app: page.words.t_with("pay-open-app", &[("provider", &provider), ("amount", "¥95.00")]),
        deadline: deadline(page),
        lines: vec![
            page.t_one("pay-line-open", "app", &app),
            page.t_one("pay-line-confirm", "amount", "¥95.00"),
            page.t("pay-line-stay"),
        ],
        live: live(),
        looked,
        others: others(page),
    }
}

fn others(page: &Page) -> OtherWays {
    let label = page.t_one("pay-otherwise-provider", "provider", page.t("wechat-pay"));
    OtherWays {
        ways: vec![OtherWay { value: "wechat_pay/qr".to_owned(), label }],
        url: format!("/top-ups/{CODE}/payments"),
        idempotency_key: "sample".to_owned(),
    }
}

fn live() -> Live {
    Live { url: format!("/top-ups/{CODE}/status?seen=waiting"), look_url: format!("/top-ups/{CODE}/look") }
}

fn credited(page: &Page) -> CreditedPage {
    CreditedPage {
        page: page.clone(),
        heading: page.words.t_with("credited-heading", &[("amount", "¥100.00"), ("tail", "4321")]),
        notice: None,
        notice_part: None,
        steps: {
            let [paid, _] = paid(page);
            let credited = page.t_one("step-credited", "amount", "¥100.00");
            vec![placed(page), paid, step(StepState::Done, credited, "14:02".to_owned())]
        },
        bonuses: quote(page).bonuses,
        facts: vec![
            Fact::new(page.t("fact-valid-until"), date_after(page, 365)),
            Fact::new(page.t("fact-paid"), "¥95.00".to_owned()),
            Fact::new(page.t("fact-with"), page.t("alipay")),
            Fact::new(page.t("fact-time"), time::date_time(page.words, NOW)),
        ],
        receipt_code: CODE.to_owned(),
        receipt_url: format!("/receipts/{CODE}"),
        qr: qr::svg(&format!("https://ringup.example/verify/{CODE}"), &page.t("receipt-check-heading"))
            .unwrap_or_default(),
    }
}

/// One status page for each way a top-up can stand without being credited.
fn statuses(page: &Page) -> Vec<(&'static str, StatusPage)> {
    vec![
        ("status-preparing", preparing(page)),
        ("status-closing", closing(page)),
        ("status-refunding", refunding(page)),
        ("status-refunded", refunded(page)),
        ("status-review", review(page)),
        ("status-abandoned", abandoned(page)),
    ]
}

fn placed(page: &Page) -> Step {
    step(StepState::Done, page.t("step-placed"), "14:00".to_owned())
}

fn paid(page: &Page) -> [Step; 2] {
    let paid = page.words.t_with("step-paid", &[("provider", &page.t("alipay")), ("amount", "¥95.00")]);
    let owed = page.t_one("step-refund-requested", "amount", "¥95.00");
    [step(StepState::Done, paid, "14:02".to_owned()), step(StepState::Done, owed, "14:02".to_owned())]
}

fn preparing(page: &Page) -> StatusPage {
    let lead = page.t_one("status-preparing-lead", "provider", page.t("alipay"));
    let now = step(StepState::Now, page.t("step-payment"), page.t_one("step-payment-by", "time", "14:15"));
    let waiting = status(page, Tone::Wait, page.t("status-preparing-heading"), vec![lead], vec![placed(page), now]);
    StatusPage { others: Some(others(page)), ..waiting }
}

fn closing(page: &Page) -> StatusPage {
    let provider = page.t("alipay");
    let lead = page.words.t_with("status-closing-lead", &[("provider", &provider), ("by", "14:16")]);
    let asking = page.t_one("step-asking", "provider", &provider);
    let now = step(StepState::Now, asking, page.t_one("step-by", "time", "14:16"));
    status(page, Tone::Wait, page.t("status-closing-heading"), vec![lead], vec![placed(page), now])
}

fn refunding(page: &Page) -> StatusPage {
    let provider = page.t("alipay");
    let lead = page.words.t_with("status-refunding-lead", &[("provider", &provider), ("by", "14:32")]);
    let heading = page.t_one("status-refunding-heading", "amount", "¥95.00");
    let going = page.words.t_with("step-refunding", &[("provider", &provider), ("amount", "¥95.00")]);
    let [paid, owed] = paid(page);
    let now = step(StepState::Now, going, page.t_one("step-by", "time", "14:32"));
    let leads = vec![page.t("refund-reason-card-refused"), lead];
    status(page, Tone::Back, heading, leads, vec![placed(page), paid, owed, now])
}

fn refunded(page: &Page) -> StatusPage {
    let lead = page.words.t_with("status-refunded-lead", &[("provider", &page.t("alipay")), ("time", "14:04")]);
    let heading = page.t_one("status-refunded-heading", "amount", "¥95.00");
    let [paid, owed] = paid(page);
    let back = step(StepState::Done, page.t_one("step-refunded", "amount", "¥95.00"), "14:04".to_owned());
    let leads = vec![page.t("refund-reason-card-refused"), lead];
    status(page, Tone::Ok, heading, leads, vec![placed(page), paid, owed, back])
}

fn review(page: &Page) -> StatusPage {
    let lead = page.words.t_with("status-review-lead", &[("amount", "¥95.00"), ("by", "16:00")]);
    let [paid, owed] = paid(page);
    let failed = page.t_one("step-refund-failed", "provider", page.t("alipay"));
    let failed = step(StepState::Stopped, failed, "14:05".to_owned());
    let now = step(StepState::Now, page.t("step-review"), page.t_one("step-by", "time", "16:00"));
    status(page, Tone::Warn, page.t("status-review-heading"), vec![lead], vec![placed(page), paid, owed, failed, now])
}

fn abandoned(page: &Page) -> StatusPage {
    let lead = page.t_one("status-abandoned-lead", "provider", page.t("alipay"));
    let not_paid = step(StepState::Stopped, page.t("step-not-paid"), "14:15".to_owned());
    let label = page.t_one("status-abandoned-again", "amount", "¥100.00");
    StatusPage {
        live: None,
        action: Some(Action { url: "/?amount=100.00".to_owned(), label }),
        ..status(page, Tone::Ended, page.t("status-abandoned-heading"), vec![lead], vec![placed(page), not_paid])
    }
}

fn status(page: &Page, tone: Tone, heading: String, leads: Vec<String>, steps: Vec<Step>) -> StatusPage {
    StatusPage {
        page: page.clone(),
        tone,
        heading,
        leads,
        steps,
        live: (tone != Tone::Ok).then(live),
        others: None,
        action: None,
        facts: vec![
            Fact::new(page.t("fact-amount"), "¥100.00".to_owned()),
            Fact::new(page.t("fact-card"), "···· 4321".to_owned()),
            Fact::code(page.t("fact-code"), CODE.to_owned()),
        ],
    }
}

fn step(state: StepState, what: String, when: String) -> Step {
    Step { state, what, when: Some(when) }
}
