//! How a top-up stands when there is nothing to pay: credited, on its way back, ended, looked at by a person.

use axum::http::StatusCode;
use axum::response::Response;
use ringup_core::event::EventKind;
use ringup_core::money::Amount;
use ringup_core::payment::Tender;
use ringup_core::refund::RefundState;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Channel, RefundReason, TopUpState};
use ringup_engine::timeline::{self, NextStep, Timeline};
use ringup_engine::top_up::TopUpView;

use super::mapping::{bonus, money, tender as tender_name};
use super::page_error::{self, PageError};
use super::top_up;
use crate::web::i18n::time;
use crate::web::notice::{self, Refused};
use crate::web::qr;
use crate::web::state::App;
use crate::web::view::top_up::{Action, CreditedPage, OtherWays, StatusPage};
use crate::web::view::{Fact, Live, Page, Step, StepState, Tone};

/// What is said first, and how it feels.
struct Headline {
    tone: Tone,
    heading: String,
    leads: Vec<String>,
}

/// The page of a top-up that is not waiting for its payment.
pub(super) async fn show(
    app: &App,
    page: Page,
    view: &TopUpView,
    timeline: &Timeline,
    live: Live,
) -> Result<Response, PageError> {
    // Whatever goes back of it, the card has its value: that is said first.
    if let TopUpState::Credited { .. } = view.top_up.state {
        return Ok(page_error::show(StatusCode::OK, &credited(app, page, view, timeline).await?));
    }
    let headline = headline(&page, view, timeline, app.engine.now());
    let settled = match timeline.next {
        NextStep::Nothing | NextStep::IsBack { .. } | NextStep::OnCard => true,
        NextStep::Pay { .. }
        | NextStep::Closing { .. }
        | NextStep::CreditedAt { .. }
        | NextStep::MoneyBack { .. }
        | NextStep::Collect { .. }
        | NextStep::PersonLooks { .. } => false,
    };
    let again = (timeline.next == NextStep::Nothing).then(|| start_again(&page, view));
    let status = StatusPage {
        tone: headline.tone,
        heading: headline.heading,
        leads: headline.leads,
        steps: steps(&page, view, timeline, app.engine.now()),
        live: (!settled).then_some(live),
        others: other_ways(app, &page, view, timeline),
        action: again,
        facts: facts(&page, view),
        page,
    };
    Ok(page_error::show(StatusCode::OK, &status))
}

/// The page of a credited top-up again, with why its receipt was not sent.
pub(super) async fn show_again(
    app: &App,
    page: Page,
    view: &TopUpView,
    refused: Refused,
) -> Result<Response, PageError> {
    let timeline = Timeline::of(view, app.engine.now());
    let mut shown = credited(app, page, view, &timeline).await?;
    let marked = notice::with_refusal(refused, &mut shown.notice_part);
    Ok(marked(page_error::show(StatusCode::OK, &shown)))
}

/// How a top-up feels and stands, in a few words: for lists.
pub(in crate::web) fn in_short(page: &Page, timeline: &Timeline) -> (Tone, String) {
    let (tone, key) = match timeline.next {
        NextStep::Pay { .. } | NextStep::Closing { .. } => (Tone::Wait, "state-waiting"),
        NextStep::Nothing => (Tone::Ended, "state-abandoned"),
        NextStep::OnCard => (Tone::Ok, "state-credited"),
        NextStep::CreditedAt { .. } => (Tone::Wait, "state-deferred"),
        NextStep::MoneyBack { .. } => (Tone::Back, "state-refunding"),
        NextStep::Collect { .. } => (Tone::Back, "state-to-collect"),
        NextStep::PersonLooks { .. } => (Tone::Warn, "state-review"),
        NextStep::IsBack { .. } => (Tone::Ok, "state-refunded"),
    };
    (tone, page.t(key))
}

