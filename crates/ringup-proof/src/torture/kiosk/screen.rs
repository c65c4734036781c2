//! A holder in front of a kiosk's screen.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the program may take to answer a touch.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// The pages of a kiosk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen(pub(super) SocketAddr);

impl Screen {
    /// What it shows now; nothing when nobody answers.
    pub(super) fn shows(self) -> String {
        self.asks("GET", "/", "").unwrap_or_default()
    }

    /// Touches a button. What came of it is on the screen.
    pub(super) fn touch(self, path: &str, form: &str) {
        // A program that is gone answers nothing, and whoever waits for something on the screen will say so.
        let _ = self.asks("POST", path, form);
    }

    /// The program has begun, and takes notes.
    pub(super) fn is_ready(self) -> bool {
        let shows = self.shows();
        shows.contains("data-version") && !shows.contains("class=\"notice warn\"")
    }

    fn asks(self, method: &str, path: &str, form: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&self.0, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(ANSWER_WAIT))?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.0,
            form.len(),
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
