//! Money that somebody has a slip for: a note whose place nobody knows, or a sale that could not be credited.

use ringup_core::bank_note::{ClaimCode, ClaimReason, LateWord, NoteNumber};
use ringup_core::card::CardNumber;
use ringup_core::id::{PlaceId, PurseId, TopUpId};
use ringup_core::money::{Amount, Unit};
use ringup_core::time::Timestamp;

use crate::column::{self, coded, needed, opt_coded};
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static CLAIM: Table = Table::new(
    "kiosk_claim",
    &[blob("code")],
    &[
        int("place_id"),
        int("kiosk"),
        int("running"),
        int("value_minor"),
        text("unit"),
        int("reason"),
        int("card_number"),
        int("purse_id"),
        int("claimed_at"),
        int("told_at"),
    ],
    &[int("late_word"), int("top_up_id"), int("settled_at"), text("settled_as"), text("settled_by")],
);
static CLAIM_BY_CODE: Lookup = Lookup::new(&CLAIM, &[blob("code")], "", "");
static CLAIM_BY_NOTE: Lookup = Lookup::new(&CLAIM, &[int("kiosk"), int("running")], "", "");
static OPEN_CLAIMS: Lookup = Lookup::new(&CLAIM, &[], "settled_at is null", "order by told_at limit $1");

/// Money that somebody has a slip for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskClaim {
    /// What the slip says.
    pub code: ClaimCode,
    /// Which kiosk.
    pub place: PlaceId,
    /// What the notes of that kiosk begin with.
    pub kiosk: u32,
    /// The note; nothing where it is a whole sale.
    pub note: Option<NoteNumber>,
    /// What it is worth; nothing when the validator did not say.
    pub value: Option<Amount>,
    /// What the kiosk sells in.
    pub unit: Unit,
    /// Why.
    pub reason: ClaimReason,
    /// The card that was typed.
    pub card: Option<CardNumber>,
    /// The box that was in the kiosk.
    pub purse: PurseId,
    /// When, by the kiosk's clock.
    pub claimed_at: Timestamp,
    /// When it was heard of.
    pub told_at: Timestamp,
    /// What the validator said afterwards.
    pub late: Option<LateWord>,
    /// The top-up that the money is booked as.
    pub top_up: Option<TopUpId>,
    /// What a person made of it.
    pub settled: Option<Settled>,
}

/// What a person made of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// When.
    pub at: Timestamp,
    /// What.
    pub how: SettledAs,
    /// Who.
    pub by: String,
}

/// What becomes of claimed money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettledAs {
    /// It goes on a card.
    Card,
    /// It is handed out.
    Refund,
    /// There is none: the holder has his note.
    Nothing,
}

impl SettledAs {
    /// Its name, in a column and for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Refund => "refund",
            Self::Nothing => "nothing",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Card, Self::Refund, Self::Nothing].into_iter().find(|how| how.name() == name)
    }
}

/// The claim with this code.
///
/// # Errors
/// What the database says.
pub fn find_claim(tx: &mut impl Read, code: &ClaimCode) -> Result<Option<KioskClaim>, DbError> {
    CLAIM_BY_CODE.find_one(tx, &[code.as_bytes().as_slice().into()], read_claim)
}

/// The claim of a note.
///
/// # Errors
/// What the database says.
pub fn find_claim_of(tx: &mut impl Read, note: NoteNumber) -> Result<Option<KioskClaim>, DbError> {
    CLAIM_BY_NOTE.find_one(tx, &[note.kiosk.into(), note.running.into()], read_claim)
}

/// Claims that nobody has settled, the oldest first.
///
/// # Errors
/// What the database says.
pub fn open_claims(tx: &mut impl Read, limit: u32) -> Result<Vec<KioskClaim>, DbError> {
    OPEN_CLAIMS.find(tx, &[limit.into()], read_claim)
}

