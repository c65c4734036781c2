use super::*;
use crate::document::{Block, Column, Table};
use crate::testing::{document, face, table};

fn laid_out(blocks: Vec<Block>) -> Pages {
    lay_out(&document(blocks), &face()).unwrap()
}

fn on_page(pages: &Pages, page: usize) -> Vec<&Line> {
    pages.lines.iter().filter(|line| line.page == page).collect()
}

#[test]
fn figures_end_below_each_other_and_words_begin_below_each_other() {
    let face = face();
    let pages = laid_out(vec![Block::Table(table(12))]);
    let cells: Vec<&Line> = pages.lines.iter().filter(|line| line.text.ends_with(".00")).collect();
    let ends: Vec<Length> = cells.iter().map(|line| line.x + face.width(&line.text, line.size)).collect();
    assert_eq!(ends.len(), 13);
    assert!(ends.iter().all(|end| end == &ends[0]), "{ends:?}");
    let starts = pages.lines.iter().filter(|line| line.text.starts_with("Card")).map(|line| line.x);
    assert!(starts.clone().count() == 12 && starts.into_iter().all(|x| x == LEFT));
}

#[test]
fn a_table_that_goes_on_says_its_head_again_and_tears_no_row() {
    let pages = laid_out(vec![Block::Table(table(80))]);
    assert!(pages.count > 2);
    for page in 1..pages.count {
        let heads = pages.artifacts.iter().filter(|line| line.page == page && line.text == "卡号");
        assert_eq!(heads.count(), 1, "on page {page}");
    }
    for row in 0..80 {
        let of_row = |text: String| pages.lines.iter().find(|line| line.text == text).unwrap();
        let (name, figure) = (of_row(format!("Card {row}")), of_row(format!("{row}.00")));
        assert_eq!((name.page, name.y), (figure.page, figure.y), "row {row}");
    }
}

#[test]
fn every_line_stands_above_the_foot_and_every_page_has_its_number() {
    let pages = laid_out((0..40).map(|_| Block::Text("100.00 ".repeat(60))).collect());
    assert!(pages.count > 2);
    for page in 0..pages.count {
        assert!(on_page(&pages, page).iter().all(|line| line.y <= BOTTOM && line.y > TOP), "page {page}");
        let number = format!("Page {} / {}", page + 1, pages.count);
        assert_eq!(pages.artifacts.iter().filter(|line| line.page == page && line.text == number).count(), 1);
    }
}

#[test]
fn a_heading_is_not_left_alone_at_the_foot_of_a_page() {
    for lines in 1..60 {
        let mut blocks = vec![Block::Note("100".to_owned()); lines];
        blocks.extend([Block::Heading("Card".to_owned()), Block::Text("Total".to_owned())]);
        let pages = laid_out(blocks);
        let page_of = |text: &str| pages.lines.iter().find(|line| line.text == text).unwrap().page;
        assert_eq!(page_of("Card"), page_of("Total"), "after {lines} lines");
    }
}

#[test]
fn every_line_belongs_to_the_tree_once_and_in_reading_order() {
    let facts = vec![("卡号".to_owned(), "4321".to_owned())];
    let pages = laid_out(vec![Block::Heading("Card".to_owned()), Block::Facts(facts), Block::Table(table(70))]);
    let mut order: Vec<usize> = Vec::new();
    for node in &pages.tree {
        match node {
            Node::Title(lines) | Node::Heading(lines) | Node::Paragraph(lines) => order.extend(lines),
            Node::Table { head, rows } => {
                order.extend(head.iter().flatten().flatten());
                order.extend(rows.iter().flat_map(|row| row.cells.iter().flatten()));
            }
        }
    }
    assert_eq!(order, (0..pages.lines.len()).collect::<Vec<_>>());
}

#[test]
fn a_row_that_is_higher_than_a_page_is_refused_and_not_cut() {
    let columns = vec![Column::words("卡号", 1), Column::words("赠送", 60)];
    let rows = vec![vec!["人民路便利店".repeat(60), "1".to_owned()]];
    let table = Table { columns, rows, total: None };
    let error = lay_out(&document(vec![Block::Table(table)]), &face()).unwrap_err();
    assert_eq!(error, DocumentError::RowTooHigh);
}
