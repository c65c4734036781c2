use super::{Bound, Goal, Verdict, goals};
use crate::bench::figure::{Figure, Spread, Unit};
use crate::bench::store::Kind;

fn figure(name: &str, milli: u64) -> Figure {
    Figure::new(name.to_owned(), Unit::PerSecond, Spread::single(milli))
}

fn verdict(bound: Bound, figures: &[Figure]) -> Verdict {
    Goal { figure: "ours".to_owned(), bound, when_quick: true }.judge(figures).verdict
}

#[test]
fn a_figure_below_its_bound_is_missed_and_one_at_it_is_reached() {
    let ours = [figure("ours", 5_000)];
    assert_eq!(verdict(Bound::Least(5_000), &ours), Verdict::Reached);
    assert_eq!(verdict(Bound::Least(5_001), &ours), Verdict::Missed);
    assert_eq!(verdict(Bound::Most(5_000), &ours), Verdict::Reached);
    assert_eq!(verdict(Bound::Most(4_999), &ours), Verdict::Missed);
}

#[test]
fn a_ratio_is_judged_against_the_other_figure_of_the_same_run() {
    let figures = [figure("ours", 6_000), figure("theirs", 1_000)];
    let times = |milli| Bound::LeastTimes(milli, "theirs".to_owned());
    assert_eq!(verdict(times(6_000), &figures), Verdict::Reached);
    assert_eq!(verdict(times(6_001), &figures), Verdict::Missed);
    assert_eq!(verdict(Bound::MostTimes(6_000, "theirs".to_owned()), &figures), Verdict::Reached);
}

#[test]
fn what_was_not_measured_is_not_called_reached() {
    assert_eq!(verdict(Bound::Most(1), &[]), Verdict::NotJudged);
    let missing = Bound::LeastTimes(1, "theirs".to_owned());
    assert_eq!(verdict(missing, &[figure("ours", 1)]), Verdict::NotJudged);
}

#[test]
fn each_database_has_something_that_a_quick_run_judges() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        assert!(goals(kind).iter().any(|goal| goal.when_quick && goal.figure.contains("lane")));
    }
}
