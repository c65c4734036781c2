//! Keys of agents' own programs: told once, kept as keyed hashes, and good from some network addresses only.

use std::net::IpAddr;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_core::books::PinHash;
use ringup_core::id::{AgentId, AgentKeyId};
use ringup_core::secret::Secret;
use ringup_core::shard::Shard;
use ringup_core::top_up::Channel;
use ringup_db::agent_key::{self, AgentKey};

use super::address::AddressRule;
use super::application::is_line;
use super::{Seller, find};
use crate::error::{SubmitError, Unavailable};
use crate::{Engine, chance};

/// What a key begins with, so that one that was left lying about is recognised.
const PREFIX: &str = "ringup_agent_";

/// A key has so many addresses at most.
const ADDRESSES_MAX: usize = 20;

/// A key: 256 random bits.
#[derive(Clone, Debug)]
pub struct ApiKey(Secret<[u8; 32]>);

impl ApiKey {
    fn draw() -> Self {
        Self(Secret::new(chance::bytes()))
    }

    /// As a program sends it. It is told once.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0.reveal()))
    }

    fn hash(&self, engine: &Engine) -> PinHash {
        engine.keys().pins().hash_for("ringup agent key 1", 0, self.0.reveal())
    }
}

/// Reads what a program sent; what is no key at all is as wrong as one that nobody has.
impl FromStr for ApiKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = text.strip_prefix(PREFIX).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(KeyError::Unknown)?;
        Ok(Self(Secret::new(bytes)))
    }
}

/// Why a key does not open the door, or was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nobody has it, or it was revoked.
    #[error("this key is not known here")]
    Unknown,
    /// It may not be used from this address.
    #[error("the key may not be used from this network address")]
    AddressNotAllowed,
    /// There is no such agent with a float.
    #[error("there is no such agent with a float")]
    AgentUnknown,
    /// It has no name, or no address that it may be used from.
    #[error("a key needs a name, and 1 to {ADDRESSES_MAX} network addresses that it may be used from")]
    Incomplete,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for KeyError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl KeyError {
    /// Its stable code, in problem documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "api_key_unknown",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::AgentUnknown => "agent_unknown",
            Self::Incomplete => "api_key_incomplete",
            Self::Submit(error) => error.code(),
        }
    }
}

/// A key that has just been made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its id, to revoke it by.
    pub id: AgentKeyId,
    /// The key.
    pub key: ApiKey,
}

/// Makes a key for an agent's own program.
///
/// # Errors
/// [`KeyError::AgentUnknown`], [`KeyError::Incomplete`], [`KeyError::Submit`].
pub async fn make_key(
    engine: &Engine,
    agent: AgentId,
    name: &str,
    addresses: &[AddressRule],
) -> Result<NewKey, KeyError> {
    if find(engine, agent).await?.and_then(|agent| agent.business).is_none() {
        return Err(KeyError::AgentUnknown);
    }
    if !is_line(name) || !(1..=ADDRESSES_MAX).contains(&addresses.len()) {
        return Err(KeyError::Incomplete);
    }
    let made_at = engine.now();
    let id = AgentKeyId::from_u64(engine.ids().one(Shard(0), made_at));
    let key = ApiKey::draw();
    let addresses = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let (name, hash) = (name.trim().to_owned(), key.hash(engine));
    let row = AgentKey { id, agent, name, hash, addresses, made_at, revoked_at: None };
    engine.write(move |tx| agent_key::insert_agent_key(tx, &row)).await?;
    Ok(NewKey { id, key })
}

/// The agent whose program shows this key, from this address.
///
/// # Errors
/// [`KeyError`], in its order.
pub async fn check_key(engine: &Engine, key: &ApiKey, address: Option<IpAddr>) -> Result<Seller, KeyError> {
    let hash = key.hash(engine);
    let found = engine.read(move |tx| agent_key::find_agent_key(tx, hash)).await?;
    let key = found.filter(|key| key.revoked_at.is_none()).ok_or(KeyError::Unknown)?;
    let mut rules = key.addresses.split(' ').filter_map(|rule| rule.parse::<AddressRule>().ok());
    if !address.is_some_and(|address| rules.any(|rule| rule.allows(address))) {
        return Err(KeyError::AddressNotAllowed);
    }
    let agent = find(engine, key.agent).await?.ok_or(KeyError::Unknown)?;
    let business = agent.business.ok_or(KeyError::AgentUnknown)?;
    let place = engine.read(move |tx| ringup_db::place::find_place(tx, business.place)).await?;
    let place = place.ok_or(KeyError::AgentUnknown)?;
    Ok(Seller { agent, business, place, channel: Channel::Api })
}
