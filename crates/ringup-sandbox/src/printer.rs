//! A receipt printer in the network: takes what it is sent, and answers as one with or without paper does.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes a question has.
const QUESTION: usize = 3;

/// A printer with a port of its own. Its thread ends with the process.
#[derive(Clone, Debug)]
pub struct PlayedPrinter {
    /// `HOST:PORT`.
    pub address: String,
    paper: Arc<AtomicBool>,
    slips: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl PlayedPrinter {
    /// Switches one on, with paper in it.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn on() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let printer = Self { address, paper: Arc::new(AtomicBool::new(true)), slips: Arc::default() };
        let plays = printer.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|till| plays.serves(till)));
        Ok(printer)
    }

    /// Whether there is paper in it.
    pub fn has_paper(&self, has: bool) {
        self.paper.store(has, Ordering::SeqCst);
    }

    /// Everything that was printed, a slip each.
    #[must_use]
    pub fn slips(&self) -> Vec<Vec<u8>> {
        self.slips.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many slips are out; `false` when they are not within five seconds.
    #[must_use]
    pub fn waits_for(&self, slips: usize) -> bool {
        for _ in 0..100 {
            if self.slips().len() >= slips {
                return true;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        false
    }

    /// Answers `DLE EOT n` at once and `GS r 1` in its turn; all else is paper.
    fn serves(&self, mut till: TcpStream) {
        let (mut slip, mut byte) = (Vec::new(), [0]);
        while till.read_exact(&mut byte).is_ok() {
            slip.extend(byte);
            let answer = match slip.as_slice() {
                [.., 0x10, 0x04, question] => {
                    let out = !self.paper.load(Ordering::SeqCst);
                    let status = match *question {
                        2 if out => 0x12 | 0x20,
                        4 if out => 0x12 | 0x60,
                        _ => 0x12,
                    };
                    Some((status, false))
                }
                [.., 0x1d, b'r', 1] => Some((0, true)),
                _ => None,
            };
            if let Some((status, is_end)) = answer {
                slip.truncate(slip.len().saturating_sub(QUESTION));
                // The question behind a slip: all of it is out.
                if is_end && !slip.is_empty() {
                    self.out(std::mem::take(&mut slip));
                }
                if till.write_all(&[status]).is_err() {
                    break;
                }
            }
        }
        if !slip.is_empty() {
            self.out(slip);
        }
    }

    fn out(&self, slip: Vec<u8>) {
        self.slips.lock().unwrap_or_else(PoisonError::into_inner).push(slip);
    }
}
