//! What the kiosk prints: the server's slip of a sale, and its own slip of a claim.

use ringup_core::bank_note::{BankNote, NoteState};
use ringup_core::card::CardNumber;
use ringup_core::money::Language;
use ringup_paper::{Part, Slip};

use crate::clock;
use crate::journal::SaleTotal;
use crate::wire::{Placed, Policy, SaleAnswer, SaleOutcome, SlipAnswer};
use crate::words::Words;

/// Whether it is the first of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// The first.
    First,
    /// Another one may be in somebody's hand already.
    Again,
}

impl Print {
    /// By how many were begun, with this one.
    #[must_use]
    pub const fn of(begun: u64) -> Self {
        if begun <= 1 { Self::First } else { Self::Again }
    }
}

/// The receipt of a sale, or what is owed back for it.
#[must_use]
pub fn of_sale(answer: &SaleAnswer, language: Language, print: Print) -> Slip {
    let code = match answer.state {
        SaleOutcome::Credited => &answer.code,
        SaleOutcome::Refunding => answer.claim_code.as_ref().unwrap_or(&answer.code),
    };
    of_top_up(&answer.slip, code, language, print)
}

/// The receipt of a top-up that was paid by QR code.
#[must_use]
pub fn of_top_up(answer: &SlipAnswer, code: &str, language: Language, print: Print) -> Slip {
    let words = Words(language);
    let mut parts = vec![Part::Heading(answer.title.clone())];
    if print == Print::Again {
        parts.push(Part::Reprint(words.t("slip-receipt-again")));
    }
    parts.push(Part::Rule);
    parts.extend(answer.lines.iter().map(|line| Part::row(&line.label, &line.value)));
    parts.push(Part::Rule);
    parts.push(Part::Code(code.to_owned()));
    parts.push(Part::qr(&answer.qr, words.t("slip-qr")));
    parts.extend(answer.foot.iter().map(|line| Part::Paragraph(line.clone())));
    parts.push(Part::Cut);
    Slip::from(parts)
}

/// Where to look whether a payment by QR code is on the card: when nobody at the kiosk can tell.
#[must_use]
pub fn of_payment(placed: &Placed, card: CardNumber, policy: &Policy, language: Language) -> Slip {
    let words = Words(language);
    Slip::from(vec![
        Part::Heading(words.t("slip-payment")),
        Part::Paragraph(words.t("slip-payment-lead")),
        Part::Rule,
        Part::row(words.t("slip-kiosk"), &policy.place.code),
        Part::row(words.t("slip-card"), format!("···· {}", card.last_four())),
        Part::Rule,
        Part::Code(placed.code.clone()),
        Part::qr(&placed.page_url, words.t("slip-payment-qr")),
        Part::Paragraph(words.t_one("slip-payment-next", "line", &policy.hot_line)),
        Part::Cut,
    ])
}

/// What a holder takes home when the line is down: that the money is in the box, and goes onto the card by itself.
#[must_use]
pub fn of_waiting(total: &SaleTotal, policy: &Policy) -> Slip {
    let language = total.sale.language;
    let words = Words(language);
    let mut parts =
        vec![Part::Heading(words.t("slip-waiting")), Part::Paragraph(words.t("slip-waiting-lead")), Part::Rule];
    parts.push(Part::row(words.t("slip-kiosk"), &policy.place.code));
    parts.push(Part::row(words.t("slip-card"), format!("···· {}", total.sale.card.last_four())));
    let zone = &policy.place.time_zone;
    parts.extend(clock::on_the_wall(total.sale.begun_at, zone).map(|at| Part::row(words.t("slip-when"), at)));
    parts.extend(total.notes.iter().map(|number| Part::row(words.t("slip-note"), number.to_string())));
    parts.push(Part::amount(words.t("slip-waiting-paid"), total.amount.to_text(language)));
    parts.push(Part::Rule);
    parts.push(Part::Paragraph(words.t_one("slip-waiting-next", "line", &policy.hot_line)));
    parts.push(Part::Cut);
    Slip::from(parts)
}

/// The slip of a claim; none of a note that is not claimed.
#[must_use]
pub fn of_claim(note: &BankNote, policy: &Policy, language: Language, print: Print) -> Option<Slip> {
    let NoteState::Claimed { claimed_at, code, reason, .. } = &note.state else { return None };
    let words = Words(language);
    let mut parts = vec![Part::Heading(words.t("slip-claim"))];
    if print == Print::Again {
        parts.push(Part::Reprint(words.t("slip-claim-again")));
    }
    let place = match language {
        Language::En => &policy.place.name_en,
        Language::ZhHans => &policy.place.name_zh_hans,
    };
    let value = note.value.map_or_else(|| words.t("slip-value-unknown"), |value| value.to_text(language));
    parts.extend([
        Part::Paragraph(words.t(&format!("claim-reason-{}", reason.name().replace('_', "-")))),
        Part::Rule,
        Part::row(words.t("slip-kiosk"), format!("{} · {place}", policy.place.code)),
        Part::row(words.t("slip-note"), note.number.to_string()),
    ]);
    parts
        .extend(clock::on_the_wall(*claimed_at, &policy.place.time_zone).map(|at| Part::row(words.t("slip-when"), at)));
    parts.extend([
        Part::amount(words.t("slip-value"), value),
        Part::Rule,
        Part::Paragraph(words.t("slip-claim-code")),
        Part::Code(code.to_string()),
        Part::Paragraph(words.t_one("slip-claim-next", "line", &policy.hot_line)),
        Part::Cut,
    ]);
    Some(Slip::from(parts))
}
