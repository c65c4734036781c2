use super::*;
use crate::time::Timestamp;

#[test]
fn a_credit_whose_time_has_not_come_is_tried_again_when_it_has() {
    let until = Timestamp::from_seconds(1_800_000_000);
    let again = Next::Again { at: until, why: "its time has not come".to_owned() };
    assert_eq!(ends_with(&Outcome::NotDue { until }), again);
    assert_eq!(ends_with(&Outcome::Credited), Next::Done);
}
