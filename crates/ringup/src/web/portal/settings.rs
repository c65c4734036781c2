//! The reader's language and colours.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, IntoResponseParts, Redirect, Response, ResponseParts};
use serde::Deserialize;

use super::cookie::Cookie;
use super::form::Filled;
use super::shell::asked_language;
use crate::web::i18n::Locale;
use crate::web::state::App;
use crate::web::view::Theme;

/// What a switch sends.
#[derive(Deserialize)]
pub(super) struct SettingsForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /settings`: keeps what the reader chose, and goes back.
pub(super) async fn save(State(app): State<App>, Filled(form): Filled<SettingsForm>) -> Response {
    let mut response = Redirect::to(way_back(&form.back)).into_response();
    let language = Locale::from_tag(&form.lang).and_then(|locale| Cookie::Language.set(&app.site, locale.tag()));
    let theme = Theme::ALL.into_iter().find(|theme| theme.name() == form.theme);
    let theme = theme.and_then(|theme| Cookie::Theme.set(&app.site, theme.name()));
    for cookie in [language, theme].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// An address that only takes forms was fetched, by a refresh or a kept address: begin at the beginning.
pub(super) async fn start() -> Redirect {
    Redirect::to("/")
}

/// The cookie that keeps the language of `?lang=` for the pages that follow: put before the answer of a page that
/// people are sent to by a link.
pub(super) struct KeptLanguage(Option<HeaderValue>);

impl FromRequestParts<App> for KeptLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let locale = asked_language(&parts.uri).as_deref().and_then(Locale::from_tag);
        Ok(Self(locale.and_then(|locale| Cookie::Language.set(&app.site, locale.tag()))))
    }
}

impl IntoResponseParts for KeptLanguage {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(cookie) = self.0 {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

/// A path of ours, or the start: a form must not send anyone to another site.
fn way_back(back: &str) -> &str {
    let is_path = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    if is_path && back.chars().all(|c| c.is_ascii_graphic()) { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::way_back;

    #[test]
    fn the_way_back_never_leads_to_another_site() {
        for other in ["//evil.example", "/\\evil.example", "https://evil.example/", "", "/a\r\nb", "javascript:x"] {
            assert_eq!(way_back(other), "/", "{other:?}");
        }
        assert_eq!(way_back("/top-ups/new?quote=abc"), "/top-ups/new?quote=abc");
    }
}
