use ringup_core::time::Span;

use super::*;
use crate::error::WriteError;
use crate::testing::{given_a_database, start};

fn notice(number: u32) -> NewNotice {
    NewNotice {
        id: NoticeId::from_u64(u64::from(number)),
        top_up: TopUpId::from_u64(0),
        number,
        key_hash: [u8::try_from(number).unwrap(); 16],
        masked: "w···@example.com".to_owned(),
        sealed: format!("sealed {number}"),
        from_hash: Some([7; 16]),
        asked_at: start().plus(Span::minutes(number.into())),
    }
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
    assert_eq!(test.read(|tx| find_waiting(tx, id)), Some((new.asked_at, new.sealed)));
    test.write(|tx| Ok(end_notice(tx, id, NoticeState::Refused, ended_at)?));
    // Whoever was slower ends nothing.
    test.write(|tx| Ok(end_notice(tx, id, NoticeState::Delivered, ended_at.plus(Span::seconds(1)))?));
    assert_eq!(test.read(|tx| find_waiting(tx, id)), None);
    let expected = Notice {
        id,
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
