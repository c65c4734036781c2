//! The adviser's form as it was typed, and the question that it makes.

use std::collections::BTreeMap;

use ringup_core::plan::{Destination, FindRefusal, Period, limits};
use ringup_core::product::Product;
use ringup_engine::plan::{Advised, Asked, Calls, Offered, To};

use super::ask::Kept;
use super::words;
use crate::web::i18n::Words;
use crate::web::view::plan::{ROWS, RowIds};
use crate::web::view::{Page, Problems};

/// What stands in the form before anything is typed.
const DAYS: &str = "30";
const LENGTH: &str = "5";

/// The form as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// The number of the card's product: its code may be any text, and this stands in an address.
    pub(super) card: String,
    pub(super) days: String,
    /// How many minutes a call lasts.
    pub(super) length: String,
    pub(super) rows: Vec<Row>,
}

/// One of its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) to: String,
    /// The destination's code, where an address has named it.
    code: Option<String>,
    pub(super) minutes: String,
    pub(super) weekly: bool,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.to.trim().is_empty() && self.minutes.trim().is_empty()
    }

    fn find<'a>(&self, offered: &'a Offered) -> Result<&'a Destination, FindRefusal> {
        match &self.code {
            Some(code) => offered.plans.destination_by_code(code).ok_or(FindRefusal::Unknown),
            None => offered.plans.find_one(&self.to),
        }
    }
}

impl Typed {
    /// What a form sent.
    pub(super) fn of_form(fields: &BTreeMap<String, String>) -> Self {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let sent = ROWS.iter().take_while(|ids| fields.contains_key(ids.to));
        let row = |ids: &RowIds| Row {
            to: field(ids.to),
            code: None,
            minutes: field(ids.minutes),
            weekly: field(ids.per) == Period::Week.name(),
        };
        let mut typed =
            Self { card: field("card"), days: field("days"), length: field("length"), rows: sent.map(row).collect() };
        if typed.rows.is_empty() {
            typed.add_a_row();
        }
        typed
    }

    /// What an address holds; the rest as the empty form has it.
    pub(super) fn of_address(kept: &Kept, offered: &Offered, words: Words) -> Self {
        let or = |text: &String, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.clone() };
        let row = |code: &str, minutes: &str, weekly| {
            let known = offered.plans.destination_by_code(code);
            let to = known.map_or_else(|| code.to_owned(), |known| words::name(words, &known.name));
            Row { to, code: Some(code.to_owned()), minutes: minutes.to_owned(), weekly }
        };
        let mut rows = Vec::new();
        for part in kept.calls.split(',').filter(|part| !part.is_empty()).take(limits::DESTINATIONS_MAX) {
            let mut parts = part.split(':');
            let (code, minutes) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            rows.push(row(code, minutes, parts.next() == Some(Period::Week.name())));
        }
        if rows.is_empty() {
            rows.push(if kept.to.is_empty() { Row::default() } else { row(&kept.to, "", false) });
        }
        let first = offered.products.first().map(|product| product.id.0.to_string()).unwrap_or_default();
        Self { card: or(&kept.card, &first), days: or(&kept.days, DAYS), length: or(&kept.length, LENGTH), rows }
    }

    /// One more empty row, while there may be one.
    pub(super) fn add_a_row(&mut self) {
        if self.rows.len() < limits::DESTINATIONS_MAX {
            self.rows.push(Row::default());
        }
    }

    /// The question, or everything that is wrong with the form.
    pub(super) fn asked(&self, offered: &Offered, page: &Page) -> Result<Asked, Problems> {
        let mut problems = Problems::none();
        let product = self.product(offered);
        if product.is_none() {
            problems.add("card", page.t("advice-problem-card"));
        }
        let days = whole(&self.days).and_then(|days| u16::try_from(days).ok());
        let days = days.filter(|days| (1..=limits::DAYS_MAX).contains(days));
        if days.is_none() {
            problems.add("days", page.t("advice-problem-days"));
        }
        let call_seconds = whole(&self.length).and_then(|minutes| minutes.checked_mul(60));
        let call_seconds = call_seconds.filter(|seconds| (1..=limits::CALL_SECONDS_MAX).contains(seconds));
        if call_seconds.is_none() {
            problems.add("length", page.t("advice-problem-length"));
        }
        let calls = self.calls(offered, page, &mut problems);
        match (product, days, call_seconds) {
            (Some(product), Some(days), Some(call_seconds)) if problems.is_empty() => {
                Ok(Asked { product: product.code.clone(), calls, call_seconds, days })
            }
            _ => Err(problems),
        }
    }

    /// The chosen card; the only one needs no choosing.
    fn product<'a>(&self, offered: &'a Offered) -> Option<&'a Product> {
        match offered.products.as_slice() {
            [only] if self.card.is_empty() => Some(only),
            products => products.iter().find(|product| product.id.0.to_string() == self.card),
        }
    }

    /// The rows with something in them. What has been found goes on by its code.
    fn calls(&self, offered: &Offered, page: &Page, problems: &mut Problems) -> Vec<Calls> {
        let mut calls = Vec::new();
        for (row, ids) in self.filled() {
            let found = row.find(offered).map_err(|why| words::why_not_found(page.words, &why));
            let minutes = whole(&row.minutes).filter(|minutes| (1..=limits::MINUTES_MAX).contains(minutes));
            if let Err(why) = &found {
                problems.add(ids.to, why.clone());
            }
            if minutes.is_none() {
                problems.add(ids.minutes, page.t("advice-problem-minutes"));
            }
            if let (Ok(found), Some(minutes)) = (found, minutes) {
                let per = if row.weekly { Period::Week } else { Period::Month };
                calls.push(Calls { to: To::Code(found.code.clone()), minutes, per });
            }
        }
        if self.filled().next().is_none() {
            problems.add("to-1", page.t("plan-problem-missing"));
        }
        calls
    }

    fn filled(&self) -> impl Iterator<Item = (&Row, RowIds)> {
        self.rows.iter().zip(ROWS).filter(|(row, _)| !row.is_blank())
    }

    /// The fields of the row that became the calls at this position.
    pub(super) fn ids(&self, position: usize) -> RowIds {
        let [first, ..] = ROWS;
        self.filled().nth(position).map_or(first, |(_, ids)| ids)
    }

    /// Where the answer is.
    pub(super) fn address(&self, advised: &Advised) -> String {
        let code = |wish: &ringup_core::plan::Wish| {
            let destination = advised.plans.destination(wish.destination)?;
            Some(format!("{}:{}:{}", destination.code, wish.minutes, wish.per.name()))
        };
        let calls: Vec<String> = advised.question.wishes.iter().filter_map(code).collect();
        let length = advised.question.call_seconds.checked_div(60).unwrap_or(0);
        let (days, card) = (advised.question.days, advised.product.id.0);
        format!("/plans/advice?card={card}&days={days}&length={length}&calls={}", calls.join(","))
    }
}

/// A whole number as people type it: full-width too, and with grouping commas.
fn whole(text: &str) -> Option<u32> {
    let narrow = |c: char| match c {
        '０'..='９' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        other => other,
    };
    let digits: String = text.chars().map(narrow).filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).collect();
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
