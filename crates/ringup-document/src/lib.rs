//! Ringup's documents on A4: a [`Document`] of blocks becomes pages, and the pages become a PDF.
//!
//! The PDF is for keeping and for everybody: PDF/A-2a, so that it can be read in twenty years with nothing but itself, and
//! PDF/UA-1, so that it can be read aloud: headings are headings, and a cell of a table knows its column. The library that
//! writes it checks both, and a document that broke them would be no document but an error.
//!
//! This crate does not know what a statement says. Texts come in the reader's language; here they only get their place.
//!
//! ```no_run
//! use ringup_document::{Block, Document, Face};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let font = std::fs::read("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")?;
//! let face = Face::from_bytes(font).ok_or("no font with outlines")?;
//! let document = Document {
//!     title: "Statement".into(),
//!     language: "en".into(),
//!     issuer: "Example Telecom".into(),
//!     made: "2026-11-26T08:00:00Z".parse()?,
//!     page_label: "Page {page} of {pages}".into(),
//!     blocks: vec![Block::Facts(vec![("Earned".into(), "¥120.00".into())])],
//! };
//! std::fs::write("statement.pdf", document.to_pdf(&face)?)?;
//! # Ok(())
//! # }
//! ```

mod document;
mod face;
mod layout;
mod limits;
mod pdf;
#[cfg(test)]
mod testing;
mod wrap;

pub use document::{Align, Block, Column, Document, DocumentError, Table};
pub use face::Face;
