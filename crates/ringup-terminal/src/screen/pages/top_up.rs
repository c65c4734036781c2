//! The screens of paying by QR code.

use askama::Template;
use ringup_core::card::CardNumber;
use ringup_core::money::Language;

use super::{ReceiptPage, Shell, Told, grouped, shell, whole};
use crate::clock;
use crate::machine::{TopUpStage, TopUpView, View};
use crate::printer::PaperState;
use crate::screen::qr;
use crate::screen::visit::{Step, Visit};
use crate::wire::{Adjustment, CardMay, Quote};
use crate::words::Words;

#[derive(Template)]
#[template(path = "price.html")]
struct PricePage {
    shell: Shell,
    last_four: String,
    you_pay: String,
    card_gets: String,
    /// What promotions are called, and what they do.
    gains: Vec<(String, String)>,
    /// As it is sent, and as it is read.
    providers: Vec<(String, String)>,
    error: Option<String>,
    is_again: bool,
}

#[derive(Template)]
#[template(path = "scan.html")]
struct ScanPage {
    shell: Shell,
    heading: String,
    you_pay: String,
    gets: String,
    qr: Option<String>,
    until: Option<String>,
    code: Option<String>,
    is_lost: bool,
}

/// What can be paid by QR code now: as it is sent, and as it is read.
pub(super) fn tiles(view: &View, may: Option<&CardMay>) -> Vec<(String, String)> {
    let offered = may.filter(|_| !view.providers().is_empty()).map(|may| may.offered.as_slice()).unwrap_or_default();
    offered.iter().map(|amount| (amount.to_string(), whole(*amount))).collect()
}

pub(super) fn screen(visit: &Visit, view: &View) -> askama::Result<String> {
    match &visit.step {
        Step::Price { card, quote, error, is_again, .. } => {
            let error = error.map(|key| Words(visit.language).t(key));
            price(visit, view, *card, quote, (error, *is_again)).render()
        }
        Step::Scan { card, quote, provider, key, .. } => {
            let top_up = view.top_up.as_ref().filter(|top_up| top_up.key == *key);
            match top_up.and_then(|top_up| receipt(visit, view, *card, quote, top_up)) {
                Some(receipt) => receipt.render(),
                None => scan(visit, view, *card, quote, (provider, top_up)).render(),
            }
        }
        Step::Language
        | Step::Card { .. }
        | Step::Amount { .. }
        | Step::Pay { .. }
        | Step::Receipt { .. }
        | Step::Service { .. } => Ok(String::new()),
    }
}

fn price(
    visit: &Visit,
    view: &View,
    card: CardNumber,
    quote: &Quote,
    (error, is_again): (Option<String>, bool),
) -> PricePage {
    let language = visit.language;
    let shell = shell(visit, view, Some(4));
    let providers = view.providers().into_iter().map(|name| {
        let label = shell.t(provider_key(&name));
        (name, label)
    });
    PricePage {
        last_four: card.last_four(),
        you_pay: quote.you_pay.to_text(language),
        card_gets: quote.card_gets.to_text(language),
        gains: quote.adjustments.iter().map(|adjustment| gain(adjustment, shell.words)).collect(),
        providers: providers.collect(),
        error,
        is_again,
        shell,
    }
}

fn gain(adjustment: &Adjustment, words: Words) -> (String, String) {
    let name = match words.0 {
        Language::En => adjustment.name_en.clone(),
        Language::ZhHans => adjustment.name_zh_hans.clone(),
    };
    let key = if adjustment.kind == "discount" { "price-discount" } else { "price-bonus" };
    (name, words.t_one(key, "amount", adjustment.amount.to_text(words.0)))
}

fn provider_key(name: &str) -> &'static str {
    if name == "alipay" { "provider-alipay" } else { "provider-wechat-pay" }
}

