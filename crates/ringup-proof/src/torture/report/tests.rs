use super::*;

#[test]
fn a_run_that_tried_nothing_did_not_hold() {
    let mut report = Report::new("storm", 1);
    assert_eq!(report.ending(), Ending::CouldNotRun);
    report.skip("no loop device");
    report.add("rounds", 0);
    assert_eq!(report.ending(), Ending::CouldNotRun);
    report.add("rounds", 1);
    assert_eq!(report.ending(), Ending::Held);
    report.broke("money is gone");
    assert_eq!(report.ending(), Ending::Broke);
}

#[test]
fn what_was_counted_is_told_twice_for_people_and_for_programs() {
    let mut report = Report::new("storm", 7);
    report.add("answers dropped", 2);
    report.add("answers dropped", 3);
    report.largest("slowest ms", 9);
    report.largest("slowest ms", 4);
    report.must(1 > 2, || "one is not more than two".to_owned());
    assert_eq!((report.count("answers dropped"), report.count("slowest ms")), (5, 9));
    let text = report.to_string();
    assert!(text.contains("answers dropped           5"), "{text}");
    assert!(text.contains("BROKE one is not more than two"), "{text}");
    assert_eq!(report.json()["counts"]["answers_dropped"], 5);
    assert_eq!(report.json()["held"], false);
}
