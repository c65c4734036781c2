//! Emptying a kiosk: two people take the box out, somebody counts it, and bags go to the bank.

use ringup_core::apply::{ClosePurse, Command, Outcome};
use ringup_core::id::{ClerkId, PlaceId, PurseId, TransitId};
use ringup_core::money::Amount;
use ringup_core::purse::{Count, PurseKind};
use ringup_core::time::Span;
use ringup_db::cash_box::{self, CashBox, CollectionCode, Taken};
use ringup_db::kiosk::Kiosk;

use super::{BoxLevel, level_of, open};
use crate::Engine;
use crate::device::EnrolCode;
use crate::error::{SubmitError, Unavailable};
use crate::store::{BagError, send_bag};
use crate::top_up::unexpected;

/// How long a code for taking a box out counts.
const CODE_LASTS: Span = Span::hours(1);

/// Why a box was not taken out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectionError {
    /// A code is unknown, was used before, or its time is over: they look the same.
    #[error("a code cannot be used")]
    CodeUnusable,
    /// Both codes are one person's.
    #[error("two different people take a box out")]
    SamePerson,
    /// The box is none of this kiosk's.
    #[error("the box is none of this kiosk's")]
    BoxUnknown,
    /// Another box is in the kiosk.
    #[error("the box was taken out before")]
    BoxTaken,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for CollectionError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl CollectionError {
    /// Its stable code, in problem documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CodeUnusable => "collection_code_unusable",
            Self::SamePerson => "collection_same_person",
            Self::BoxUnknown => "box_unknown",
            Self::BoxTaken => "box_taken",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Why a box was not counted, or a code not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoxError {
    /// There is no such box.
    #[error("there is no such box")]
    Unknown,
    /// It is still in the kiosk.
    #[error("the box is still in the kiosk")]
    InUse,
    /// There is no such person, or he has left.
    #[error("there is nobody with this id")]
    NobodyThere,
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for BoxError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// Gives one person the code by which he, with another one, may take the box out of a kiosk; told once, kept as a hash.
///
/// # Errors
/// [`BoxError::NobodyThere`], [`BoxError::Submit`].
pub async fn give_code(engine: &Engine, kiosk: &Kiosk, person: ClerkId) -> Result<EnrolCode, BoxError> {
    let found = engine.read(move |tx| ringup_db::clerk::find_clerk(tx, person)).await?;
    let clerk = found.filter(|clerk| clerk.left_at.is_none()).ok_or(BoxError::NobodyThere)?;
    let code = EnrolCode::draw();
    let row = CollectionCode {
        code_hash: code.hash(),
        place: kiosk.place,
        clerk: clerk.id,
        valid_until: engine.now().plus(CODE_LASTS),
        used_for: None,
    };
    engine.write(move |tx| cash_box::insert_collection_code(tx, &row)).await?;
    Ok(code)
}

/// Two people take the box out, and another one is in use from then on. With the same codes again it is the same answer: the box that was
/// taken out, and the one after it.
///
/// # Errors
/// [`CollectionError`], in its order.
pub async fn collect(
    engine: &Engine,
    kiosk: &Kiosk,
    purse: PurseId,
    codes: [&EnrolCode; 2],
) -> Result<(BoxLevel, BoxLevel), CollectionError> {
    let (place, hashes, now) = (kiosk.place, codes.map(EnrolCode::hash), engine.now());
    let found = engine.read(move |tx| {
        let [one, two] = hashes;
        let one = cash_box::find_collection_code(tx, &one)?;
        let two = cash_box::find_collection_code(tx, &two)?;
        Ok((one.zip(two), cash_box::find_box(tx, purse)?))
    });
    let (given, named) = found.await?;
    let usable = |code: &CollectionCode| match code.used_for {
        Some(used_for) => code.place == place && used_for == purse,
        None => code.place == place && now < code.valid_until,
    };
    let (one, two) = given.filter(|(one, two)| usable(one) && usable(two)).ok_or(CollectionError::CodeUnusable)?;
    if one.clerk == two.clerk {
        return Err(CollectionError::SamePerson);
    }
    let named = named.filter(|cash_box| cash_box.place == place).ok_or(CollectionError::BoxUnknown)?;
    if one.used_for.is_none() || two.used_for.is_none() {
        if named.taken.is_some() {
            return Err(CollectionError::BoxTaken);
        }
        exchange(engine, kiosk, purse, (one, two)).await?;
    }
    let found = engine.read(move |tx| {
        let Some(taken) = cash_box::find_box(tx, purse)? else { return Ok(None) };
        let Some(next) = cash_box::box_in_use(tx, place)? else { return Ok(None) };
        Ok(level_of(tx, taken)?.zip(level_of(tx, next)?))
    });
    found.await?.ok_or(CollectionError::BoxTaken)
}

/// The key of the next box is the box before it: however often it is asked, there is one.
async fn exchange(
    engine: &Engine,
    kiosk: &Kiosk,
    purse: PurseId,
    (one, two): (CollectionCode, CollectionCode),
) -> Result<(), CollectionError> {
    let (place, safe, unit) = (kiosk.place, kiosk.safe, kiosk.unit);
    let next = open(engine, &format!("box after {purse}"), PurseKind::CashBox, Some(safe), unit).await?;
    let now = engine.now();
    let exchanged = engine.write(move |tx| {
        if cash_box::find_box(tx, purse)?.is_none_or(|cash_box| cash_box.taken.is_some()) {
            return Ok(false);
        }
        for code in [&one, &two] {
            // Two who use one code at once: the second finds it used.
            if cash_box::find_collection_code(tx, &code.code_hash)?.is_none_or(|code| code.used_for.is_some()) {
                return Ok(false);
            }
        }
        cash_box::take_box(tx, purse, Taken { at: now, by: one.clerk, with: two.clerk })?;
        cash_box::insert_box(tx, &CashBox { purse: next, place, opened_at: now, taken: None })?;
        cash_box::use_collection_code(tx, &one.code_hash, purse)?;
        cash_box::use_collection_code(tx, &two.code_hash, purse)?;
        Ok(true)
    });
    if exchanged.await? { Ok(()) } else { Err(CollectionError::BoxTaken) }
}

/// Books what was counted in a box that was taken out. The difference is named, for each box.
///
/// # Errors
/// [`BoxError`]; refused when it was counted otherwise before.
pub async fn count(engine: &Engine, purse: PurseId, counted: Amount) -> Result<Count, BoxError> {
    let cash_box = engine.read(move |tx| cash_box::find_box(tx, purse)).await?.ok_or(BoxError::Unknown)?;
    if cash_box.taken.is_none() {
        return Err(BoxError::InUse);
    }
    match engine.submit(Command::ClosePurse(ClosePurse { purse, counted })).await? {
        Outcome::PurseClosed { count, .. } => Ok(count),
        other => Err(unexpected(&other).into()),
    }
}

/// Sends cash out of a kiosk's safe to the bank, in a numbered bag. The same bag again is the same answer.
///
/// # Errors
/// [`BagError`], in its order.
pub async fn send_to_bank(
    engine: &Engine,
    kiosk: &Kiosk,
    person: ClerkId,
    (bag, amount): (&str, Amount),
) -> Result<TransitId, BagError> {
    let from: (PlaceId, PurseId) = (kiosk.place, kiosk.safe);
    send_bag(engine, from, person, (bag, amount)).await
}
