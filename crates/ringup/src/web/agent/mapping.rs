//! From what the engine knows of an agent to what his pages show.

use ringup_core::time::Timestamp;
use ringup_core::top_up::{TopUp, TopUpState};
use ringup_engine::agent::{Float, Seller, Standing, standing};
use ringup_engine::top_up::TopUpView;

use super::signed_in::AtWork;
use crate::web::i18n::{Words, time};
use crate::web::mapping::{money, name};
use crate::web::view::agent::{AgentHead, FloatPanel, SaleRow};
use crate::web::view::{Fact, Page, Tone};

/// Who sells, and how much he can still sell.
pub(super) fn head(words: Words, at_work: &AtWork, float: &Float) -> AgentHead {
    AgentHead {
        name: name(words, &at_work.seller.place.name),
        code: at_work.seller.place.code.to_string(),
        person: at_work.clerk.name.clone(),
        available: money(words, float.available),
        is_low: float.is_low,
    }
}

/// The float, in figures.
pub(super) fn float_panel(words: Words, float: &Float) -> FloatPanel {
    let unit = float.credit_limit.unit();
    let balance = float.balance.minor();
    let amount = ringup_core::money::Amount::new(balance.unsigned_abs(), unit).map(|amount| money(words, amount));
    let balance = match (amount, balance < 0) {
        (Ok(amount), true) => format!("−{amount}"),
        (Ok(amount), false) => amount,
        (Err(_), _) => String::new(),
    };
    FloatPanel {
        available: money(words, float.available),
        balance,
        credit_limit: (!float.credit_limit.is_zero()).then(|| money(words, float.credit_limit)),
        is_low: float.is_low,
    }
}

/// Why nothing can be sold now; nothing when it can.
pub(super) fn not_selling(words: Words, seller: &Seller, now: Timestamp) -> Option<String> {
    match standing(&seller.agent, now) {
        Standing::Approved => None,
        Standing::Applied => Some(words.t("agent-not-approved")),
        Standing::Suspended => Some(words.t("agent-suspended")),
        Standing::Expired => Some(words.t("agent-expired")),
    }
}

/// One line of the list of sales.
pub(super) fn sale_row(page: &Page, top_up: &TopUp) -> SaleRow {
    let (tone, key) = state(top_up);
    SaleRow {
        when: time::short_date_time(page.words, top_up.placed_at.micros()),
        card_tail: top_up.card().last_four(),
        amount: money(page.words, top_up.quote.card_gets),
        paid: money(page.words, top_up.quote.you_pay),
        tone,
        state: page.t(key),
        url: format!("/agent/sales/{}", top_up.code),
        repeat_url: format!("/agent?repeat={}", top_up.code),
    }
}

/// How a sale feels and stands.
pub(super) fn state(top_up: &TopUp) -> (Tone, &'static str) {
    match top_up.state {
        TopUpState::Placed => (Tone::Wait, "state-waiting"),
        TopUpState::Deferred { .. } => (Tone::Wait, "state-deferred"),
        TopUpState::Abandoned { .. } => (Tone::Ended, "state-abandoned"),
        TopUpState::Credited { .. } => (Tone::Ok, "state-credited"),
        TopUpState::Refunding { .. } | TopUpState::Refunded { .. } => (Tone::Back, "agent-sale-undone"),
    }
}

/// What a sale was.
pub(super) fn facts(words: Words, seller: &Seller, view: &TopUpView) -> Vec<Fact> {
    let (top_up, quote) = (&view.top_up, &view.top_up.quote);
    let mut facts = vec![Fact::new(words.t("fact-card"), format!("···· {}", top_up.card().last_four()))];
    facts.push(Fact::new(words.t("fact-got"), money(words, quote.card_gets)));
    facts.extend(quote.bonus.map(|bonus| Fact::new(words.t("fact-bonus"), money(words, bonus.amount))));
    facts.push(Fact::new(words.t("agent-from-float"), money(words, quote.you_pay)));
    if !top_up.given.refunded.is_zero() {
        facts.push(Fact::new(words.t("agent-given-back"), money(words, top_up.given.refunded)));
    }
    facts.push(Fact::new(words.t("fact-time"), time::date_time(words, top_up.placed_at.micros())));
    if let Some(number) = top_up.sale.and_then(|sale| sale.number) {
        facts.push(Fact::code(words.t("fact-receipt-number"), format!("{}-{number:06}", seller.place.code)));
    }
    facts.push(Fact::code(words.t("fact-code"), top_up.code.grouped()));
    facts
}
