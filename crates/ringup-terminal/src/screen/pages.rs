//! The screens as HTML: one typed context for each template, made of finished texts.

mod top_up;

use askama::Template;
use ringup_core::bank_note::{BankNote, NoteState};
use ringup_core::money::{Amount, Language};

use super::qr;
use super::visit::{Step, Visit};
use crate::machine::{CollectionView, Line, Outcome, SaleView, View, WhyBack};
use crate::printer::PaperState;
use crate::wire::{CardMay, Gift, Policy, SaleOutcome};
use crate::words::Words;

/// What every screen has around it.
struct Shell {
    words: Words,
    version: String,
    is_large: bool,
    is_contrast: bool,
    is_warned: bool,
    /// Which of the five dots is lit; none on a screen beside the way.
    dot: Option<u8>,
    has_back: bool,
    has_stop: bool,
    /// Kiosk and hot line, for whoever calls.
    kiosk: String,
    hot_line: String,
}

impl Shell {
    fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    fn tag(&self) -> &'static str {
        self.words.tag()
    }

    fn dots(&self) -> Vec<bool> {
        (1..=5).map(|dot| self.dot == Some(dot)).collect()
    }

    fn step_text(&self) -> String {
        self.dot.map_or_else(String::new, |dot| self.words.t_one("step", "number", dot.to_string()))
    }
}

#[derive(Template)]
#[template(path = "language.html")]
struct LanguagePage {
    shell: Shell,
    /// Why no notes are taken, in both languages.
    notice: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "card.html")]
struct CardPage {
    shell: Shell,
    digits: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "amount.html")]
struct AmountPage {
    shell: Shell,
    last_four: String,
    most: Option<String>,
    notes: String,
    gifts: Vec<(String, String)>,
    offline: bool,
    /// What can be paid by a QR code on the screen, as it is sent and as it is read.
    tiles: Vec<(String, String)>,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "pay.html")]
struct PayPage {
    shell: Shell,
    last_four: String,
    paid: String,
    rest: String,
    is_first: bool,
    is_moving: bool,
    why_back: Option<String>,
    notes: String,
    gift: Option<String>,
}

/// What a receipt says, by what became of the sale.
enum Told {
    Working,
    Offline,
    Credited,
    Refunding,
    Nothing,
    Refused,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    shell: Shell,
    told: Told,
    heading: String,
    lead: String,
    paid: String,
    bonus: Option<String>,
    code: Option<String>,
    qr: Option<String>,
    qr_lead: String,
    slip: String,
    slip_is_bad: bool,
    claims: Vec<ClaimLine>,
}

struct ClaimLine {
    value: String,
    code: String,
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    shell: Shell,
    place: String,
}

#[derive(Template)]
#[template(path = "service.html")]
struct ServicePage {
    shell: Shell,
    error: Option<String>,
    box_line: String,
    told: Option<String>,
    is_waiting: bool,
}

/// The version of a page: another one when the visit or the machine has changed.
pub(super) fn version(visit: u64, view: u64) -> String {
    format!("{visit}-{view}")
}

/// The screen of this visit.
pub(super) fn render(visit: &Visit, view: &View) -> String {
    let page = if visit.is_help { help(visit, view).render() } else { screen(visit, view) };
    page.unwrap_or_else(|error| {
        tracing::error!(%error, "a page cannot be made");
        String::new()
    })
}

fn screen(visit: &Visit, view: &View) -> askama::Result<String> {
    let words = Words(visit.language);
    match &visit.step {
        Step::Language => LanguagePage { shell: shell(visit, view, Some(1)), notice: notice(view) }.render(),
        Step::Card { digits, error } => CardPage {
            shell: shell(visit, view, Some(2)),
            digits: grouped(digits),
            error: error.as_deref().map(|key| words.t(key)),
        }
        .render(),
        Step::Amount { card, may, error } => {
            amount(visit, view, card.last_four(), may.as_ref(), error.map(|key| words.t(key))).render()
        }
        Step::Pay { card, may, .. } => match &view.sale {
            Some(sale) => pay(visit, view, card.last_four(), may.as_ref(), sale).render(),
            None => receipt(visit, view, card.last_four()).render(),
        },
        Step::Price { .. } | Step::Scan { .. } => top_up::screen(visit, view),
        Step::Receipt { card } => receipt(visit, view, card.last_four()).render(),
        Step::Service { error } => service(visit, view, error.map(|key| words.t(key))).render(),
    }
}

