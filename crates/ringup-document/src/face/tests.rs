use super::*;
use crate::testing::face;

#[test]
fn of_several_faces_the_simplified_chinese_one_with_letters_of_their_own_widths_is_taken() {
    let families =
        ["Noto Sans CJK JP", "Noto Sans Mono CJK SC", "Noto Sans CJK SC", "Noto Sans CJK TC"].map(String::from);
    assert_eq!(preferred(&families), 2);
}

#[test]
fn a_file_that_is_no_font_is_no_face() {
    assert!(Face::from_bytes(Vec::new()).is_none());
    assert!(Face::from_bytes(b"OTTO, or so it says".to_vec()).is_none());
}

#[test]
fn what_the_face_lacks_is_a_box_and_what_is_no_letter_a_space() {
    let face = face();
    let written = face.writable("1\t2\u{0}3🦀\n4");
    assert_eq!(written.replace(face.lacking, "#"), "1 2 3#\n4");
}

#[test]
fn twice_the_size_is_twice_the_width() {
    let face = face();
    let (once, twice) = (face.width("100.00", 10_000), face.width("100.00", 20_000));
    assert!(once > 0);
    assert!((twice - 2 * once).abs() <= 6, "each letter is rounded down by itself: {once} and {twice}");
}
