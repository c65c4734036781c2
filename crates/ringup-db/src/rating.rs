//! Ratings: what holders of receipts say of the places that sold them.
//!
//! A rating is of a sale, and holds while the sale does: what is read here for others to see leaves out those whose top-up
//! has been taken back, whoever did that and how.

use ringup_core::id::{ClerkId, PlaceId, PurseId, RatingId, TopUpId};
use ringup_core::rating::{RatingState, Remark, Stars, Tally};
use ringup_core::time::Timestamp;

use crate::column::{coded, needed};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, Value, WriteTx};

static RATING: Table = Table::new(
    "rating",
    &[int("top_up_id")],
    &[int("id"), int("place_id"), int("rated_at")],
    &[
        int("stars"),
        text("comment"),
        int("changed_at"),
        text("state"),
        int("decided_at"),
        text("answer"),
        int("answered_by"),
        int("answered_at"),
    ],
);
static BY_TOP_UP: Lookup = Lookup::new(&RATING, &[int("top_up_id")], "", "");
static BY_ID: Lookup = Lookup::new(&RATING, &[int("id")], "", "");
static NEWEST: Lookup = Lookup::new(
    &RATING,
    &[int("place_id")],
    "and state <> 'hidden' and exists (select 1 from top_up as u where u.id = t.top_up_id and u.state = 'credited')",
    "order by id desc limit $2",
);
static ALL: Lookup = Lookup::new(&RATING, &[], "true", "order by id desc limit $1");
static REPORTED: Lookup = Lookup::new(&RATING, &[], "state = 'reported'", "order by id limit $1");

/// What the holder of a receipt says of the place that sold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// What pages name it by.
    pub id: RatingId,
    /// The sale.
    pub top_up: TopUpId,
    /// The place that sold it.
    pub place: PlaceId,
    /// How many stars.
    pub stars: Stars,
    /// What the holder wrote.
    pub comment: Remark,
    /// When he rated.
    pub rated_at: Timestamp,
    /// When he changed it last.
    pub changed_at: Option<Timestamp>,
    /// Whether it is seen.
    pub state: RatingState,
    /// When the office looked at it last.
    pub decided_at: Option<Timestamp>,
    /// What the place says to it.
    pub answer: Option<Answer>,
}

/// What a place says to a rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The text.
    pub text: Remark,
    /// Who wrote it.
    pub by: ClerkId,
    /// When.
    pub at: Timestamp,
}

/// The place that a drawer, a cash box or a float belongs to.
///
/// # Errors
/// What the database says.
pub fn find_place_of_purse(tx: &mut impl Read, purse: PurseId) -> Result<Option<PlaceId>, DbError> {
    let sql = "select place_id from till_session where purse_id = $1
        union all
        select place_id from cash_box where purse_id = $1
        union all
        select place_id from agent where float_id = $1";
    tx.query_first(sql, &[purse.as_u64().into()], |fields| fields.bits().map(PlaceId::from_u64))
}

/// The rating of a sale, whether or not it is seen.
///
/// # Errors
/// What the database says.
pub fn find_rating_of(tx: &mut impl Read, top_up: TopUpId) -> Result<Option<Rating>, DbError> {
    BY_TOP_UP.find_one(tx, &[top_up.as_u64().into()], read_rating)
}

/// The rating with this id, whether or not it is seen.
///
/// # Errors
/// What the database says.
pub fn find_rating(tx: &mut impl Read, id: RatingId) -> Result<Option<Rating>, DbError> {
    BY_ID.find_one(tx, &[id.as_u64().into()], read_rating)
}

/// What is seen of a place, the newest first.
///
/// # Errors
/// What the database says.
pub fn newest_ratings(tx: &mut impl Read, place: PlaceId, limit: u32) -> Result<Vec<Rating>, DbError> {
    NEWEST.find(tx, &[place.as_u64().into(), limit.into()], read_rating)
}

/// How many ratings of a place are seen, by their stars.
///
/// # Errors
/// What the database says.
pub fn tally(tx: &mut impl Read, place: PlaceId) -> Result<Tally, DbError> {
    let sql = "select r.stars, count(*)
        from rating as r
        join top_up as u on u.id = r.top_up_id
        where r.place_id = $1 and r.state <> 'hidden' and u.state = 'credited'
        group by r.stars";
    let counted =
        tx.query(sql, &[place.as_u64().into()], |fields| Ok((coded(fields, Stars::from_code)?, fields.count()?)))?;
    let mut tally = Tally::default();
    for (stars, count) in counted {
        tally.add(stars, count);
    }
    Ok(tally)
}

