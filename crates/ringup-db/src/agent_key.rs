//! Keys that agents' own programs show.

use ringup_core::books::PinHash;
use ringup_core::id::{AgentId, AgentKeyId};
use ringup_core::time::Timestamp;

use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static KEY: Table = Table::new(
    "agent_key",
    &[int("id")],
    &[int("agent_id"), text("name"), blob("key_hash"), text("addresses"), int("made_at")],
    &[int("revoked_at")],
);

static KEY_BY_HASH: Lookup = Lookup::new(&KEY, &[blob("key_hash")], "", "");
static KEYS_OF_AGENT: Lookup = Lookup::new(&KEY, &[int("agent_id")], "", "order by id");

/// A key, without what only its owner knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentKey {
    /// Its id.
    pub id: AgentKeyId,
    /// Whose.
    pub agent: AgentId,
    /// What he calls it.
    pub name: String,
    /// Its keyed hash.
    pub hash: PinHash,
    /// From which network addresses it may be used, with spaces between them.
    pub addresses: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was made worthless.
    pub revoked_at: Option<Timestamp>,
}

/// The key with this hash.
///
/// # Errors
/// What the database says.
pub fn find_agent_key(tx: &mut impl Read, hash: PinHash) -> Result<Option<AgentKey>, DbError> {
    KEY_BY_HASH.find_one(tx, &[hash.0.as_slice().into()], read_key)
}

/// All keys of an agent, the worthless ones too.
///
/// # Errors
/// What the database says.
pub fn agent_keys(tx: &mut impl Read, agent: AgentId) -> Result<Vec<AgentKey>, DbError> {
    KEYS_OF_AGENT.find(tx, &[agent.as_u64().into()], read_key)
}

/// Writes down a key.
///
/// # Errors
/// What the database says.
pub fn insert_agent_key(tx: &mut WriteTx<'_>, key: &AgentKey) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        key.id.as_u64().into(),
        key.agent.as_u64().into(),
        key.name.as_str().into(),
        key.hash.0.as_slice().into(),
        key.addresses.as_str().into(),
        key.made_at.into(),
        key.revoked_at.into(),
    ];
    KEY.insert_all(tx, values)
}

/// Makes a key worthless, for good.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such key.
pub fn revoke_agent_key(tx: &mut WriteTx<'_>, id: AgentKeyId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update agent_key set revoked_at = coalesce(revoked_at, $2) where id = $1";
    tx.execute_exactly(sql, &[id.as_u64().into(), now.into()], 1)
}

fn read_key(fields: &mut Fields<'_>) -> Result<AgentKey, DbError> {
    Ok(AgentKey {
        id: AgentKeyId::from_u64(fields.bits()?),
        agent: AgentId::from_u64(fields.bits()?),
        name: fields.text()?.to_owned(),
        hash: PinHash(fields.bytes()?),
        addresses: fields.text()?.to_owned(),
        made_at: fields.time()?,
        revoked_at: fields.opt_time()?,
    })
}
