use ringup_core::money::Language;
use ringup_core::payment::PaymentState;
use ringup_core::place::Place;
use ringup_core::top_up::TopUp;
use ringup_engine::kiosk::Machine;
use ringup_engine::top_up::TopUpView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::i18n::{Locale, Words, time};
use crate::web::mapping::{money, name, tender};

/// What a slip says, in the language of its sale.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct SlipAnswer {
    /// What happened, large.
    title: String,
    /// Line by line.
    lines: Vec<SlipLine>,
    /// What the QR code leads to.
    qr: String,
    /// Whole sentences at the end.
    foot: Vec<String>,
}

/// A line of a slip.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct SlipLine {
    /// What it is.
    label: String,
    /// What it says.
    value: String,
}

/// The number of a receipt among those of its kiosk: `BJ-K001-000001`.
pub(super) fn number(place: &Place, top_up: &TopUp) -> Option<String> {
    top_up.sale.and_then(|sale| sale.number).map(|number| format!("{}-{number:06}", place.code))
}

pub(super) fn of(machine: &Machine, view: &TopUpView, public_url: &str) -> SlipAnswer {
    let (place, top_up, quote) = (&machine.place, &view.top_up, &view.top_up.quote);
    let words = Words::of(match top_up.language {
        Language::En => Locale::En,
        Language::ZhHans => Locale::ZhHans,
    });
    let credited_at = view.credited_at();
    let mut slip = SlipAnswer {
        title: words.t(if credited_at.is_some() { "kiosk-slip-credited" } else { "kiosk-slip-claim" }),
        lines: Vec::new(),
        qr: format!("{public_url}/top-ups/{}", top_up.code),
        foot: Vec::new(),
    };
    let mut line = |key: &str, value: String| slip.lines.push(SlipLine { label: words.t(key), value });
    line("kiosk-slip-place", format!("{} · {}", name(words, &place.name), name(words, &place.address)));
    if let Some(licence) = &place.licence {
        line("kiosk-slip-licence", licence.clone());
    }
    if let Some(number) = number(place, top_up) {
        line("kiosk-slip-number", number);
    }
    line("fact-time", time::date_time(words, credited_at.unwrap_or(top_up.placed_at).micros()));
    line("fact-card", format!("···· {}", top_up.card().last_four()));
    // Notes are a sale of this kiosk; what is paid by a QR code is none of its own.
    if top_up.sale.is_some() {
        line("kiosk-slip-put-in", money(words, quote.you_pay));
    } else {
        line("fact-paid", money(words, quote.you_pay));
        let captured = view.payments.iter().find(|payment| matches!(payment.state, PaymentState::Captured(_)));
        if let Some(payment) = captured {
            line("fact-with", tender(words, payment.tender));
        }
    }
    if credited_at.is_some() {
        line("fact-got", money(words, quote.card_gets));
        if let Some(bonus) = quote.bonus {
            line("fact-bonus", money(words, bonus.amount));
        }
        if let Some(until) = view.card.expires_at {
            line("fact-valid-until", time::date(words, until.micros()));
        }
        line("fact-code", top_up.code.grouped());
        slip.foot.push(words.t("kiosk-slip-thanks"));
    } else {
        line("kiosk-slip-claim-code", top_up.code.grouped());
        slip.foot.push(words.t("kiosk-slip-keep"));
    }
    slip.foot.push(words.t_one("kiosk-slip-hot-line", "number", &machine.kiosk.hot_line));
    slip
}
