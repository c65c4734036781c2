//! The file: what its rows ask for, as far as that can be seen without looking at a card.

use std::collections::HashMap;

use csv::StringRecord;
use encoding_rs::{Encoding, GB18030};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Unit};

use super::ListError;
use crate::limits;

/// A row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReadRow {
    /// Its first line in the file, from 1.
    pub(super) line: u64,
    /// The agent's own reference; empty where it is none.
    pub(super) reference: String,
    /// The card and what it shall get, or what is wrong.
    pub(super) asked: Result<(CardNumber, Amount), Wrong>,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// A stable code.
    pub(super) reason: &'static str,
    /// The line that says the same.
    pub(super) other_line: Option<u64>,
}

const fn wrong(reason: &'static str) -> Wrong {
    Wrong { reason, other_line: None }
}

/// The names of a column: as programs write it, and as people do.
const REFERENCE: [&str; 3] = ["reference", "编号", "流水号"];
const CARD: [&str; 3] = ["card", "卡号", "充值卡号"];
const AMOUNT: [&str; 3] = ["amount", "金额", "充值金额"];

/// Reads a list.
///
/// # Errors
/// [`ListError::TooLarge`], [`ListError::TooLong`], [`ListError::Encoding`], [`ListError::Columns`], [`ListError::Empty`].
pub(super) fn read(content: &[u8], unit: Unit) -> Result<Vec<ReadRow>, ListError> {
    if content.len() > limits::LIST_BYTES_MAX {
        return Err(ListError::TooLarge);
    }
    // One sign at the end of each line: between two, lines would be counted wrong.
    let text = decoded(content)?.replace("\r\n", "\n").replace('\r', "\n");
    // Rows of a wrong length are named one by one, not the list with them.
    let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let head = csv.headers().map_err(|_| ListError::Columns)?.clone();
    let columns = Columns::find(&head)?;
    let mut seen = Seen::default();
    let (mut rows, mut record) = (Vec::new(), StringRecord::new());
    while csv.read_record(&mut record).map_err(|_| ListError::Encoding)? {
        // Spreadsheets leave rows of empty fields behind.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(seen.read_row(&columns, &record, line, unit));
        if rows.len() > limits::LIST_ROWS_MAX {
            return Err(ListError::TooLong);
        }
    }
    if rows.is_empty() { Err(ListError::Empty) } else { Ok(rows) }
}

/// The text of a file: by its byte order mark when it has one, else UTF-8, else the Chinese encoding that spreadsheets save in.
fn decoded(content: &[u8]) -> Result<String, ListError> {
    let marked = Encoding::for_bom(content);
    let (text, had_errors) = match marked {
        Some((encoding, length)) => encoding.decode_without_bom_handling(content.get(length..).unwrap_or_default()),
        None => match std::str::from_utf8(content) {
            Ok(text) => (text.into(), false),
            Err(_) => GB18030.decode_without_bom_handling(content),
        },
    };
    if had_errors { Err(ListError::Encoding) } else { Ok(text.into_owned()) }
}

/// In which field of a row each column is.
struct Columns {
    count: usize,
    reference: usize,
    card: usize,
    amount: usize,
}

impl Columns {
    /// Other columns are an agent's own business, and are not read.
    fn find(head: &StringRecord) -> Result<Self, ListError> {
        let find = |names: [&str; 3]| {
            let mut found = head.iter().enumerate().filter(|(_, name)| names.contains(&name.to_lowercase().as_str()));
            match (found.next(), found.next()) {
                (Some((nth, _)), None) => Ok(nth),
                (_, _) => Err(ListError::Columns),
            }
        };
        Ok(Self { count: head.len(), reference: find(REFERENCE)?, card: find(CARD)?, amount: find(AMOUNT)? })
    }
}

/// What stood in earlier rows, and in which line.
#[derive(Default)]
struct Seen {
    references: HashMap<String, u64>,
    sales: HashMap<(CardNumber, Amount), u64>,
}

impl Seen {
    fn read_row(&mut self, columns: &Columns, record: &StringRecord, line: u64, unit: Unit) -> ReadRow {
        let field = |nth| record.get(nth).unwrap_or_default();
        let no_reference = |reason| ReadRow { line, reference: String::new(), asked: Err(wrong(reason)) };
        if record.len() != columns.count {
            return no_reference("fields");
        }
        let reference = match parse_reference(field(columns.reference)) {
            Ok(reference) => reference,
            Err(reason) => return no_reference(reason),
        };
        let asked = self.parse(&reference, (field(columns.card), field(columns.amount)), line, unit);
        ReadRow { line, reference, asked }
    }

    fn parse(
        &mut self,
        reference: &str,
        (card, amount): (&str, &str),
        line: u64,
        unit: Unit,
    ) -> Result<(CardNumber, Amount), Wrong> {
        if let Some(other) = self.references.get(reference) {
            return Err(Wrong { reason: "reference_twice", other_line: Some(*other) });
        }
        self.references.insert(reference.to_owned(), line);
        if is_formula(card) || is_formula(amount) {
            return Err(wrong("formula"));
        }
        let card: CardNumber = card.parse().map_err(|_| wrong("card_malformed"))?;
        let amount = Amount::parse(amount, unit).map_err(|_| wrong("amount_malformed"))?;
        if amount.is_zero() {
            return Err(wrong("amount_malformed"));
        }
        match self.sales.insert((card, amount), line) {
            Some(other) => {
                self.sales.insert((card, amount), other);
                Err(Wrong { reason: "sale_twice", other_line: Some(other) })
            }
            None => Ok((card, amount)),
        }
    }
}

/// What a spreadsheet would work out, and we do not.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '@'])
}

/// A reference begins with a letter or a digit, so that no spreadsheet takes it for a formula when it stands in the result.
fn parse_reference(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return Err("reference_missing");
    }
    if is_formula(text) {
        return Err("formula");
    }
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '#' | ':');
    let begins_well = text.chars().next().is_some_and(char::is_alphanumeric);
    let is_short = text.chars().nth(limits::REFERENCE_MAX).is_none();
    if begins_well && is_short && text.chars().all(allowed) { Ok(text.to_owned()) } else { Err("reference_malformed") }
}
