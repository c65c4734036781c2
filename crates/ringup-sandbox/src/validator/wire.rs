//! The line: the far end of a pseudo-terminal.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// How long a pause is that ends a frame, and how soon a stop is noticed.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

pub struct Wire {
    port: File,
    /// The kiosk's end, held open so that the line does not hang up when a kiosk dies.
    _kiosk: File,
}

impl Wire {
    /// A new line, and where the kiosk finds its end of it.
    pub fn open() -> io::Result<(Self, PathBuf)> {
        let port = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&port)?;
        unlockpt(&port)?;
        let path = PathBuf::from(OsString::from_vec(ptsname(&port, Vec::new())?.into_bytes()));
        let flags = i32::try_from((OFlags::NOCTTY | OFlags::CLOEXEC).bits()).map_err(io::Error::other)?;
        let kiosk = OpenOptions::new().read(true).write(true).custom_flags(flags).open(&path)?;
        let mut settings = tcgetattr(&kiosk)?;
        settings.make_raw();
        tcsetattr(&kiosk, OptionalActions::Now, &settings)?;
        Ok((Self { port: File::from(port), _kiosk: kiosk }, path))
    }

    /// What has come; nothing when there was a pause.
    pub fn receive(&mut self) -> io::Result<Vec<u8>> {
        if poll(&mut [PollFd::new(&self.port, PollFlags::IN)], Some(&PAUSE))? == 0 {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; 512];
        let count = self.port.read(&mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.port.write_all(bytes)
    }
}
