//! Agents: they apply, the office approves, they buy float and sell from it while their licence holds.

mod address;
mod api_key;
mod application;
mod commission;
mod document;
mod float;
mod list;
mod office;
mod purchase;
mod sale;
mod sub_agent;

pub use address::{AddressRule, ParseAddressRuleError};
pub use api_key::{ApiKey, KeyError, NewKey, check_key, make_key};
pub use application::{Application, ApplicationProblem, ApplyError, Contact, LicenceField, apply, contact_of};
pub use commission::{
    Account, CommissionError, FromBelow, GoneUp, OwnSales, Statement, StatementLine, account, book_month, month_of,
    pay_out, set_scheme, statement,
};
pub use document::{DOCUMENT_BYTES_MAX, DOCUMENTS_MAX, Document, DocumentError, open_document};
pub use float::{Float, TransferError, confirm_transfer, float};
pub(crate) use list::sell_rows;
pub use list::{ListError, ListSeen, find_list, lists, result_file, start_list, upload_list};
pub use office::{Approval, OfficeError, approve, renew, resume, set_alert, suspend};
pub use purchase::{BuyError, BuyFloat, buy, find_purchase, look_at_purchase};
pub(crate) use purchase::{follow as follow_purchase, hear as hear_of_purchase};
pub use sale::{Sell, SellError, Sold, find_sale, recent_sales, sell};
pub use sub_agent::{SubAgentError, end_parent, parents, set_parent};

use std::sync::Arc;

use ringup_core::id::{AgentId, PlaceId};
use ringup_core::place::{Clock, LocalDate, LocalMoment, Place, PlaceCode};
use ringup_core::time::Timestamp;
use ringup_core::top_up::Channel;
use ringup_db::agent::{Agent, AgentState, Business};

use crate::error::Unavailable;
use crate::place::Zones;
use crate::{Engine, place};

/// How an agent stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The office has not decided yet.
    Applied,
    /// He sells.
    Approved,
    /// He may not sell until further notice.
    Suspended,
    /// His licence has run out: at midnight on his own clock, without anybody doing anything.
    Expired,
}

impl Standing {
    /// Its name, in texts and locales.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Approved => "approved",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
        }
    }
}

/// How an agent stands. A licence that has run out is looked at after what the office decided: who is suspended stays it.
#[must_use]
pub fn standing(agent: &Agent, now: Timestamp) -> Standing {
    match agent.state {
        AgentState::Applied => Standing::Applied,
        AgentState::Suspended => Standing::Suspended,
        AgentState::Approved if now >= agent.licence.ends_at => Standing::Expired,
        AgentState::Approved => Standing::Approved,
    }
}

/// An agent who was approved, with where he sells.
#[derive(Clone, Debug)]
pub struct Seller {
    /// The agent.
    pub agent: Agent,
    /// His place and his float.
    pub business: Business,
    /// The place.
    pub place: Place,
    /// The door he sells through now.
    pub channel: Channel,
}

/// The agent with this id.
///
/// # Errors
/// [`Unavailable`].
pub async fn find(engine: &Engine, id: AgentId) -> Result<Option<Agent>, Unavailable> {
    engine.read(move |tx| ringup_db::agent::find_agent(tx, id)).await
}

/// The agent at a place, by the place's code; nothing when nobody was approved there.
///
/// # Errors
/// [`Unavailable`].
pub async fn find_at(engine: &Engine, code: &PlaceCode) -> Result<Option<Seller>, Unavailable> {
    match place::find(engine, code).await? {
        Some(place) => seller_at(engine, Arc::unwrap_or_clone(place), Channel::Agent).await,
        None => Ok(None),
    }
}

/// The agent whose people are clerks at this place.
///
/// # Errors
/// [`Unavailable`].
pub async fn of_place(engine: &Engine, id: PlaceId) -> Result<Option<Seller>, Unavailable> {
    let place = engine.read(move |tx| ringup_db::place::find_place(tx, id)).await?;
    match place {
        Some(place) => seller_at(engine, place, Channel::Agent).await,
        None => Ok(None),
    }
}

async fn seller_at(engine: &Engine, place: Place, channel: Channel) -> Result<Option<Seller>, Unavailable> {
    let id = place.id;
    let agent = engine.read(move |tx| ringup_db::agent::find_agent_at(tx, id)).await?;
    Ok(agent.and_then(|agent| {
        let business = agent.business?;
        Some(Seller { agent, business, place, channel })
    }))
}

/// When a day ends on the clocks of a zone; nothing when there is no such zone.
fn end_of_day(zone: &str, day: LocalDate) -> Option<Timestamp> {
    beginning_of_day(zone, day.plus_days(1))
}

/// When a day begins on the clocks of a zone.
fn beginning_of_day(zone: &str, day: LocalDate) -> Option<Timestamp> {
    let midnight = LocalMoment { date: day, clock: Clock::from_minutes(0)? };
    Zones::new(Timestamp::from_micros(0)).moment(zone, midnight)
}

#[cfg(test)]
mod tests;
