//! Samples of the places.

use super::{Sample, sample};
use crate::web::i18n::Locale;
use crate::web::view::place::{
    Choice, Filter, NearNotice, NothingFound, PlaceForm, PlaceRow, PlacesPage, Plot, PlotMark,
};
use crate::web::view::top_up::Action;
use crate::web::view::{Fact, Page, Problems, Tone};

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let without_distance = |row: PlaceRow| PlaceRow { distance: None, ..row };
    let all = PlacesPage {
        near: None,
        places: places(page).into_iter().map(without_distance).collect(),
        plot: Some(Plot { own: None, ..plot(page) }),
        ..near(page)
    };
    let empty = PlacesPage { places: Vec::new(), plot: None, next_url: None, first_url: None, ..near(page) };
    let wrong = Problems::one("q", page.t("place-problem-long"));
    Ok(vec![
        sample("places", &all)?,
        sample("places-near", &near(page))?,
        sample("places-none", &PlacesPage { nothing: Some(nothing(page)), ..empty.clone() })?,
        sample("places-problem", &PlacesPage { problems: wrong, near: None, ..empty })?,
    ])
}

fn near(page: &Page) -> PlacesPage {
    let near = NearNotice { text: page.t("place-near-you"), without_url: "/places".to_owned() };
    PlacesPage {
        page: page.clone(),
        form: form(page),
        problems: Problems::none(),
        near: Some(near),
        places: places(page),
        plot: Some(plot(page)),
        nothing: None,
        first_url: Some("/places".to_owned()),
        next_url: Some("/places?after=1.A".to_owned()),
    }
}

fn form(page: &Page) -> PlaceForm {
    let choice = |value: &str, label, chosen| Choice { value: value.to_owned(), label, chosen };
    let filter = |name, key, is_on| Filter { name, label: page.t(key), is_on };
    PlaceForm {
        q: String::new(),
        near: "39.991,116.311".to_owned(),
        cities: vec![
            choice("", page.t("place-all-cities"), false),
            choice("Beijing", said(page, "Beijing", "北京"), true),
        ],
        kinds: vec![
            choice("", page.t("place-kind-all"), true),
            choice("store", page.t("place-kind-stores"), false),
            choice("kiosk", page.t("place-kind-kiosks"), false),
            choice("agent", page.t("place-kind-agents"), false),
        ],
        filters: vec![
            filter("open_now", "place-filter-open", false),
            filter("cash", "place-filter-cash", true),
            filter("instant", "place-filter-instant", false),
            filter("wheelchair", "place-filter-wheelchair", false),
        ],
    }
}

fn said(page: &Page, en: &str, zh_hans: &str) -> String {
    match page.words.locale() {
        Locale::En => en.to_owned(),
        Locale::ZhHans => zh_hans.to_owned(),
    }
}

fn places(page: &Page) -> Vec<PlaceRow> {
    let store = PlaceRow {
        number: 1,
        mark: "store",
        name: said(page, "Zhongguancun East Gate Store", "中关村东门营业厅"),
        distance: Some(page.t_one("place-metres", "metres", "450")),
        address: said(page, "Store · 18 Chengfu Road, Haidian, Beijing", "营业厅 · 北京海淀区成府路 18 号"),
        tone: Tone::Ok,
        standing: page.t_one("place-open-until", "time", "21:00"),
        takes: page.t_one("place-takes", "what", page.t("place-takes-codes")),
        is_instant: true,
        credited: page.t("place-credited-at-once"),
        wheelchair: Some(page.t_one("place-wheelchair", "height", "85")),
        geo_url: "geo:39.991000,116.318000".to_owned(),
        near_url: "/places?near=BJ-S001".to_owned(),
        phone: Some(("+86 10 5555 0100".to_owned(), "tel:+861055550100".to_owned())),
        hours: vec![
            Fact::new(page.t("place-mon"), "09:00–21:00".to_owned()),
            Fact::new(page.t("place-sun"), page.t("place-day-off")),
        ],
        facts: vec![
            Fact::new(page.t("place-fact-code"), "BJ-S001".to_owned()),
            Fact::new(page.t("place-fact-licence"), said(page, "Telecom licence 2031-88", "电信业务许可 2031-88")),
        ],
        rating: Some(super::rating::summary(page)),
        ratings_url: "/places/BJ-S001/ratings".to_owned(),
    };
    let times = [("times", "12:00, 18:00"), ("next", "18:00")];
    vec![
        store.clone(),
        PlaceRow {
            number: 2,
            mark: "kiosk shut",
            name: said(page, "Kiosk, Wudaokou Station, Exit B", "五道口地铁站 B 口自助终端"),
            tone: Tone::Warn,
            standing: page.t_one("place-out-of-order", "time", said(page, "24 November at 08:10", "11月24日 08:10")),
            wheelchair: None,
            rating: None,
            phone: None,
            ..store.clone()
        },
        PlaceRow {
            number: 3,
            mark: "agent",
            name: said(page, "Corner shop at the university’s west gate, agent", "大学西门便利店代理点"),
            distance: Some(page.t_one("place-kilometres", "kilometres", "1.2")),
            is_instant: false,
            credited: page.words.t_with("place-credited-next", &times),
            wheelchair: None,
            ..store
        },
    ]
}

fn plot(page: &Page) -> Plot {
    let mark = |number, mark, shown, at| PlotMark { number, mark, shown, at };
    let legend =
        [("store", "place-store"), ("kiosk", "place-kiosk"), ("agent", "place-agent"), ("shut", "place-legend-shut")];
    Plot {
        width: 340,
        height: 300,
        label: page.t("place-plot-label"),
        marks: vec![
            mark(1, "store", (200, 120), None),
            mark(2, "kiosk shut", (240, 150), Some((226, 164))),
            mark(3, "agent", (90, 60), None),
        ],
        own: Some((170, 150)),
        columns: vec![70, 170, 270],
        rows: vec![50, 150, 250],
        outside: Some(page.t_one("place-plot-outside", "numbers", "9, 10")),
        bar: 100,
        bar_label: page.t_one("place-metres", "metres", "500"),
        legend: legend.into_iter().map(|(mark, key)| (mark, page.t(key))).collect(),
    }
}

fn nothing(page: &Page) -> NothingFound {
    let way = |url: &str, key| Action { url: url.to_owned(), label: page.t(key) };
    NothingFound {
        heading: page.t("place-none"),
        text: page.t("place-none-filtered-text"),
        ways: vec![
            way("/places?city=Beijing", "place-without-filters"),
            way("/places", "place-everywhere"),
            way("/", "place-online"),
        ],
    }
}
