use super::*;

const WELL: [u8; 4] = [0x12; 4];

fn with(answer: usize, bits: u8) -> State {
    let mut answers = WELL;
    answers[answer] |= bits;
    State::read(answers).unwrap()
}

#[test]
fn a_printer_that_is_well_has_no_trouble() {
    assert_eq!(State::read(WELL), Some(State::default()));
    assert_eq!(State::default().trouble(), None);
}

#[test]
fn each_bit_says_what_epsons_table_says() {
    assert_eq!(with(0, 0x08).trouble(), Some(Trouble::Offline));
    assert_eq!(with(1, 0x04).trouble(), Some(Trouble::CoverOpen));
    assert_eq!(with(1, 0x20).trouble(), Some(Trouble::NoPaper));
    assert_eq!(with(1, 0x40).trouble(), Some(Trouble::Error));
    for cutter_broken_or_hot in [0x04, 0x08, 0x20, 0x40] {
        assert_eq!(with(2, cutter_broken_or_hot).trouble(), Some(Trouble::Error));
    }
    assert_eq!(with(3, 0x60).trouble(), Some(Trouble::NoPaper));
    assert_eq!(with(3, 0x0c), State { near_end: true, ..State::default() });
}

#[test]
fn the_drawer_and_the_feed_button_are_no_trouble() {
    assert_eq!(with(0, 0x04 | 0x40), State::default());
    assert_eq!(with(1, 0x08), State::default());
}

#[test]
fn an_open_cover_comes_before_the_paper_and_both_before_offline() {
    assert_eq!(State::read([0x1a, 0x36, 0x12, 0x7e]).unwrap().trouble(), Some(Trouble::CoverOpen));
    assert_eq!(State::read([0x1a, 0x32, 0x12, 0x7e]).unwrap().trouble(), Some(Trouble::NoPaper));
}

#[test]
fn what_is_no_answer_is_no_state() {
    for byte in 0..=u8::MAX {
        let bits: [bool; 8] = std::array::from_fn(|bit| byte & (1 << bit) != 0);
        let formed = !bits[0] && bits[1] && bits[4] && !bits[7];
        assert_eq!(is_answer(byte), formed, "{byte:08b}");
        assert_eq!(State::read([0x12, byte, 0x12, 0x12]).is_some(), formed, "{byte:08b}");
    }
}

#[test]
fn the_questions_are_those_of_epsons_table() {
    assert_eq!(Question::ALL.map(Question::bytes), [[16, 4, 1], [16, 4, 2], [16, 4, 3], [16, 4, 4]]);
}
