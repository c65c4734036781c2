//! Stores: what a clerk does at a counter. Drawers are opened and counted here, top-ups sold, and sales undone by two people.

mod by_code;
mod drawer;
mod identity;
mod safe;
mod sale;
mod slip;
mod undo;

pub use by_code::{Scanned, SellByCode, sell_by_code};
pub use drawer::{Drawer, close_drawer, drawer, drawers_of, open_drawer, recent_sales};
pub use identity::{DocumentError, DocumentKind, IdentityDocument, IdentityReason, record_identity};
pub(crate) use safe::send_bag;
pub use safe::{BagError, banked, send_to_bank};
pub use sale::{Sell, SellError, Sold, find_by_key, quote, sell};
pub use slip::{note_slip_given_out, slip_was_given_out};
pub use undo::{Decision, VoidError, ask_to_undo, decide, is_ours, pay_out, requests_of, waiting};

use ringup_core::apply::{Command, OpenPurse, Outcome};
use ringup_core::id::PlaceId;
use ringup_core::money::{Amount, Unit};
use ringup_core::place::{Place, PlaceCode};
use ringup_core::purse::PurseKind;
use ringup_db::clerk::Clerk;
use ringup_db::device::Device;
use ringup_db::store::{IdentityRule, Store};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::top_up::{IdempotencyKey, unexpected};

/// A counter with its clerk: who asks, on which till, at which store.
#[derive(Clone, Debug)]
pub struct Counter {
    /// The store.
    pub store: Store,
    /// Where it is, and its hours and policies.
    pub place: Place,
    /// The till.
    pub device: Device,
    /// Who serves.
    pub clerk: Clerk,
}

/// Why a store was not opened for business.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddStoreError {
    /// There is no place with this code.
    #[error("there is no place with this code")]
    PlaceUnknown,
    /// The place has a counter already.
    #[error("the place has a counter already")]
    Exists,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for AddStoreError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// Gives a place a counter: a safe, and what it may sell.
///
/// # Errors
/// [`AddStoreError`], in its order.
pub async fn add(
    engine: &Engine,
    place: &PlaceCode,
    sale_max: Amount,
    identity: IdentityRule,
) -> Result<Store, AddStoreError> {
    let code = place.clone();
    let found = engine.read(move |tx| ringup_db::place::find_place_by_code(tx, &code)).await?;
    let place = found.ok_or(AddStoreError::PlaceUnknown)?.id;
    if find(engine, place).await?.is_some() {
        return Err(AddStoreError::Exists);
    }
    let unit = sale_max.unit();
    // The key is the place's: asked twice, a place still has one safe.
    let key = IdempotencyKey::of_our_own(&format!("safe of {place}")).used_for("open_purse", "safe");
    let (opening, credit_limit) = (Amount::zero(unit), Amount::zero(unit));
    let open = OpenPurse { key, kind: PurseKind::Safe, parent: None, credit_limit, opening };
    let safe = match engine.submit(Command::OpenPurse(open)).await? {
        Outcome::PurseOpened { purse, .. } => purse,
        other => return Err(unexpected(&other).into()),
    };
    let store = Store { place, safe, unit, sale_max, identity };
    let written = store.clone();
    engine.write(move |tx| ringup_db::store::insert_store(tx, &written)).await?;
    Ok(store)
}

/// The store at a place.
///
/// # Errors
/// [`Unavailable`].
pub async fn find(engine: &Engine, place: PlaceId) -> Result<Option<Store>, Unavailable> {
    engine.read(move |tx| ringup_db::store::find_store(tx, place)).await
}

/// The counter that a till stands on; nothing when its place has none.
///
/// # Errors
/// [`Unavailable`].
pub async fn of_device(engine: &Engine, device: &Device) -> Result<Option<(Store, Place)>, Unavailable> {
    let id = device.place;
    engine
        .read(move |tx| {
            let store = ringup_db::store::find_store(tx, id)?;
            Ok(store.zip(ringup_db::place::find_place(tx, id)?))
        })
        .await
}

impl Counter {
    /// What the store sells in.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.store.unit
    }
}
