//! Undoing a sale: one person asks, another decides, and the cash goes out of a drawer.

use ringup_core::apply::{Command, Outcome, PayOutRefund, RefundHowMuch, Repeated, SpentMeanwhile};
use ringup_core::id::{PurseId, RefundId, TopUpId, VoidId};
use ringup_core::shard::Shard;
use ringup_core::top_up::{Channel, TopUp, TopUpCode};
use ringup_db::clerk::{Clerk, Role};
use ringup_db::void_request::{self, Decided, VoidRequest, VoidState};

use super::Counter;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};
use crate::{Engine, refund};

/// A reason has so many characters at most.
const REASON_MAX: usize = 200;

/// So many requests are shown.
const WAITING_MAX: u32 = 50;

/// Why a sale was not undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoidError {
    /// This store has sold no such top-up.
    #[error("this store has sold no such top-up")]
    NotOurs,
    /// No reason was given.
    #[error("a reason is needed")]
    ReasonMissing,
    /// Somebody has asked for it already.
    #[error("it has been asked for already")]
    AskedAlready,
    /// There is no such request.
    #[error("there is no such request")]
    Unknown,
    /// Who asked cannot decide.
    #[error("who asked cannot decide")]
    OwnRequest,
    /// Only a supervisor of the store can decide.
    #[error("only a supervisor can decide")]
    NotSupervisor,
    /// It was decided before.
    #[error("it has been decided already")]
    Decided,
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for VoidError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl VoidError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOurs => "void_not_ours",
            Self::ReasonMissing => "void_reason_missing",
            Self::AskedAlready => "void_asked_already",
            Self::Unknown => "void_unknown",
            Self::OwnRequest => "void_own_request",
            Self::NotSupervisor => "void_not_supervisor",
            Self::Decided => "void_decided",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Asks for a sale of this store to be undone. Nothing happens before another person has decided.
///
/// # Errors
/// [`VoidError`], in its order.
pub async fn ask_to_undo(
    engine: &Engine,
    counter: &Counter,
    code: TopUpCode,
    reason: &str,
) -> Result<VoidId, VoidError> {
    let top_up = sold_here(engine, counter, code).await?.ok_or(VoidError::NotOurs)?;
    let reason: String = reason.trim().chars().take(REASON_MAX).collect();
    if reason.is_empty() {
        return Err(VoidError::ReasonMissing);
    }
    let now = engine.now();
    let id = VoidId::from_u64(engine.ids().one(Shard(0), now));
    let request = VoidRequest {
        id,
        top_up: top_up.id,
        place: counter.store.place,
        reason,
        asked_by: counter.clerk.id,
        asked_at: now,
        state: VoidState::Asked,
    };
    let is_new = engine
        .write(move |tx| {
            let others = void_request::voids_of(tx, request.top_up)?;
            if others.iter().any(|other| !matches!(other.state, VoidState::Refused(_))) {
                return Ok(false);
            }
            void_request::insert_void(tx, &request)?;
            Ok(true)
        })
        .await?;
    if is_new { Ok(id) } else { Err(VoidError::AskedAlready) }
}

/// What waits at a store for a decision, with the sales.
///
/// # Errors
/// [`Unavailable`].
pub async fn waiting(engine: &Engine, counter: &Counter) -> Result<Vec<(VoidRequest, TopUp)>, Unavailable> {
    let place = counter.store.place;
    engine
        .read(move |tx| {
            let mut found = Vec::new();
            for request in void_request::open_voids(tx, place, WAITING_MAX)? {
                if let Some(top_up) = ringup_db::top_up::find_top_up(tx, request.top_up)? {
                    found.push((request, top_up));
                }
            }
            Ok(found)
        })
        .await
}

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The money goes back.
    Approve,
    /// It stays as it is.
    Refuse,
}

