//! Drawers: opened with a counted float, counted blind when they are closed.

use ringup_core::apply::{ClosePurse, Command, OpenPurse, Outcome};
use ringup_core::id::{ClerkId, PurseId, TopUpId};
use ringup_core::ledger::Balance;
use ringup_core::money::Amount;
use ringup_core::purse::{Count, Purse, PurseKind};
use ringup_core::top_up::TopUp;
use ringup_db::till_session::TillSession;

use super::Counter;
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};

/// How many sales a page shows.
const RECENT_MAX: u32 = 10;

/// An open drawer.
#[derive(Clone, Debug)]
pub struct Drawer {
    /// The purse.
    pub purse: Purse,
    /// Whose it is.
    pub session: TillSession,
}

impl Drawer {
    /// What must be in it.
    #[must_use]
    pub fn expected(&self) -> Amount {
        self.purse.holds.map_or(Balance::ZERO, |held| held.balance).available(self.purse.unit)
    }
}

/// The drawer that a clerk has open; he has one at most.
///
/// # Errors
/// [`Unavailable`].
pub async fn drawer(engine: &Engine, counter: &Counter) -> Result<Option<Drawer>, Unavailable> {
    let clerk = counter.clerk.id;
    engine
        .read(move |tx| {
            let Some(id) = ringup_db::till_session::open_till_session_of(tx, clerk)? else { return Ok(None) };
            let session = ringup_db::till_session::find_till_session(tx, id)?;
            let purse = ringup_db::purse::find_purse(tx, id)?;
            Ok(purse.zip(session).map(|(purse, session)| Drawer { purse, session }))
        })
        .await
}

/// The last drawers of a clerk, the newest first: what was expected in each, and what he counted.
///
/// # Errors
/// [`Unavailable`].
pub async fn drawers_of(engine: &Engine, clerk: ClerkId, limit: u32) -> Result<Vec<Drawer>, Unavailable> {
    engine
        .read(move |tx| {
            let mut drawers = Vec::new();
            for session in ringup_db::till_session::till_sessions_of(tx, clerk, limit)? {
                let purse = ringup_db::purse::find_purse(tx, session.purse)?;
                drawers.extend(purse.map(|purse| Drawer { purse, session }));
            }
            Ok(drawers)
        })
        .await
}

/// Opens a drawer with so much in it, counted by the clerk. He has one open at most: asked again, it is that one.
///
/// # Errors
/// [`SubmitError`].
pub async fn open_drawer(
    engine: &Engine,
    counter: &Counter,
    key: &IdempotencyKey,
    opening: Amount,
) -> Result<PurseId, SubmitError> {
    if let Some(open) = drawer(engine, counter).await? {
        return Ok(open.purse.id);
    }
    let key = key.used_for("open_drawer", &format!("{} {opening}", counter.clerk.id));
    let (kind, parent) = (PurseKind::TillSession, Some(counter.store.safe));
    let open = OpenPurse { key, kind, parent, credit_limit: Amount::zero(counter.unit()), opening };
    let purse = match engine.submit(Command::OpenPurse(open)).await? {
        Outcome::PurseOpened { purse, .. } => purse,
        other => return Err(unexpected(&other)),
    };
    let session = TillSession {
        purse,
        place: counter.store.place,
        device: counter.device.id,
        clerk: counter.clerk.id,
        opened_at: engine.now(),
    };
    engine.write(move |tx| ringup_db::till_session::insert_till_session(tx, &session)).await?;
    Ok(purse)
}

/// Closes the clerk's drawer with what he has counted, before he learns what was expected.
///
/// # Errors
/// [`SubmitError::Refused`] when it was closed with another count; [`SubmitError`].
pub async fn close_drawer(engine: &Engine, purse: PurseId, counted: Amount) -> Result<Count, SubmitError> {
    match engine.submit(Command::ClosePurse(ClosePurse { purse, counted })).await? {
        Outcome::PurseClosed { count, .. } => Ok(count),
        other => Err(unexpected(&other)),
    }
}

/// The last sales of a drawer, the newest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn recent_sales(engine: &Engine, purse: PurseId, before: Option<TopUpId>) -> Result<Vec<TopUp>, Unavailable> {
    engine.read(move |tx| ringup_db::top_up::sold_by(tx, purse, before, RECENT_MAX)).await
}
