//! Programs that top up cards through the JSON API, a holder's or an agent's: for the demo.

use serde_json::Value;

use crate::outside::{self, ClientError};

/// Why the program could not go on.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    /// The HTTP client could not be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The server did not answer.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// It answered with an error.
    #[error("{path} answered {status}: {answer}")]
    Refused {
        /// What was asked.
        path: String,
        /// The status.
        status: u16,
        /// The problem document.
        answer: String,
    },
}

/// A holder's program, or an agent's, and the server it talks to.
pub struct Holder {
    http: reqwest::Client,
    server_url: String,
    /// What an agent's program shows.
    api_key: Option<String>,
}

impl Holder {
    /// A program that talks to this server.
    ///
    /// # Errors
    /// [`HolderError::Client`] when no client can be made.
    pub fn new(server_url: &str) -> Result<Self, HolderError> {
        Ok(Self { http: outside::http_client()?, server_url: server_url.to_owned(), api_key: None })
    }

    /// An agent's program, which shows this key.
    #[must_use]
    pub fn with_key(self, api_key: String) -> Self {
        Self { api_key: Some(api_key), ..self }
    }

    /// Posts JSON, with an idempotency key where money moves.
    ///
    /// # Errors
    /// [`HolderError`].
    pub async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Value, HolderError> {
        let mut request = self.http.post(format!("{}{path}", self.server_url)).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(api_key) = &self.api_key {
            request = request.bearer_auth(api_key);
        }
        read(path, request.send().await?).await
    }

    /// Gets JSON.
    ///
    /// # Errors
    /// [`HolderError`].
    pub async fn get(&self, path: &str) -> Result<Value, HolderError> {
        read(path, self.http.get(format!("{}{path}", self.server_url)).send().await?).await
    }
}

async fn read(path: &str, response: reqwest::Response) -> Result<Value, HolderError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response.json().await?);
    }
    let (path, status) = (path.to_owned(), status.as_u16());
    Err(HolderError::Refused { path, status, answer: response.text().await? })
}
