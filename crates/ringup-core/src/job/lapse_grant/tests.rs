use super::*;
use crate::time::Timestamp;

#[test]
fn a_bonus_whose_date_has_not_come_is_looked_at_again_when_it_has() {
    let until = Timestamp::from_seconds(1_800_000_000);
    let again = Next::Again { at: until, why: "its date has not come".to_owned() };
    assert_eq!(ends_with(&Outcome::NotDue { until }), again);
    assert_eq!(ends_with(&Outcome::GrantLapsed), Next::Done);
    assert_eq!(ends_with(&Outcome::NothingToDo), Next::Done);
}
