//! A receipt printer in the network: takes what it is sent command by command, and answers as one with or without paper does.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A printer with a port of its own. Its threads end with the process.
#[derive(Clone, Debug)]
pub struct PlayedPrinter {
    /// `HOST:PORT`.
    pub address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    is_out_of_paper: bool,
    slips: Vec<Slip>,
}

/// What came out: all that was sent for it, and what can be read of it as ASCII, QR codes in brackets.
#[derive(Clone, Debug, Default)]
struct Slip {
    bytes: Vec<u8>,
    text: String,
}

impl PlayedPrinter {
    /// Switches one on, with paper in it.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn on() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let printer = Self { address, state: Arc::default() };
        let plays = printer.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let plays = plays.clone();
                std::thread::spawn(move || plays.serves(stream));
            }
        });
        Ok(printer)
    }

    /// Whether there is paper in it.
    pub fn has_paper(&self, has: bool) {
        self.state().is_out_of_paper = !has;
    }

    /// Everything that came out, a slip each.
    #[must_use]
    pub fn slips(&self) -> Vec<Vec<u8>> {
        self.state().slips.iter().map(|slip| slip.bytes.clone()).collect()
    }

    /// What can be read on them as ASCII; a QR code is `[QR …]`.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.state().slips.iter().map(|slip| slip.text.clone()).collect()
    }

    /// Waits until so many slips are out; `false` when they are not within five seconds.
    #[must_use]
    pub fn waits_for(&self, slips: usize) -> bool {
        for _ in 0..100 {
            if self.state().slips.len() >= slips {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serves(&self, mut stream: TcpStream) {
        let (mut waiting, mut slip, mut buffer) = (Vec::new(), Slip::default(), [0; 4096]);
        loop {
            let count = match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => count,
            };
            waiting.extend(buffer.iter().take(count));
            while let Some(length) = command_length(&waiting) {
                let command: Vec<u8> = waiting.drain(..length).collect();
                if let Some(answer) = self.obey(&command, &mut slip)
                    && stream.write_all(&[answer]).is_err()
                {
                    return;
                }
            }
        }
    }

    /// `DLE EOT n` and `GS r 1` are answered; a cut ends a slip; all else is on the paper.
    fn obey(&self, command: &[u8], slip: &mut Slip) -> Option<u8> {
        let mut state = self.state();
        let out = state.is_out_of_paper;
        match *command {
            [0x10, 4, 1] => return Some(if out { 0x1a } else { 0x12 }),
            [0x10, 4, 2] => return Some(if out { 0x32 } else { 0x12 }),
            [0x10, 4, 4] => return Some(if out { 0x72 } else { 0x12 }),
            [0x10, 4, _] => return Some(0x12),
            [0x1d, b'r', 1] => return Some(0),
            _ => slip.bytes.extend_from_slice(command),
        }
        match *command {
            [0x1d, b'V', 1] => state.slips.push(std::mem::take(slip)),
            [0x1d, b'(', b'k', _, _, 49, 80, 48, ref content @ ..] => {
                slip.text.push_str(&format!("[QR {}]\n", String::from_utf8_lossy(content)));
            }
            [letter @ (b'\n' | 0x20..=0x7e)] => slip.text.push(char::from(letter)),
            _ => {}
        }
        None
    }
}

/// How long the command is that stands first, once all of it is there.
fn command_length(bytes: &[u8]) -> Option<usize> {
    let length = match *bytes {
        [] | [0x10 | 0x1b | 0x1c | 0x1d] => return None,
        [0x1b, b'@', ..] | [0x1c, _, ..] => 2,
        [0x1d, b'(', b'k', low, high, ..] => 5 + usize::from(u16::from_le_bytes([low, high])),
        [0x1d, b'(', ..] => return None,
        [0x1d, b'v', b'0', _, w, ww, h, hh, ..] => {
            8 + usize::from(u16::from_le_bytes([w, ww])) * usize::from(u16::from_le_bytes([h, hh]))
        }
        [0x1d, b'v', ..] => return None,
        [0x10 | 0x1b | 0x1d, ..] => 3,
        _ => 1,
    };
    (bytes.len() >= length).then_some(length)
}
