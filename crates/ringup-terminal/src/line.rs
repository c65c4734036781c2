//! The serial line to a validator: 9600 baud, eight bits, no parity, without flow control.

#[cfg(test)]
mod tests;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use rustix::termios::{self, ControlModes, OptionalActions, QueueSelector};

const BAUD: u32 = 9_600;

/// How many stop bits end each byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopBits {
    /// One: ccTalk.
    One,
    /// Two: SSP.
    Two,
}

/// An open line.
#[derive(Debug)]
pub struct Line {
    port: File,
}

impl Line {
    /// Opens a serial port, or a pseudo-terminal, and sets it up. What waits in it from before is thrown away. It belongs to this
    /// program until it ends: what a validator tells is told once, and a second program would hear the half of it.
    ///
    /// # Errors
    /// What the system says: there is no such port, it may not be opened, it is no serial port; [`ErrorKind::ResourceBusy`]
    /// while another program has it.
    pub fn open(path: &Path, stop_bits: StopBits) -> io::Result<Self> {
        // Without waiting: a port would wait for a carrier that a validator does not give, and a write for a peer that is gone.
        let flags = OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let flags = i32::try_from(flags.bits()).map_err(|_| ErrorKind::InvalidInput)?;
        let port = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)?;
        // Before anything is changed or thrown away. The system gives it back whatever way the program ends.
        flock(&port, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
            Errno::WOULDBLOCK => io::Error::new(ErrorKind::ResourceBusy, "another program speaks on this line"),
            other => other.into(),
        })?;
        let mut settings = termios::tcgetattr(&port)?;
        settings.make_raw();
        settings.set_speed(BAUD)?;
        let rest = ControlModes::PARENB | ControlModes::CSTOPB | ControlModes::CRTSCTS | ControlModes::HUPCL;
        settings.control_modes.remove(rest);
        settings.control_modes.insert(ControlModes::CS8 | ControlModes::CREAD | ControlModes::CLOCAL);
        if stop_bits == StopBits::Two {
            settings.control_modes.insert(ControlModes::CSTOPB);
        }
        termios::tcsetattr(&port, OptionalActions::Now, &settings)?;
        termios::tcflush(&port, QueueSelector::IOFlush)?;
        Ok(Self { port })
    }

    /// Sends all of it, or fails when the line does not take it in time.
    ///
    /// # Errors
    /// What the system says; [`ErrorKind::TimedOut`].
    pub fn send(&mut self, bytes: &[u8], wait: Duration) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.port.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if !self.ready(PollFlags::OUT, wait)? {
                        return Err(ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads what there is, and waits so long for the first of it; nothing when nothing comes.
    ///
    /// # Errors
    /// What the system says.
    pub fn receive(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        loop {
            match self.port.read(buffer) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if !self.ready(PollFlags::IN, wait)? {
                        return Ok(0);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Throws away what has come and nobody has read.
    ///
    /// # Errors
    /// What the system says.
    pub fn forget_received(&mut self) -> io::Result<()> {
        Ok(termios::tcflush(&self.port, QueueSelector::IFlush)?)
    }

    fn ready(&self, wanted: PollFlags, wait: Duration) -> io::Result<bool> {
        let wait = Timespec::try_from(wait).map_err(|_| ErrorKind::InvalidInput)?;
        loop {
            match poll(&mut [PollFd::new(&self.port, wanted)], Some(&wait)) {
                Ok(count) => return Ok(count > 0),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
