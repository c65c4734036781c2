use ringup_core::time::Span;

use super::*;
use crate::error::WriteError;
use crate::testing::{given_a_database, start};

fn notice(number: u32) -> NewNotice {
    NewNotice {
        id: NoticeId::from_u64(u64::from(number)),
        top_up: TopUpId::from_u64(0),
        number,
        kind: NoticeKind::Email,
        key_hash: [u8::try_from(number).unwrap(); 16],
        masked: "w···@example.com".to_owned(),
        sealed: format!("sealed {number}"),
        from_hash: Some([7; 16]),
        asked_at: start().plus(Span::minutes(number.into())),
    }
}

fn ended(state: NoticeState, at: Timestamp, reference: Option<&str>) -> Ended {
    Ended { state, at, reference: reference.map(str::to_owned) }
}

#[test]
fn a_notice_keeps_what_is_to_be_sent_until_it_has_ended_and_then_how_it_ended() {
    let test = given_a_database();
    let new = notice(1);
    let (id, top_up, ended_at) = (new.id, new.top_up, start().plus(Span::hours(1)));
    test.write(|tx| Ok(insert_notice(tx, &notice(1))?));
    assert!(
        test.read(|tx| was_asked_for(tx, top_up, &[1; 16])) && !test.read(|tx| was_asked_for(tx, top_up, &[2; 16]))
    );
    let waiting = Waiting { asked_at: new.asked_at, kind: NoticeKind::Email, sealed: new.sealed, unanswered: 0 };
    assert_eq!(test.read(|tx| find_waiting(tx, id)), Some(waiting));
    test.write(|tx| Ok(end_notice(tx, id, &ended(NoticeState::Refused, ended_at, None))?));
    // Whoever was slower ends nothing.
    let slower = ended(NoticeState::Delivered, ended_at.plus(Span::seconds(1)), Some("7"));
    test.write(|tx| Ok(end_notice(tx, id, &slower)?));
    assert_eq!(test.read(|tx| find_waiting(tx, id)), None);
    let expected = Notice {
        id,
        kind: NoticeKind::Email,
        masked: new.masked,
        asked_at: new.asked_at,
        state: NoticeState::Refused,
        ended_at: Some(ended_at),
    };
    assert_eq!(test.read(|tx| notices_of(tx, top_up)), [expected]);
}

#[test]
fn the_database_takes_three_notices_of_a_receipt_and_each_number_once() {
    let test = given_a_database();
    for number in [1, 2, 3] {
        test.write(|tx| Ok(insert_notice(tx, &notice(number))?));
    }
    let again = NewNotice { id: NoticeId::from_u64(9), ..notice(3) };
    for refused in [notice(4), again] {
        let written: Result<(), WriteError<String>> =
            test.database.writer().unwrap().write(|tx| Ok(insert_notice(tx, &refused)?));
        assert!(written.is_err(), "{refused:?}");
    }
}

#[test]
fn notices_are_counted_by_where_they_were_asked_for_until_that_is_forgotten() {
    let test = given_a_database();
    for number in [1, 2, 3] {
        test.write(|tx| Ok(insert_notice(tx, &notice(number))?));
    }
    let minute = |minutes| start().plus(Span::minutes(minutes));
    assert_eq!(test.read(|tx| asked_for_from(tx, &[7; 16], start())), (3, Some(minute(1))));
    assert_eq!(test.read(|tx| asked_for_from(tx, &[7; 16], minute(1))), (2, Some(minute(2))));
    assert_eq!(test.read(|tx| asked_for_from(tx, &[8; 16], start())), (0, None));
    test.write(|tx| Ok(forget_askers(tx, minute(3))?));
    assert_eq!(test.read(|tx| asked_for_from(tx, &[7; 16], start())), (1, Some(minute(3))));
}

#[test]
fn a_text_message_keeps_the_sms_centres_number_until_no_report_is_waited_for() {
    let test = given_a_database();
    let (sms, ended_at) = (NewNotice { kind: NoticeKind::Sms, ..notice(1) }, start().plus(Span::hours(1)));
    let (id, top_up) = (sms.id, sms.top_up);
    test.write(|tx| Ok(insert_notice(tx, &sms)?));
    test.write(|tx| Ok(count_unanswered(tx, id, 2)?));
    let waiting = test.read(|tx| find_waiting(tx, id)).unwrap();
    assert_eq!((waiting.kind, waiting.unanswered), (NoticeKind::Sms, 2));
    let report =
        |reference: &'static str, state, at| test.write(move |tx| Ok(record_report(tx, reference, state, at)?));
    assert!(!report("7", NoticeState::Delivered, ended_at), "it is not ours yet");
    test.write(|tx| Ok(end_notice(tx, id, &ended(NoticeState::Accepted, ended_at, Some("7")))?));
    let later = ended_at.plus(Span::minutes(1));
    assert!(!report("8", NoticeState::Delivered, later), "it is another one's");
    assert!(report("7", NoticeState::Delivered, later));
    assert!(report("7", NoticeState::Failed, later.plus(Span::minutes(1))), "it is ours, and has been reported on");
    let [found] = test.read(|tx| notices_of(tx, top_up)).try_into().unwrap();
    assert_eq!((found.kind, found.state, found.ended_at), (NoticeKind::Sms, NoticeState::Delivered, Some(later)));
    test.write(|tx| Ok(forget_references(tx, later)?));
    assert!(report("7", NoticeState::Delivered, later));
    test.write(|tx| Ok(forget_references(tx, later.plus(Span::seconds(1)))?));
    assert!(!report("7", NoticeState::Delivered, later));
}
