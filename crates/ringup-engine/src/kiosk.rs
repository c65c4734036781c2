//! Kiosks: machines that take notes. What each may take, the box in it, what is credited and claimed, who empties it, how it is.
//!
//! A kiosk cannot give a note back that is in its box. So whatever it tells of such notes is booked: on the card, or owed back.

mod card;
mod claim;
mod collection;
mod health;
mod sale;

pub use card::{MayTopUp, may_top_up};
pub use claim::{Claim, ClaimError, SettleError, Settlement, claim, settle};
pub use collection::{BoxError, CollectionError, collect, count, give_code, send_to_bank};
pub use health::{Health, HealthError, SILENT_AFTER, hear, is_in_order};
pub use sale::{Sale, SaleError, Sold, sell};

use ringup_core::apply::{Command, OpenPurse, Outcome};
use ringup_core::id::{PlaceId, PurseId};
use ringup_core::ledger::Balance;
use ringup_core::money::{Amount, Unit};
use ringup_core::place::{Place, PlaceCode, PlaceKind};
use ringup_core::purse::{Purse, PurseKind};
use ringup_db::cash_box::{self, CashBox};
use ringup_db::device::{Device, DeviceKind};
use ringup_db::kiosk::Kiosk;

use crate::device::EnrolCode;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};
use crate::{Engine, limits};

/// A kiosk that speaks: which one, where, by which device.
#[derive(Clone, Debug)]
pub struct Machine {
    /// What it may take.
    pub kiosk: Kiosk,
    /// Where it is.
    pub place: Place,
    /// The device that signs.
    pub device: Device,
}

/// What a kiosk may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What it sells in.
    pub unit: Unit,
    /// Whom a holder calls.
    pub hot_line: String,
    /// The notes that it takes.
    pub notes: Vec<Amount>,
    /// The most that is put in for one sale.
    pub visit_max: Amount,
    /// The same while the line is down; nothing when no notes are taken then.
    pub offline_max: Option<Amount>,
    /// How many notes a box holds.
    pub box_capacity: u32,
    /// From how many on somebody should come.
    pub box_nearly_full: u32,
}

/// Why a place did not become a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddKioskError {
    /// There is no place with this code.
    #[error("there is no place with this code")]
    PlaceUnknown,
    /// The place is a store or an agent.
    #[error("the place is no kiosk")]
    NotAKiosk,
    /// The place is a kiosk of ours already.
    #[error("the place has a kiosk already")]
    Exists,
    /// No notes, other currencies, or a box that is full before somebody comes.
    #[error(
        "a kiosk takes 1 to {} values of notes in its own currency, and its box is nearly full before it is full",
        limits::NOTE_VALUES_MAX
    )]
    Policy,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for AddKioskError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// A box, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxLevel {
    /// The box.
    pub cash_box: CashBox,
    /// How many notes were booked into it.
    pub notes: u64,
    /// What it must hold.
    pub holds: Amount,
}

/// How full a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxState {
    /// There is room.
    InUse,
    /// Somebody should come.
    NearlyFull,
    /// No more notes may be taken.
    Full,
}

impl BoxState {
    /// Its name, for programs and people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::NearlyFull => "nearly_full",
            Self::Full => "full",
        }
    }
}

impl BoxLevel {
    /// How full it is in this kiosk.
    #[must_use]
    pub fn state(&self, kiosk: &Kiosk) -> BoxState {
        if self.notes >= u64::from(kiosk.box_capacity) {
            BoxState::Full
        } else if self.notes >= u64::from(kiosk.box_nearly_full) {
            BoxState::NearlyFull
        } else {
            BoxState::InUse
        }
    }
}

/// Makes a place a kiosk: a safe, a first box, and what it may take.
///
/// # Errors
/// [`AddKioskError`], in its order.
pub async fn add(engine: &Engine, code: &PlaceCode, policy: Policy) -> Result<Kiosk, AddKioskError> {
    let code = code.clone();
    let found = engine.read(move |tx| ringup_db::place::find_place_by_code(tx, &code)).await?;
    let place = found.ok_or(AddKioskError::PlaceUnknown)?;
    if place.kind != PlaceKind::Kiosk {
        return Err(AddKioskError::NotAKiosk);
    }
    if find(engine, place.id).await?.is_some() {
        return Err(AddKioskError::Exists);
    }
    let notes = check(&policy).ok_or(AddKioskError::Policy)?;
    // The keys are the place's: asked twice, a place still has one safe and one first box.
    let safe = open(engine, &format!("safe of {}", place.id), PurseKind::Safe, None, policy.unit).await?;
    let first = format!("first box of {}", place.id);
    let purse = open(engine, &first, PurseKind::CashBox, Some(safe), policy.unit).await?;
    let kiosk = Kiosk {
        place: place.id,
        number: 0,
        safe,
        unit: policy.unit,
        hot_line: policy.hot_line,
        notes,
        visit_max: policy.visit_max,
        offline_max: policy.offline_max,
        box_capacity: policy.box_capacity,
        box_nearly_full: policy.box_nearly_full,
    };
    let cash_box = CashBox { purse, place: place.id, opened_at: engine.now(), taken: None };
    let written = engine.write(move |tx| {
        cash_box::insert_box(tx, &cash_box)?;
        ringup_db::kiosk::insert_kiosk(tx, &kiosk)
    });
    Ok(written.await?)
}

