//! Samples of rates, bundles and the adviser.

use super::{Sample, date_after, promotion, sample};
use crate::web::view::plan::{
    AdvicePage, AskPage, AskedLine, BundleOffer, CallsRow, CardChoice, CardPlans, CardRate, ChoiceView,
    DestinationLink, DestinationPage, Names, PlansPage, ROWS, SumLine,
};
use crate::web::view::{Fact, Page, Problems};

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let list = PlansPage {
        page: page.clone(),
        typed: String::new(),
        problems: Problems::none(),
        several: Vec::new(),
        names: names(page),
        cards: vec![card(page, "Call home card", "亲情卡"), card(page, "Travel card", "旅行卡")],
    };
    let unknown = Problems::one("to", page.t("plan-problem-unknown"));
    Ok(vec![
        sample("plans", &list)?,
        sample("plans-several", &PlansPage { typed: "+44".to_owned(), several: links(page), ..list.clone() })?,
        sample("plans-problem", &PlansPage { typed: "+999".to_owned(), problems: unknown, ..list.clone() })?,
        sample("plans-none", &PlansPage { cards: Vec::new(), names: Names(Vec::new()), ..list })?,
        sample("plan-destination", &destination(page))?,
        sample("advice-form", &ask(page, 1, Problems::none()))?,
        sample("advice-form-problems", &ask(page, 3, problems(page)))?,
        sample("advice-form-full", &ask(page, 8, Problems::none()))?,
        sample("advice", &advice(page))?,
        sample("advice-by-the-minute", &AdvicePage { best: by_the_minute(page), others: Vec::new(), ..advice(page) })?,
    ])
}

fn landline(page: &Page) -> String {
    promotion(page, "United Kingdom, landline", "英国固定电话")
}

fn mobile(page: &Page) -> String {
    promotion(page, "United Kingdom, mobile", "英国手机")
}

fn names(page: &Page) -> Names {
    Names(vec![landline(page), mobile(page)])
}

fn links(page: &Page) -> Vec<DestinationLink> {
    let link = |name: String, prefix| DestinationLink {
        url: "/plans/to/sample".to_owned(),
        name,
        note: page.t_one("plan-prefixes", "prefixes", prefix),
    };
    vec![link(landline(page), "+44"), link(mobile(page), "+447")]
}

fn card(page: &Page, en: &str, zh_hans: &str) -> CardPlans {
    let rate =
        |name: String, note: &str| DestinationLink { url: "/plans/to/sample".to_owned(), name, note: note.to_owned() };
    CardPlans {
        name: promotion(page, en, zh_hans),
        rates: vec![
            rate(landline(page), "¥0.15"),
            rate(mobile(page), "¥0.48"),
            rate(promotion(page, "Singapore", "新加坡"), "¥0.0985"),
        ],
        bundles: vec![bundle(page)],
    }
}

fn bundle(page: &Page) -> BundleOffer {
    let minutes = page.t_count("plan-minutes", "minutes", 120);
    let days = page.t_count("plan-days", "days", 30);
    let between = page.t("plan-between-names");
    BundleOffer {
        name: promotion(page, "Britain 120", "英国 120 分钟"),
        price: "¥36.00".to_owned(),
        size: page.words.t_with("plan-bundle-size", &[("minutes", &minutes), ("days", &days)]),
        leads_to: page.t_one("plan-leads-to", "names", [landline(page), mobile(page)].join(&between)),
    }
}

fn destination(page: &Page) -> DestinationPage {
    let first = page.words.t_with("plan-counted-first", &[("first", "30"), ("next", "6")]);
    let rate = |card: String, per_minute: &str, example: &str, bundles| CardRate {
        card,
        per_minute: per_minute.to_owned(),
        facts: vec![
            Fact::new(page.t("plan-fee"), "¥0.10".to_owned()),
            Fact::new(page.t("plan-counted"), first.clone()),
            Fact::new(page.t("plan-example"), example.to_owned()),
        ],
        bundles,
    };
    DestinationPage {
        page: page.clone(),
        name: mobile(page),
        prefixes: page.t_one("plan-prefixes", "prefixes", "+447"),
        cards: vec![
            rate(promotion(page, "Call home card", "亲情卡"), "¥0.48", "¥4.90", vec![bundle(page)]),
            rate(promotion(page, "Travel card", "旅行卡"), "¥0.60", "¥6.10", Vec::new()),
        ],
        advice_url: "/plans/advice?to=gb-mobile".to_owned(),
    }
}

fn problems(page: &Page) -> Problems {
    let several = [landline(page), mobile(page)].join(&page.t("plan-between-names"));
    let mut problems = Problems::one("days", page.t("advice-problem-days"));
    problems.add("to-1", page.t_one("plan-problem-several", "names", several));
    problems.add("to-2", page.t("plan-problem-trunk-zero"));
    problems.add("minutes-3", page.t("advice-problem-minutes"));
    problems
}

