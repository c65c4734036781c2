//! From a list as it stands to its page.

use ringup_core::money::Amount;
use ringup_db::sale_list::{Progress, SaleList, SaleListRow};
use ringup_engine::agent::{self, Float, ListSeen};

use crate::web::agent::mapping::{head, not_selling};
use crate::web::agent::signed_in::AtWork;
use crate::web::i18n::{Words, grouped, time};
use crate::web::mapping::money;
use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::agent::list::{ListAction, ListPage, ListRow, ListsPage, NamedRow, NamedRows, ProgressBar};
use crate::web::view::{Fact, Live, Page, Problems, Tone};

/// Where a list is on its way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Checked,
    Running,
    Stopped,
    Ended,
}

impl Stage {
    fn of(list: &SaleList) -> Self {
        match (list.confirmed_at, &list.stopped, list.ended_at) {
            (_, _, Some(_)) => Self::Ended,
            (_, Some(_), None) => Self::Stopped,
            (Some(_), None, None) => Self::Running,
            (None, None, None) => Self::Checked,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Checked => "list-state-checked",
            Self::Running => "list-state-running",
            Self::Stopped => "list-state-stopped",
            Self::Ended => "list-state-ended",
        }
    }
}

/// The upload and the lists until now.
pub(super) async fn lists_page(
    app: &App,
    page: Page,
    at_work: &AtWork,
    problems: Problems,
) -> Result<ListsPage, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let float = agent::float(&app.engine, &at_work.seller.business).await.map_err(unavailable)?;
    let lists = agent::lists(&app.engine, &at_work.seller).await.map_err(unavailable)?;
    let words = page.words;
    let row = |list: &SaleList| ListRow {
        when: time::short_date_time(words, list.made_at.micros()),
        rows: words.t_count("list-rows", "count", list.rows),
        pay: money(words, list.pay),
        state: words.t(Stage::of(list).key()),
        url: format!("/agent/lists/{}", list.id),
    };
    Ok(ListsPage {
        head: head(words, at_work, &float),
        not_selling: not_selling(words, &at_work.seller, app.engine.now()),
        lists: lists.iter().map(row).collect(),
        problems,
        page,
    })
}

/// What changes while a list is sold: the page that shows this is up to date.
pub(super) fn mark_of(seen: &ListSeen) -> String {
    let Progress { waiting, sold, refused, .. } = seen.progress;
    let stage = Stage::of(&seen.list).key();
    format!("{stage}-{waiting}-{sold}-{refused}")
}

/// The page of a list.
pub(super) async fn list_page(app: &App, page: Page, at_work: &AtWork, seen: &ListSeen) -> Result<ListPage, PageError> {
    let float = agent::float(&app.engine, &at_work.seller.business).await;
    let float = float.map_err(|error| PageError::unavailable(&page, &error))?;
    let (words, list, progress) = (page.words, &seen.list, &seen.progress);
    let stage = Stage::of(list);
    let url = format!("/agent/lists/{}", list.id);
    let may_sell = not_selling(words, &at_work.seller, app.engine.now());
    let is_uncovered = list.pay.exceeds(float.available).unwrap_or(true);
    let (tone, heading) = match stage {
        Stage::Checked if list.right == 0 => (Tone::Warn, words.t_count("list-checked-heading", "count", 0)),
        Stage::Checked => (Tone::Wait, words.t_count("list-checked-heading", "count", list.right)),
        Stage::Running => (Tone::Wait, words.t("list-running-heading")),
        Stage::Stopped => (Tone::Warn, words.t("list-stopped-heading")),
        Stage::Ended => (Tone::Ok, words.t_count("list-ended-heading", "count", progress.sold)),
    };
    let (lead, warning) = match stage {
        Stage::Checked if list.right == 0 => (None, None),
        Stage::Checked => (None, may_sell.clone().or_else(|| is_uncovered.then(|| words.t("list-uncovered")))),
        Stage::Running => (Some(words.t("list-running-lead")), None),
        Stage::Stopped => (None, Some(stopped(words, list))),
        Stage::Ended => (None, None),
    };
    let label = match stage {
        Stage::Checked if list.right > 0 && may_sell.is_none() => {
            Some(words.t_count_with("list-sell", ("count", list.right), &[("amount", &money(words, list.pay))]))
        }
        Stage::Stopped if may_sell.is_none() => Some(words.t("list-go-on")),
        Stage::Checked | Stage::Running | Stage::Stopped | Stage::Ended => None,
    };
    let look_url = url.clone();
    Ok(ListPage {
        head: head(words, at_work, &float),
        tone,
        heading,
        lead,
        warning,
        progress: (stage != Stage::Checked).then(|| bar(words, list, progress)),
        facts: facts(words, stage, seen, &float),
        action: label.map(|label| ListAction { url: format!("{url}/sell"), label }),
        result_url: format!("{url}/result.csv"),
        named: named(words, seen),
        live: (stage == Stage::Running)
            .then(|| Live { url: format!("{url}/progress?seen={}", mark_of(seen)), look_url }),
        page,
    })
}

fn stopped(words: Words, list: &SaleList) -> String {
    let key = match list.stopped.as_deref() {
        Some("agent_licence_expired") => "list-stopped-expired",
        Some("float_insufficient") => "list-stopped-float",
        Some(_) | None => "list-stopped-suspended",
    };
    words.t(key)
}

