use proptest::prelude::*;

use super::*;
use crate::testing::face;

const SIZE: Length = 10_000;

#[test]
fn words_are_kept_whole_and_chinese_breaks_between_characters() {
    let face = face();
    let letter = face.width("0", SIZE);
    assert_eq!(wrap(&face, "100.00 200.00 300.00", SIZE, 14 * letter), ["100.00 200.00", "300.00"]);
    assert_eq!(wrap(&face, "人民路便利店", SIZE, 8 * letter), ["人民路便", "利店"]);
}

#[test]
fn a_word_that_is_wider_than_a_line_is_broken_anywhere() {
    let face = face();
    let letter = face.width("0", SIZE);
    assert_eq!(wrap(&face, "K7QM2P9XTR4W", SIZE, 5 * letter), ["K7QM2", "P9XTR", "4W"]);
}

#[test]
fn an_end_of_line_in_the_text_is_one_on_the_page() {
    assert_eq!(wrap(&face(), "100\n\n200", SIZE, 1_000_000), ["100", "200"]);
    assert_eq!(wrap(&face(), "", SIZE, 1_000_000), [""]);
}

proptest! {
    #[test]
    fn nothing_is_lost_and_no_line_is_too_wide(text in "[0-9 人民路便利店,.A-Z]{0,120}", letters in 2_i64..40) {
        let face = face();
        let width = letters * face.width("0", SIZE);
        let lines = wrap(&face, &text, SIZE, width);
        let solid = |text: &str| face.writable(text).replace(' ', "");
        prop_assert_eq!(solid(&lines.concat()), solid(&text));
        for line in &lines {
            prop_assert!(face.width(line, SIZE) <= width, "{line:?}");
        }
    }
}
