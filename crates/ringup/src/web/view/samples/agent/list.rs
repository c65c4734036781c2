use super::{Sample, head, sample};
use crate::web::i18n::grouped;
use crate::web::view::agent::list::{ListAction, ListPage, ListRow, ListsPage, NamedRow, NamedRows, ProgressBar};
use crate::web::view::{Fact, Live, Page, Problems, Tone};

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let wrong = Problems::one("list", page.t("problem-list-columns"));
    Ok(vec![
        sample("agent-lists", &lists(page))?,
        sample("agent-lists-problem", &ListsPage { problems: wrong, lists: Vec::new(), ..lists(page) })?,
        sample("agent-lists-expired", &ListsPage { not_selling: Some(page.t("agent-expired")), ..lists(page) })?,
        sample("agent-list-checked", &checked(page))?,
        sample("agent-list-running", &running(page))?,
        sample("agent-list-stopped", &stopped(page))?,
        sample("agent-list-ended", &ended(page))?,
    ])
}

fn lists(page: &Page) -> ListsPage {
    let row = |when: &str, rows: u64, pay: &str, state| ListRow {
        when: when.to_owned(),
        rows: page.t_count("list-rows", "count", rows),
        pay: pay.to_owned(),
        state: page.t(state),
        url: "/agent/lists/lst_06YDY1H01SG8G1".to_owned(),
    };
    ListsPage {
        page: page.clone(),
        head: head(page, false),
        not_selling: None,
        lists: vec![
            row("26 Nov 2026, 14:02", 50_000, "¥1,250,000.00", "list-state-running"),
            row("25 Nov 2026, 09:12", 840, "¥42,000.00", "list-state-stopped"),
            row("24 Nov 2026, 18:40", 1, "¥50.00", "list-state-checked"),
            row("23 Nov 2026, 08:01", 120, "¥6,000.00", "list-state-ended"),
        ],
        problems: Problems::none(),
    }
}

fn fact(page: &Page, key: &str, value: &str) -> Fact {
    Fact::new(page.t(key), value.to_owned())
}

fn base(page: &Page, tone: Tone, heading: String) -> ListPage {
    ListPage {
        page: page.clone(),
        head: head(page, false),
        tone,
        heading,
        lead: None,
        warning: None,
        progress: None,
        facts: Vec::new(),
        action: None,
        result_url: "/agent/lists/lst_06YDY1H01SG8G1/result.csv".to_owned(),
        named: Vec::new(),
        live: None,
    }
}

fn bar(page: &Page, done: u64, all: u64) -> ProgressBar {
    let text = page.words.t_with("list-progress", &[("done", &grouped(done)), ("all", &grouped(all))]);
    ProgressBar { done, all, text }
}

fn named(page: &Page, id: &'static str, reasons: &[(&str, &str, String)], more: u64) -> NamedRows {
    let row = |(line, reference, reason): &(&str, &str, String)| NamedRow {
        line: (*line).to_owned(),
        reference: (*reference).to_owned(),
        reason: reason.clone(),
    };
    NamedRows {
        id,
        heading: page.t(&format!("list-{id}-heading")),
        lead: page.t(&format!("list-{id}-lead")),
        rows: reasons.iter().map(row).collect(),
        more: (more > 0).then(|| page.t_count("list-more", "count", more)),
    }
}

fn checked(page: &Page) -> ListPage {
    let wrong = [
        ("7", "", page.t("list-reason-formula")),
        ("12", "2026-11-0012", page.t("list-reason-card-malformed")),
        ("1204", "2026-11-1203", page.t_one("list-reason-reference-twice", "line", "1203")),
        ("1205", "", page.t("list-reason-reference-malformed")),
        ("49001", "2026-11-48999", page.t_one("list-reason-other", "code", "card_unsuited")),
    ];
    ListPage {
        warning: Some(page.t("list-uncovered")),
        facts: vec![
            fact(page, "list-fact-rows", "50,000"),
            fact(page, "list-fact-wrong", "105"),
            fact(page, "list-fact-right", "49,895"),
            fact(page, "list-fact-pay", "¥1,247,375.00"),
            fact(page, "list-fact-missing", "¥1,234,895.00"),
        ],
        action: Some(ListAction {
            url: "/agent/lists/lst_06YDY1H01SG8G1/sell".to_owned(),
            label: page.words.t_count_with("list-sell", ("count", 49_895), &[("amount", "¥1,247,375.00")]),
        }),
        named: vec![named(page, "wrong", &wrong, 100)],
        ..base(page, Tone::Wait, page.t_count("list-checked-heading", "count", 49_895))
    }
}

fn running(page: &Page) -> ListPage {
    ListPage {
        lead: Some(page.t("list-running-lead")),
        progress: Some(bar(page, 31_020, 49_895)),
        facts: vec![
            fact(page, "list-fact-rows", "50,000"),
            fact(page, "list-fact-sold", "31,018"),
            fact(page, "list-fact-from-float", "¥775,450.00"),
            fact(page, "list-fact-refused", "2"),
            fact(page, "list-fact-waiting", "18,875 · ¥471,875.00"),
        ],
        live: Some(Live {
            url: "/agent/lists/lst_06YDY1H01SG8G1/progress?seen=x".to_owned(),
            look_url: "/agent/lists/lst_06YDY1H01SG8G1".to_owned(),
        }),
        ..base(page, Tone::Wait, page.t("list-running-heading"))
    }
}

fn stopped(page: &Page) -> ListPage {
    let left = [
        ("501", "2026-11-0500", page.t("list-reason-float")),
        ("502", "2026-11-0501", page.t("list-reason-float")),
        ("503", "2026-11-0502", page.t("list-reason-float")),
    ];
    ListPage {
        named: vec![named(page, "waiting", &left, 338)],
        warning: Some(page.t("list-stopped-float")),
        progress: Some(bar(page, 499, 840)),
        facts: vec![
            fact(page, "list-fact-rows", "840"),
            fact(page, "list-fact-sold", "499"),
            fact(page, "list-fact-from-float", "¥24,950.00"),
            fact(page, "list-fact-waiting", "341 · ¥17,050.00"),
            fact(page, "list-fact-missing", "¥4,570.00"),
        ],
        action: Some(ListAction {
            url: "/agent/lists/lst_06YDY1H01SG8G1/sell".to_owned(),
            label: page.t("list-go-on"),
        }),
        ..base(page, Tone::Warn, page.t("list-stopped-heading"))
    }
}

fn ended(page: &Page) -> ListPage {
    let refused = [
        ("3", "2026-11-0002", page.t("list-reason-price-differs")),
        ("19", "2026-11-0018", page.t("list-reason-another-one")),
    ];
    ListPage {
        progress: Some(bar(page, 120, 120)),
        facts: vec![
            fact(page, "list-fact-rows", "120"),
            fact(page, "list-fact-sold", "118"),
            fact(page, "list-fact-from-float", "¥5,900.00"),
            fact(page, "list-fact-refused", "2"),
        ],
        named: vec![named(page, "refused", &refused, 0)],
        ..base(page, Tone::Ok, page.t_count("list-ended-heading", "count", 118))
    }
}
