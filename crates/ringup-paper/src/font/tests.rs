use std::path::Path;

use super::*;
use crate::testing;

#[test]
fn a_font_is_read_and_says_what_it_has() {
    let font = testing::font();
    assert_eq!(font.family(), "Noto Sans Mono CJK SC");
    assert!(font.has('充') && font.has('a'));
    assert!(!font.has('龘'));
}

#[test]
fn a_font_that_is_not_there_is_named() {
    let error = Font::open(Path::new("no/such/font.ttc")).unwrap_err();
    assert_eq!(error.code(), "font_unreadable");
    assert!(error.to_string().starts_with("the font no/such/font.ttc cannot be read"), "{error}");
}

#[test]
fn a_file_that_is_no_font_is_refused() {
    let error = Font::open(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))).unwrap_err();
    assert_eq!(error.code(), "font_not_a_font");
}

#[test]
fn a_font_that_is_cut_off_is_refused_or_drawn_with_and_never_a_panic() {
    let whole = std::fs::read(testing::FONT).unwrap();
    for length in (0..whole.len()).step_by(97) {
        if let Some(font) = Font::from_bytes(whole[..length].to_vec()) {
            font.glyph('充', 24, &mut ScaleContext::new());
        }
    }
}

#[test]
fn a_font_without_outlines_is_refused() {
    let mut data = std::fs::read(testing::FONT).unwrap();
    let entry = data.windows(4).position(|tag| tag == b"CFF ").unwrap();
    let number = |at: usize| u32::from_be_bytes(data[at..at + 4].try_into().unwrap()) as usize;
    let (from, length) = (number(entry + 8), number(entry + 12));
    data[from..from + length].fill(0);
    assert!(Font::from_bytes(data).is_none());
}

#[test]
fn of_several_faces_the_simplified_chinese_one_with_equal_letters_is_taken() {
    let taken = |families: &[&str]| preferred(&families.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
    assert_eq!(taken(&["Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Mono CJK JP", "Noto Sans Mono CJK SC"]), 3);
    assert_eq!(taken(&["Noto Sans CJK JP", "Noto Sans CJK SC"]), 1);
    assert_eq!(taken(&["Unknown", "Other"]), 0);
}

#[test]
fn letters_are_one_column_wide_and_chinese_two() {
    let font = testing::font();
    let mut context = ScaleContext::new();
    assert_eq!(font.glyph('a', 24, &mut context).unwrap().advance, 12);
    assert_eq!(font.glyph('充', 24, &mut context).unwrap().advance, 24);
}