/// The notes of a policy that fits together, the smallest first.
fn check(policy: &Policy) -> Option<Vec<Amount>> {
    let mut notes = policy.notes.clone();
    notes.sort_unstable_by_key(|note| note.minor());
    notes.dedup();
    let is_money = |amount: &Amount| amount.unit() == policy.unit && !amount.is_zero();
    let fits = notes.iter().all(is_money)
        && is_money(&policy.visit_max)
        && policy.offline_max.as_ref().is_none_or(is_money)
        && (1..=limits::NOTE_VALUES_MAX).contains(&notes.len())
        && (1..=policy.box_capacity).contains(&policy.box_nearly_full)
        && policy.hot_line.chars().count() <= limits::HOT_LINE_MAX;
    fits.then_some(notes)
}

/// Opens a purse with nothing in it, once for each subject.
async fn open(
    engine: &Engine,
    subject: &str,
    kind: PurseKind,
    parent: Option<PurseId>,
    unit: Unit,
) -> Result<PurseId, SubmitError> {
    let key = IdempotencyKey::of_our_own(subject).used_for("open_purse", kind.name());
    let (opening, credit_limit) = (Amount::zero(unit), Amount::zero(unit));
    match engine.submit(Command::OpenPurse(OpenPurse { key, kind, parent, credit_limit, opening })).await? {
        Outcome::PurseOpened { purse, .. } => Ok(purse),
        other => Err(unexpected(&other)),
    }
}

/// The kiosk at a place.
///
/// # Errors
/// [`Unavailable`].
pub async fn find(engine: &Engine, place: PlaceId) -> Result<Option<Kiosk>, Unavailable> {
    engine.read(move |tx| ringup_db::kiosk::find_kiosk(tx, place)).await
}

/// Whether a code enrols a kiosk: other devices have another door.
///
/// # Errors
/// [`Unavailable`].
pub async fn is_invited(engine: &Engine, code: &EnrolCode) -> Result<bool, Unavailable> {
    let hash = code.hash();
    engine
        .read(move |tx| {
            let device = ringup_db::device::find_device_by_code(tx, &hash)?;
            let Some(device) = device.filter(|device| device.kind == DeviceKind::Kiosk) else { return Ok(false) };
            Ok(ringup_db::kiosk::find_kiosk(tx, device.place)?.is_some())
        })
        .await
}

/// The kiosk that a device speaks for; nothing when its place is none.
///
/// # Errors
/// [`Unavailable`].
pub async fn of_device(engine: &Engine, device: Device) -> Result<Option<Machine>, Unavailable> {
    engine
        .read(move |tx| {
            let kiosk = ringup_db::kiosk::find_kiosk(tx, device.place)?;
            let place = ringup_db::place::find_place(tx, device.place)?;
            Ok(kiosk.zip(place).map(|(kiosk, place)| Machine { kiosk, place, device }))
        })
        .await
}

/// The box that is in a kiosk, and what is in it.
///
/// # Errors
/// [`Unavailable`], also when a kiosk has no box: it always has one.
pub async fn level(engine: &Engine, kiosk: &Kiosk) -> Result<BoxLevel, Unavailable> {
    let place = kiosk.place;
    let found = engine.read(move |tx| match cash_box::box_in_use(tx, place)? {
        Some(cash_box) => level_of(tx, cash_box),
        None => Ok(None),
    });
    found.await?.ok_or_else(|| Unavailable(format!("{place} has no box")))
}

/// All boxes that a kiosk has had and what is in them, the newest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn levels(engine: &Engine, kiosk: &Kiosk) -> Result<Vec<(BoxLevel, Purse)>, Unavailable> {
    let place = kiosk.place;
    engine
        .read(move |tx| {
            let mut levels = Vec::new();
            for cash_box in cash_box::boxes_of(tx, place)? {
                let purse = ringup_db::purse::find_purse(tx, cash_box.purse)?;
                levels.extend(level_of(tx, cash_box)?.zip(purse));
            }
            Ok(levels)
        })
        .await
}

fn level_of(tx: &mut ringup_db::ReadTx<'_>, cash_box: CashBox) -> Result<Option<BoxLevel>, ringup_db::DbError> {
    let Some(purse) = ringup_db::purse::find_purse(tx, cash_box.purse)? else { return Ok(None) };
    let holds = purse.holds.map_or(Balance::ZERO, |held| held.balance).available(purse.unit);
    Ok(Some(BoxLevel { cash_box, notes: cash_box::notes_in(tx, cash_box.purse)?, holds }))
}
