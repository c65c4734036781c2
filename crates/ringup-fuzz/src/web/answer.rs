//! Answers, and what holds for every one of them.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;

use super::request::Asked;
use crate::bytes::holds_piece;
use crate::verdict::{Broken, holds, same};

/// The largest answer: pages are far below it.
const BODY_MAX: usize = 8 * 1024 * 1024;

/// What an input may write to see whether a page takes it for a tag of its own.
const CANARY: &[u8] = b"<zq";

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

/// What the routes answer.
///
/// # Errors
/// [`Broken`] when the body does not come to its end.
pub async fn of(router: Router, request: Request<Body>) -> Result<Answer, Broken> {
    let Ok(response) = router.oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, BODY_MAX).await.map_err(Broken::doing("the answer's body"))?;
    Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_vec() })
}

impl Answer {
    /// The first header of this name, as text.
    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`Broken`] when it is none.
    pub fn json(&self) -> Result<Value, Broken> {
        serde_json::from_slice(&self.body).map_err(Broken::doing("the answer is no JSON"))
    }

    /// Whatever was asked: no failure of ours, our headers, a document in the form that its reader understands, no way out
    /// to another site, and nothing of the request taken for a tag.
    ///
    /// # Errors
    /// [`Broken`], with the first thing that is not so.
    pub fn is_one_of_ours(&self, asked: &Asked) -> Result<(), Broken> {
        let status = self.status;
        holds(!status.is_server_error(), || {
            format!("{status} for {asked:?}: {}", String::from_utf8_lossy(&self.body))
        })?;
        self.has_our_headers()?;
        if status == StatusCode::METHOD_NOT_ALLOWED {
            holds(self.headers.contains_key(header::ALLOW), || format!("no word on how {} is asked", asked.target))?;
        }
        if status.is_redirection() {
            stays_here(self.header(header::LOCATION))?;
        }
        if status.is_client_error() && asked.method != "HEAD" {
            self.says_what_is_wrong(asked)?;
        }
        let is_page = self.header(header::CONTENT_TYPE).starts_with("text/html");
        holds(!is_page || !holds_piece(&self.body, CANARY), || format!("{asked:?} writes tags into the page"))
    }

    fn has_our_headers(&self) -> Result<(), Broken> {
        same("nosniff", &self.header(header::X_CONTENT_TYPE_OPTIONS), &"nosniff")?;
        same("frames", &self.header(header::X_FRAME_OPTIONS), &"DENY")?;
        let policy = self.header(header::CONTENT_SECURITY_POLICY);
        holds(policy.starts_with("default-src 'none'"), || format!("the policy is {policy:?}"))?;
        holds(!self.header(header::CACHE_CONTROL).is_empty(), || "nothing says whether it may be kept".to_owned())?;
        for cookie in self.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap_or_default();
            let guarded =
                ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Secure"].iter().all(|word| cookie.contains(word));
            holds(guarded && cookie.starts_with("__Host-"), || format!("the cookie {cookie:?} is not guarded"))?;
        }
        Ok(())
    }

    /// A refusal is a problem document for programs and a page for people.
    fn says_what_is_wrong(&self, asked: &Asked) -> Result<(), Broken> {
        let path = asked.target.split(['?', '#']).next().unwrap_or_default();
        let kind = self.header(header::CONTENT_TYPE);
        // Providers and watchers have their own ways; what a page refers to is no document.
        let of_machines = ["/notifications/", "/livez", "/readyz", "/.well-known/", "/assets/", "/favicon.svg"];
        if !path.starts_with('/') || of_machines.iter().any(|address| path.starts_with(address)) {
            return Ok(());
        }
        if path != "/api" && !path.starts_with("/api/") {
            return holds(kind.starts_with("text/html"), || format!("{} for {asked:?} as {kind:?}", self.status));
        }
        same(path, &kind, &"application/problem+json")?;
        let problem = self.json()?;
        same("the status in the problem", &problem["status"].as_u64(), &Some(u64::from(self.status.as_u16())))?;
        for name in ["type", "title", "code", "detail"] {
            let said = problem[name].as_str().unwrap_or_default();
            holds(!said.is_empty(), || format!("the problem has no {name}: {problem}"))?;
        }
        Ok(())
    }
}

/// A redirect leads to a path of this site, and nowhere else.
fn stays_here(location: &str) -> Result<(), Broken> {
    let path = location.starts_with('/') && !location.starts_with("//") && !location.contains('\\');
    holds(path && location.bytes().all(|byte| byte.is_ascii_graphic()), || format!("a redirect leads to {location:?}"))
}