/// Decides about a request: a supervisor of the same store who is not the one who asked. An approved sale is taken off its card
/// at once; cash is then [paid out](pay_out), what a provider took goes back by itself.
///
/// # Errors
/// [`VoidError`], in its order; [`SubmitError::Refused`] when the card has spent it.
pub async fn decide(
    engine: &Engine,
    counter: &Counter,
    decider: &Clerk,
    id: VoidId,
    decision: Decision,
) -> Result<Option<RefundId>, VoidError> {
    let request = engine.read(move |tx| void_request::find_void(tx, id)).await?;
    let request = request.filter(|request| request.place == counter.store.place).ok_or(VoidError::Unknown)?;
    if decider.id == request.asked_by {
        return Err(VoidError::OwnRequest);
    }
    if decider.role != Role::Supervisor || decider.place != counter.store.place {
        return Err(VoidError::NotSupervisor);
    }
    match (request.state, decision) {
        (VoidState::Asked, _) => {}
        (VoidState::Approved(_, refund), Decision::Approve) => return Ok(Some(refund)),
        (VoidState::Refused(_), Decision::Refuse) => return Ok(None),
        (VoidState::Approved(..), Decision::Refuse) | (VoidState::Refused(_), Decision::Approve) => {
            return Err(VoidError::Decided);
        }
    }
    let decided = Decided { by: decider.id, at: engine.now() };
    let state = match decision {
        Decision::Refuse => VoidState::Refused(decided),
        Decision::Approve => {
            // The key is the request's: what is cut off here is found again by it, and money goes back once.
            let key = IdempotencyKey::of_our_own(&format!("void {id}"));
            let (how_much, spent) = (RefundHowMuch::Whole, SpentMeanwhile::Refuse);
            let (refund, _) = refund::request(engine, &key, request.top_up, how_much, spent).await?;
            VoidState::Approved(decided, refund)
        }
    };
    engine
        .write(move |tx| {
            let now = void_request::find_void(tx, id)?;
            if now.is_some_and(|now| now.state == VoidState::Asked) {
                void_request::decide_void(tx, id, state)?;
            }
            Ok(())
        })
        .await?;
    match state {
        VoidState::Approved(_, refund) => Ok(Some(refund)),
        VoidState::Refused(_) | VoidState::Asked => Ok(None),
    }
}

/// Hands a refund over in cash, out of the clerk's own open drawer.
///
/// # Errors
/// [`SubmitError::Refused`] when it was handed over before, or the drawer has not enough; [`SubmitError`].
pub async fn pay_out(
    engine: &Engine,
    key: &IdempotencyKey,
    refund: RefundId,
    purse: PurseId,
) -> Result<Repeated, SubmitError> {
    let key = key.used_for("pay_out", &format!("{refund} {purse}"));
    match engine.submit(Command::PayOutRefund(PayOutRefund { key, refund, purse })).await? {
        Outcome::RefundPaidOut { repeated, .. } => Ok(repeated),
        other => Err(unexpected(&other)),
    }
}

/// Whether this store sold a top-up.
///
/// # Errors
/// [`Unavailable`].
pub async fn is_ours(engine: &Engine, counter: &Counter, top_up: &TopUp) -> Result<bool, Unavailable> {
    Ok(sold_here(engine, counter, top_up.code).await?.is_some())
}

/// A sale that this store made.
async fn sold_here(engine: &Engine, counter: &Counter, code: TopUpCode) -> Result<Option<TopUp>, Unavailable> {
    let place = counter.store.place;
    engine
        .read(move |tx| {
            let Some(top_up) = ringup_db::top_up::find_top_up_by_code(tx, &code)? else { return Ok(None) };
            let Some(sale) = top_up.sale.filter(|_| top_up.channel == Channel::Store) else { return Ok(None) };
            let session = ringup_db::till_session::find_till_session(tx, sale.purse)?;
            Ok(session.filter(|session| session.place == place).map(|_| top_up))
        })
        .await
}

/// The requests about a sale, the oldest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn requests_of(engine: &Engine, top_up: TopUpId) -> Result<Vec<VoidRequest>, Unavailable> {
    engine.read(move |tx| void_request::voids_of(tx, top_up)).await
}
