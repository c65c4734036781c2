use super::*;

#[test]
fn a_chore_whose_steps_all_ended_well_ends_well() {
    let mut report = Report::default();
    assert!(report.step("first", || Ok(Outcome::Done)));
    assert!(report.step("second", || Ok(Outcome::Skipped("not here".to_owned()))));
    assert!(report.finish().is_ok());
}

#[test]
fn one_failed_step_fails_the_chore_but_not_the_steps_after_it() {
    let mut report = Report::default();
    assert!(!report.step("first", || Err(Failure::new("it broke"))));
    assert_eq!(report.step_with("second", || Ok(7)), Some(7));
    let failure = report.finish().unwrap_err();
    assert_eq!(failure.to_string(), "1 of 2 steps failed");
    assert!(report.table().contains("FAILED: it broke"));
}
