//! Every page with something in it: rendered by the tests in both languages, and written out by `examples/gallery.rs`
//! for looking at.

mod agent;
mod balance;
mod place;
mod plan;
mod rating;
mod receipt;
mod top_up;

use askama::Template;

use super::help::{HelpPage, OfficialPage};
use super::problem::{ProblemKind, ProblemPage};
use super::{Adjustment, AmountTile, Deadline, Page, QuoteTable};
use crate::web::i18n::Locale;

/// 2026-11-22 14:02:31 in Beijing: the moment of every sample.
pub(super) const NOW: i64 = 1_795_327_351_000_000;
pub(super) const MINUTE: i64 = 60_000_000;
pub(super) const DAY: i64 = 86_400_000_000;

/// A rendered page.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Which page, in which state.
    pub name: &'static str,
    /// The page.
    pub html: String,
}

/// Every page in every state that looks different, in the order in which a holder meets them.
///
/// # Errors
/// When a template cannot be rendered.
pub fn all(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let mut samples = Vec::new();
    samples.extend(top_up::samples(page)?);
    samples.extend(receipt::samples(page)?);
    samples.extend(balance::samples(page)?);
    samples.extend(place::samples(page)?);
    samples.extend(plan::samples(page)?);
    samples.extend(agent::samples(page)?);
    samples.extend(rating::samples(page)?);
    samples.push(sample("help", &HelpPage::new(page.clone()))?);
    samples.push(sample("official", &OfficialPage::new(page.clone(), "https://ringup.example/".to_owned()))?);
    for (name, kind) in PROBLEMS {
        samples.push(sample(name, &ProblemPage::new(page.clone(), kind, None))?);
    }
    let reference = Some("req_0D5K2M8Q7ZJ4X".to_owned());
    samples.push(sample("problem-broken", &ProblemPage::new(page.clone(), ProblemKind::Broken, reference))?);
    Ok(samples)
}

const PROBLEMS: [(&str, ProblemKind); 8] = [
    ("problem-not-found", ProblemKind::NotFound),
    ("problem-busy", ProblemKind::Busy { retry_after_seconds: 5 }),
    ("problem-expired", ProblemKind::Expired),
    ("problem-too-large", ProblemKind::TooLarge),
    ("problem-unreadable", ProblemKind::Unreadable),
    ("problem-cross-site", ProblemKind::CrossSite),
    ("problem-sent-before", ProblemKind::SentBefore),
    ("problem-locked", ProblemKind::Locked { minutes: 4 }),
];

pub(super) fn sample(name: &'static str, template: &impl Template) -> Result<Sample, askama::Error> {
    Ok(Sample { name, html: template.render()? })
}

pub(super) fn deadline(page: &Page) -> Deadline {
    let end = NOW.saturating_add(MINUTE.saturating_mul(15));
    let text = crate::web::i18n::time::moment(page.words, end, NOW);
    Deadline { text, iso: crate::web::i18n::time::iso(end), seconds_left: 897 }
}

pub(super) fn date_after(page: &Page, days: i64) -> String {
    crate::web::i18n::time::date(page.words, NOW.saturating_add(DAY.saturating_mul(days)))
}

/// A promotion's name, which the issuer gives in both languages.
fn promotion(page: &Page, en: &str, zh_hans: &str) -> String {
    match page.words.locale() {
        Locale::En => en.to_owned(),
        Locale::ZhHans => zh_hans.to_owned(),
    }
}

pub(super) fn quote(page: &Page) -> QuoteTable {
    let discount = promotion(page, "¥5 off from ¥100", "满 100 元减 5 元");
    let note = page.t_one("quote-use-by", "date", date_after(page, 92));
    QuoteTable {
        amount: "¥100.00".to_owned(),
        discounts: vec![Adjustment { label: discount, amount: "−¥5.00".to_owned(), note: None }],
        pays: "¥95.00".to_owned(),
        gets: "¥100.00".to_owned(),
        bonuses: vec![Adjustment {
            label: promotion(page, "¥10 bonus from ¥100", "满 100 元送 10 元"),
            amount: "+¥10.00".to_owned(),
            note: Some(note),
        }],
        arrives: page.t("quote-at-once"),
        valid_until: Some(date_after(page, 365)),
    }
}

pub(super) fn tiles(page: &Page, chosen: &str) -> Vec<AmountTile> {
    let pays = |amount: &str| Some(page.t_one("tile-pays", "amount", amount));
    let promotions = [
        ("10.00", "¥10", None),
        ("30.00", "¥30", None),
        ("50.00", "¥50", None),
        ("100.00", "¥100", pays("¥95")),
        ("200.00", "¥200", pays("¥190")),
        ("500.00", "¥500", pays("¥475")),
    ];
    promotions
        .into_iter()
        .map(|(value, amount, promotion)| AmountTile {
            id: format!("pays-{}", value.replace('.', "")),
            value: value.to_owned(),
            amount: amount.to_owned(),
            promotion,
            chosen: value == chosen,
        })
        .collect()
}