fn bar(words: Words, list: &SaleList, progress: &Progress) -> ProgressBar {
    let (done, all) = (progress.sold.saturating_add(progress.refused), list.right);
    let text = words.t_with("list-progress", &[("done", &grouped(done)), ("all", &grouped(all))]);
    ProgressBar { done, all, text }
}

fn facts(words: Words, stage: Stage, seen: &ListSeen, float: &Float) -> Vec<Fact> {
    let (list, progress) = (&seen.list, &seen.progress);
    let fact = |key: &str, value: String| Fact::new(words.t(key), value);
    let minor = |minor: u64| Amount::new(minor, list.pay.unit()).map(|sum| money(words, sum)).unwrap_or_default();
    let mut facts = vec![fact("list-fact-rows", grouped(list.rows))];
    if progress.wrong > 0 {
        facts.push(fact("list-fact-wrong", grouped(progress.wrong)));
    }
    match stage {
        Stage::Checked => {
            facts.push(fact("list-fact-right", grouped(list.right)));
            facts.push(fact("list-fact-pay", money(words, list.pay)));
            match float.available.minus(list.pay) {
                Ok(left) => facts.push(fact("list-fact-left", money(words, left))),
                Err(_) => facts.extend(missing(words, list.pay, float)),
            }
        }
        Stage::Running | Stage::Stopped | Stage::Ended => {
            facts.push(fact("list-fact-sold", grouped(progress.sold)));
            facts.push(fact("list-fact-from-float", minor(progress.sold_minor)));
            if progress.refused > 0 {
                facts.push(fact("list-fact-refused", grouped(progress.refused)));
            }
            if progress.waiting > 0 {
                facts.push(fact(
                    "list-fact-waiting",
                    format!("{} · {}", grouped(progress.waiting), minor(progress.waiting_minor)),
                ));
                let rest = Amount::new(progress.waiting_minor, list.pay.unit()).ok();
                facts.extend(rest.filter(|_| stage == Stage::Stopped).and_then(|rest| missing(words, rest, float)));
            }
        }
    }
    facts
}

/// What must be bought so that the float covers it.
fn missing(words: Words, pay: Amount, float: &Float) -> Option<Fact> {
    let missing = pay.minus(float.available).ok().filter(|missing| !missing.is_zero())?;
    Some(Fact::new(words.t("list-fact-missing"), money(words, missing)))
}

fn named(words: Words, seen: &ListSeen) -> Vec<NamedRows> {
    let stopped = seen.list.stopped.as_deref();
    let part = |id: &'static str, (heading, lead): (&str, &str), rows: &[SaleListRow], count: u64| {
        let shown = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let more = Some(count.saturating_sub(shown)).filter(|more| *more > 0);
        (!rows.is_empty()).then(|| NamedRows {
            id,
            heading: words.t(heading),
            lead: words.t(lead),
            rows: rows.iter().map(|row| named_row(words, row, stopped)).collect(),
            more: more.map(|more| words.t_count("list-more", "count", more)),
        })
    };
    let refused = part("refused", ("list-refused-heading", "list-refused-lead"), &seen.refused, seen.progress.refused);
    let wrong = part("wrong", ("list-wrong-heading", "list-wrong-lead"), &seen.wrong, seen.progress.wrong);
    let waiting = part("waiting", ("list-waiting-heading", "list-waiting-lead"), &seen.waiting, seen.progress.waiting);
    waiting.into_iter().chain(refused).chain(wrong).collect()
}

/// A row with its own reason, or that for which the list stopped.
fn named_row(words: Words, row: &SaleListRow, stopped: Option<&str>) -> NamedRow {
    let code = row.reason.as_deref().or(stopped).unwrap_or_default();
    let reason = reason(words, code, row.other_line);
    NamedRow { line: row.line.to_string(), reference: row.reference.clone(), reason }
}

/// A reason in words, with the line that says the same.
pub(super) fn reason(words: Words, code: &str, other_line: Option<u64>) -> String {
    match (code, other_line) {
        ("reference_twice", Some(line)) => words.t_one("list-reason-reference-twice", "line", line.to_string()),
        ("sale_twice", Some(line)) => words.t_one("list-reason-sale-twice", "line", line.to_string()),
        _ => key_of(code).map_or_else(|| words.t_one("list-reason-other", "code", code), |key| words.t(key)),
    }
}

/// The words for a reason, where it has words of its own.
fn key_of(code: &str) -> Option<&'static str> {
    Some(match code {
        "fields" => "list-reason-fields",
        "formula" => "list-reason-formula",
        "reference_missing" => "list-reason-reference-missing",
        "reference_malformed" => "list-reason-reference-malformed",
        "reference_used" => "list-reason-reference-used",
        "card_malformed" => "list-reason-card-malformed",
        "amount_malformed" => "list-reason-amount-malformed",
        "card_unknown" => "list-reason-card-unknown",
        "card_suspended" => "list-reason-card-suspended",
        "card_expired" => "list-reason-card-expired",
        "card_closed" => "list-reason-card-closed",
        "wrong_unit" => "list-reason-wrong-unit",
        "amount_not_offered" => "list-reason-amount-not-offered",
        "balance_too_high" => "list-reason-balance-too-high",
        "price_differs" => "list-reason-price-differs",
        "another_one" => "list-reason-another-one",
        "float_insufficient" => "list-reason-float",
        "agent_licence_expired" => "list-reason-expired",
        "agent_suspended" => "list-reason-suspended",
        _ => return None,
    })
}
