//! What a request tells about its reader: language, colours, device, and the page he is on.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Uri, header};

use super::cookie::Cookie;
use crate::web::i18n::{Locale, Words};
use crate::web::view::{Page, Theme};

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let asked = asked_language(&parts.uri);
        let locale = Locale::negotiate(asked.as_deref(), Cookie::Language.read(headers), accept_language);
        let theme = Cookie::Theme.read(headers).map_or(Theme::Auto, Theme::from_name);
        Ok(Self { words: Words::of(locale), theme, here: here(&parts.method, &parts.uri) })
    }
}

/// The `?lang=` of an address.
pub(super) fn asked_language(uri: &Uri) -> Option<String> {
    let pairs = uri.query()?.split('&');
    pairs.filter_map(|pair| pair.strip_prefix("lang=")).map(str::to_owned).next()
}

/// Where the switches lead back to: this page without its `?lang=`, or the form that was just sent.
fn here(method: &Method, uri: &Uri) -> String {
    let path = uri.path();
    if method != Method::GET {
        return if ["/balance", "/where", "/plans", "/plans/advice"].contains(&path) {
            path.to_owned()
        } else {
            "/".to_owned()
        };
    }
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let query: Vec<&str> = kept.collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// How a reader's browser can hand over to a provider's app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Device {
    /// The app is on another device: it scans a QR code.
    Desk,
    /// The app is on this device.
    Phone,
    /// The page is shown by WeChat itself, which reads a QR code on the screen but refuses the phone hand-over.
    InWechat,
}

impl<S: Send + Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self::of(agent))
    }
}

impl Device {
    fn of(user_agent: &str) -> Self {
        if user_agent.contains("MicroMessenger") {
            Self::InWechat
        } else if user_agent.contains("Mobi") {
            Self::Phone
        } else {
            Self::Desk
        }
    }
}

#[cfg(test)]
mod tests;