fn shell(visit: &Visit, view: &View, dot: Option<u8>) -> Shell {
    let policy = view.policy.as_deref();
    let is_help = visit.is_help;
    Shell {
        words: Words(visit.language),
        version: version(visit.version, view.version),
        is_large: visit.is_large,
        is_contrast: visit.is_contrast,
        is_warned: visit.is_warned,
        dot: dot.filter(|_| !is_help),
        has_back: is_help || has_back(&visit.step),
        has_stop: !is_help && has_stop(&visit.step),
        kiosk: policy.map_or_else(|| "—".to_owned(), |policy| policy.place.code.clone()),
        hot_line: policy.map_or_else(|| "—".to_owned(), |policy| policy.hot_line.clone()),
    }
}

const fn has_back(step: &Step) -> bool {
    match step {
        Step::Card { .. } | Step::Amount { .. } | Step::Price { .. } | Step::Service { .. } => true,
        Step::Language | Step::Pay { .. } | Step::Scan { .. } | Step::Receipt { .. } => false,
    }
}

const fn has_stop(step: &Step) -> bool {
    match step {
        Step::Card { .. } | Step::Amount { .. } | Step::Price { .. } | Step::Pay { .. } | Step::Scan { .. } => true,
        Step::Language | Step::Receipt { .. } | Step::Service { .. } => false,
    }
}

/// Why no notes are taken: said before anybody has typed a number.
fn notice(view: &View) -> Option<(String, String)> {
    let key = match view.line {
        _ if view.takes_notes() => return None,
        Line::Down { .. } if view.validator.name() == "ok" && !view.is_broken => "notice-offline",
        _ if view.box_full => "notice-box-full",
        Line::Down { .. } | Line::Up | Line::Unknown | Line::Stranger => "notice-out-of-order",
    };
    Some((Words(Language::ZhHans).t(key), Words(Language::En).t(key)))
}

fn notes_of(policy: Option<&Policy>, language: Language) -> String {
    let values = policy.map(|policy| policy.notes.values.clone()).unwrap_or_default();
    let mark = if language == Language::ZhHans { "、" } else { ", " };
    values.into_iter().map(whole).collect::<Vec<_>>().join(mark)
}

/// A note's value as it stands on it: without fen.
fn whole(value: Amount) -> String {
    let text = value.to_decimal();
    let text = text.strip_suffix(".00").unwrap_or(&text);
    format!("{}{text}", value.unit().sign())
}

fn name_of(gift: &Gift, language: Language) -> String {
    match language {
        Language::En => gift.name_en.clone(),
        Language::ZhHans => gift.name_zh_hans.clone(),
    }
}

fn amount(visit: &Visit, view: &View, last_four: String, may: Option<&CardMay>, error: Option<String>) -> AmountPage {
    let language = visit.language;
    let words = Words(language);
    let gifts = may.map(|may| may.rule.bonus.iter().chain(&may.rule.discount)).into_iter().flatten();
    let gifts = gifts.map(|gift| {
        let (from, gives) = (gift.from.to_text(language), gift.gives.to_text(language));
        (name_of(gift, language), words.t_with("amount-gift", &[("from", &from), ("gives", &gives)]))
    });
    let policy = view.policy.as_deref();
    let most = may.map(|may| may.most).or_else(|| policy.and_then(Policy::most_offline));
    AmountPage {
        gifts: gifts.collect(),
        last_four,
        most: most.map(|most| most.to_text(language)),
        notes: notes_of(policy, language),
        offline: may.is_none(),
        tiles: top_up::tiles(view, may),
        error,
        shell: shell(visit, view, Some(3)),
    }
}

