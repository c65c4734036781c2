//! Advice in the reader's language, line by line.

use ringup_core::money::Amount;
use ringup_core::plan::{AskedCalls, BundleUse, Choice, DestinationId, PaidCalls, Period, Wish};
use ringup_core::time::{Span, Timestamp};
use ringup_engine::plan::Advised;

use super::words::{money, name, seconds};
use crate::web::i18n::{Words, time};
use crate::web::view::Page;
use crate::web::view::plan::{AdvicePage, AskedLine, ChoiceView, SumLine};

/// What serves best, the other ways after it.
pub(super) fn view(page: Page, advised: &Advised, change_url: String, now: Timestamp) -> AdvicePage {
    let telling = Telling { words: page.words, advised, now };
    let mut choices = advised.advice.choices.iter().map(|choice| telling.choice(choice));
    let nothing = ChoiceView { names: Vec::new(), total: String::new(), compared: None, lines: Vec::new() };
    let best = choices.next().unwrap_or(nothing);
    let others = choices.collect();
    let asked = advised.question.wishes.iter().zip(&advised.advice.calls);
    let calls = asked.map(|(wish, calls)| telling.asked(wish, calls)).collect();
    AdvicePage { asked: telling.question(), calls, change_url, best, others, page }
}

struct Telling<'a> {
    words: Words,
    advised: &'a Advised,
    now: Timestamp,
}

