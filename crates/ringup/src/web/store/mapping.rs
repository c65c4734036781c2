//! From what the engine knows of a counter to what its pages show.

use ringup_core::money::{Amount, Unit};
use ringup_core::time::Timestamp;
use ringup_core::top_up::{TopUp, TopUpState};
use ringup_db::device::Device;
use ringup_engine::quote::Quoted;
use ringup_engine::store::Counter;
use ringup_engine::timeline::Timeline;
use ringup_engine::top_up::TopUpView;

use crate::web::i18n::{Words, time};
use crate::web::mapping::{money, name, quote_table, tender};
use crate::web::qr;
use crate::web::view::store::{SaleRow, Slip, TillHead, TillOffer};
use crate::web::view::{Fact, Page, Tone};

/// Which till it is, and who serves.
pub(super) fn head(words: Words, counter: &Counter) -> TillHead {
    TillHead {
        store: name(words, &counter.place.name),
        till: counter.device.name.clone(),
        clerk: Some(counter.clerk.name.clone()),
    }
}

/// The same before anybody has signed in.
pub(super) fn head_of_till(store: String, device: &Device) -> TillHead {
    TillHead { store, till: device.name.clone(), clerk: None }
}

/// `¥`
pub(super) fn sign(unit: Unit) -> String {
    unit.sign().to_owned()
}

/// A quote at a counter; it arrives when the store says.
pub(super) fn offer(words: Words, quoted: &Quoted, credit_at: Option<Timestamp>, now: Timestamp) -> TillOffer {
    let mut quote = quote_table(words, &quoted.quote, now);
    quote.arrives = match credit_at {
        Some(at) => time::moment(words, at.micros(), now.micros()),
        None => words.t("till-at-once"),
    };
    let pays = quoted.quote.you_pay;
    TillOffer {
        quote,
        token: quoted.token.as_str().to_owned(),
        pays_minor: pays.minor(),
        decimals: pays.unit().minor_digits(),
    }
}

/// What a sale's receipt says.
pub(super) fn slip(words: Words, counter: &Counter, view: &TopUpView, public_url: &str) -> Slip {
    let (top_up, quote) = (&view.top_up, &view.top_up.quote);
    let verify_url = format!("{public_url}/verify");
    let page_url = format!("{public_url}/top-ups/{}", top_up.code);
    let number = top_up.sale.and_then(|sale| sale.number).unwrap_or(0);
    Slip {
        store: name(words, &counter.place.name),
        address: name(words, &counter.place.address),
        licence: counter.place.licence.clone(),
        number: words.t_one("slip-number", "number", format!("{}-{number:06}", counter.place.code)),
        sold_at: time::date_time(words, top_up.placed_at.micros()),
        amount: money(words, quote.card_gets),
        facts: facts(words, view),
        code: top_up.code.grouped(),
        // The page shows how it stands, also while the card has not got its value.
        qr: qr::svg(&page_url, &words.t("receipt-check-heading")).unwrap_or_default(),
        check_at: verify_url.split_once("://").map_or(verify_url.clone(), |(_, rest)| rest.to_owned()),
        reprint: false,
    }
}

fn facts(words: Words, view: &TopUpView) -> Vec<Fact> {
    let (top_up, quote) = (&view.top_up, &view.top_up.quote);
    let mut facts = vec![Fact::new(words.t("fact-card"), format!("···· {}", top_up.card().last_four()))];
    facts.extend(quote.bonus.map(|bonus| Fact::new(words.t("fact-bonus"), money(words, bonus.amount))));
    facts.push(Fact::new(words.t("fact-paid"), money(words, quote.you_pay)));
    let paid_with = view.captured_payment().map(|payment| tender(words, payment.tender));
    facts.extend(paid_with.map(|paid_with| Fact::new(words.t("fact-with"), paid_with)));
    if let Some(given) = cash_given(view) {
        facts.push(Fact::new(words.t("slip-cash"), money(words, given)));
        let change = given.minus(quote.you_pay).unwrap_or(Amount::zero(given.unit()));
        facts.push(Fact::new(words.t("till-change"), money(words, change)));
    }
    match (view.credited_at(), top_up.sale.and_then(|sale| sale.credit_at)) {
        (Some(at), _) => facts.push(Fact::new(words.t("slip-credited"), time::date_time(words, at.micros()))),
        (None, Some(at)) => facts.push(Fact::new(words.t("slip-credit-at"), time::date_time(words, at.micros()))),
        (None, None) => {}
    }
    let valid_until = view.card.expires_at.unwrap_or(quote.card_valid_until);
    facts.push(Fact::new(words.t("fact-valid-until"), time::date(words, valid_until.micros())));
    facts
}

/// The cash that was handed over for a sale, by its timeline.
pub(super) fn cash_given(view: &TopUpView) -> Option<Amount> {
    use ringup_core::event::EventKind;
    view.events.iter().find(|event| event.kind == EventKind::CashGiven).and_then(|event| event.amount)
}

/// How a sale feels and stands, in a few words.
pub(super) fn state(page: &Page, view: &TopUpView, now: Timestamp) -> (Tone, String) {
    crate::web::portal::in_short(page, &Timeline::of(view, now))
}

/// One line of the list of sales.
pub(super) fn sale_row(page: &Page, top_up: &TopUp) -> SaleRow {
    let words = page.words;
    let (tone, key) = match top_up.state {
        TopUpState::Placed => (Tone::Wait, "state-waiting"),
        TopUpState::Deferred { .. } => (Tone::Wait, "state-deferred"),
        TopUpState::Abandoned { .. } => (Tone::Ended, "state-abandoned"),
        TopUpState::Credited { .. } => (Tone::Ok, "state-credited"),
        TopUpState::Refunding { .. } => (Tone::Back, "state-undone"),
        TopUpState::Refunded { .. } => (Tone::Ok, "state-refunded"),
    };
    SaleRow {
        when: time::clock(top_up.placed_at.micros()),
        number: top_up.sale.and_then(|sale| sale.number).map_or_else(|| "–".to_owned(), |number| number.to_string()),
        card_tail: top_up.card().last_four(),
        amount: money(words, top_up.quote.you_pay),
        tone,
        state: page.t(key),
        url: format!("/store/sales/{}", top_up.code),
    }
}