fn headline(page: &Page, view: &TopUpView, timeline: &Timeline, now: Timestamp) -> Headline {
    let words = page.words;
    let provider = paid_with(page, view);
    let paid = money(words, view.top_up.quote.you_pay);
    let moment = |at: Timestamp| time::moment(words, at.micros(), now.micros());
    let say = |tone, heading, leads| Headline { tone, heading, leads };
    match timeline.next {
        NextStep::Pay { .. } | NextStep::OnCard => {
            let lead = page.t_one("status-preparing-lead", "provider", &provider);
            say(Tone::Wait, page.t("status-preparing-heading"), vec![lead])
        }
        NextStep::Closing { by } => {
            let lead = words.t_with("status-closing-lead", &[("provider", &provider), ("by", &moment(by))]);
            say(Tone::Wait, page.t("status-closing-heading"), vec![lead])
        }
        NextStep::Nothing => {
            let lead = page.t_one("status-abandoned-lead", "provider", &provider);
            say(Tone::Ended, page.t("status-abandoned-heading"), vec![lead])
        }
        NextStep::CreditedAt { at } => {
            let gets = money(words, view.top_up.quote.card_gets);
            let heading = words.t_with("status-deferred-heading", &[("amount", &gets), ("time", &moment(at))]);
            say(Tone::Wait, heading, vec![page.t_one("status-deferred-lead", "amount", &paid)])
        }
        NextStep::Collect { reason, amount } => {
            let heading = page.t_one("status-collect-heading", "amount", money(words, amount));
            say(Tone::Back, heading, vec![why(page, reason), page.t(collect_lead(view.top_up.channel))])
        }
        NextStep::MoneyBack { reason, amount, by } => {
            let heading = page.t_one("status-refunding-heading", "amount", money(words, amount));
            let lead = words.t_with("status-refunding-lead", &[("provider", &provider), ("by", &moment(by))]);
            say(Tone::Back, heading, vec![why(page, reason), lead])
        }
        NextStep::PersonLooks { by } => {
            let lead = words.t_with("status-review-lead", &[("amount", &paid), ("by", &moment(by))]);
            say(Tone::Warn, page.t("status-review-heading"), vec![lead])
        }
        NextStep::IsBack { reason } => {
            let heading = page.t_one("status-refunded-heading", "amount", money(words, returned(view)));
            let returned_at = last(timeline, EventKind::RefundSucceeded).unwrap_or(now);
            let lead = words.t_with("status-refunded-lead", &[("provider", &provider), ("time", &moment(returned_at))]);
            say(Tone::Ok, heading, vec![why(page, reason), lead])
        }
    }
}

/// Nobody stands behind a kiosk.
const fn collect_lead(channel: Channel) -> &'static str {
    match channel {
        Channel::Kiosk => "status-collect-kiosk-lead",
        Channel::Online | Channel::Store | Channel::Agent | Channel::Api => "status-collect-lead",
    }
}

/// What the providers have sent back. A top-up that never reached its card has given nothing, so its refunds say it.
fn returned(view: &TopUpView) -> Amount {
    let sent = view.refunds.iter().filter(|refund| matches!(refund.state, RefundState::Succeeded { .. }));
    let nothing = Amount::zero(view.top_up.quote.you_pay.unit());
    sent.fold(nothing, |sum, refund| sum.plus(refund.amount).unwrap_or(sum))
}

fn why(page: &Page, reason: RefundReason) -> String {
    page.t(match reason {
        RefundReason::CardRefused => "refund-reason-card-refused",
        RefundReason::PaidTwice => "refund-reason-paid-twice",
        RefundReason::Underpaid => "refund-reason-underpaid",
        RefundReason::Overpaid => "refund-reason-overpaid",
        RefundReason::TooLate => "refund-reason-too-late",
        RefundReason::ByStaff => "refund-reason-by-staff",
        RefundReason::Cancelled => "refund-reason-cancelled",
    })
}

fn last(timeline: &Timeline, kind: EventKind) -> Option<Timestamp> {
    timeline.past.iter().rev().find(|step| step.kind == kind).map(|step| step.at)
}

