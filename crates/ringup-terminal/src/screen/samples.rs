//! Every screen in every state, as a holder could see it: for the tests, and for eyes and a browser to judge.

use std::sync::Arc;

use ringup_core::bank_note::{BankNote, ClaimCode, ClaimReason, NoteNumber, NoteState, SaleKey};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::time::Timestamp;

use super::pages;
use super::visit::{Step, Visit};
use crate::machine::{Line, Outbox, Outcome, SaleView, TopUpStage, TopUpView, ValidatorState, View, WhyBack};
use crate::printer::PaperState;
use crate::wire::{CardMay, Placed, Policy, Quote, SaleAnswer};

const POLICY: &str = r#"{ "kiosk": 7, "place": { "code": "BJ-K001", "name_en": "Xueyuan Road, East Gate", "name_zh_hans": "学院路东门" },
  "hot_line": "400 000 0000", "unit": "CNY",
  "notes": { "values": ["10.00 CNY", "20.00 CNY", "50.00 CNY", "100.00 CNY"], "visit_most": "500.00 CNY", "offline_most": "100.00 CNY" },
  "box": { "id": "pur_1", "notes": 12, "capacity": 600, "nearly_full_at": 500, "state": "in_use" },
  "providers": ["alipay", "wechat_pay"] }"#;
const MAY: &str = r#"{ "may": true, "most": "480.00 CNY",
  "offered": ["20.00 CNY", "50.00 CNY", "100.00 CNY", "200.00 CNY", "300.00 CNY"], "rule": { "bonus": [ { "from": "100.00 CNY", "gives": "10.00 CNY",
  "name_en": "Autumn bonus", "name_zh_hans": "秋季赠送" } ], "discount": [] } }"#;
const QUOTE: &str = r#"{ "quote": "q", "you_pay": "95.00 CNY", "card_gets": "100.00 CNY", "bonus": "10.00 CNY", "adjustments": [
  { "kind": "discount", "amount": "5.00 CNY", "name_en": "Pay by phone", "name_zh_hans": "手机支付优惠" },
  { "kind": "bonus", "amount": "10.00 CNY", "name_en": "Autumn bonus", "name_zh_hans": "秋季赠送" } ] }"#;
const STATUS: &str = r#"{ "state": "credited", "you_pay": "95.00 CNY", "card_gets": "100.00 CNY", "bonus": "10.00 CNY", "payments": [] }"#;
const ANSWER: &str = r#"{ "code": "7DKWGXZ60F4MVBN9ZVHEKG1QS8", "state": "STATE", "paid": "100.00 CNY", "card_gets": "100.00 CNY",
  "bonus": "10.00 CNY", "card_last_four": "0008", "claim_code": null,
  "slip": { "title": "Top-up", "lines": [], "qr": "https://topup.example/top-ups/7DKWGXZ60F4MVBN9ZVHEKG1QS8", "foot": [] } }"#;

/// The name and the HTML of each.
#[must_use]
pub fn all() -> Vec<(String, String)> {
    let mut samples = Vec::new();
    for language in [Language::En, Language::ZhHans] {
        for (name, visit, view) in states(language).into_iter().chain(by_qr_code(language)) {
            let tag = if language == Language::En { "en" } else { "zh-Hans" };
            samples.push((format!("{name}.{tag}"), pages::render(&visit, &view)));
        }
    }
    samples
}

