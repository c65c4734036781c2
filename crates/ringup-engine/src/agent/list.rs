//! Lists of top-ups: uploaded and checked, confirmed once, then sold row by row by a job that may be cut off at any point.
//!
//! A row is sold under a key made of the agent and his reference. So one reference is sold once: however often a row is tried, by
//! however many servers, and in whichever of the agent's lists it stands.

mod check;
mod file;
mod result;
mod run;

pub use check::upload_list;
pub use result::result_file;
pub(crate) use run::sell_rows;

use ringup_core::id::{JobId, SaleListId};
use ringup_core::job::{JobKind, NewJob};
use ringup_db::sale_list::{self, Progress, RowState, SaleList, SaleListRow};

use super::{Seller, Standing, standing};
use crate::error::{SubmitError, Unavailable};
use crate::{Engine, limits};

/// Why a list was not taken, or is not sold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It is larger than any list.
    #[error("it has more than {} bytes", limits::LIST_BYTES_MAX)]
    TooLarge,
    /// It has too many rows.
    #[error("it has more than {} rows", limits::LIST_ROWS_MAX)]
    TooLong,
    /// It is written in no encoding that we read.
    #[error("it is neither UTF-8 nor GBK")]
    Encoding,
    /// Its first line does not name the columns.
    #[error("its first line must name the columns reference, card and amount, each once")]
    Columns,
    /// It has no rows.
    #[error("it has no rows")]
    Empty,
    /// The agent has no such list.
    #[error("there is no such list")]
    Unknown,
    /// None of its rows can be sold.
    #[error("none of its rows can be sold")]
    NothingToSell,
    /// The agent may not sell now.
    #[error("the agent may not sell: he is {}", .0.name())]
    NotSelling(Standing),
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for ListError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl ListError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "list_too_large",
            Self::TooLong => "list_too_long",
            Self::Encoding => "list_encoding",
            Self::Columns => "list_columns",
            Self::Empty => "list_empty",
            Self::Unknown => "list_unknown",
            Self::NothingToSell => "list_nothing_to_sell",
            Self::NotSelling(Standing::Applied | Standing::Approved) => "agent_not_approved",
            Self::NotSelling(Standing::Suspended) => "agent_suspended",
            Self::NotSelling(Standing::Expired) => "agent_licence_expired",
            Self::Submit(error) => error.code(),
        }
    }
}

/// A list as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSeen {
    /// The list.
    pub list: SaleList,
    /// How many of its rows are where.
    pub progress: Progress,
    /// The first of its rows that are wrong.
    pub wrong: Vec<SaleListRow>,
    /// The first of its rows that could not be sold any more.
    pub refused: Vec<SaleListRow>,
    /// The first of its rows that are left, where it stopped.
    pub waiting: Vec<SaleListRow>,
}

/// A list of this agent, with so many of its rows of each kind; nothing when it is none of his.
///
/// # Errors
/// [`Unavailable`].
pub async fn find_list(
    engine: &Engine,
    seller: &Seller,
    id: SaleListId,
    rows: u32,
) -> Result<Option<ListSeen>, Unavailable> {
    let agent = seller.agent.id;
    engine
        .read(move |tx| {
            let found = sale_list::find_sale_list(tx, id)?.filter(|list| list.agent == agent);
            let Some(list) = found else { return Ok(None) };
            let progress = sale_list::progress(tx, id)?;
            let wrong = sale_list::rows_in(tx, id, RowState::Wrong, rows)?;
            let refused = sale_list::rows_in(tx, id, RowState::Refused, rows)?;
            let left = if list.stopped.is_some() { rows } else { 0 };
            let waiting = sale_list::rows_in(tx, id, RowState::Checked, left)?;
            Ok(Some(ListSeen { list, progress, wrong, refused, waiting }))
        })
        .await
}

/// The last lists of this agent, the newest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn lists(engine: &Engine, seller: &Seller) -> Result<Vec<SaleList>, Unavailable> {
    let agent = seller.agent.id;
    engine.read(move |tx| sale_list::sale_lists_of(tx, agent)).await
}

/// Confirms a list, or goes on with one that stopped. Done again while it is sold, or after, nothing more happens.
///
/// # Errors
/// [`ListError::Unknown`], [`ListError::NothingToSell`], [`ListError::NotSelling`], [`ListError::Submit`].
pub async fn start_list(engine: &Engine, seller: &Seller, id: SaleListId) -> Result<(), ListError> {
    let agent = seller.agent.id;
    let found = engine.read(move |tx| sale_list::find_sale_list(tx, id)).await?;
    let list = found.filter(|list| list.agent == agent).ok_or(ListError::Unknown)?;
    if list.right == 0 {
        return Err(ListError::NothingToSell);
    }
    let now = engine.now();
    match standing(&seller.agent, now) {
        Standing::Approved => {}
        other => return Err(ListError::NotSelling(other)),
    }
    let job_id = JobId::from_u64(engine.ids().one(id.shard(), now));
    engine
        .write(move |tx| {
            if sale_list::start_sale_list(tx, id, now)? {
                let (shard, kind, subject) = (id.shard(), JobKind::SellList, id.as_u64());
                ringup_db::job::insert_job(tx, &NewJob { id: job_id, shard, kind, subject, run_at: now })?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