fn ask(page: &Page, rows: usize, problems: Problems) -> AskPage {
    let typed = [promotion(page, "United Kingdom", "英国"), "+44 07911 123456".to_owned(), mobile(page)];
    let typed = typed.into_iter().chain(std::iter::repeat_with(String::new));
    let rows = ROWS.into_iter().zip(1..).zip(typed).take(rows);
    let choice = |value: &str, name, chosen| CardChoice { value: value.to_owned(), name, chosen };
    AskPage {
        page: page.clone(),
        problems,
        cards: vec![
            choice("1", promotion(page, "Travel card", "旅行卡"), false),
            choice("2", promotion(page, "Call home card", "亲情卡"), true),
        ],
        days: "30".to_owned(),
        length: "5".to_owned(),
        rows: rows
            .map(|((ids, number), to)| CallsRow { ids, number, to, minutes: "100".to_owned(), weekly: number == 2 })
            .collect(),
        can_add: true,
        names: names(page),
    }
}

fn paid(page: &Page, to: &str, calls: u64, note: &str, amount: &str) -> SumLine {
    let calls = page.t_count("plan-calls", "calls", calls);
    let label = page.words.t_with("advice-paid-line", &[("name", to), ("calls", &calls)]);
    SumLine { label, notes: vec![note.to_owned()], amount: amount.to_owned() }
}

fn each_landline(page: &Page) -> String {
    let steps = page.words.t_with("advice-steps-same", &[("count", "5"), ("first", "60")]);
    let things = [("steps", steps.as_str()), ("rate", "¥0.15"), ("talk", "¥0.75")];
    page.words.t_with("advice-call-sum", &things)
}

fn each_mobile(page: &Page) -> String {
    let steps = page.words.t_with("advice-steps-first", &[("first", "30"), ("count", "45"), ("next", "6")]);
    let things = [("steps", steps.as_str()), ("rate", "¥0.48"), ("talk", "¥2.40"), ("fee", "¥0.10"), ("sum", "¥2.50")];
    page.words.t_with("advice-call-sum-fee", &things)
}

fn by_the_minute(page: &Page) -> ChoiceView {
    ChoiceView {
        names: vec![page.t("advice-by-the-minute")],
        total: "¥65.00".to_owned(),
        compared: None,
        lines: vec![
            paid(page, &landline(page), 20, "20 × ¥0.75", "¥15.00"),
            paid(page, &mobile(page), 20, "20 × ¥2.50", "¥50.00"),
        ],
    }
}

fn advice(page: &Page) -> AdvicePage {
    let calls = page.t_count("plan-calls", "calls", 48);
    let pays = [("calls", calls.as_str()), ("used", "240 min"), ("left", "0 min")];
    let bought = [("count", "2"), ("price", "¥36.00")];
    let bundle = promotion(page, "Britain 120", "英国 120 分钟");
    let bundle = page.words.t_with("advice-counted", &[("name", &bundle), ("count", "2")]);
    let notes = vec![
        page.words.t_with("advice-bought-in-a-row", &bought),
        page.words.t_with("advice-bundle-pays-all", &pays),
        page.t_one("advice-bundles-end", "date", date_after(page, 60)),
    ];
    let asked = |label, minutes: u64, calls: u64, each| {
        let minutes = page.t_count("plan-minutes", "minutes", minutes);
        let calls = page.t_count("plan-calls", "calls", calls);
        let said = page.words.t_with("advice-asked-month", &[("minutes", &minutes), ("calls", &calls)]);
        AskedLine { label, notes: [said, each] }
    };
    let with_bundle = |total: &str, compared| ChoiceView {
        names: vec![bundle.clone(), promotion(page, "North America 300", "北美 300 分钟")],
        total: total.to_owned(),
        compared: Some(compared),
        lines: vec![
            SumLine { label: bundle.clone(), notes: notes.clone(), amount: "¥36.00".to_owned() },
            paid(page, &mobile(page), 6, "6 × ¥2.50", "¥15.00"),
        ],
    };
    let days = page.t_count("plan-days", "days", 30);
    let card = promotion(page, "Call home card", "亲情卡");
    let length = promotion(page, "5 min", "5 分");
    AdvicePage {
        asked: page.words.t_with("advice-asked", &[("card", &card), ("days", &days), ("length", &length)]),
        calls: vec![
            asked(landline(page), 100, 20, each_landline(page)),
            asked(mobile(page), 100, 20, each_mobile(page)),
        ],
        change_url: "/plans/advice?change=yes".to_owned(),
        best: with_bundle("¥51.00", page.t_one("advice-cheaper", "amount", "¥14.00")),
        others: vec![
            by_the_minute(page),
            with_bundle("¥87.00", page.t_one("advice-dearer", "amount", "¥22.00")),
            with_bundle("¥65.00", page.t("advice-equal")),
        ],
        page: page.clone(),
    }
}
