//! From what was found to the picture of where it is.

use ringup_core::place::Position;
use ringup_engine::place::FoundPlace;

use super::mapping::mark;
use crate::web::place::plot::{HEIGHT, Layout, Spot, WIDTH};
use crate::web::view::Page;
use crate::web::view::place::{Plot, PlotMark};

/// The picture; nothing without places.
pub(super) fn draw(page: &Page, found: &[FoundPlace], own: Option<Position>) -> Option<Plot> {
    let positions: Vec<Position> = found.iter().map(|found| found.place.position).collect();
    let layout = Layout::of(&positions, own)?;
    let spot = |spot: Spot| (spot.x, spot.y);
    let numbered = || layout.marks.iter().zip(found).zip(1..);
    let marks = numbered().filter_map(|((place, found), number)| {
        let place = (*place)?;
        let at = (place.at != place.shown).then_some(spot(place.at));
        Some(PlotMark { number, mark: mark(found), shown: spot(place.shown), at })
    });
    let outside: Vec<String> =
        numbered().filter(|((place, _), _)| place.is_none()).map(|(_, number)| number.to_string()).collect();
    let outside = outside.join(&page.t("place-list-comma"));
    Some(Plot {
        width: WIDTH,
        height: HEIGHT,
        label: page.t("place-plot-label"),
        marks: marks.collect(),
        own: layout.own.map(spot),
        columns: layout.columns.clone(),
        rows: layout.rows.clone(),
        outside: (!outside.is_empty()).then(|| page.t_one("place-plot-outside", "numbers", outside)),
        bar: layout.bar,
        bar_label: bar_label(page, layout.bar_metres),
        legend: legend(page, own.is_some()),
    })
}

fn bar_label(page: &Page, metres: i64) -> String {
    if metres < 1_000 {
        page.t_one("place-metres", "metres", metres.to_string())
    } else {
        page.t_one("place-kilometres", "kilometres", (metres / 1_000).to_string())
    }
}

fn legend(page: &Page, has_own: bool) -> Vec<(&'static str, String)> {
    let own = has_own.then(|| ("own", page.t("place-legend-own")));
    let marks =
        [("store", "place-store"), ("kiosk", "place-kiosk"), ("agent", "place-agent"), ("shut", "place-legend-shut")];
    marks.into_iter().map(|(mark, key)| (mark, page.t(key))).chain(own).collect()
}
