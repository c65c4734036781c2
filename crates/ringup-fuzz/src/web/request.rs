//! Requests, written as they stand on the wire.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};

/// A request as an input describes it.
#[derive(Debug)]
pub struct Asked {
    /// `GET` and the like.
    pub method: String,
    /// The address after the host.
    pub target: String,
    /// The headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// Reads `METHOD TARGET`, lines `Name: value`, an empty line, and the body.
    pub fn parse(input: &[u8]) -> Self {
        let end = input.windows(2).position(|pair| pair == b"\n\n").unwrap_or(input.len());
        let (head, body) = input.split_at(end);
        let mut lines = head.split(|byte| *byte == b'\n');
        let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let (method, target) = first.split_once(' ').unwrap_or((first.as_str(), "/"));
        let headers = lines.filter_map(|line| {
            let at = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(at);
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            Some((String::from_utf8_lossy(name).into_owned(), value.to_vec()))
        });
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers.collect(),
            body: body.get(2..).unwrap_or_default().to_vec(),
        }
    }

    /// A form that a browser sends.
    pub fn new(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
        Self { method: method.to_owned(), target: target.to_owned(), headers: headers.collect(), body: body.to_vec() }
    }

    /// The request; nothing when the server in front of the routes would not have read it.
    pub fn request(&self) -> Option<Request<Body>> {
        let method = Method::from_bytes(self.method.as_bytes()).ok()?;
        let uri: Uri = self.target.parse().ok()?;
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            request = request.header(name, HeaderValue::from_bytes(value).ok()?);
        }
        request.body(Body::from(self.body.clone())).ok()
    }
}
