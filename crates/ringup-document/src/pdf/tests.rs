use crate::document::{Block, Column, DocumentError, Table};
use crate::testing::{document, face, table};

fn whole() -> Vec<Block> {
    vec![
        Block::Note("2026-11-26".to_owned()),
        Block::Facts(vec![("卡号".to_owned(), "···· 4321".to_owned()), ("已到账".to_owned(), "100.00 元".to_owned())]),
        Block::Heading("人民路便利店".to_owned()),
        Block::Table(table(60)),
        Block::Text("🦀 what the face lacks, \u{7} and what is no letter, keep the standard".to_owned()),
    ]
}

fn holds(pdf: &[u8], words: &str) -> bool {
    pdf.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn a_document_keeps_its_standards_and_says_which_they_are() {
    let pdf = document(whole()).to_pdf(&face()).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    for words in ["pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<", "/StructTreeRoot", "/Lang"] {
        assert!(holds(&pdf, words), "{words}");
    }
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let document = document(whole());
    assert_eq!(document.to_pdf(&face()).unwrap(), document.to_pdf(&face()).unwrap());
}

#[test]
fn only_the_letters_that_are_used_are_in_the_file() {
    let short = document(vec![]).to_pdf(&face()).unwrap();
    let long = document(whole()).to_pdf(&face()).unwrap();
    assert!(short.len() < long.len());
    assert!(long.len() < 60_000, "{} bytes", long.len());
}

#[test]
fn what_has_no_shape_is_refused_with_a_stable_code() {
    let code = |blocks| document(blocks).to_pdf(&face()).unwrap_err().code();
    let short = vec![vec!["only one cell".to_owned()]];
    assert_eq!(code(vec![Block::Table(Table { rows: short, ..table(1) })]), "document_misshapen");
    let columns = vec![Column::words("no width", 0)];
    assert_eq!(code(vec![Block::Table(Table { columns, rows: vec![], total: None })]), "document_misshapen");
    assert_eq!(code(vec![Block::Table(Table::default())]), "document_misshapen");
    assert_eq!(code(vec![Block::Text("1".repeat(4_001))]), "document_too_long");
    assert_eq!(code(vec![Block::Note("1".to_owned()); 1_001]), "document_too_long");
}

#[test]
fn a_table_without_rows_has_its_head_and_no_body() {
    let empty = Table { rows: vec![], total: None, ..table(0) };
    let pdf: Result<Vec<u8>, DocumentError> = document(vec![Block::Table(empty)]).to_pdf(&face());
    assert!(pdf.is_ok(), "{pdf:?}");
}
