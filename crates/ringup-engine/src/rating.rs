//! Ratings: the holder of a receipt rates the place that sold it, once; the place answers; abuse is reported and moderated.
//!
//! Whoever has the code of a receipt is its holder: nobody signs in, and nothing is known of who wrote.

mod answer;
mod moderation;

pub use answer::{AnswerError, answer};
pub(crate) use moderation::forget_old_reports;
pub use moderation::{DecideError, Decision, REPORTS_A_DAY, ReportError, Reported, decide, recent, report, reported};

use std::collections::BTreeMap;

use ringup_core::id::{PlaceId, RatingId};
use ringup_core::place::{Place, PlaceCode};
use ringup_core::rating::{CHANGED_WITHIN, RatingState, Remark, Stars, Tally};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{TopUp, TopUpCode, TopUpState};
use ringup_db::error::DbError;
use ringup_db::rating::{self as rows, Rating};
use ringup_db::{Read, WriteTx};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// How many ratings of a place are shown.
pub const SHOWN_MAX: u32 = 20;

/// What is seen of a place.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// How many, by their stars.
    pub tally: Tally,
    /// The newest.
    pub newest: Vec<Rating>,
}

/// What the holder of a receipt can do.
#[derive(Clone, Debug)]
pub struct Rateable {
    /// The place that sold it.
    pub place: Place,
    /// What he has said of it.
    pub rating: Option<Rating>,
    /// Until when that can be changed; nothing when it cannot, or nothing was said yet.
    pub changed_until: Option<Timestamp>,
}

/// Why a place was not rated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// There is no receipt with this code.
    #[error("there is no receipt with this code")]
    Unknown,
    /// Nobody sold it: the holder bought it online.
    #[error("no place sold this top-up")]
    NotFromPlace,
    /// Another place sold it.
    #[error("another place sold this top-up")]
    OtherPlace,
    /// It was taken back.
    #[error("the sale was taken back")]
    TakenBack,
    /// It was rated, and the hour in which that can be changed is over; or the office has hidden it.
    #[error("the sale was rated already")]
    Rated,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl RateError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "rating_receipt_unknown",
            Self::NotFromPlace => "rating_not_from_place",
            Self::OtherPlace => "rating_other_place",
            Self::TakenBack => "rating_taken_back",
            Self::Rated => "rating_given_already",
            Self::Submit(error) => error.code(),
        }
    }
}

/// What can be rated with the code of a receipt: nothing when no place sold it, or the sale was taken back.
///
/// # Errors
/// [`Unavailable`].
pub async fn rateable(engine: &Engine, code: TopUpCode) -> Result<Option<Rateable>, Unavailable> {
    let now = engine.now();
    engine
        .read(move |tx| {
            let Ok(sale) = Sale::find(tx, &code)? else { return Ok(None) };
            let rating = rows::find_rating_of(tx, sale.top_up.id)?;
            let changed_until = rating.as_ref().and_then(|rating| changed_until(rating, now));
            Ok(Some(Rateable { place: sale.place, rating, changed_until }))
        })
        .await
}

/// Rates the place that sold a top-up, or changes what was said of it within the hour. `place` is where the holder
/// believes that he bought it.
///
/// # Errors
/// [`RateError`], in its order.
pub async fn rate(
    engine: &Engine,
    code: TopUpCode,
    place: PlaceCode,
    (stars, comment): (Stars, Remark),
) -> Result<RatingId, RateError> {
    let now = engine.now();
    let id = RatingId::from_u64(engine.ids().one(Shard(0), now));
    engine
        .write_decided(move |tx| {
            let sale = match Sale::find(tx, &code)? {
                Ok(sale) if sale.place.code != place => return Ok(Err(RateError::OtherPlace)),
                Ok(sale) => sale,
                Err(error) => return Ok(Err(error)),
            };
            let new = Rating {
                id,
                top_up: sale.top_up.id,
                place: sale.place.id,
                stars,
                comment: comment.clone(),
                rated_at: now,
                changed_at: None,
                state: RatingState::Shown,
                decided_at: None,
                answer: None,
            };
            write(tx, new, now)
        })
        .await?
}

/// Writes a rating down, or changes the one that is there.
fn write(tx: &mut WriteTx<'_>, new: Rating, now: Timestamp) -> Result<Result<RatingId, RateError>, DbError> {
    let Some(was) = rows::find_rating_of(tx, new.top_up)? else {
        rows::insert_rating(tx, &new)?;
        return Ok(Ok(new.id));
    };
    if was.stars == new.stars && was.comment == new.comment {
        return Ok(Ok(was.id)); // the same press
    }
    if changed_until(&was, now).is_none() {
        return Ok(Err(RateError::Rated));
    }
    let changed = Rating { stars: new.stars, comment: new.comment, changed_at: Some(now), ..was.clone() };
    rows::update_rating(tx, &was, &changed)?;
    Ok(Ok(was.id))
}

/// Until when a rating can be changed. What the office has hidden stays as the office saw it.
fn changed_until(rating: &Rating, now: Timestamp) -> Option<Timestamp> {
    let until = rating.rated_at.plus(CHANGED_WITHIN);
    (now < until && rating.state != RatingState::Hidden).then_some(until)
}

/// A sale that can be rated.
struct Sale {
    top_up: TopUp,
    place: Place,
}

impl Sale {
    fn find(tx: &mut impl Read, code: &TopUpCode) -> Result<Result<Self, RateError>, DbError> {
        let Some(top_up) = ringup_db::top_up::find_top_up_by_code(tx, code)? else {
            return Ok(Err(RateError::Unknown));
        };
        match top_up.state {
            TopUpState::Credited { .. } => {}
            TopUpState::Refunding { .. } | TopUpState::Refunded { .. } => return Ok(Err(RateError::TakenBack)),
            // There is no receipt yet.
            TopUpState::Placed | TopUpState::Deferred { .. } | TopUpState::Abandoned { .. } => {
                return Ok(Err(RateError::Unknown));
            }
        }
        let Some(sold) = top_up.sale else { return Ok(Err(RateError::NotFromPlace)) };
        let place = match rows::find_place_of_purse(tx, sold.purse)? {
            Some(id) => ringup_db::place::find_place(tx, id)?,
            None => None,
        };
        Ok(place.map(|place| Self { top_up, place }).ok_or(RateError::NotFromPlace))
    }
}

/// What is seen of a place.
///
/// # Errors
/// [`Unavailable`].
pub async fn board(engine: &Engine, place: PlaceId) -> Result<Board, Unavailable> {
    engine
        .read(move |tx| {
            Ok(Board { tally: rows::tally(tx, place)?, newest: rows::newest_ratings(tx, place, SHOWN_MAX)? })
        })
        .await
}

/// How many ratings each of these places has; places without any are left out.
///
/// # Errors
/// [`Unavailable`].
pub async fn tallies(engine: &Engine, places: Vec<PlaceId>) -> Result<BTreeMap<PlaceId, Tally>, Unavailable> {
    engine
        .read(move |tx| {
            let mut tallies = BTreeMap::new();
            for place in places {
                let tally = rows::tally(tx, place)?;
                if tally.count() > 0 {
                    tallies.insert(place, tally);
                }
            }
            Ok(tallies)
        })
        .await
}