fn states(language: Language) -> Vec<(&'static str, Visit, View)> {
    let Some((card, may, policy)) = parts() else { return Vec::new() };
    let key = SaleKey([1; 16]);
    let visit = |step| Visit { step, language, ..Visit::new(0) };
    let view = || View { policy: Some(Arc::clone(&policy)), ..quiet() };
    let sale = |outcome, yuan| View { sale: Some(sale(key, outcome, yuan)), ..view() };
    let pay = || visit(Step::Pay { card, may: Some(may.clone()), key });
    let receipt = || visit(Step::Receipt { card });
    let digits = |digits: &str, error: Option<&str>| {
        visit(Step::Card { digits: digits.to_owned(), error: error.map(str::to_owned) })
    };
    let amount = |may, error| visit(Step::Amount { card, may, error });
    let down = Line::Down { since: Timestamp::from_seconds(1_790_000_000) };
    let with = |mut view: View, change: fn(&mut SaleView)| {
        view.sale.iter_mut().for_each(change);
        view
    };
    vec![
        ("1-language", visit(Step::Language), view()),
        ("1-language-no-notes", visit(Step::Language), View { validator: ValidatorState::Jammed, ..view() }),
        ("2-card", digits("88800000", None), view()),
        ("2-card-wrong", digits("8880000000000001", Some("card-error-mistyped")), view()),
        ("3-amount", amount(Some(may.clone()), None), view()),
        ("3-amount-offline", amount(None, Some("pay-error-offline")), View { line: down, ..view() }),
        ("4-pay", pay(), sale(Outcome::Open, 0)),
        ("4-pay-more", pay(), sale(Outcome::Open, 70)),
        ("4-pay-moving", pay(), with(sale(Outcome::Open, 70), |sale| sale.is_moving = true)),
        ("4-pay-back", pay(), with(sale(Outcome::Open, 450), |sale| sale.why_back = Some(WhyBack::TooMuch))),
        ("5-receipt-working", receipt(), sale(Outcome::Waiting, 100)),
        ("5-receipt-offline", receipt(), View { line: down, ..sale(Outcome::Waiting, 100) }),
        ("5-receipt", receipt(), with(sale(booked("credited"), 100), |sale| sale.is_printed = true)),
        ("5-receipt-no-paper", receipt(), View { paper: PaperState::Out, ..sale(booked("credited"), 100) }),
        ("5-receipt-refunding", receipt(), sale(booked("refunding"), 100)),
        ("5-receipt-claim", receipt(), with(sale(Outcome::Nothing, 0), |sale| sale.claims = vec![claim()])),
        ("help", Visit { is_help: true, ..visit(Step::Language) }, view()),
        ("service", visit(Step::Service { error: None }), view()),
        ("idle", Visit { is_warned: true, ..pay() }, sale(Outcome::Open, 70)),
        ("4-pay-large", Visit { is_large: true, ..pay() }, sale(Outcome::Open, 70)),
        ("2-card-large", Visit { is_large: true, ..digits("88800000", None) }, view()),
        ("5-receipt-contrast", Visit { is_contrast: true, ..receipt() }, sale(booked("credited"), 100)),
        ("2-card-contrast", Visit { is_contrast: true, ..digits("8880", Some("card-error-length")) }, view()),
    ]
}

