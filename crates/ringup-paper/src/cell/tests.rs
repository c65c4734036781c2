use super::*;

fn columns(text: &str, charset: Charset) -> Vec<usize> {
    cells(text, charset).into_iter().map(|cell| cell.columns).collect()
}

#[test]
fn chinese_takes_two_columns_and_latin_one() {
    assert_eq!(columns("卡a。￥¥", Charset::Raster), [2, 1, 2, 2, 1]);
}

#[test]
fn a_quotation_mark_is_as_wide_as_what_it_stands_among() {
    assert_eq!(columns("“卡”", Charset::Raster), [2, 2, 2]);
    assert_eq!(columns("card’s", Charset::Raster), [1, 1, 1, 1, 1, 1]);
}

#[test]
fn a_chinese_printer_gives_two_columns_to_all_that_takes_two_bytes() {
    assert_eq!(columns("·α", Charset::Gb18030), [2, 2]);
    assert_eq!(columns("·α", Charset::Raster), [1, 1]);
    assert_eq!(columns("¥", Charset::Gb18030), [1]);
}

#[test]
fn what_nobody_sees_takes_no_room_and_an_accent_keeps_a_place() {
    assert_eq!(columns("a\u{200b}\u{feff}e\u{301}", Charset::Raster), [1, 0, 0, 1, 1]);
}

#[test]
fn white_space_of_any_kind_is_a_space_but_for_the_chinese_one() {
    let characters: String = cells("a\tb\nc\u{3000}", Charset::Raster).iter().map(|cell| cell.character).collect();
    assert_eq!(characters, "a b c\u{3000}");
}