fn pay(visit: &Visit, view: &View, last_four: String, may: Option<&CardMay>, sale: &SaleView) -> PayPage {
    let language = visit.language;
    let words = Words(language);
    let rest = sale.most.minus(sale.paid).unwrap_or(Amount::zero(sale.most.unit()));
    let why_back = sale.why_back.map(|why| {
        words.t(match why {
            WhyBack::NotKnown => "pay-back-not-known",
            WhyBack::NotTaken => "pay-back-not-taken",
            WhyBack::TooMuch => "pay-back-too-much",
            WhyBack::Offline => "pay-back-offline",
        })
    });
    PayPage {
        last_four,
        paid: sale.paid.to_text(language),
        rest: rest.to_text(language),
        is_first: sale.notes == 0,
        is_moving: sale.is_moving,
        why_back,
        notes: notes_of(view.policy.as_deref(), language),
        gift: may.and_then(|may| gift_in_reach(may, sale.paid, words)),
        shell: shell(visit, view, Some(4)),
    }
}

/// What the sum gets on top, or what it lacks for more.
fn gift_in_reach(may: &CardMay, paid: Amount, words: Words) -> Option<String> {
    let gifts = || may.rule.bonus.iter().chain(&may.rule.discount);
    let next = gifts()
        .filter(|gift| gift.from.exceeds(paid) == Ok(true) && gift.from.exceeds(may.most) == Ok(false))
        .min_by_key(|gift| gift.from.minor());
    let reached = gifts().filter(|gift| gift.from.exceeds(paid) == Ok(false)).max_by_key(|gift| gift.gives.minor());
    match (next, reached) {
        (Some(next), _) => {
            let (more, gives) = (next.from.minus(paid).ok()?.to_text(words.0), next.gives.to_text(words.0));
            Some(words.t_with("pay-gift-next", &[("more", &more), ("gives", &gives)]))
        }
        (None, Some(reached)) => Some(words.t_one("pay-gift-reached", "gives", reached.gives.to_text(words.0))),
        (None, None) => None,
    }
}

fn receipt(visit: &Visit, view: &View, last_four: String) -> ReceiptPage {
    let words = Words(visit.language);
    let shell = shell(visit, view, Some(5));
    let Some(sale) = &view.sale else {
        return ReceiptPage::plain(shell, Told::Nothing, "receipt-nothing", words);
    };
    let paid = sale.paid.to_text(visit.language);
    let claims = sale.claims.iter().filter_map(|claim| claim_line(claim, words)).collect();
    let is_down = matches!(view.line, Line::Down { .. } | Line::Stranger);
    let mut page = match &sale.outcome {
        Outcome::Open | Outcome::Ending => ReceiptPage::plain(shell, Told::Working, "receipt-working", words),
        Outcome::Waiting if is_down => ReceiptPage::plain(shell, Told::Offline, "receipt-offline", words),
        Outcome::Waiting => ReceiptPage::plain(shell, Told::Working, "receipt-working", words),
        // Of a note that nobody can find it is not said that it was not taken.
        Outcome::Nothing if !sale.claims.is_empty() => {
            ReceiptPage::plain(shell, Told::Nothing, "receipt-claimed", words)
        }
        Outcome::Nothing => ReceiptPage::plain(shell, Told::Nothing, "receipt-nothing", words),
        Outcome::Refused => ReceiptPage::plain(shell, Told::Refused, "receipt-refused", words),
        Outcome::Booked(answer) => {
            let told = match answer.state {
                SaleOutcome::Credited => Told::Credited,
                SaleOutcome::Refunding => Told::Refunding,
            };
            let key = if matches!(told, Told::Credited) { "receipt-credited" } else { "receipt-refunding" };
            let mut page = ReceiptPage::plain(shell, told, key, words);
            let gets = answer.card_gets.to_text(visit.language);
            page.heading = words.t_with(key, &[("gets", &gets), ("last", &last_four), ("paid", &paid)]);
            page.bonus = answer
                .bonus
                .filter(|bonus| !bonus.is_zero())
                .map(|bonus| words.t_one("receipt-bonus", "bonus", bonus.to_text(visit.language)));
            page.code = Some(grouped(answer.claim_code.as_deref().unwrap_or(&answer.code)));
            page.qr = qr::svg(&answer.slip.qr, &words.t("receipt-qr"));
            page
        }
    };
    let slip = if sale.is_printed {
        "receipt-slip-printed"
    } else {
        match view.paper {
            PaperState::Ok | PaperState::Low => "receipt-slip-printing",
            PaperState::Out | PaperState::Unknown => "receipt-slip-no-paper",
        }
    };
    if !matches!(page.told, Told::Nothing) {
        page.slip = words.t(slip);
        page.slip_is_bad = slip == "receipt-slip-no-paper";
        if page.slip_is_bad && matches!(page.told, Told::Credited) {
            page.lead.clear(); // there is no slip to take
        }
        page.paid = paid;
    }
    page.claims = claims;
    page
}

