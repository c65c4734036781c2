//! The result as a file. Nothing in it begins as a formula does: a reference begins with a letter or a digit, or it was none.

use ringup_core::id::SaleListId;
use ringup_core::money::Amount;
use ringup_db::sale_list::{self, RowState, SaleList, SaleListRow};

use super::Seller;
use crate::Engine;
use crate::error::Unavailable;

/// Spreadsheets take a file without it for one in their own encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const HEAD: [&str; 10] = [
    "line",
    "reference",
    "card_last_four",
    "amount",
    "paid",
    "state",
    "reason",
    "other_line",
    "explanation",
    "receipt_code",
];

/// What became of each row of a list of this agent (CSV); nothing when it is none of his. `explain` says a reason, and the line
/// that says the same, in the reader's words.
///
/// # Errors
/// [`Unavailable`].
pub async fn result_file(
    engine: &Engine,
    seller: &Seller,
    id: SaleListId,
    explain: impl Fn(&str, Option<u64>) -> String + Send + 'static,
) -> Result<Option<String>, Unavailable> {
    let agent = seller.agent.id;
    engine
        .read(move |tx| {
            let found = sale_list::find_sale_list(tx, id)?.filter(|list| list.agent == agent);
            let Some(list) = found else { return Ok(None) };
            let mut text = format!("{BYTE_ORDER_MARK}{}\r\n", HEAD.join(","));
            sale_list::for_each_row(tx, id, &mut |row| push_row(&mut text, &list, &row, &explain))?;
            Ok(Some(text))
        })
        .await
}

/// Only an explanation has a comma or a quotation mark in it: the signs of a reference are counted, the rest is ours.
fn push_row(text: &mut String, list: &SaleList, row: &SaleListRow, explain: &dyn Fn(&str, Option<u64>) -> String) {
    let (state, reason) = match (row.state, &list.stopped) {
        (RowState::Checked, Some(reason)) => ("not_sold", reason.as_str()),
        (RowState::Checked, None) => ("waiting", ""),
        (state, _) => (state.name(), row.reason.as_deref().unwrap_or_default()),
    };
    let right = row.right.as_ref();
    let paid = right.filter(|_| row.state == RowState::Sold).map(|right| right.pay);
    let explanation = if reason.is_empty() { String::new() } else { explain(reason, row.other_line) };
    let amount = |amount: Option<Amount>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    let fields = [
        row.line.to_string(),
        row.reference.clone(),
        right.map(|right| right.card.last_four()).unwrap_or_default(),
        amount(right.map(|right| right.amount)),
        amount(paid),
        state.to_owned(),
        reason.to_owned(),
        row.other_line.map(|line| line.to_string()).unwrap_or_default(),
        quoted(&explanation),
        row.top_up_code.clone().unwrap_or_default(),
    ];
    text.push_str(&fields.join(","));
    text.push_str("\r\n");
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
