//! One connection that is kept: writes a request, reads its answer. It knows as much of HTTP/1.1 as our own server speaks.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpStream;

/// A connection.
pub struct Link {
    stream: TcpStream,
    /// What has been read and not been used.
    buffer: Vec<u8>,
    /// How much of it the last answer took.
    used: usize,
}

/// An answer, in the connection's own buffer.
pub struct Answer<'a> {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: &'a [u8],
}

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String = String::from_utf8_lossy(self.body).chars().take(200).collect();
        write!(f, "{} {body:?}", self.status)
    }
}

impl Link {
    /// Connects.
    pub async fn open(to: SocketAddr) -> Result<Self, String> {
        let stream = TcpStream::connect(to).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096), used: 0 })
    }

    /// Sends a request and waits for its answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, String> {
        self.buffer.drain(..self.used);
        self.used = 0;
        self.write(request).await?;
        let head = loop {
            match read_head(&self.buffer)? {
                Some(head) => break head,
                None => self.read().await?,
            }
        };
        let end = head.length.saturating_add(head.body_length);
        while self.buffer.len() < end {
            self.read().await?;
        }
        self.used = end;
        Ok(Answer { status: head.status, body: self.buffer.get(head.length..end).unwrap_or_default() })
    }

    async fn write(&self, request: &[u8]) -> Result<(), String> {
        let mut rest = request;
        while !rest.is_empty() {
            match self.stream.try_write(rest) {
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.stream.writable().await.map_err(|error| error.to_string())?;
                }
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), String> {
        self.stream.readable().await.map_err(|error| error.to_string())?;
        match self.stream.try_read_buf(&mut self.buffer) {
            Ok(0) => Err("the server closed the connection".to_owned()),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What the head of an answer says.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Its own bytes, the empty line included.
    length: usize,
    body_length: usize,
}

/// Reads the head of an answer; nothing when it is not all there yet.
fn read_head(bytes: &[u8]) -> Result<Option<Head>, String> {
    let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
    let mut lines = text.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status: u16 = status.ok_or_else(|| format!("this is no answer: {text:?}"))?;
    let mut body_length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body_length = value.trim().parse().map_err(|_| format!("an answer is {value} long"))?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err("an answer came in pieces".to_owned());
        }
    }
    Ok(Some(Head { status, length: end.saturating_add(4), body_length }))
}

#[cfg(test)]
mod tests;
