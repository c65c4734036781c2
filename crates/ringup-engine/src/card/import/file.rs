//! Reads an import file, line by line: what can be read, and what is refused.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, StringRecord};
use ringup_core::card::CardNumber;
use ringup_core::money::Unit;

use super::line::{Fields, ImportLine, LineRefusal};
use super::report::RefusedLine;
use crate::limits;
use crate::pin::PinKey;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be opened or read.
    #[error("{}: {source}", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its first line does not name the columns.
    #[error("its first line must name the columns number, balance, expiry, and pin or pin_hash; {0}")]
    Columns(String),
    /// It has too many lines.
    #[error("it has more than {} lines", limits::IMPORT_LINES_MAX)]
    TooLong,
}

/// In which field of a line each column is.
struct Columns {
    count: usize,
    number: usize,
    pin: Option<usize>,
    pin_hash: Option<usize>,
    balance: usize,
    expiry: usize,
}

/// The lines that can be read, and those that cannot.
pub(super) fn read(path: &Path, unit: Unit, key: &PinKey) -> Result<(Vec<ImportLine>, Vec<RefusedLine>), FileError> {
    let unreadable = |source: io::Error| FileError::Unreadable { file: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    // Lines of a wrong length are refused one by one, not the file with them.
    let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let columns = Columns::find(csv.byte_headers().map_err(|error| unreadable(error.into()))?)?;
    let (mut lines, mut refused) = (Vec::new(), Vec::new());
    let mut seen: HashMap<CardNumber, u64> = HashMap::new();
    let mut record = ByteRecord::new();
    while csv.read_byte_record(&mut record).map_err(|error| unreadable(error.into()))? {
        let line = record.position().map_or(0, csv::Position::line);
        let parsed =
            columns.parse(line, &record, unit, key).and_then(|parsed| match seen.insert(parsed.number, line) {
                Some(first) => Err(LineRefusal::Twice { first }),
                None => Ok(parsed),
            });
        match parsed {
            Ok(parsed) => lines.push(parsed),
            Err(reason) => refused.push(RefusedLine { line, number: columns.number_in(&record), reason }),
        }
        if lines.len() + refused.len() > limits::IMPORT_LINES_MAX {
            return Err(FileError::TooLong);
        }
    }
    Ok((lines, refused))
}

impl Columns {
    fn find(head: &ByteRecord) -> Result<Self, FileError> {
        let head = StringRecord::from_byte_record(head.clone())
            .map_err(|_| FileError::Columns("it is not UTF-8".to_owned()))?;
        // Spreadsheets put a byte order mark before the first name.
        let names: Vec<&str> = head.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        if let Some(name) = names.iter().find(|name| !NAMES.contains(name)) {
            return Err(FileError::Columns(format!("{name:?} is none of them")));
        }
        if let Some(name) = NAMES.iter().find(|name| names.iter().filter(|other| other == name).count() > 1) {
            return Err(FileError::Columns(format!("{name} is named twice")));
        }
        let at = |name: &str| names.iter().position(|other| *other == name);
        let needed = |name: &str| at(name).ok_or_else(|| FileError::Columns(format!("{name} is missing")));
        let (number, balance, expiry) = (needed("number")?, needed("balance")?, needed("expiry")?);
        let (pin, pin_hash) = (at("pin"), at("pin_hash"));
        if pin.is_none() && pin_hash.is_none() {
            return Err(FileError::Columns("pin and pin_hash are missing".to_owned()));
        }
        Ok(Self { count: names.len(), number, pin, pin_hash, balance, expiry })
    }

    fn parse(&self, line: u64, record: &ByteRecord, unit: Unit, key: &PinKey) -> Result<ImportLine, LineRefusal> {
        if record.len() != self.count {
            return Err(LineRefusal::Fields { found: record.len(), wanted: self.count });
        }
        let field = |at: Option<usize>| -> Result<&str, LineRefusal> {
            let bytes = at.and_then(|at| record.get(at)).unwrap_or_default();
            std::str::from_utf8(bytes).map_err(|_| LineRefusal::Encoding)
        };
        let fields = Fields {
            number: field(Some(self.number))?,
            pin: field(self.pin)?,
            pin_hash: field(self.pin_hash)?,
            balance: field(Some(self.balance))?,
            expiry: field(Some(self.expiry))?,
        };
        ImportLine::parse(line, &fields, unit, key)
    }

    /// The card number of a refused line, for the report: what is longer than any number is cut.
    fn number_in(&self, record: &ByteRecord) -> String {
        let text = String::from_utf8_lossy(record.get(self.number).unwrap_or_default());
        text.chars().take(limits::REPORTED_NUMBER_MAX).collect()
    }
}

const NAMES: [&str; 5] = ["number", "pin", "pin_hash", "balance", "expiry"];