fn by_qr_code(language: Language) -> Vec<(&'static str, Visit, View)> {
    let (Some((card, may, policy)), Ok(quote)) = (parts(), serde_json::from_str::<Quote>(QUOTE)) else {
        return Vec::new();
    };
    let visit = |step| Visit { step, language, ..Visit::new(0) };
    let view = || View { policy: Some(Arc::clone(&policy)), ..quiet() };
    let amount = |error| visit(Step::Amount { card, may: Some(may.clone()), error });
    let price = |error, is_again| visit(Step::Price { card, may: may.clone(), quote: quote.clone(), error, is_again });
    let (provider, key) = ("wechat_pay".to_owned(), [1; 16]);
    let scan = || visit(Step::Scan { card, may: may.clone(), quote: quote.clone(), provider: provider.clone(), key });
    let at = |stage| View { top_up: Some(top_up(key, stage)), ..view() };
    let lost = |mut view: View| {
        view.top_up.iter_mut().for_each(|top_up| top_up.is_lost = true);
        view
    };
    let unseen = |mut view: View| {
        view.top_up.iter_mut().for_each(|top_up| top_up.was_shown = false);
        view
    };
    let hand_over = "weixin://wxpay/bizpayurl?pr=p4lpSuKzz".to_owned();
    let open =
        || TopUpStage::Open { hand_over: hand_over.clone(), until: Some(Timestamp::from_seconds(1_790_000_900)) };
    let credited = serde_json::from_str(STATUS).map_or(TopUpStage::Working, TopUpStage::Credited);
    vec![
        ("3-amount-qr", amount(None), view()),
        ("3-amount-qr-wrong", amount(Some("qr-error-quote-expired")), view()),
        ("3-amount-qr-large", Visit { is_large: true, ..amount(Some("qr-error-quote-expired")) }, view()),
        ("3-amount-qr-contrast", Visit { is_contrast: true, ..amount(None) }, view()),
        ("4-price", price(None, false), view()),
        ("4-price-again", price(Some("qr-again"), true), view()),
        ("4-price-offline", price(None, false), View { line: Line::Unknown, ..view() }),
        ("4-scan-working", scan(), unseen(at(TopUpStage::Working))),
        ("4-scan-lost", scan(), lost(unseen(at(TopUpStage::Working)))),
        ("4-scan", scan(), at(open())),
        ("4-scan-large", Visit { is_large: true, ..scan() }, at(open())),
        ("4-scan-contrast", Visit { is_contrast: true, ..scan() }, at(open())),
        ("4-price-large", Visit { is_large: true, ..price(Some("qr-again"), true) }, view()),
        ("5-paid", scan(), at(credited)),
        ("5-paid-lost", scan(), lost(at(open()))),
        ("5-paid-over", scan(), at(TopUpStage::Over)),
        ("5-paid-over-large", Visit { is_large: true, ..scan() }, at(TopUpStage::Over)),
        ("5-paid-none", scan(), unseen(at(TopUpStage::Over))),
        ("5-paid-given-up", scan(), View { paper: PaperState::Out, ..at(TopUpStage::GivenUp) }),
        ("5-paid-deferred", scan(), at(TopUpStage::Deferred)),
        ("5-paid-refunding", scan(), at(TopUpStage::Refunding)),
    ]
}

fn top_up(key: [u8; 16], stage: TopUpStage) -> TopUpView {
    let code = "7DKWGXZ60F4MVBN9ZVHEKG1QS8".to_owned();
    let page_url = format!("https://topup.example/top-ups/{code}");
    let placed = Some(Placed { code, page_url });
    TopUpView { key, placed, stage, was_shown: true, is_lost: false, is_printed: false }
}

fn parts() -> Option<(CardNumber, CardMay, Arc<Policy>)> {
    let card = CardNumber::with_check_digit(888_000_000_000_000).ok()?;
    Some((card, serde_json::from_str(MAY).ok()?, Arc::new(Policy::parse(POLICY).ok()?)))
}

fn quiet() -> View {
    View {
        line: Line::Up,
        paper: PaperState::Ok,
        is_broken: false,
        outbox: Arc::<Outbox>::default(),
        ..View::at_start(None)
    }
}

fn yuan(count: u64) -> Amount {
    Amount::new(count.saturating_mul(100), Unit::Cny).unwrap_or(Amount::zero(Unit::Cny))
}

fn sale(key: SaleKey, outcome: Outcome, paid: u64) -> SaleView {
    SaleView {
        key,
        most: yuan(480),
        paid: yuan(paid),
        notes: u32::from(paid > 0),
        is_moving: false,
        why_back: None,
        claims: Vec::new(),
        outcome,
        is_printed: false,
        was_offline: false,
    }
}

fn booked(state: &str) -> Outcome {
    let answer = serde_json::from_str::<SaleAnswer>(&ANSWER.replace("STATE", state));
    answer.map_or(Outcome::Nothing, |answer| Outcome::Booked(Box::new(answer)))
}

fn claim() -> BankNote {
    let claimed_at = Timestamp::from_seconds(1_790_000_000);
    let code = ClaimCode::from_bytes([0x5a; 16]);
    BankNote {
        number: NoteNumber { kiosk: 7, running: 1_790_000_012 },
        sale: None,
        value: Some(yuan(50)),
        seen_at: claimed_at,
        state: NoteState::Claimed { claimed_at, code, reason: ClaimReason::Jammed, late: None },
    }
}

#[cfg(test)]
mod tests;
