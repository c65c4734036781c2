//! HTTP, as the adapters see it: a request that is built, an answer that is read, and the one client in between.
//!
//! The client follows no redirect, asks no proxy of the environment, reads no more than [`limits::ANSWER_BYTES_MAX`], and
//! says apart what never left from what may have arrived: the second must be asked about, not repeated.

use std::sync::Arc;

use crate::limits;

/// The verbs that providers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Asks.
    Get,
    /// Orders.
    Post,
}

impl Method {
    /// As the request line and the string to sign have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request, complete: nothing is added to it on its way but `Host` and `Content-Length`.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The verb.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// The headers, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty when there is none.
    pub body: String,
}

/// Neither what is signed nor the signature: a body may hold a payer's code.
impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = self.url.split('?').next().unwrap_or_default();
        write!(f, "HttpRequest({} {address}, {} bytes)", self.method.name(), self.body.len())
    }
}

/// An answer, with its body as it came: signatures are over these bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// The headers whose values are texts.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The first header of this name, whatever its case.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection stood, so nothing was sent.
    #[error("nothing was sent: {0}")]
    NotSent(String),
    /// It may have arrived and may have been acted on.
    #[error("there was no answer: {0}")]
    NoAnswer(String),
}

/// The client could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the HTTP client could not be made: {0}")]
pub struct HttpClientError(String);

/// The one HTTP client. Cheap to clone; connections are shared.
#[derive(Clone, Debug)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    /// Makes the client.
    ///
    /// # Errors
    /// [`HttpClientError`] when TLS cannot be set up.
    pub fn new() -> Result<Self, HttpClientError> {
        // The roots are compiled in, because a bare container has no certificate store, and the platform's
        // verifier refuses to start without one.
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| HttpClientError(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        #[expect(clippy::disallowed_methods, reason = "this is the one home of the HTTP client")]
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(limits::CONNECT_TIMEOUT)
            .timeout(limits::CALL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent(concat!("ringup/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| HttpClientError(error.to_string()))?;
        Ok(Self(client))
    }

    /// Sends a request once and reads the whole answer.
    ///
    /// # Errors
    /// [`HttpError`].
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut builder = self.0.request(method, &request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if request.method == Method::Post {
            builder = builder.body(request.body);
        }
        let mut response = builder.send().await.map_err(http_error)?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| value.to_str().ok().map(|value| (name.as_str().to_owned(), value.to_owned())));
        let headers = headers.collect();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(http_error)? {
            if body.len().saturating_add(chunk.len()) > limits::ANSWER_BYTES_MAX {
                return Err(HttpError::NoAnswer(format!("it has more than {} bytes", limits::ANSWER_BYTES_MAX)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse { status, headers, body })
    }
}

fn http_error(error: reqwest::Error) -> HttpError {
    // `without_url`: the address of an Alipay page carries the whole signed order.
    let never_left = error.is_connect() || error.is_builder();
    let error = error.without_url();
    let cause = std::error::Error::source(&error).map_or_else(String::new, |source| format!(": {source}"));
    let text = format!("{error}{cause}");
    if never_left { HttpError::NotSent(text) } else { HttpError::NoAnswer(text) }
}

#[cfg(test)]
mod tests;
