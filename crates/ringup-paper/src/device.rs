//! A printer as a file of the machine, such as `/dev/usb/lp0`.

#[cfg(test)]
mod tests;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// Answers are a byte each; whoever sends more at once is no printer.
const ANSWERS_MAX: usize = 256;

/// A device file that is read with a time limit, which such files do not have themselves: a thread waits for what comes.
/// The thread ends when the device does, or with the first byte after the `Device` is gone.
#[derive(Debug)]
pub struct Device {
    file: File,
    answers: Receiver<io::Result<u8>>,
    timeout: Duration,
}

impl Device {
    /// Opens the device at `path`; a read ends after `timeout`.
    ///
    /// # Errors
    /// When it cannot be opened for reading and writing.
    pub fn open(path: &Path, timeout: Duration) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let reader = file.try_clone()?;
        let (sender, answers) = sync_channel(ANSWERS_MAX);
        thread::Builder::new().name("printer answers".to_owned()).spawn(move || listen(reader, &sender))?;
        Ok(Self { file, answers, timeout })
    }
}

fn listen(mut device: File, answers: &SyncSender<io::Result<u8>>) {
    let mut byte = [0];
    loop {
        let heard = match device.read(&mut byte) {
            Ok(0) => return,
            Ok(_) => Ok(byte[0]),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let ends = heard.is_err();
        if answers.send(heard).is_err() || ends {
            return;
        }
    }
}

impl Read for Device {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        match self.answers.recv_timeout(self.timeout) {
            Ok(heard) => {
                *first = heard?;
                Ok(1)
            }
            Err(RecvTimeoutError::Timeout) => Err(ErrorKind::TimedOut.into()),
            Err(RecvTimeoutError::Disconnected) => Ok(0),
        }
    }
}

impl Write for Device {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