/// Writes down a claim.
///
/// # Errors
/// [`DbError::Broken`] when the code or the note was claimed before.
pub fn insert_claim(tx: &mut WriteTx<'_>, claim: &KioskClaim) -> Result<(), DbError> {
    let settled = claim.settled.as_ref();
    let values: Vec<Value<'_>> = vec![
        claim.code.as_bytes().as_slice().into(),
        claim.place.as_u64().into(),
        claim.kiosk.into(),
        claim.note.map(|note| note.running).into(),
        claim.value.map(|value| value.minor()).into(),
        claim.unit.code().into(),
        claim.reason.code().into(),
        claim.card.map(CardNumber::as_u64).into(),
        claim.purse.as_u64().into(),
        claim.claimed_at.into(),
        claim.told_at.into(),
        claim.late.map(LateWord::code).into(),
        claim.top_up.map(TopUpId::as_u64).into(),
        settled.map(|settled| settled.at).into(),
        settled.map(|settled| settled.how.name()).into(),
        settled.map(|settled| settled.by.as_str()).into(),
    ];
    CLAIM.insert_all(tx, values)
}

/// The validator says where a claimed note is. The first word stays.
///
/// # Errors
/// What the database says.
pub fn hear_late(tx: &mut WriteTx<'_>, code: &ClaimCode, late: LateWord) -> Result<(), DbError> {
    let sql = "update kiosk_claim set late_word = $2 where code = $1 and late_word is null";
    tx.execute(sql, &[code.as_bytes().as_slice().into(), late.code().into()]).map(drop)
}

/// A person decides what becomes of a claim, before anything is done about it; once.
///
/// # Errors
/// [`DbError::Conflict`] when that was decided before.
pub fn settle_claim(tx: &mut WriteTx<'_>, code: &ClaimCode, settled: &Settled) -> Result<(), DbError> {
    let sql = "update kiosk_claim set settled_at = $2, settled_as = $3, settled_by = $4
        where code = $1 and settled_at is null";
    let params =
        [code.as_bytes().as_slice().into(), settled.at.into(), settled.how.name().into(), settled.by.as_str().into()];
    tx.execute_exactly(sql, &params, 1)
}

/// Writes down the top-up that a claim's money is booked as.
///
/// # Errors
/// What the database says.
pub fn note_booked(tx: &mut WriteTx<'_>, code: &ClaimCode, top_up: TopUpId) -> Result<(), DbError> {
    let sql = "update kiosk_claim set top_up_id = $2 where code = $1 and top_up_id is null";
    tx.execute(sql, &[code.as_bytes().as_slice().into(), top_up.as_u64().into()]).map(drop)
}

fn read_claim(fields: &mut Fields<'_>) -> Result<KioskClaim, DbError> {
    let code = ClaimCode::from_bytes(fields.bytes()?);
    let place = PlaceId::from_u64(fields.bits()?);
    let kiosk = u32::try_from(fields.int()?).map_err(|_| DbError::Damaged("a kiosk's number".to_owned()))?;
    let note = fields.opt_bits()?.map(|running| NoteNumber { kiosk, running });
    let minor = fields.opt_bits()?;
    let unit = column::unit(fields)?;
    let value = minor.map(|minor| column::amount(minor, unit)).transpose()?;
    let reason = coded(fields, ClaimReason::from_code)?;
    let card = fields.opt_bits()?.map(CardNumber::from_u64).transpose();
    let card = card.map_err(|error| DbError::Damaged(error.to_string()))?;
    let purse = PurseId::from_u64(fields.bits()?);
    let (claimed_at, told_at) = (fields.time()?, fields.time()?);
    let late = opt_coded(fields, LateWord::from_code)?;
    let top_up = fields.opt_bits()?.map(TopUpId::from_u64);
    let (at, how, by) = (fields.opt_time()?, fields.opt_text()?, fields.opt_text()?);
    let settled = match (at, how, by) {
        (Some(at), Some(how), Some(by)) => {
            let how = needed(SettledAs::from_name(how), "what became of a claim")?;
            Some(Settled { at, how, by: by.to_owned() })
        }
        (_, _, _) => None,
    };
    Ok(KioskClaim {
        code,
        place,
        kiosk,
        note,
        value,
        unit,
        reason,
        card,
        purse,
        claimed_at,
        told_at,
        late,
        top_up,
        settled,
    })
}
