//! A clerk at a till, who enrols it and sells for cash on its pages as a browser would: for the demo.

use serde::Deserialize;

use crate::crypto::KeyError;
use crate::device_key::{Asked, DeviceKey};
use crate::outside::{self, ClientError, Clock, random_text};
use crate::urlencoded;

/// Why the clerk could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ClerkError {
    /// The HTTP client could not be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The till's key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The server did not answer.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// It answered something else than what a clerk waits for.
    #[error("{path} answered {status}")]
    Unexpected {
        /// What was asked.
        path: String,
        /// The status.
        status: u16,
    },
    /// A page lacks a field that its form must have.
    #[error("the page has no field {0}")]
    NoField(&'static str),
}

/// A till, and who stands at it.
pub struct Clerk {
    http: reqwest::Client,
    server_url: String,
    key: DeviceKey,
    device: String,
    cookie: Option<String>,
    clock: Clock,
}

#[derive(Deserialize)]
struct Enrolled {
    device: String,
}

#[derive(Deserialize)]
struct SoldAt {
    url: String,
}

impl Clerk {
    /// Enrols a till with the code that the office gave.
    ///
    /// # Errors
    /// [`ClerkError`].
    pub async fn enrol(server_url: &str, code: &str) -> Result<Self, ClerkError> {
        let (http, key) = (outside::http_client()?, DeviceKey::generate()?);
        let form = [("code", code), ("algorithm", "ed25519"), ("public_key", &key.public_key())];
        let path = "/store/enrol";
        let request = http.post(format!("{server_url}{path}")).header("content-type", FORM);
        let request = request.header("sec-fetch-site", "same-origin").body(urlencoded::encode(form));
        let Enrolled { device } = ok(path, request.send().await?)?.json().await?;
        let clock = outside::system_clock();
        Ok(Self { http, server_url: server_url.to_owned(), key, device, cookie: None, clock })
    }

    /// Signs in and opens the drawer with what was counted into it.
    ///
    /// # Errors
    /// [`ClerkError`].
    pub async fn begin(&mut self, number: &str, pin: &str, opening: &str) -> Result<(), ClerkError> {
        let answer = self.post("/store/sign-in", &[("number", number), ("pin", pin)]).await?;
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        self.cookie = cookies.filter_map(|cookie| cookie.split(';').next()).next().map(str::to_owned);
        let key = hidden(&self.page("/store").await?, "idempotency_key")?;
        self.post("/store/drawer", &[("opening", opening), ("idempotency_key", &key)]).await.map(drop)
    }

    /// Sells: the price is shown, the cash taken. Answers the code of the receipt.
    ///
    /// # Errors
    /// [`ClerkError`].
    pub async fn sell(&self, card: &str, amount: &str, cash: &str) -> Result<String, ClerkError> {
        let key = hidden(&self.page("/store").await?, "idempotency_key")?;
        let chosen = [("card", card), ("amount", amount)];
        let price = self.post("/store/quote", &chosen).await?.text().await?;
        let quote = hidden(&price, "quote")?;
        let sale = [("card", card), ("amount", amount), ("cash", cash), ("quote", &quote), ("idempotency_key", &key)];
        let SoldAt { url } = self.post("/store/sales", &sale).await?.json().await?;
        url.split_once("sold=").map(|(_, code)| code.to_owned()).ok_or(ClerkError::NoField("sold"))
    }

    /// Has the slip of a sale printed on the printer beside the till.
    ///
    /// # Errors
    /// [`ClerkError`].
    pub async fn print(&self, code: &str) -> Result<(), ClerkError> {
        self.post(&format!("/store/sales/{code}/print"), &[]).await.map(drop)
    }

    async fn page(&self, path: &str) -> Result<String, ClerkError> {
        Ok(self.send("GET", path, String::new()).await?.text().await?)
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<reqwest::Response, ClerkError> {
        self.send("POST", path, urlencoded::encode(form.iter().copied())).await
    }

    async fn send(&self, method: &str, path: &str, body: String) -> Result<reqwest::Response, ClerkError> {
        let asked = Asked { method, path, query: "", body: body.as_bytes() };
        let signed = self.key.sign(asked, &self.device, (self.clock)() / 1_000_000, &random_text(24));
        let url = format!("{}{path}", self.server_url);
        let mut request = if method == "GET" { self.http.get(url) } else { self.http.post(url) };
        for (name, value) in signed {
            request = request.header(name, value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.header("sec-fetch-site", "same-origin").header("content-type", FORM);
        let request = request.header("accept", "application/json, text/html");
        ok(path, request.body(body).send().await?)
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// An answer that is one: a page, or a redirect after a form.
fn ok(path: &str, response: reqwest::Response) -> Result<reqwest::Response, ClerkError> {
    let status = response.status();
    if status.is_success() || status.is_redirection() {
        return Ok(response);
    }
    Err(ClerkError::Unexpected { path: path.to_owned(), status: status.as_u16() })
}

/// The value of a hidden field.
fn hidden(page: &str, name: &'static str) -> Result<String, ClerkError> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).ok_or(ClerkError::NoField(name))?;
    rest.split('"').next().map(str::to_owned).ok_or(ClerkError::NoField(name))
}
