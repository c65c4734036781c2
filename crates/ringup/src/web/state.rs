//! What every handler is given.

use std::sync::Arc;

use ringup_engine::Engine;
use ringup_paper::Font;

/// The engine, and what the site is. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The use cases.
    pub engine: Engine,
    /// What the site is.
    pub site: Arc<Site>,
}

/// What the site is, as far as pages must know.
#[derive(Clone, Debug)]
pub struct Site {
    /// How the world reaches the pages, without a slash at the end.
    pub public_url: String,
    /// Whether the last address in `X-Forwarded-For` is believed.
    pub behind_proxy: bool,
    /// What slips are drawn with on receipt printers; none where only browsers print.
    pub font: Option<Font>,
}

impl Site {
    /// Whether the pages are reached by TLS: cookies then bear `__Host-` and `Secure`, and answers HSTS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
