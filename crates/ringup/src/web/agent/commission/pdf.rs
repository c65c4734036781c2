//! The monthly statement as a document.

use jiff::Timestamp;
use ringup_document::{Block, Column, Document, Table};

use crate::web::view::agent::{CommissionPage, CommissionRow};
use crate::web::view::sub_agent::SubAgentRow;

/// What the page shows, to keep.
pub(super) fn document(view: &CommissionPage, made: Timestamp) -> Document {
    let words = view.page.words;
    let mut blocks = vec![Block::Note(view.note.clone()), Block::Facts(facts(view))];
    if view.rows.is_empty() {
        blocks.push(Block::Text(words.t("commission-none")));
    } else {
        blocks.push(Block::Heading(words.t("commission-by-product")));
        blocks.push(Block::Table(by_product(view)));
    }
    if !view.sub_agents.is_empty() {
        blocks.push(Block::Heading(words.t("sub-agent-heading")));
        blocks.push(Block::Table(by_sub_agent(view)));
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

fn facts(view: &CommissionPage) -> Vec<(String, String)> {
    let words = view.page.words;
    let mut facts = vec![
        (words.t("commission-agent"), view.head.name.clone()),
        (words.t("commission-agent-code"), view.head.code.clone()),
        (words.t("commission-earned"), view.earned.clone()),
    ];
    if let Some(shares) = &view.shares {
        facts.push((words.t("sub-agent-own"), shares.own.clone()));
        facts.extend(shares.from_below.iter().map(|sum| (words.t("sub-agent-from-below"), sum.clone())));
        let up = shares.gone_up.iter();
        facts.extend(up.map(|up| (words.t_one("sub-agent-gone-up", "name", &up.parent), up.amount.clone())));
    }
    facts.push((words.t("commission-payable"), view.payable.clone()));
    facts.push((words.t("commission-paid"), view.paid.clone()));
    facts
}

/// What came up from each: sums, and nobody they sold to.
fn by_sub_agent(view: &CommissionPage) -> Table {
    let words = view.page.words;
    let row = |row: &SubAgentRow| {
        let through = row.through.iter().map(|through| format!("{}{through}", words.t("sub-agent-and")));
        let terms = format!("{}{}", row.terms, through.collect::<String>());
        vec![format!("{}\n{}", row.name, row.state), format!("{}\n{terms}", row.sold), row.came_up.clone()]
    };
    let from_below = view.shares.as_ref().and_then(|shares| shares.from_below.clone());
    Table {
        columns: vec![
            Column::words(words.t("commission-agent"), 40),
            Column::words(words.t("commission-sold"), 50),
            Column::figures(words.t("sub-agent-came-up-head"), 20),
        ],
        rows: view.sub_agents.iter().map(row).collect(),
        total: from_below.map(|sum| vec![words.t("commission-total"), String::new(), sum]),
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
    // What his own sales earned: some of it may have gone up, and more have come from below.
    let earned = view.shares.as_ref().map_or(&view.earned, |shares| &shares.own).clone();
    Table {
        columns: vec![
            Column::words(words.t("commission-product"), 40),
            figures("commission-sales", 12),
            figures("commission-sold", 20),
            figures("commission-reversed", 20),
            figures("commission-earned", 20),
        ],
        rows: view.rows.iter().map(row).collect(),
        total: Some(vec![words.t("commission-total"), nothing(), nothing(), nothing(), earned]),
    }
}
