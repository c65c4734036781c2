//! A printer on a TCP port that understands what it is sent, and prints onto a list.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A played printer.
pub struct Printer {
    pub at: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    is_out_of_paper: bool,
    slips: Vec<String>,
}

impl Printer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap().to_string();
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { at, state }
    }

    pub fn has_paper(&self, has: bool) {
        self.state.lock().unwrap().is_out_of_paper = !has;
    }

    /// The slips that came out, as their text.
    pub fn slips(&self) -> Vec<String> {
        self.state.lock().unwrap().slips.clone()
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let mut waiting: Vec<u8> = Vec::new();
    let mut slip = String::new();
    let mut buffer = [0; 4096];
    loop {
        let Ok(count) = stream.read(&mut buffer) else { return };
        if count == 0 {
            return;
        }
        waiting.extend_from_slice(&buffer[..count]);
        while let Some(length) = command_length(&waiting) {
            let command: Vec<u8> = waiting.drain(..length).collect();
            if let Some(answer) = obey(&command, &mut slip, state) {
                let _ = stream.write_all(&[answer]);
            }
        }
    }
}

fn obey(command: &[u8], slip: &mut String, state: &Mutex<State>) -> Option<u8> {
    let mut state = state.lock().unwrap();
    match *command {
        [0x10, 4, 2] => Some(if state.is_out_of_paper { 0x32 } else { 0x12 }),
        [0x10, 4, 4] => Some(if state.is_out_of_paper { 0x72 } else { 0x12 }),
        [0x10, 4, 1] => Some(if state.is_out_of_paper { 0x1a } else { 0x12 }),
        [0x10, 4, _] => Some(0x12),
        [0x1d, b'r', 1] => Some(0),
        [0x1d, b'V', 1] => {
            state.slips.push(std::mem::take(slip));
            None
        }
        [0x1d, b'(', b'k', _, _, 49, 80, 48, ref content @ ..] => {
            slip.push_str(&format!("[QR {}]\n", String::from_utf8_lossy(content)));
            None
        }
        [b'\n'] => {
            slip.push('\n');
            None
        }
        [letter @ 0x20..=0x7e] => {
            slip.push(char::from(letter));
            None
        }
        _ => None,
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
