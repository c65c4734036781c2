//! The printer of slips at its device file or address. A slip is out only when the printer has said so.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use ringup_core::bank_note::{NoteNumber, SaleKey};
use ringup_paper::{Charset, Device, Font, FontError, Paper, Printed, Printer, Slip, Trouble, Width};

use crate::config::PrinterSettings;

/// How long the printer may keep silent before it is asked again; a holder may touch the screen meanwhile.
const ANSWER: Duration = Duration::from_millis(300);
const CONNECT: Duration = Duration::from_secs(1);

trait Connection: Read + Write + Send {}
impl<C: Read + Write + Send> Connection for C {}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// The receipt of a sale.
    Receipt(SaleKey),
    /// The slip of a claim.
    Claim(NoteNumber),
    /// That a sale is in the box, and not credited yet.
    Waiting(SaleKey),
    /// The receipt of a top-up by QR code.
    TopUp([u8; 16]),
    /// Where to look whether a payment by QR code is on the card.
    Payment([u8; 16]),
}

/// How the paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperState {
    /// There is enough.
    Ok,
    /// The roll ends soon.
    Low,
    /// There is none, or the printer does not print for another reason that a person must put right.
    Out,
    /// The printer does not answer.
    Unknown,
}

impl PaperState {
    /// As the server is told.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Low => "low",
            Self::Out => "out",
            Self::Unknown => "unknown",
        }
    }
}

/// The printer.
pub struct SlipPrinter {
    at: String,
    paper: Paper,
    connection: Option<Printer<Box<dyn Connection>>>,
    /// Was sent, and is not surely out.
    under_way: Option<Job>,
    /// How the paper was when it was looked at last.
    pub state: PaperState,
}

impl SlipPrinter {
    /// The printer of these settings; it is spoken with when it is needed.
    ///
    /// # Errors
    /// [`FontError`] when the font cannot be read.
    pub fn new(settings: &PrinterSettings) -> Result<Self, FontError> {
        let width = if settings.width_mm == 58 { Width::Mm58 } else { Width::Mm80 };
        let charset = if settings.gb18030 { Charset::Gb18030 } else { Charset::Raster };
        let font = settings.font.as_deref().map(Font::open).transpose()?;
        let paper = Paper { width, charset, font };
        Ok(Self { at: settings.at.clone(), paper, connection: None, under_way: None, state: PaperState::Unknown })
    }

    /// Looks how the printer is, and whether what was sent came out meanwhile: then it is named.
    pub fn look(&mut self) -> Option<Job> {
        if let Some(job) = self.under_way {
            match self.connection.as_mut().map(Printer::finish) {
                Some(Printed::Out { near_end }) => {
                    self.under_way = None;
                    self.state = if near_end { PaperState::Low } else { PaperState::Ok };
                    return Some(job);
                }
                // The printer holds it still, and says why it does not print.
                Some(Printed::Unfinished(trouble)) if trouble != Trouble::Unknown => {
                    self.state = state_of(trouble);
                    return None;
                }
                Some(Printed::Unfinished(_) | Printed::NotSent(_)) | None => {
                    self.under_way = None;
                    self.connection = None;
                }
            }
        }
        let state = self.connected().map_or(Err(Trouble::Unknown), Printer::state);
        self.state = match state {
            Ok(state) => match state.trouble() {
                Some(trouble) => state_of(trouble),
                None if state.near_end => PaperState::Low,
                None => PaperState::Ok,
            },
            Err(trouble) => state_of(trouble),
        };
        if self.state == PaperState::Unknown {
            self.connection = None;
        }
        None
    }

    /// Whether a slip can be sent: the printer can print, and holds none.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        self.under_way.is_none() && matches!(self.state, PaperState::Ok | PaperState::Low)
    }

    /// Prints a slip; answers whether it is out. What is not out may come later: [`Self::look`].
    pub fn print(&mut self, job: Job, slip: &Slip) -> bool {
        let sheet = match self.paper.compose(slip) {
            Ok(sheet) => sheet,
            Err(error) => {
                tracing::error!(code = error.code(), %error, "a slip cannot be laid out");
                return false;
            }
        };
        if !sheet.missing.is_empty() {
            tracing::warn!(missing = %sheet.missing.iter().collect::<String>(), "the font lacks characters");
        }
        match self.connected().map_or(Printed::NotSent(Trouble::Unknown), |printer| printer.print(&sheet)) {
            Printed::Out { near_end } => {
                self.state = if near_end { PaperState::Low } else { PaperState::Ok };
                true
            }
            Printed::NotSent(trouble) => {
                self.state = state_of(trouble);
                false
            }
            Printed::Unfinished(trouble) => {
                self.state = state_of(trouble);
                self.under_way = Some(job);
                false
            }
        }
    }

    fn connected(&mut self) -> Option<&mut Printer<Box<dyn Connection>>> {
        if self.connection.is_none() {
            match connect(&self.at) {
                Ok(connection) => self.connection = Some(Printer::new(connection)),
                Err(error) => tracing::warn!(at = %self.at, %error, "the printer is not there"),
            }
        }
        self.connection.as_mut()
    }
}

fn connect(at: &str) -> std::io::Result<Box<dyn Connection>> {
    if at.contains('/') {
        return Ok(Box::new(Device::open(Path::new(at), ANSWER)?));
    }
    let address = at.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::NotFound)?;
    let stream = TcpStream::connect_timeout(&address, CONNECT)?;
    stream.set_read_timeout(Some(ANSWER))?;
    stream.set_write_timeout(Some(CONNECT))?;
    Ok(Box::new(stream))
}

const fn state_of(trouble: Trouble) -> PaperState {
    match trouble {
        Trouble::NoPaper | Trouble::CoverOpen | Trouble::Error | Trouble::Offline => PaperState::Out,
        Trouble::Unknown => PaperState::Unknown,
    }
}
