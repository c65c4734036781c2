//! Ringup's slips on thermal paper: a [`Slip`] becomes lines, the lines become ESC/POS bytes, and a [`Printer`] says
//! whether they came out.
//!
//! Used where a printer stands, by a shop's till and by the kiosk, so it is light: no web, no database, no runtime. It does
//! not know what a receipt says. Texts come in the reader's language; here they only get their place on the paper.
//!
//! ```no_run
//! use std::net::TcpStream;
//! use std::path::Path;
//! use std::time::Duration;
//!
//! use ringup_paper::{Charset, Font, Paper, Part, Printer, Slip, Width};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let font = Font::open(Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"))?;
//! let paper = Paper { width: Width::Mm58, charset: Charset::Raster, font: Some(font) };
//! let slip = Slip::from(vec![Part::Heading("充值凭证".into()), Part::amount("到账", "100.00 元"), Part::Cut]);
//! let sheet = paper.compose(&slip)?;
//!
//! let connection = TcpStream::connect("192.0.2.7:9100")?;
//! connection.set_read_timeout(Some(Duration::from_secs(2)))?;
//! connection.set_write_timeout(Some(Duration::from_secs(2)))?;
//! if !Printer::new(connection).print(&sheet).is_out() {
//!     // Keep it, say why, print it again with the reprint mark.
//! }
//! # Ok(())
//! # }
//! ```

mod cell;
mod device;
mod emit;
mod font;
mod layout;
mod limits;
mod paper;
mod printer;
mod qr;
mod raster;
mod slip;
mod status;
#[cfg(test)]
mod testing;
mod wrap;

pub use device::Device;
pub use font::{Font, FontError};
pub use paper::{Charset, ComposeError, Paper, Sheet, Width};
pub use printer::{Printed, Printer};
pub use qr::QrTooLong;
pub use slip::{Part, Slip};
pub use status::{Question, State, Trouble, is_answer};
