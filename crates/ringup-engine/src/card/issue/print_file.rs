//! The print file: numbers and PINs for the printer, encrypted to him while it is written.
//!
//! It is written under another name and gets its own only when the cards are in the database. PINs stand nowhere else,
//! and never unencrypted on a disk.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use ringup_core::card::CardNumber;

use crate::card::draw::wipe;

/// Why a print file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PrintFileError {
    /// The recipient is no age public key.
    #[error("the recipient is no age public key (age1…)")]
    Recipient,
    /// There is a file of this name already. PINs that were printed before are never overwritten.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// It could not be written.
    #[error("{}: {source}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A print file that is being written. Removed unless it is published or kept.
pub(super) struct PrintFile {
    part: PathBuf,
    file: PathBuf,
    encrypted: Option<StreamWriter<BufWriter<File>>>,
    line: Vec<u8>,
    unwanted: bool,
}

impl PrintFile {
    /// Begins `file` under the name `file.part`, readable by its owner only.
    pub(super) fn begin(file: &Path, recipient: &str) -> Result<Self, PrintFileError> {
        let recipient: age::x25519::Recipient =
            recipient.trim().parse().map_err(|_: &str| PrintFileError::Recipient)?;
        let mut name: OsString = file.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        if file.exists() {
            return Err(PrintFileError::Exists(file.to_owned()));
        }
        let failed = |source| PrintFileError::File { file: part.clone(), source };
        let output = create(&part).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => PrintFileError::Exists(part.clone()),
            _ => failed(source),
        })?;
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|_| PrintFileError::Recipient)?;
        let encrypted = encryptor.wrap_output(BufWriter::new(output)).map_err(failed)?;
        let line = Vec::with_capacity(64);
        Ok(Self { part, file: file.to_owned(), encrypted: Some(encrypted), line, unwanted: true })
    }

    /// Writes the line that names the columns.
    pub(super) fn write_head(&mut self) -> Result<(), PrintFileError> {
        self.line.extend_from_slice(b"number,pin,valid_days\n");
        self.flush_line()
    }

    /// Writes one card.
    pub(super) fn write_card(&mut self, number: CardNumber, pin: &[u8], valid_days: i64) -> Result<(), PrintFileError> {
        let written = write!(self.line, "{number},")
            .and_then(|()| self.line.write_all(pin))
            .and_then(|()| writeln!(self.line, ",{valid_days}"));
        written.map_err(|source| self.failed(source))?;
        self.flush_line()
    }

    fn flush_line(&mut self) -> Result<(), PrintFileError> {
        let result = match &mut self.encrypted {
            Some(encrypted) => encrypted.write_all(&self.line),
            None => Err(io::Error::other("the file has been finished")),
        };
        wipe(&mut self.line);
        self.line.clear();
        result.map_err(|source| self.failed(source))
    }

    /// Ends the file; it is whole and on the disk then, under its other name.
    pub(super) fn finish(&mut self) -> Result<(), PrintFileError> {
        let Some(encrypted) = self.encrypted.take() else { return Ok(()) };
        let synced = encrypted
            .finish()
            .and_then(|output| output.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(|output| output.sync_all());
        synced.map_err(|source| self.failed(source))
    }

    /// Gives it its own name. From here on it stays, whatever happens; where it is, is told with the error.
    pub(super) fn publish(mut self) -> Result<PathBuf, (PathBuf, io::Error)> {
        self.unwanted = false;
        // The name is on the disk when its folder is.
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let renamed =
            fs::rename(&self.part, &self.file).and_then(|()| File::open(folder)).and_then(|folder| folder.sync_all());
        renamed.map(|()| self.file.clone()).map_err(|error| (self.part.clone(), error))
    }

    /// Leaves it under its other name: whether its cards are in the database is not known.
    pub(super) fn keep(mut self) -> PathBuf {
        self.unwanted = false;
        self.part.clone()
    }

    fn failed(&self, source: io::Error) -> PrintFileError {
        PrintFileError::File { file: self.part.clone(), source }
    }
}

impl Drop for PrintFile {
    fn drop(&mut self) {
        wipe(&mut self.line);
        if self.unwanted
            && let Err(error) = fs::remove_file(&self.part)
        {
            tracing::error!(file = %self.part.display(), %error, "an unfinished print file could not be removed");
        }
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
