//! What the tests share: a face with few letters, and a document of them.

use crate::document::{Block, Column, Document, Table};
use crate::face::Face;

/// Noto Sans Mono CJK SC, with no more letters than the slips' samples need.
const FONT: &[u8] = include_bytes!("../../ringup-paper/tests/fonts/few-letters.otf");

pub(crate) fn face() -> Face {
    Face::from_bytes(FONT.to_vec()).unwrap()
}

pub(crate) fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "充值凭证".to_owned(),
        language: "zh-Hans".to_owned(),
        issuer: "Ringup".to_owned(),
        made: "2026-11-26T08:00:00Z".parse().unwrap(),
        page_label: "Page {page} / {pages}".to_owned(),
        blocks,
    }
}

pub(crate) fn table(rows: usize) -> Table {
    Table {
        columns: vec![Column::words("卡号", 3), Column::figures("赠送", 2)],
        rows: (0..rows).map(|row| vec![format!("Card {row}"), format!("{row}.00")]).collect(),
        total: Some(vec!["Total".to_owned(), "100.00".to_owned()]),
    }
}
