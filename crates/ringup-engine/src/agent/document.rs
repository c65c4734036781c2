//! Documents of an application: what they are is told by what is in them, not by what they are called.

use ringup_core::id::{AgentDocumentId, AgentId};

use crate::Engine;
use crate::error::Unavailable;
use crate::seal;

/// An application has so many documents at most.
pub const DOCUMENTS_MAX: usize = 3;

/// Each of them has so many bytes at most: a photograph of a page, or a scan of several.
pub const DOCUMENT_BYTES_MAX: usize = 4 * 1024 * 1024;

const NAME_MAX: usize = 80;

/// A picture or a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What its file was called.
    pub name: String,
    /// What it is: `application/pdf`, `image/png`, `image/jpeg`, `image/webp`.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Why a file is no document for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is too large.
    #[error("a document has {DOCUMENT_BYTES_MAX} bytes at most")]
    TooLarge,
    /// It is neither a PDF nor a picture.
    #[error("a document is a PDF, or a picture: PNG, JPEG or WebP")]
    Kind,
}

impl Document {
    /// Looks at a file.
    ///
    /// # Errors
    /// [`DocumentError`], in its order.
    pub fn new(name: &str, content: Vec<u8>) -> Result<Self, DocumentError> {
        if content.len() > DOCUMENT_BYTES_MAX {
            return Err(DocumentError::TooLarge);
        }
        let media_type = media_type(&content).ok_or(DocumentError::Kind)?;
        // A name of somebody else's choosing: no folders, nothing that a terminal obeys.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
        Ok(Self { name: if name.is_empty() { "document".to_owned() } else { name }, media_type, content })
    }
}

/// What the first bytes say, and for a PDF and a picture that may be cut off the last ones too.
fn media_type(content: &[u8]) -> Option<&'static str> {
    let ends_with = |mark: &[u8]| {
        let tail = content.get(content.len().saturating_sub(1_024)..).unwrap_or_default();
        tail.windows(mark.len()).any(|window| window == mark)
    };
    if content.starts_with(b"%PDF-") && ends_with(b"%%EOF") {
        Some("application/pdf")
    } else if content.starts_with(b"\x89PNG\r\n\x1a\n") && ends_with(b"IEND") {
        Some("image/png")
    } else if content.starts_with(b"\xff\xd8\xff") && ends_with(b"\xff\xd9") {
        Some("image/jpeg")
    } else if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

pub(super) fn seal(engine: &Engine, id: AgentDocumentId, content: Vec<u8>) -> Vec<u8> {
    seal::seal_bytes(engine.keys().records(), purpose(id).as_bytes(), content)
}

/// What is in a document of an agent, with its name and kind; nothing when there is none, or it was sealed with another key.
///
/// # Errors
/// [`Unavailable`].
pub async fn open_document(
    engine: &Engine,
    agent: AgentId,
    id: AgentDocumentId,
) -> Result<Option<(String, Vec<u8>)>, Unavailable> {
    let found = engine.read(move |tx| ringup_db::agent_document::find_agent_document(tx, id)).await?;
    Ok(found.filter(|document| document.agent == agent).and_then(|document| {
        let content = seal::open_bytes(engine.keys().records(), purpose(id).as_bytes(), &document.content)?;
        Some((document.media_type, content))
    }))
}

/// Each is sealed for its own row: none can be put in another's place.
fn purpose(id: AgentDocumentId) -> String {
    format!("ringup agent document 1 {id}")
}
