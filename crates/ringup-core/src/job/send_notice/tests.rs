use super::*;

const ASKED: Timestamp = Timestamp::from_seconds(1_795_399_200);

fn failed() -> CameTo {
    CameTo::NotTaken { why: "no answer".to_owned() }
}

#[test]
fn a_word_of_the_mail_server_or_the_sms_centre_ends_it_at_once() {
    for (came_to, state) in [
        (CameTo::Taken, NoticeState::Delivered),
        (CameTo::Accepted, NoticeState::Accepted),
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

#[test]
fn a_text_message_without_an_answer_is_handed_over_three_times_and_no_more() {
    let unanswered = |times| CameTo::Unanswered { why: "no answer".to_owned(), times };
    for (times, attempt) in [(1, 1), (2, 2), (2, 9)] {
        let ending = ends_with(unanswered(times), ASKED, attempt, ASKED);
        assert!(matches!(ending, Ending::Again { .. }), "{times}: {ending:?}");
    }
    for times in [3, 4] {
        assert_eq!(ends_with(unanswered(times), ASKED, 3, ASKED), Ending::Ended(NoticeState::Unanswered));
    }
    // What may have been sent is not called given up, however late it is.
    let late = ASKED.plus(TRIED_FOR);
    assert_eq!(ends_with(unanswered(1), ASKED, 30, late), Ending::Ended(NoticeState::Unanswered));
}
