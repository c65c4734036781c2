//! The kiosk's talk with the server: each request is signed, and what has no answer is said to have none.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ringup_core::time::{Span, Timestamp};
use ringup_gateways::http::{HttpClient, HttpRequest, HttpResponse, Method, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::device_key::{Asked, DeviceKey, DeviceKeyError, NewKey};
use crate::wire::{Enrolled, Problem};
use crate::{chance, clock};

/// A clock that is off by no more counts as right.
const CLOCK_TOLERANCE_SECONDS: i64 = 2;

/// The server, as this kiosk knows it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server {
    http: HttpClient,
    address: String,
    key: Arc<DeviceKey>,
    /// How far the server's clock is ahead of ours.
    ahead: Arc<AtomicI64>,
}

/// The server has answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// There is no answer that says anything about what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The line is down, or nobody knows: to be asked again with the same key.
    #[error("no answer: {0}")]
    Line(String),
    /// The server cannot now: to be asked again with the same key.
    #[error("the server answers {0}")]
    Later(u16),
    /// The server does not know this kiosk, or knows it no more.
    #[error("the server does not know this kiosk: {0}")]
    Stranger(String),
}

/// Why a machine is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The key.
    #[error(transparent)]
    Key(#[from] DeviceKeyError),
    /// No answer.
    #[error("no answer: {0}")]
    Line(String),
    /// The server refuses.
    #[error("the server refuses: {code}")]
    Refused {
        /// Its code.
        code: String,
    },
    /// The answer cannot be read.
    #[error("the server's answer cannot be read")]
    Unreadable,
}

impl EnrolError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Key(error) => error.code(),
            Self::Line(_) => "no_answer",
            Self::Refused { code } => code,
            Self::Unreadable => "answer_unreadable",
        }
    }
}

#[derive(Serialize)]
struct EnrolBody<'a> {
    code: &'a str,
    algorithm: &'static str,
    public_key: String,
}

/// Makes a key, has it enrolled, and keeps it.
///
/// # Errors
/// [`EnrolError`].
pub async fn enrol(address: &str, code: &str, key_file: &Path) -> Result<Enrolled, EnrolError> {
    DeviceKey::must_be_new(key_file)?;
    let http = HttpClient::new().map_err(|error| EnrolError::Line(error.to_string()))?;
    let key = NewKey::generate()?;
    let body = EnrolBody { code, algorithm: "ed25519", public_key: key.public_key() };
    let request = HttpRequest {
        method: Method::Post,
        url: format!("{address}/api/v1/kiosk/enrol"),
        headers: vec![("content-type", "application/json".to_owned())],
        body: serde_json::to_string(&body).map_err(|_| EnrolError::Unreadable)?,
    };
    let response = http.send(request).await.map_err(|error| EnrolError::Line(error.to_string()))?;
    if response.status != 200 {
        let problem: Problem = serde_json::from_slice(&response.body).unwrap_or_default();
        let code = if problem.code.is_empty() { format!("http_{}", response.status) } else { problem.code };
        return Err(EnrolError::Refused { code });
    }
    let enrolled: Enrolled = serde_json::from_slice(&response.body).map_err(|_| EnrolError::Unreadable)?;
    key.enrolled(enrolled.device.clone(), enrolled.kiosk).keep(key_file)?;
    Ok(enrolled)
}

impl Answer {
    /// The body, if it is what is expected.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.body).inspect_err(|error| tracing::error!(%error, "an answer cannot be read")).ok()
    }

    /// The code of a refusal.
    #[must_use]
    pub fn code(&self) -> String {
        serde_json::from_str::<Problem>(&self.body).unwrap_or_default().code
    }
}

impl Server {
    /// The server at this address.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(address: &str, key: Arc<DeviceKey>) -> Result<Self, ringup_gateways::HttpClientError> {
        Ok(Self { http: HttpClient::new()?, address: address.to_owned(), key, ahead: Arc::new(AtomicI64::new(0)) })
    }

    /// Now, by the server's clock as far as it is known.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        clock::now().plus(Span::micros(self.ahead.load(Ordering::Relaxed)))
    }

    /// How far our clock is behind the server's, in milliseconds.
    #[must_use]
    pub fn clock_off_ms(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed) / 1_000
    }

    /// Asks for something.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn get(&self, path: &str) -> Result<Answer, NoAnswer> {
        self.ask(Method::Get, path, String::new(), None).await
    }

    /// Sends something, under this idempotency key where one is needed.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn post(&self, path: &str, body: &impl Serialize, key: Option<&str>) -> Result<Answer, NoAnswer> {
        let body = serde_json::to_string(body).map_err(|error| NoAnswer::Line(error.to_string()))?;
        self.ask(Method::Post, path, body, key).await
    }

    async fn ask(&self, method: Method, path: &str, body: String, key: Option<&str>) -> Result<Answer, NoAnswer> {
        let mut response = self.send_once(method, path, &body, key).await?;
        if response.status == 401 && self.may_try_again(&response) {
            response = self.send_once(method, path, &body, key).await?;
        }
        let answer = Answer { status: response.status, body: String::from_utf8_lossy(&response.body).into_owned() };
        match answer.status {
            401 => Err(NoAnswer::Stranger(answer.code())),
            // A question to the holder.
            409 if answer.code() == "another_one" => Ok(answer),
            // 409: the same key is being worked on; 429 of a till of requests, not of a collection, has no code of ours.
            409 | 500.. => Err(NoAnswer::Later(answer.status)),
            _ => Ok(answer),
        }
    }

    /// A wrong clock is set by what the server says, and a nonce that was used before is drawn anew.
    fn may_try_again(&self, response: &HttpResponse) -> bool {
        let code = serde_json::from_slice::<Problem>(&response.body).unwrap_or_default().code;
        match code.as_str() {
            "clock_wrong" => self.set_clock(response),
            "signature_replayed" => true,
            _ => false,
        }
    }

    fn set_clock(&self, response: &HttpResponse) -> bool {
        let Some(theirs) = header(&response.headers, "ringup-time").and_then(clock::read_iso) else { return false };
        let ahead = theirs.since(clock::now());
        // It is told in whole seconds, and was on its way.
        let is_off = ahead.as_seconds().abs() > CLOCK_TOLERANCE_SECONDS;
        self.ahead.store(if is_off { ahead.as_micros() } else { 0 }, Ordering::Relaxed);
        true
    }

    async fn send_once(
        &self,
        method: Method,
        path: &str,
        body: &str,
        key: Option<&str>,
    ) -> Result<HttpResponse, NoAnswer> {
        let asked = Asked { method: method.name(), path, body: body.as_bytes() };
        let mut headers: Vec<(&'static str, String)> =
            self.key.sign(asked, self.now().seconds(), &chance::nonce()).into();
        if method == Method::Post {
            headers.push(("content-type", "application/json".to_owned()));
        }
        headers.extend(key.map(|key| ("idempotency-key", key.to_owned())));
        let request = HttpRequest { method, url: format!("{}{path}", self.address), headers, body: body.to_owned() };
        let response = self.http.send(request).await.map_err(|error| NoAnswer::Line(error.to_string()))?;
        if response.status == 200 {
            self.set_clock(&response);
        }
        Ok(response)
    }
}