/// The newest ratings of all places, hidden ones too.
///
/// # Errors
/// What the database says.
pub fn recent_ratings(tx: &mut impl Read, limit: u32) -> Result<Vec<Rating>, DbError> {
    ALL.find(tx, &[limit.into()], read_rating)
}

/// The ratings that the office has to look at, the oldest first.
///
/// # Errors
/// What the database says.
pub fn reported_ratings(tx: &mut impl Read, limit: u32) -> Result<Vec<Rating>, DbError> {
    REPORTED.find(tx, &[limit.into()], read_rating)
}

/// Writes down a rating.
///
/// # Errors
/// [`DbError::Conflict`] when the sale was rated meanwhile.
pub fn insert_rating(tx: &mut WriteTx<'_>, rating: &Rating) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> = vec![
        rating.top_up.as_u64().into(),
        rating.id.as_u64().into(),
        rating.place.as_u64().into(),
        rating.rated_at.into(),
    ];
    values.extend(changing(rating));
    RATING.insert_all(tx, values)
}

/// Writes down what has become of a rating. `was` is the rating as it was read.
///
/// # Errors
/// [`DbError::Conflict`] when somebody else changed its state meanwhile.
pub fn update_rating(tx: &mut WriteTx<'_>, was: &Rating, rating: &Rating) -> Result<(), DbError> {
    let sql = "update rating set
            stars = $2,
            comment = $3,
            changed_at = $4,
            state = $5,
            decided_at = $6,
            answer = $7,
            answered_by = $8,
            answered_at = $9
        where top_up_id = $1
            and state = $10
            and coalesce(changed_at, 0) = $11
            and coalesce(decided_at, 0) = $12
            and coalesce(answered_at, 0) = $13";
    let mut values: Vec<Value<'_>> = vec![rating.top_up.as_u64().into()];
    values.extend(changing(rating));
    let at = |at: Option<Timestamp>| at.map_or(0, Timestamp::micros).into();
    let answered_at = was.answer.as_ref().map(|answer| answer.at);
    values.extend([was.state.name().into(), at(was.changed_at), at(was.decided_at), at(answered_at)]);
    tx.execute_exactly(sql, &values, 1)
}

fn changing(rating: &Rating) -> [Value<'_>; 8] {
    let answer = rating.answer.as_ref();
    [
        rating.stars.code().into(),
        rating.comment.as_str().into(),
        rating.changed_at.into(),
        rating.state.name().into(),
        rating.decided_at.into(),
        answer.map(|answer| answer.text.as_str()).into(),
        answer.map(|answer| answer.by.as_u64()).into(),
        answer.map(|answer| answer.at).into(),
    ]
}

fn read_rating(fields: &mut Fields<'_>) -> Result<Rating, DbError> {
    Ok(Rating {
        top_up: TopUpId::from_u64(fields.bits()?),
        id: RatingId::from_u64(fields.bits()?),
        place: PlaceId::from_u64(fields.bits()?),
        rated_at: fields.time()?,
        stars: coded(fields, Stars::from_code)?,
        comment: remark(fields.text()?)?,
        changed_at: fields.opt_time()?,
        state: needed(RatingState::from_name(fields.text()?), "a rating's state")?,
        decided_at: fields.opt_time()?,
        answer: read_answer(fields)?,
    })
}

fn read_answer(fields: &mut Fields<'_>) -> Result<Option<Answer>, DbError> {
    let text = fields.opt_text()?.map(remark).transpose()?;
    let (by, at) = (fields.opt_bits()?.map(ClerkId::from_u64), fields.opt_time()?);
    match (text, by, at) {
        (Some(text), Some(by), Some(at)) => Ok(Some(Answer { text, by, at })),
        (_, _, _) => Ok(None),
    }
}

fn remark(text: &str) -> Result<Remark, DbError> {
    Remark::parse(text).map_err(|error| DbError::Damaged(error.to_string()))
}
