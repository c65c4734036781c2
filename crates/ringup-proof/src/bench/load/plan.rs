//! What the load generator is told, and what it tells.

use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::bench::BenchError;
use crate::rig::failure::Failure;

/// What is sent, how, and what must come back.
#[derive(Clone, Debug, clap::Args)]
pub struct Plan {
    /// Where the server is.
    #[arg(long)]
    pub to: SocketAddr,
    /// The file of the requests.
    #[arg(long)]
    pub requests: PathBuf,
    /// The first of them that is sent.
    #[arg(long, default_value_t = 0)]
    pub from: usize,
    /// When all have been sent, begin again.
    #[arg(long)]
    pub again: bool,
    /// How many connections send, each one request at a time.
    #[arg(long)]
    pub connections: usize,
    /// For how long.
    #[arg(long)]
    pub for_ms: u64,
    /// So many a second by a fixed schedule; as many as are answered without this.
    #[arg(long)]
    pub rate: Option<u64>,
    /// The status that each answer must have.
    #[arg(long, default_value_t = 200)]
    pub expect_status: u16,
    /// What each answer must hold.
    #[arg(long)]
    pub expect_text: Option<String>,
    /// Each answer is a quote, and is followed by a placing.
    #[arg(long)]
    pub then_place: bool,
    /// Makes idempotency keys differ from those of other loads.
    #[arg(long, default_value_t = 0)]
    pub keys_seed: u64,
}

impl Plan {
    /// The words that tell it to another process.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![
            format!("--to={}", self.to),
            format!("--requests={}", self.requests.display()),
            format!("--from={}", self.from),
            format!("--connections={}", self.connections),
            format!("--for-ms={}", self.for_ms),
            format!("--expect-status={}", self.expect_status),
            format!("--keys-seed={}", self.keys_seed),
        ];
        words.extend(self.rate.map(|rate| format!("--rate={rate}")));
        words.extend(self.expect_text.as_ref().map(|text| format!("--expect-text={text}")));
        words.extend(self.again.then(|| "--again".to_owned()));
        words.extend(self.then_place.then(|| "--then-place".to_owned()));
        words
    }
}

/// The placing that follows a quote.
pub fn placing(plan: &Plan, nth: usize, quoted: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(quoted).ok()?;
    let (_, rest) = text.split_once("\"quote\":\"")?;
    let (token, _) = rest.split_once('"')?;
    let body = format!("{{\"quote\":\"{token}\",\"provider\":\"alipay\",\"method\":\"page\",\"another_one\":true}}");
    let key = format!("idempotency-key: bench-{:016x}-{nth}\r\n", plan.keys_seed);
    Some(post("/api/v1/top-ups", "application/json", &key, &body))
}

/// The bytes of a POST; `headers` are whole lines.
pub fn post(path: &str, content_type: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         {headers}\r\n{body}"
    )
    .into_bytes()
}

/// The bytes of a GET; `headers` are whole lines.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n").into_bytes()
}

/// What came of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many requests were answered as they must be.
    pub answered: u64,
    /// In how long.
    pub micros: u64,
    /// What half of them took at most.
    pub p50_micros: u64,
    /// What 99 of a hundred took at most.
    pub p99_micros: u64,
    /// What each took at most.
    pub max_micros: u64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answered, micros, p50_micros, p99_micros, max_micros } = self;
        write!(f, "{answered} {micros} {p50_micros} {p99_micros} {max_micros}")
    }
}

impl FromStr for Outcome {
    type Err = BenchError;

    fn from_str(text: &str) -> Result<Self, BenchError> {
        let numbers = text.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let [answered, micros, p50_micros, p99_micros, max_micros] = numbers[..] else {
            return Err(format!("a load came to {text:?}").into());
        };
        Ok(Self { answered, micros, p50_micros, p99_micros, max_micros })
    }
}

/// Requests, made ahead: for each its length in four bytes, and itself.
pub struct RequestFile {
    bytes: Vec<u8>,
    starts: Vec<(usize, usize)>,
}

impl RequestFile {
    /// Writes the requests.
    pub fn write(file: &Path, requests: impl IntoIterator<Item = Vec<u8>>) -> Result<(), BenchError> {
        let mut out = BufWriter::new(File::create(file).map_err(Failure::doing(file.display()))?);
        for request in requests {
            out.write_all(&u32::try_from(request.len())?.to_le_bytes())?;
            out.write_all(&request)?;
        }
        Ok(out.flush()?)
    }

    /// Reads all of them.
    pub fn read(file: &Path) -> Result<Self, BenchError> {
        let bytes = std::fs::read(file).map_err(Failure::doing(file.display()))?;
        let mut starts = Vec::new();
        let mut at: usize = 0;
        while let Some(length) = bytes.get(at..at.saturating_add(4)) {
            let start = at.saturating_add(4);
            at = start.saturating_add(usize::try_from(u32::from_le_bytes(length.try_into()?))?);
            starts.push((start, at));
        }
        if at == bytes.len() { Ok(Self { bytes, starts }) } else { Err("the file of the requests is cut off".into()) }
    }

    /// One of them; those that begin again never end.
    pub fn get(&self, position: usize, again: bool) -> Option<&[u8]> {
        let position = if again { position.checked_rem(self.starts.len())? } else { position };
        let (start, end) = self.starts.get(position)?;
        self.bytes.get(*start..*end)
    }
}

#[cfg(test)]
mod tests;