impl ReceiptPage {
    fn plain(shell: Shell, told: Told, key: &str, words: Words) -> Self {
        Self {
            shell,
            told,
            heading: if matches!(key, "receipt-credited" | "receipt-refunding") { String::new() } else { words.t(key) },
            lead: words.t(&format!("{key}-lead")),
            paid: String::new(),
            bonus: None,
            code: None,
            qr: None,
            qr_lead: words.t("receipt-qr-lead"),
            slip: String::new(),
            slip_is_bad: false,
            claims: Vec::new(),
        }
    }

    fn tone(&self) -> &'static str {
        match self.told {
            Told::Credited => "ok",
            Told::Working | Told::Nothing => "calm",
            Told::Offline | Told::Refunding | Told::Refused => "warn",
        }
    }

    fn is_working(&self) -> bool {
        matches!(self.told, Told::Working)
    }
}

fn claim_line(note: &BankNote, words: Words) -> Option<ClaimLine> {
    let NoteState::Claimed { code, .. } = &note.state else { return None };
    let value = note.value.map_or_else(|| words.t("slip-value-unknown"), |value| value.to_text(words.0));
    Some(ClaimLine { value, code: grouped(&code.to_string()) })
}

/// In groups of four, as it is read aloud.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn help(visit: &Visit, view: &View) -> HelpPage {
    let place = view.policy.as_deref().map_or_else(String::new, |policy| match visit.language {
        Language::En => policy.place.name_en.clone(),
        Language::ZhHans => policy.place.name_zh_hans.clone(),
    });
    HelpPage { shell: shell(visit, view, None), place }
}

fn service(visit: &Visit, view: &View, error: Option<String>) -> ServicePage {
    let words = Words(visit.language);
    let box_line = view.policy.as_deref().map_or_else(String::new, |policy| {
        let (notes, capacity) = (policy.cash_box.notes.to_string(), policy.cash_box.capacity.to_string());
        words.t_with("service-box", &[("notes", &notes), ("capacity", &capacity)])
    });
    let told = view.collection.as_ref().map(|collection| match collection {
        CollectionView::Waiting if !view.outbox.sales.is_empty() || !view.outbox.claims.is_empty() => {
            words.t("service-waiting-sales")
        }
        CollectionView::Waiting => words.t("service-waiting"),
        CollectionView::Taken { notes, .. } => words.t_one("service-taken", "notes", notes.to_string()),
        CollectionView::Refused(code) => {
            let key = format!("service-refused-{}", code.replace('_', "-"));
            if words.has(&key) { words.t(&key) } else { words.t("service-refused") }
        }
    });
    let is_waiting = matches!(view.collection, Some(CollectionView::Waiting));
    ServicePage { shell: shell(visit, view, None), error, box_line, told, is_waiting }
}
