use aws_lc_rs::digest;
use ringup_core::id::{CaseId, RatingId};
use ringup_core::job::{ANSWERED_WITHIN, CaseKind, NewCase};
use ringup_core::rating::RatingState;
use ringup_core::time::{Span, Timestamp};
use ringup_db::WriteTx;
use ringup_db::error::DbError;
use ringup_db::rating::{self as rows, Rating};
use ringup_db::{rating_report, review_case};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::keys::first_128_bits;

/// From one address so many ratings can be reported in a day: each is work for a person.
pub const REPORTS_A_DAY: u64 = 5;

/// How long a report counts.
const COUNTED_FOR: Span = Span::hours(24);

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// The office will look at it.
    Opened,
    /// The office looks at it already.
    Waiting,
    /// The office has looked at it as it is, and shows it.
    Decided,
}

/// Why nothing was reported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// There is no such rating to be seen.
    #[error("there is no such rating")]
    Unknown,
    /// Too much was reported from this address today.
    #[error("from one address {REPORTS_A_DAY} ratings can be reported in a day")]
    TooMany,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl ReportError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "rating_unknown",
            Self::TooMany => "rating_reports_too_many",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Somebody takes a rating for abuse: a person of the office will look at it. It is seen until then.
///
/// # Errors
/// [`ReportError`], in its order.
pub async fn report(engine: &Engine, id: RatingId, address: &str) -> Result<Reported, ReportError> {
    let now = engine.now();
    let address = first_128_bits(digest::digest(&digest::SHA256, address.as_bytes()).as_ref());
    let found = engine.read(move |tx| rows::find_rating(tx, id)).await.map_err(SubmitError::from)?;
    let shard = found.ok_or(ReportError::Unknown)?.top_up.shard();
    let case = CaseId::from_u64(engine.ids().one(shard, now));
    engine
        .write(move |tx| {
            let Some(was) = rows::find_rating(tx, id)?.filter(|rating| rating.state != RatingState::Hidden) else {
                return Ok(Err(ReportError::Unknown));
            };
            if was.state == RatingState::Reported {
                return Ok(Ok(Reported::Waiting));
            }
            if was.decided_at.is_some_and(|decided_at| was.changed_at.is_none_or(|changed_at| changed_at < decided_at))
            {
                return Ok(Ok(Reported::Decided));
            }
            if rating_report::count_reports(tx, address, now.minus(COUNTED_FOR))? >= REPORTS_A_DAY {
                return Ok(Err(ReportError::TooMany));
            }
            rating_report::insert_report(tx, address, id, now)?;
            open(tx, &was, case, now)?;
            Ok(Ok(Reported::Opened))
        })
        .await?
}

fn open(tx: &mut WriteTx<'_>, was: &Rating, case: CaseId, now: Timestamp) -> Result<(), DbError> {
    rows::update_rating(tx, was, &Rating { state: RatingState::Reported, ..was.clone() })?;
    let case = NewCase {
        id: case,
        kind: CaseKind::RatingReported,
        top_up: was.top_up,
        detail: format!("{} of {}", was.id, was.place),
        opened_at: now,
        due_at: now.plus(ANSWERED_WITHIN),
    };
    review_case::insert_case(tx, &case)
}

/// What the office makes of a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is seen.
    Show,
    /// It is neither seen nor counted.
    Hide,
}

/// Why the office decided nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// There is no such rating.
    #[error("there is no such rating")]
    Unknown,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// The office decides about a rating, reported or not; the case about it is closed. Answers the rating as it is then.
///
/// # Errors
/// [`DecideError`], in its order.
pub async fn decide(engine: &Engine, id: RatingId, decision: Decision) -> Result<Rating, DecideError> {
    let now = engine.now();
    let state = match decision {
        Decision::Show => RatingState::Shown,
        Decision::Hide => RatingState::Hidden,
    };
    let decided = engine
        .write(move |tx| {
            let Some(was) = rows::find_rating(tx, id)? else { return Ok(None) };
            let decided = Rating { state, decided_at: Some(now), ..was.clone() };
            rows::update_rating(tx, &was, &decided)?;
            for open in review_case::cases_of(tx, was.top_up)? {
                if open.case.kind == CaseKind::RatingReported && open.closed_at.is_none() {
                    review_case::close_case(tx, open.case.id, now)?;
                }
            }
            Ok(Some(decided))
        })
        .await?;
    decided.ok_or(DecideError::Unknown)
}

/// The ratings that were reported and not looked at, the oldest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn reported(engine: &Engine, limit: u32) -> Result<Vec<Rating>, Unavailable> {
    engine.read(move |tx| rows::reported_ratings(tx, limit)).await
}

/// The newest ratings of all places, hidden ones too.
///
/// # Errors
/// [`Unavailable`].
pub async fn recent(engine: &Engine, limit: u32) -> Result<Vec<Rating>, Unavailable> {
    engine.read(move |tx| rows::recent_ratings(tx, limit)).await
}

/// Forgets reports that no longer count.
pub(crate) fn forget_old_reports(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<u64, DbError> {
    rating_report::forget_old_reports(tx, now.minus(COUNTED_FOR))
}
