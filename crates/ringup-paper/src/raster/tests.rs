use super::*;
use crate::cell::cells;
use crate::layout::Style;
use crate::paper::Charset;
use crate::testing;

fn draw(text: &str, style: Style) -> (Raster, BTreeSet<char>) {
    let line = Line { runs: vec![Run { column: 0, style, cells: cells(text, Charset::Raster) }], inverse: false };
    let (font, mut missing, mut context) = (testing::font(), BTreeSet::new(), ScaleContext::new());
    let raster = Pen { font: &font, missing: &mut missing, context: &mut context }.line(&line, 96, 30);
    (raster, missing)
}

/// The picture as text, two rows in one.
fn seen(raster: &Raster) -> String {
    let dot = |x: usize, y: usize| {
        raster.bits.get(y * raster.row_bytes + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    };
    let row = |y: usize| -> String {
        let pair = |x| match (dot(x, y), dot(x, y + 1)) {
            (false, false) => ' ',
            (true, false) => '▀',
            (false, true) => '▄',
            (true, true) => '█',
        };
        (0..raster.row_bytes * 8).map(pair).collect::<String>().trim_end().to_owned()
    };
    (0..raster.rows).step_by(2).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn chinese_and_letters_stand_on_one_baseline() {
    insta::assert_snapshot!(seen(&draw("充值 5", Style::Normal).0));
}

#[test]
fn bold_is_drawn_once_more_beside_itself() {
    insta::assert_snapshot!(seen(&draw("充值 5", Style::Bold).0));
}

#[test]
fn what_the_font_lacks_is_a_box_and_reported() {
    let (raster, missing) = draw("a龘b", Style::Normal);
    assert_eq!(missing, BTreeSet::from(['龘']));
    insta::assert_snapshot!(seen(&raster));
}

#[test]
fn a_control_character_is_a_box_whatever_the_font_says() {
    let (raster, missing) = draw("\u{1b}", Style::Normal);
    assert_eq!(missing, BTreeSet::from(['\u{1b}']));
    assert!(raster.bits.iter().any(|byte| *byte != 0));
}

#[test]
fn a_picture_is_sent_without_its_white_right_edge() {
    let mut raster = Raster::new(384, 2);
    raster.set(0, 0);
    raster.set(17, 1);
    assert_eq!(raster.command(), [0x1d, b'v', b'0', 0, 3, 0, 2, 0, 0x80, 0, 0, 0, 0, 0x40]);
}

#[test]
fn an_empty_picture_keeps_its_height() {
    assert_eq!(Raster::new(384, 2).command(), [0x1d, b'v', b'0', 0, 1, 0, 2, 0, 0, 0]);
}

#[test]
fn a_dot_outside_the_picture_is_dropped() {
    let mut raster = Raster::new(8, 1);
    for (x, y) in [(-1, 0), (8, 0), (0, -1), (0, 1)] {
        raster.set(x, y);
    }
    assert_eq!(raster, Raster::new(8, 1));
}
