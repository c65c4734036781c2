use super::{Report, json, table};
use crate::bench::figure::{Figure, Spread, Unit};
use crate::bench::goal::{Bound, Goal, Verdict};

fn report() -> Report {
    let mut report = Report::default();
    let rounds = Spread { min: 11_000_000, median: 12_345_678, max: 13_000_000 };
    report.add(Figure::new("ours".to_owned(), Unit::PerSecond, rounds));
    report.add(Figure::new("theirs".to_owned(), Unit::PerSecond, Spread::single(2_000_000)));
    report
}

fn goals() -> Vec<Goal> {
    let times = |milli, when_quick| {
        let bound = Bound::LeastTimes(milli, "theirs".to_owned());
        Goal { figure: "ours".to_owned(), bound, when_quick }
    };
    let absolute = Goal { figure: "ours".to_owned(), bound: Bound::Least(20_000_000), when_quick: false };
    vec![times(6_000, false), absolute, times(2_000, true)]
}

#[test]
fn the_table_says_what_was_reached_and_what_was_missed() {
    let judged = report().judge(&goals(), false);
    assert_eq!(
        table(&judged),
        "ours  ≥ 6.00 × theirs     6.17 ×  reached\n\
         ours  ≥ 20,000         12,345 /s  MISSED\n"
    );
}

#[test]
fn a_quick_run_judges_only_what_it_can() {
    let verdicts: Vec<Verdict> = report().judge(&goals(), true).iter().map(|judged| judged.verdict).collect();
    assert_eq!(verdicts, [Verdict::NotJudged, Verdict::NotJudged, Verdict::Reached]);
}

#[test]
fn a_figure_is_written_down_with_what_it_was_compared_with() {
    let mut report = report();
    report.compare(&goals());
    let line = json(report.find("ours").unwrap());
    assert_eq!(
        line.trim(),
        "{\"name\": \"ours\", \"value\": 12345.678, \"unit\": \"/s\", \"min\": 11000.000, \"max\": 13000.000, \
         \"ratio_to\": \"theirs\", \"ratio\": 6.172}"
    );
}
