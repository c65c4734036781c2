//! A receipt printer in the network: takes what it is sent, and answers as one with or without paper does.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A printer with a port.
#[derive(Clone)]
pub struct TestPrinter {
    pub address: String,
    paper: Arc<AtomicBool>,
    slips: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl TestPrinter {
    pub fn on() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let printer = Self { address, paper: Arc::new(AtomicBool::new(true)), slips: Arc::default() };
        let plays = printer.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|till| plays.serves(till)));
        printer
    }

    pub fn has_paper(&self, has: bool) {
        self.paper.store(has, Ordering::SeqCst);
    }

    /// Everything that was printed, a slip each.
    pub fn slips(&self) -> Vec<Vec<u8>> {
        self.slips.lock().unwrap().clone()
    }

    /// Answers `DLE EOT n` at once and `GS r 1` in its turn; all else is paper.
    fn serves(&self, mut till: TcpStream) {
        let (mut slip, mut byte) = (Vec::new(), [0]);
        while till.read_exact(&mut byte).is_ok() {
            slip.push(byte[0]);
            let answer = match slip.as_slice() {
                [.., 0x10, 0x04, question] => {
                    let out = !self.paper.load(Ordering::SeqCst);
                    let status = match *question {
                        2 if out => 0x12 | 0x20,
                        4 if out => 0x12 | 0x60,
                        _ => 0x12,
                    };
                    Some((3, status))
                }
                [.., 0x1d, b'r', 1] => Some((3, 0)),
                _ => None,
            };
            if let Some((length, status)) = answer {
                slip.truncate(slip.len() - length);
                till.write_all(&[status]).unwrap();
            }
        }
        if !slip.is_empty() {
            self.slips.lock().unwrap().push(slip);
        }
    }
}
