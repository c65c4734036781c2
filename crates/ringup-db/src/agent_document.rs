//! Documents that came with agents' applications. What is in them is sealed.

use ringup_core::id::{AgentDocumentId, AgentId};
use ringup_core::time::Timestamp;

use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Query as _, Read, Value, WriteTx};

static DOCUMENT: Table = Table::new(
    "agent_document",
    &[int("id")],
    &[int("agent_id"), text("name"), text("media_type"), blob("content"), int("added_at")],
    &[],
);

static DOCUMENT_BY_ID: Lookup = Lookup::new(&DOCUMENT, &[int("id")], "", "");

/// A document with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentDocument {
    /// Its id.
    pub id: AgentDocumentId,
    /// Whose.
    pub agent: AgentId,
    /// What its file was called.
    pub name: String,
    /// What it is, by its content: `application/pdf`, `image/jpeg`.
    pub media_type: String,
    /// What is in it, sealed.
    pub content: Vec<u8>,
    /// When it came.
    pub added_at: Timestamp,
}

/// A document without what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentDocumentHead {
    /// Its id.
    pub id: AgentDocumentId,
    /// What its file was called.
    pub name: String,
    /// What it is.
    pub media_type: String,
}

/// A document.
///
/// # Errors
/// What the database says.
pub fn find_agent_document(tx: &mut impl Read, id: AgentDocumentId) -> Result<Option<AgentDocument>, DbError> {
    DOCUMENT_BY_ID.find_one(tx, &[id.as_u64().into()], |fields| {
        Ok(AgentDocument {
            id: AgentDocumentId::from_u64(fields.bits()?),
            agent: AgentId::from_u64(fields.bits()?),
            name: fields.text()?.to_owned(),
            media_type: fields.text()?.to_owned(),
            content: fields.blob()?.to_owned(),
            added_at: fields.time()?,
        })
    })
}

/// What an agent has sent, in the order in which it came.
///
/// # Errors
/// What the database says.
pub fn agent_documents(tx: &mut impl Read, agent: AgentId) -> Result<Vec<AgentDocumentHead>, DbError> {
    let sql = "select id, name, media_type from agent_document where agent_id = $1 order by id";
    tx.query(sql, &[agent.as_u64().into()], |fields| {
        Ok(AgentDocumentHead {
            id: AgentDocumentId::from_u64(fields.bits()?),
            name: fields.text()?.to_owned(),
            media_type: fields.text()?.to_owned(),
        })
    })
}

/// Keeps a document.
///
/// # Errors
/// What the database says.
pub fn insert_agent_document(tx: &mut WriteTx<'_>, document: &AgentDocument) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        document.id.as_u64().into(),
        document.agent.as_u64().into(),
        document.name.as_str().into(),
        document.media_type.as_str().into(),
        document.content.as_slice().into(),
        document.added_at.into(),
    ];
    DOCUMENT.insert_all(tx, values)
}
