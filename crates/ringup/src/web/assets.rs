//! Stylesheet, script and icon: embedded, and served under addresses made from their content, so that a browser may
//! keep them for ever and never has an old one.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
    url: String,
}

impl Asset {
    fn new(name: &'static str, content_type: &'static str, content: &'static str) -> Self {
        let url = format!("/assets/{:016x}/{name}", fingerprint(content.as_bytes()));
        Self { name, content_type, content, url }
    }

    /// Where it is served.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What is in it.
    #[must_use]
    pub fn content(&self) -> &'static str {
        self.content
    }

    /// Its plain name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    fn response(&self, cache_control: &'static str) -> Response {
        let headers = [(header::CONTENT_TYPE, self.content_type), (header::CACHE_CONTROL, cache_control)];
        (headers, self.content).into_response()
    }
}

/// The stylesheet of every page: the tokens, then what uses them.
pub static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("ringup.css", "text/css; charset=utf-8", STYLES.as_str()));

static STYLES: LazyLock<String> = LazyLock::new(|| {
    let written = concat!(include_str!("../../assets/css/tokens.css"), include_str!("../../assets/css/ringup.css"));
    without_comments(written)
});

/// What the pages of those who sell look like besides: tills and agents. Holders' phones need not load it.
pub static WORK_STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("work.css", "text/css; charset=utf-8", WORK_STYLES.as_str()));

static WORK_STYLES: LazyLock<String> = LazyLock::new(|| without_comments(include_str!("../../assets/css/work.css")));

/// A stylesheet as a browser reads it. The comments are for us, and phones need not load them.
fn without_comments(written: &str) -> String {
    let mut parts = written.split("/*");
    let before = parts.next().unwrap_or_default().to_owned();
    parts.fold(before, |read, part| read + part.split_once("*/").map_or("", |(_, after)| after.trim_start()))
}

/// The one script: htmx, then our own.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = concat!(include_str!("../../assets/js/htmx.min.js"), "\n", include_str!("../../assets/js/ringup.js"));
    Asset::new("ringup.js", "text/javascript; charset=utf-8", content)
});

/// What a till's pages do besides: its keys, its printer, and what it does when the line is down.
pub static TILL_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../../assets/js/till.js");
    Asset::new("till.js", "text/javascript; charset=utf-8", content)
});

/// The mark as an icon.
pub static FAVICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("favicon.svg", "image/svg+xml", include_str!("../../assets/favicon.svg")));

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_A_DAY: &str = "public, max-age=86400";

/// `GET /assets/{hash}/{name}`.
pub async fn show(Path((hash, name)): Path<(String, String)>) -> Response {
    let wanted = format!("/assets/{hash}/{name}");
    [&*STYLESHEET, &*WORK_STYLESHEET, &*SCRIPT, &*TILL_SCRIPT, &*FAVICON]
        .into_iter()
        .find(|asset| asset.url == wanted)
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |asset| asset.response(FOR_EVER))
}

/// `GET /favicon.svg`: the address that does not change, for those who keep it.
pub async fn favicon() -> Response {
    FAVICON.response(FOR_A_DAY)
}

/// FNV-1a, 64 bits: tells two builds of a file apart. Nothing secret rests on it.
fn fingerprint(content: &[u8]) -> u64 {
    content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