impl Telling<'_> {
    fn question(&self) -> String {
        let question = &self.advised.question;
        let days = self.words.t_count("plan-days", "days", u64::from(question.days));
        let length = seconds(self.words, u64::from(question.call_seconds));
        let card = name(self.words, &self.advised.product.name);
        self.words.t_with("advice-asked", &[("card", &card), ("days", &days), ("length", &length)])
    }

    fn asked(&self, wish: &Wish, asked: &AskedCalls) -> AskedLine {
        let minutes = self.words.t_count("plan-minutes", "minutes", u64::from(wish.minutes));
        let calls = self.words.t_count("plan-calls", "calls", asked.calls);
        let key = match wish.per {
            Period::Week => "advice-asked-week",
            Period::Month => "advice-asked-month",
        };
        let said = self.words.t_with(key, &[("minutes", &minutes), ("calls", &calls)]);
        let each = self.each_call(asked).unwrap_or_default();
        AskedLine { label: self.destination(wish.destination), notes: [said, each] }
    }

    fn choice(&self, choice: &Choice) -> ChoiceView {
        let bundles = choice.bundles.iter().map(|used| self.bundle(used));
        let paid = choice.paid.iter().filter_map(|paid| self.paid(paid));
        let names = if choice.bundles.is_empty() {
            vec![self.words.t("advice-by-the-minute")]
        } else {
            choice.bundles.iter().map(|used| self.counted(used)).collect()
        };
        ChoiceView {
            names,
            total: money(self.words, choice.total),
            compared: self.compared(choice),
            lines: bundles.chain(paid).collect(),
        }
    }

    /// How a choice stands to paying by the minute.
    fn compared(&self, choice: &Choice) -> Option<String> {
        let by_the_minute = self.advised.advice.choices.iter().find(|other| other.bundles.is_empty())?;
        if choice.bundles.is_empty() {
            return None;
        }
        let told = |key, amount: Amount| self.words.t_one(key, "amount", money(self.words, amount));
        Some(match (by_the_minute.total.minus(choice.total), choice.total.minus(by_the_minute.total)) {
            (Ok(less), _) if !less.is_zero() => told("advice-cheaper", less),
            (_, Ok(more)) if !more.is_zero() => told("advice-dearer", more),
            _ => self.words.t("advice-equal"),
        })
    }

    fn bundle(&self, used: &BundleUse) -> SumLine {
        let words = self.words;
        let mut notes = Vec::new();
        notes.extend(self.bought(used));
        let calls = words.t_count("plan-calls", "calls", used.calls);
        let (spent, left) = (seconds(words, used.seconds_used), seconds(words, used.seconds_left));
        let key = if used.seconds_left == 0 { "advice-bundle-pays-all" } else { "advice-bundle-pays" };
        notes.push(words.t_with(key, &[("calls", &calls), ("used", &spent), ("left", &left)]));
        let ends = self.now.plus(Span::days(i64::from(used.ends_after_days)));
        let key = if used.times > 1 { "advice-bundles-end" } else { "advice-bundle-ends" };
        notes.push(words.t_one(key, "date", time::date(words, ends.micros())));
        SumLine { label: self.counted(used), notes, amount: money(words, used.sum) }
    }

    /// How many are bought and when; nothing when it is one.
    fn bought(&self, used: &BundleUse) -> Option<String> {
        let bundle = self.advised.plans.bundle(used.bundle)?;
        let (at_once, times) = (used.at_once.to_string(), used.times.to_string());
        let price = money(self.words, bundle.price);
        let told = |key, things: &[(&str, &str)]| Some(self.words.t_with(key, things));
        match (used.at_once, used.times) {
            (1, 1) => None,
            (_, 1) => told("advice-bought-at-once", &[("count", &at_once), ("price", &price)]),
            (1, _) => told("advice-bought-in-a-row", &[("count", &times), ("price", &price)]),
            (_, _) => told("advice-bought-both", &[("at_once", &at_once), ("times", &times), ("price", &price)]),
        }
    }

    fn paid(&self, paid: &PaidCalls) -> Option<SumLine> {
        let words = self.words;
        let asked = self.advised.advice.calls.get(paid.position)?;
        let calls = words.t_count("plan-calls", "calls", paid.calls);
        let to = self.destination(asked.destination);
        let label = words.t_with("advice-paid-line", &[("name", &to), ("calls", &calls)]);
        Some(SumLine {
            label,
            notes: vec![format!("{} × {}", paid.calls, money(words, asked.price.sum))],
            amount: money(words, paid.sum),
        })
    }

    /// What one call costs, step by step.
    fn each_call(&self, asked: &AskedCalls) -> Option<String> {
        let rate = self.advised.plans.rate(self.advised.product.id, asked.destination)?;
        let price = asked.price;
        let (first, next) = (rate.increment.first_seconds(), rate.increment.next_seconds());
        let figures = |count: u64| (first.to_string(), next.to_string(), count.to_string());
        let steps = match (price.steps_after_first, first == next) {
            (0, _) => self.words.t_one("advice-steps-one", "first", first.to_string()),
            (_, true) if first == 1 => self.words.t_one("advice-steps-one", "first", price.counted_seconds.to_string()),
            (after, true) => {
                let (first, _, count) = figures(after.saturating_add(1));
                self.words.t_with("advice-steps-same", &[("count", &count), ("first", &first)])
            }
            (after, false) => {
                let (first, next, count) = figures(after);
                self.words.t_with("advice-steps-first", &[("first", &first), ("count", &count), ("next", &next)])
            }
        };
        let (rate, talk) = (rate.per_minute.to_text(), money(self.words, price.talk));
        let (fee, sum) = (money(self.words, price.fee), money(self.words, price.sum));
        let key = if price.fee.is_zero() { "advice-call-sum" } else { "advice-call-sum-fee" };
        let things = [("steps", steps.as_str()), ("rate", &rate), ("talk", &talk), ("fee", &fee), ("sum", &sum)];
        Some(self.words.t_with(key, &things))
    }

    fn counted(&self, used: &BundleUse) -> String {
        let bundle = self.advised.plans.bundle(used.bundle);
        let name = bundle.map_or_else(String::new, |bundle| name(self.words, &bundle.name));
        match u64::from(used.at_once).saturating_mul(u64::from(used.times)) {
            1 => name,
            count => self.words.t_with("advice-counted", &[("name", &name), ("count", &count.to_string())]),
        }
    }

    fn destination(&self, id: DestinationId) -> String {
        let destination = self.advised.plans.destination(id);
        destination.map_or_else(String::new, |destination| name(self.words, &destination.name))
    }
}