/// The provider that has the money, or the one that was asked last.
fn paid_with(page: &Page, view: &TopUpView) -> String {
    let payment = view.captured_payment().or(view.latest_payment());
    payment.map(|payment| tender_name(page.words, payment.tender)).unwrap_or_default()
}

fn start_again(page: &Page, view: &TopUpView) -> Action {
    let amount = view.top_up.quote.card_gets;
    Action {
        url: format!("/?amount={}", amount.to_decimal()),
        label: page.t_one("status-abandoned-again", "amount", money(page.words, amount)),
    }
}

fn facts(page: &Page, view: &TopUpView) -> Vec<Fact> {
    let ordered = &view.top_up;
    vec![
        Fact::new(page.t("fact-amount"), money(page.words, ordered.quote.card_gets)),
        Fact::new(page.t("fact-card"), format!("···· {}", ordered.card().last_four())),
        Fact::code(page.t("fact-number"), ordered.id.to_string()),
        Fact::code(page.t("fact-code"), ordered.code.grouped()),
    ]
}

fn steps(page: &Page, view: &TopUpView, timeline: &Timeline, now: Timestamp) -> Vec<Step> {
    let moment = |at: Timestamp| time::moment(page.words, at.micros(), now.micros());
    let past = timeline.past.iter().map(|step| {
        let (state, what) = past_step(page, view, step);
        Step { state, what, when: Some(moment(step.at)) }
    });
    past.chain(next_step(page, view, timeline, moment)).collect()
}

fn past_step(page: &Page, view: &TopUpView, step: &timeline::Step) -> (StepState, String) {
    let words = page.words;
    let provider = step.tender.map_or_else(|| paid_with(page, view), |tender| tender_name(words, tender));
    let amount = money(words, step.amount.unwrap_or(view.top_up.quote.you_pay));
    let both = [("provider", provider.as_str()), ("amount", amount.as_str())];
    match step.kind {
        EventKind::Placed => (StepState::Done, page.t("step-placed")),
        EventKind::PaymentBegun => (StepState::Done, page.t_one("step-payment-begun", "provider", &provider)),
        EventKind::Captured => (StepState::Done, words.t_with("step-paid", &both)),
        EventKind::Credited => (StepState::Done, page.t_one("step-credited", "amount", &amount)),
        EventKind::Deferred => (StepState::Done, page.t_one("step-deferred", "amount", &amount)),
        EventKind::CashGiven => (StepState::Done, page.t_one("step-cash-given", "amount", &amount)),
        EventKind::Abandoned => (StepState::Stopped, page.t("step-not-paid")),
        EventKind::RefundRequested => (StepState::Done, page.t_one("step-refund-requested", "amount", &amount)),
        EventKind::RefundSucceeded => (StepState::Done, page.t_one("step-refunded", "amount", &amount)),
        EventKind::RefundFailed => (StepState::Stopped, page.t_one("step-refund-failed", "provider", &provider)),
    }
}

fn next_step(page: &Page, view: &TopUpView, timeline: &Timeline, moment: impl Fn(Timestamp) -> String) -> Option<Step> {
    let words = page.words;
    let provider = paid_with(page, view);
    let by = |at| Some(page.t_one("step-by", "time", moment(at)));
    let (what, when) = match timeline.next {
        NextStep::Pay { until } => (page.t("step-payment"), Some(page.t_one("step-payment-by", "time", moment(until)))),
        NextStep::Closing { by: at } => (page.t_one("step-asking", "provider", &provider), by(at)),
        NextStep::MoneyBack { amount, by: at, .. } => {
            let things = [("provider", provider.as_str()), ("amount", &money(words, amount))];
            (words.t_with("step-refunding", &things), by(at))
        }
        NextStep::CreditedAt { at } => {
            let gets = money(words, view.top_up.quote.card_gets);
            (page.t_one("step-to-be-credited", "amount", gets), Some(page.t_one("step-at", "time", moment(at))))
        }
        NextStep::Collect { amount, .. } => (page.t_one("step-to-collect", "amount", money(words, amount)), None),
        NextStep::PersonLooks { by: at } => (page.t("step-review"), by(at)),
        NextStep::Nothing | NextStep::OnCard | NextStep::IsBack { .. } => return None,
    };
    Some(Step { state: StepState::Now, what, when })
}

