use proptest::prelude::*;

use super::*;
use crate::slip::Slip;

/// The lines of one part as they stand on 58 mm, large characters twice as wide.
fn shown(part: Part) -> Vec<String> {
    let blocks = blocks(&Slip::from(vec![part]), Width::Mm58, Charset::Raster).unwrap();
    let line = |block: &Block| match block {
        Block::Line(line) => line_shown(line),
        other => format!("{other:?}"),
    };
    blocks.iter().map(line).collect()
}

fn line_shown(line: &Line) -> String {
    let mut text = String::new();
    let mut column = 0;
    for run in &line.runs {
        text.push_str(&" ".repeat(run.column - column));
        text.extend(run.cells.iter().map(|cell| cell.character));
        column = run.end();
    }
    format!("{text}|{column}")
}

#[test]
fn a_value_stands_at_the_right_edge() {
    assert_eq!(shown(Part::row("Card", "**** 4321")), ["Card                   **** 4321|32"]);
    assert_eq!(shown(Part::row("卡号", "4321")), ["卡号                        4321|32"]);
}

#[test]
fn a_value_that_does_not_fit_beside_its_name_stands_below_it() {
    let row = Part::row("Bonus", "CNY 10.00, until 26 Dec 2026");
    assert_eq!(shown(row), ["Bonus|5", "    CNY 10.00, until 26 Dec 2026|32"]);
}

#[test]
fn two_columns_at_least_are_between_a_name_and_its_value() {
    assert_eq!(shown(Part::row("a".repeat(20), "b".repeat(10))).len(), 1);
    assert_eq!(shown(Part::row("a".repeat(21), "b".repeat(10))).len(), 2);
}

#[test]
fn a_large_amount_counts_twice() {
    assert_eq!(shown(Part::amount("已到账", "100.00 元")), ["已到账        100.00 元|32"]);
    assert_eq!(shown(Part::amount("已到账", "100,000.00 元")).len(), 2);
}

#[test]
fn a_heading_is_in_the_middle() {
    assert_eq!(shown(Part::Heading("充值凭证".to_owned())), ["        充值凭证|24"]);
}

#[test]
fn a_code_stands_in_groups_of_four_in_even_lines() {
    let lines = shown(Part::Code("K7QM2P9X-TR4W8ZBN5HDC 3VFJ6S".to_owned()));
    assert_eq!(lines, ["      K7QM 2P9X TR4W 8ZBN|25", "      5HDC 3VFJ 6S|18"]);
}

#[test]
fn a_paragraph_keeps_its_own_lines() {
    assert_eq!(shown(Part::Paragraph("one\n\ntwo".to_owned())), ["one|3", "|0", "two|3"]);
}

fn any_part() -> impl Strategy<Value = Part> {
    let text = || "[ -~\n\u{1b}一-丠，。“¥·é]{0,90}";
    prop_oneof![
        text().prop_map(Part::Heading),
        text().prop_map(Part::Paragraph),
        (text(), text()).prop_map(|(key, value)| Part::row(key, value)),
        (text(), text()).prop_map(|(label, value)| Part::amount(label, value)),
        text().prop_map(Part::Code),
        text().prop_map(Part::Reprint),
    ]
}

proptest! {
    #[test]
    fn runs_never_overlap_nor_leave_the_paper(part in any_part(), wide in any::<bool>()) {
        let width = if wide { Width::Mm80 } else { Width::Mm58 };
        for block in blocks(&Slip::from(vec![part]), width, Charset::Raster).unwrap() {
            let Block::Line(line) = block else { continue };
            let mut column = 0;
            for run in line.runs {
                prop_assert!(run.column >= column);
                column = run.end();
            }
            prop_assert!(column <= width.columns());
        }
    }

    #[test]
    fn every_character_of_a_part_is_on_the_paper(part in any_part()) {
        let mut given: Vec<char> = part.texts().concat().chars().collect();
        let grouped = matches!(part, Part::Code(_));
        given.retain(|one| !(one.is_whitespace() || grouped && *one == '-'));
        let blocks = blocks(&Slip::from(vec![part]), Width::Mm58, Charset::Raster).unwrap();
        let lines = blocks.iter().filter_map(|block| if let Block::Line(line) = block { Some(line) } else { None });
        let printed: Vec<char> = lines.flat_map(Line::cells).map(|cell| cell.character).filter(|one| *one != ' ').collect();
        prop_assert_eq!(given, printed);
    }
}
