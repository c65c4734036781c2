use proptest::prelude::*;

use super::*;

#[test]
fn frames_are_as_the_specification_shows_them() {
    // A simple poll of the bill validator at 40, and its answer: all bytes of each add up to zero.
    let poll = Frame { to: 40, from: 1, header: 254, data: vec![] };
    assert_eq!(poll.to_bytes().unwrap(), [40, 0, 1, 254, 217]);
    let answer = Frame { to: 1, from: 40, header: 0, data: vec![] };
    assert_eq!(answer.to_bytes().unwrap(), [1, 0, 40, 0, 215]);
    assert_eq!(Frame { data: vec![0; 256], ..poll }.to_bytes(), Err(FrameError));
}

proptest! {
    #[test]
    fn what_is_sent_is_read(to: u8, from: u8, header: u8, data in prop::collection::vec(any::<u8>(), 0..=255), after in prop::collection::vec(any::<u8>(), 0..20)) {
        let sent = Frame { to, from, header, data };
        let mut bytes = sent.to_bytes().unwrap();
        let length = bytes.len();
        for cut in 0..length {
            prop_assert_eq!(Frame::read(&bytes[..cut]), Read::Unfinished);
        }
        bytes.extend(after);
        prop_assert_eq!(Frame::read(&bytes), Read::Whole(sent, length));
    }

    #[test]
    fn no_bytes_break_the_reader_and_what_it_takes_has_the_right_sum(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Read::Whole(frame, length) = Frame::read(&bytes) {
            prop_assert_eq!(frame.to_bytes().unwrap(), bytes[..length].to_vec());
        }
    }

    #[test]
    fn one_changed_byte_is_never_taken_for_the_frame(data in prop::collection::vec(any::<u8>(), 0..40), place: prop::sample::Index, change in 1_u8..=255) {
        let sent = Frame { to: 1, from: 40, header: 0, data };
        let mut bytes = sent.to_bytes().unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        if place != 1 {
            prop_assert_eq!(Frame::read(&bytes), Read::Wrong);
        } else {
            prop_assert!(Frame::read(&bytes) != Read::Whole(sent, bytes.len()));
        }
    }
}
