use proptest::prelude::*;

use super::*;
use crate::cell::{cells, width};
use crate::paper::Charset;

fn lines(text: &str, columns: usize) -> Vec<String> {
    let shown = |line: Vec<Cell>| line.into_iter().map(|cell| cell.character).collect();
    wrap(&cells(text, Charset::Raster), columns).into_iter().map(shown).collect()
}

#[test]
fn latin_breaks_between_words() {
    assert_eq!(lines("Keep this receipt, please.", 12), ["Keep this", "receipt,", "please."]);
    assert_eq!(lines("exactly twelve", 7), ["exactly", "twelve"]);
}

#[test]
fn chinese_breaks_between_characters() {
    assert_eq!(lines("请保管好本凭证", 8), ["请保管好", "本凭证"]);
}

#[test]
fn a_word_among_chinese_stays_whole() {
    assert_eq!(lines("请在App中查看", 7), ["请在App", "中查看"]);
    assert_eq!(lines("请在App中查看", 6), ["请在", "App中", "查看"]);
}

#[test]
fn no_line_begins_with_a_closing_mark() {
    assert_eq!(lines("请保管好。谢谢", 8), ["请保管", "好。谢谢"]);
    assert_eq!(lines("请保管（好）。谢", 10), ["请保管", "（好）。谢"]);
    assert_eq!(lines("abcdefgh。", 8), ["abcdefg", "h。"]);
}

#[test]
fn no_line_ends_with_an_opening_mark() {
    assert_eq!(lines("请看（好）", 6), ["请看", "（好）"]);
    assert_eq!(lines("余额 ￥5", 7), ["余额", "￥5"]);
}

#[test]
fn a_word_wider_than_the_paper_is_cut_where_the_paper_ends() {
    assert_eq!(lines("see https://topup.example", 8), ["see", "https://", "topup.ex", "ample"]);
}

#[test]
fn what_nobody_sees_begins_no_line() {
    assert_eq!(lines("卡\u{200b}。", 2), ["卡\u{200b}", "。"]);
}

#[test]
fn nothing_is_one_empty_line() {
    assert_eq!(lines("", 8), [""]);
    assert_eq!(lines("   ", 8), [""]);
}

fn any_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::char::range('a', 'f'),
        4 => prop::char::range('一', '丠'),
        3 => Just(' '),
        3 => prop::sample::select("，。、（）“”《》…—,.!)(¥￥%·".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 0..120).prop_map(String::from_iter)
}

fn any_charset() -> impl Strategy<Value = Charset> {
    prop_oneof![Just(Charset::Raster), Just(Charset::Gb18030)]
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_paper(text in any_text(), columns in 2_usize..60, charset in any_charset()) {
        for line in wrap(&cells(&text, charset), columns) {
            prop_assert!(width(&line) <= columns);
        }
    }

    #[test]
    fn nothing_but_spaces_is_lost(text in any_text(), columns in 2_usize..60, charset in any_charset()) {
        let given = cells(&text, charset);
        let kept = |cells: &[Cell]| -> String { cells.iter().map(|cell| cell.character).filter(|one| *one != ' ').collect() };
        prop_assert_eq!(kept(&given), kept(&wrap(&given, columns).concat()));
    }

    #[test]
    fn no_line_but_the_first_is_empty(text in any_text(), columns in 2_usize..60) {
        let lines = wrap(&cells(&text, Charset::Raster), columns);
        prop_assert!(lines.iter().skip(1).all(|line| !line.is_empty()));
    }

    #[test]
    fn a_line_begins_with_a_closing_mark_only_where_no_break_above_was_better(text in any_text(), columns in 2_usize..60) {
        let lines = wrap(&cells(&text, Charset::Raster), columns);
        for (above, below) in lines.iter().zip(lines.iter().skip(1)) {
            let begins_badly = below.first().is_some_and(is_closing);
            let pairs = above.iter().zip(above.iter().skip(1));
            let better = pairs.filter(|(before, behind)| within_word(before, behind)).count();
            prop_assert!(!begins_badly || better == 0, "{:?}", lines);
        }
    }
}
