use super::*;

const ASKED: Timestamp = Timestamp::from_seconds(1_795_399_200);

fn failed() -> CameTo {
    CameTo::NotTaken { why: "no answer".to_owned() }
}

#[test]
fn a_word_of_the_mail_server_ends_it_at_once() {
    for (came_to, state) in [
        (CameTo::Taken, NoticeState::Delivered),
        (CameTo::NeverTaken, NoticeState::Refused),
        (CameTo::Unreadable, NoticeState::GivenUp),
    ] {
        assert_eq!(ends_with(came_to, ASKED, 1, ASKED), Ending::Ended(state));
    }
}

#[test]
fn it_is_tried_after_ten_seconds_and_then_twice_as_late_each_time_for_a_day() {
    let (mut now, mut pauses) = (ASKED, Vec::new());
    for attempt in 1_u32.. {
        match ends_with(failed(), ASKED, attempt, now) {
            Ending::Again { at, why } => {
                assert_eq!(why, "no answer");
                pauses.push(at.since(now).as_micros() / 1_000_000);
                now = at;
            }
            Ending::Ended(state) => {
                assert_eq!(state, NoticeState::GivenUp);
                break;
            }
        }
    }
    assert_eq!(pauses.get(..10).unwrap(), [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600]);
    assert!(pauses.iter().skip(10).all(|pause| *pause == 3_600));
    assert!(now <= ASKED.plus(TRIED_FOR) && now > ASKED.plus(Span::hours(22)));
}