fn scan(
    visit: &Visit,
    view: &View,
    card: CardNumber,
    quote: &Quote,
    (provider, top_up): (&str, Option<&TopUpView>),
) -> ScanPage {
    let shell = shell(visit, view, Some(4));
    let zone = view.policy.as_deref().map_or("Asia/Shanghai", |policy| &policy.place.time_zone);
    let app = shell.t(provider_key(provider));
    let (hand_over, until) = match top_up.map(|top_up| &top_up.stage) {
        Some(TopUpStage::Open { hand_over, until }) => (Some(hand_over), *until),
        Some(
            TopUpStage::Working
            | TopUpStage::Over
            | TopUpStage::GivenUp
            | TopUpStage::Deferred
            | TopUpStage::Credited(_)
            | TopUpStage::Refunding
            | TopUpStage::Refused(_),
        )
        | None => (None, None),
    };
    let hour = |text: String| text.rsplit_once(' ').map(|(_, hour)| hour.to_owned());
    let until = until.and_then(|until| clock::on_the_wall(until, zone)).and_then(hour);
    let is_lost = top_up.is_some_and(|top_up| top_up.is_lost);
    let heading = match (hand_over, is_lost) {
        (Some(_), _) => shell.words.t_one("scan-heading", "app", &app),
        (None, true) => shell.t("scan-lost"),
        (None, false) => shell.t("scan-working"),
    };
    let gets = quote.card_gets.to_text(visit.language);
    ScanPage {
        heading,
        you_pay: quote.you_pay.to_text(visit.language),
        gets: shell.words.t_with("scan-gets", &[("gets", &gets), ("last", &card.last_four())]),
        qr: hand_over.and_then(|text| qr::svg(text, &shell.words.t_one("scan-qr", "app", &app))),
        until: until.map(|until| shell.words.t_one("scan-until", "until", until)),
        code: hand_over.and_then(|_| top_up?.placed.as_ref()).map(|placed| grouped(&placed.code)),
        is_lost,
        shell,
    }
}

/// The last screen, once there is something to say of the payment.
fn receipt(visit: &Visit, view: &View, card: CardNumber, quote: &Quote, top_up: &TopUpView) -> Option<ReceiptPage> {
    let words = Words(visit.language);
    let (told, key) = match &top_up.stage {
        TopUpStage::Credited(_) => (Told::Credited, "receipt-credited"),
        TopUpStage::Open { .. } | TopUpStage::Working if top_up.is_lost && top_up.was_shown => {
            (Told::Offline, "paid-lost")
        }
        TopUpStage::Open { .. } | TopUpStage::Working | TopUpStage::Refused(_) => return None,
        TopUpStage::Over | TopUpStage::GivenUp if !top_up.was_shown => (Told::Nothing, "paid-none"),
        TopUpStage::Over => (Told::Offline, "paid-over"),
        TopUpStage::GivenUp => (Told::Offline, "paid-given-up"),
        TopUpStage::Deferred => (Told::Offline, "paid-deferred"),
        TopUpStage::Refunding => (Told::Refunding, "paid-refunding"),
    };
    let mut page =
        ReceiptPage::plain(super::Shell { has_stop: false, ..shell(visit, view, Some(5)) }, told, key, words);
    if let TopUpStage::Credited(status) = &top_up.stage {
        let gets = status.card_gets.to_text(visit.language);
        page.heading = words.t_with(key, &[("gets", &gets), ("last", &card.last_four())]);
        let bonus = status.bonus.filter(|bonus| !bonus.is_zero());
        page.bonus = bonus.map(|bonus| words.t_one("receipt-bonus", "bonus", bonus.to_text(visit.language)));
    } else {
        page.qr_lead = words.t("paid-qr-lead");
    }
    if matches!(page.told, Told::Nothing) {
        return Some(page);
    }
    page.paid = quote.you_pay.to_text(visit.language);
    page.code = top_up.placed.as_ref().map(|placed| grouped(&placed.code));
    page.qr = top_up.placed.as_ref().and_then(|placed| qr::svg(&placed.page_url, &words.t("receipt-qr")));
    page.slip_is_bad = !top_up.is_printed && matches!(view.paper, PaperState::Out | PaperState::Unknown);
    page.slip = words.t(match (top_up.is_printed, page.slip_is_bad) {
        (true, _) => "receipt-slip-printed",
        (false, true) => "paid-no-paper",
        (false, false) => "receipt-slip-printing",
    });
    if page.slip_is_bad && matches!(page.told, Told::Credited) {
        page.lead.clear(); // there is no slip to take
    }
    Some(page)
}
