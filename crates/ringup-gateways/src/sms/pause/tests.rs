use super::*;
use crate::support::NOW;

fn not_taken() -> SmsError {
    SmsError::NotTaken { why: "0x58".to_owned() }
}

/// The pauses, in seconds, when each try after a pause fails again.
fn pauses(why: &SmsError, count: usize) -> Vec<i64> {
    let (mut pause, mut now) = (Pause::default(), NOW);
    let mut lengths = Vec::new();
    for _ in 0..count {
        pause.begin(why.clone(), now);
        let length = (0..10_000).find(|seconds| pause.holds(now.plus(Span::seconds(*seconds))).is_none()).unwrap();
        lengths.push(length);
        now = now.plus(Span::seconds(length));
    }
    lengths
}

#[test]
fn a_centre_that_is_busy_or_down_is_left_alone_for_twice_as_long_each_time_up_to_five_minutes() {
    assert_eq!(pauses(&not_taken(), 8), [5, 10, 20, 40, 80, 160, 300, 300]);
}

#[test]
fn a_centre_that_does_not_know_us_is_asked_again_in_ten_minutes_and_then_once_an_hour() {
    assert_eq!(pauses(&SmsError::NotKnown { status: 0x0e }, 5), [600, 1_200, 2_400, 3_600, 3_600]);
}

#[test]
fn what_is_taken_ends_the_pause_and_its_growing() {
    let mut pause = Pause::default();
    assert_eq!(pause.holds(NOW), None);
    for _ in 0..3 {
        pause.begin(not_taken(), NOW);
    }
    assert_eq!(pause.holds(NOW.plus(Span::seconds(4))), Some(not_taken()));
    assert_eq!(pause.holds(NOW.plus(Span::seconds(5))), None, "they lost one connection together");
    pause.end();
    assert_eq!(pause.holds(NOW), None);
    pause.begin(not_taken(), NOW);
    assert_eq!(pause.holds(NOW.plus(Span::seconds(5))), None);
}
