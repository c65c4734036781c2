//! The monthly statement as a document.

use jiff::Timestamp;
use ringup_document::{Block, Column, Document, Table};

use crate::web::view::agent::{CommissionPage, CommissionRow};

/// What the page shows, to keep.
pub(super) fn document(view: &CommissionPage, made: Timestamp) -> Document {
    let words = view.page.words;
    let mut blocks = vec![
        Block::Note(view.note.clone()),
        Block::Facts(vec![
            (words.t("commission-agent"), view.head.name.clone()),
            (words.t("commission-agent-code"), view.head.code.clone()),
            (words.t("commission-earned"), view.earned.clone()),
            (words.t("commission-payable"), view.payable.clone()),
            (words.t("commission-paid"), view.paid.clone()),
        ]),
    ];
    if view.rows.is_empty() {
        blocks.push(Block::Text(words.t("commission-none")));
    } else {
        blocks.push(Block::Heading(words.t("commission-by-product")));
        blocks.push(Block::Table(by_product(view)));
    }
    let number = [("page", "{page}"), ("pages", "{pages}")];
    Document {
        title: words.t_one("commission-heading", "date", &view.month),
        language: words.locale().tag().to_owned(),
        issuer: "Ringup".to_owned(),
        made,
        page_label: words.t_with("document-page", &number),
        blocks,
    }
}

fn by_product(view: &CommissionPage) -> Table {
    let words = view.page.words;
    let figures = |key, share| Column::figures(words.t(key), share);
    let row = |row: &CommissionRow| {
        let product = format!("{}\n{}", row.product, row.terms);
        vec![product, row.sales.clone(), row.sold.clone(), row.reversed.clone(), row.earned.clone()]
    };
    let nothing = String::new;
    Table {
        columns: vec![
            Column::words(words.t("commission-product"), 40),
            figures("commission-sales", 12),
            figures("commission-sold", 20),
            figures("commission-reversed", 20),
            figures("commission-earned", 20),
        ],
        rows: view.rows.iter().map(row).collect(),
        total: Some(vec![words.t("commission-total"), nothing(), nothing(), nothing(), view.earned.clone()]),
    }
}