/// What has happened to the money since it came on the card, if anything.
fn since_credited(page: &Page, view: &TopUpView, timeline: &Timeline, now: Timestamp) -> Option<String> {
    let words = page.words;
    let moment = |at: Timestamp| time::moment(words, at.micros(), now.micros());
    match timeline.next {
        NextStep::MoneyBack { amount, by, .. } => {
            let (amount, provider) = (money(words, amount), paid_with(page, view));
            let things = [("amount", amount.as_str()), ("provider", &provider), ("by", &moment(by))];
            Some(words.t_with("credited-refunding", &things))
        }
        NextStep::PersonLooks { by } => Some(page.t_one("credited-review", "by", moment(by))),
        NextStep::Collect { amount, .. } => Some(page.t_one("credited-collect", "amount", money(words, amount))),
        NextStep::CreditedAt { .. }
        | NextStep::OnCard
        | NextStep::Pay { .. }
        | NextStep::Closing { .. }
        | NextStep::Nothing
        | NextStep::IsBack { .. } => {
            let refunded = view.top_up.given.refunded;
            (!refunded.is_zero()).then(|| page.t_one("receipt-refunded", "amount", money(words, refunded)))
        }
    }
}

/// Other ways to pay, while the provider that was chosen does not answer.
fn other_ways(app: &App, page: &Page, view: &TopUpView, timeline: &Timeline) -> Option<OtherWays> {
    match timeline.next {
        NextStep::Pay { .. } => match view.latest_payment()?.tender {
            Tender::Provider { provider, method } => Some(top_up::other_ways(app, page, view, (provider, method))),
            Tender::Purse { .. } => None,
        },
        NextStep::Closing { .. }
        | NextStep::Nothing
        | NextStep::OnCard
        | NextStep::CreditedAt { .. }
        | NextStep::MoneyBack { .. }
        | NextStep::Collect { .. }
        | NextStep::PersonLooks { .. }
        | NextStep::IsBack { .. } => None,
    }
}

async fn credited(app: &App, page: Page, view: &TopUpView, timeline: &Timeline) -> Result<CreditedPage, PageError> {
    let words = page.words;
    let quote = &view.top_up.quote;
    let code = view.top_up.code;
    let credited_at = view.credited_at().unwrap_or(quote.quoted_at);
    let amount = money(words, quote.card_gets);
    let given = quote.bonus.as_ref().map(|given| bonus(words, page.t("fact-bonus"), given, credited_at));
    let valid_until = view.card.expires_at.unwrap_or(quote.card_valid_until);
    let verify_url = format!("{}/verify/{code}", app.site.public_url);
    let notice_part = notice::part(app, &page, view, format!("/top-ups/{code}/notices")).await?;
    Ok(CreditedPage {
        notice_part,
        heading: words.t_with("credited-heading", &[("amount", &amount), ("tail", &view.top_up.card().last_four())]),
        notice: since_credited(&page, view, timeline, app.engine.now()),
        steps: steps(&page, view, timeline, app.engine.now()),
        bonuses: given.into_iter().collect(),
        facts: vec![
            Fact::new(page.t("fact-valid-until"), time::date(words, valid_until.micros())),
            Fact::new(page.t("fact-paid"), money(words, quote.you_pay)),
            Fact::new(page.t("fact-with"), paid_with(&page, view)),
            Fact::new(page.t("fact-time"), time::date_time(words, credited_at.micros())),
        ],
        receipt_code: code.grouped(),
        receipt_url: format!("/receipts/{code}"),
        qr: qr::svg(&verify_url, &page.t("receipt-check-heading")).unwrap_or_default(),
        page,
    })
}
