use proptest::prelude::*;

use super::*;

fn read(bytes: &[u8]) -> Vec<Frame> {
    let mut reader = Reader::default();
    bytes.iter().filter_map(|byte| reader.take(*byte)).collect()
}

fn frame(sequence: bool, data: &[u8]) -> Frame {
    Frame { sequence, address: 0, data: data.to_vec() }
}

#[test]
fn frames_are_as_the_manual_shows_them() {
    // GA138: SYNC and its answer, HOST PROTOCOL VERSION 8, a poll with credit of channel 1 and the note stacked.
    let examples: [(&[u8], &[u8]); 4] = [
        (&[0x11], &[0x7F, 0x80, 0x01, 0x11, 0x65, 0x82]),
        (&[0xF0], &[0x7F, 0x80, 0x01, 0xF0, 0x23, 0x80]),
        (&[0x06, 0x08], &[0x7F, 0x80, 0x02, 0x06, 0x08, 0x03, 0x94]),
        (&[0xF0, 0xEE, 0x01, 0xEB], &[0x7F, 0x80, 0x04, 0xF0, 0xEE, 0x01, 0xEB, 0xB9, 0x48]),
    ];
    for (data, bytes) in examples {
        assert_eq!(frame(true, data).to_bytes().unwrap(), bytes);
        assert_eq!(read(bytes), [frame(true, data)]);
    }
}

#[test]
fn a_start_byte_inside_a_frame_is_doubled() {
    let doubled = frame(false, &[0x7F, 0x01, 0x7F]);
    let bytes = doubled.to_bytes().unwrap();
    assert_eq!(bytes.get(..8), Some([0x7F, 0x00, 0x03, 0x7F, 0x7F, 0x01, 0x7F, 0x7F].as_slice()));
    assert_eq!(read(&bytes), [doubled]);
}

#[test]
fn a_frame_that_breaks_off_is_given_up_at_the_start_of_the_next() {
    let whole = frame(true, &[0xF0, 0xEF, 0x03]).to_bytes().unwrap();
    for length in 0..whole.len() {
        let mut bytes = whole[..length].to_vec();
        bytes.extend_from_slice(&whole);
        assert_eq!(read(&bytes).len(), 1, "cut after {length}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused() {
    assert_eq!(frame(true, &[]).to_bytes(), Err(FrameError));
    assert_eq!(frame(true, &[0; 256]).to_bytes(), Err(FrameError));
    assert_eq!(Frame { sequence: true, address: 0x80, data: vec![1] }.to_bytes(), Err(FrameError));
}

proptest! {
    #[test]
    fn what_is_sent_is_read(
        sequence: bool,
        address in 0_u8..0x7E,
        data in prop::collection::vec(prop_oneof![Just(0x7F_u8), any::<u8>()], 1..=255),
        before in prop::collection::vec(0_u8..0x7F, 0..20),
    ) {
        let sent = Frame { sequence, address, data };
        let mut bytes = before; // noise without a start byte
        bytes.extend(sent.to_bytes().unwrap());
        bytes.extend(sent.to_bytes().unwrap());
        prop_assert_eq!(read(&bytes), vec![sent.clone(), sent]);
    }

    #[test]
    fn no_bytes_break_the_reader_and_what_it_takes_has_the_right_sum(bytes in prop::collection::vec(prop_oneof![Just(0x7F_u8), any::<u8>(), 0_u8..4], 0..600)) {
        for frame in read(&bytes) {
            // Written again, it is found in what was read.
            let written = frame.to_bytes().unwrap();
            prop_assert!(bytes.windows(written.len() - 1).any(|window| window == &written[1..]));
        }
    }

    #[test]
    fn one_changed_byte_is_never_taken_for_the_frame(
        data in prop::collection::vec(any::<u8>(), 1..40),
        place: prop::sample::Index,
        change in 1_u8..=255,
    ) {
        let sent = frame(true, &data);
        let mut bytes = sent.to_bytes().unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        // A CRC-16 finds every error of one byte; a start byte made or lost moves the rest.
        prop_assert!(!read(&bytes).contains(&sent));
        if !bytes[1..].contains(&0x7F) {
            prop_assert_eq!(read(&bytes), vec![]);
        }
    }
}
