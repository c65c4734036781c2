//! Claims: money that somebody has a slip for. Kept once, settled once, by a person.

use ringup_core::apply::{Command, Outcome, PayOutRefund, RefundHowMuch, SpentMeanwhile};
use ringup_core::bank_note::{ClaimCode, ClaimReason, LateWord, NoteNumber};
use ringup_core::card::CardNumber;
use ringup_core::id::{PurseId, TopUpId};
use ringup_core::money::{Amount, Language};
use ringup_core::quote;
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUpState;
use ringup_db::kiosk::Kiosk;
use ringup_db::kiosk_claim::{self, KioskClaim, Settled, SettledAs};
use ringup_db::kiosk_sale::KioskNote;
use ringup_db::{cash_box, review_case};

use super::sale::{self, Sale, SaleError};
use crate::error::{SubmitError, Unavailable};
use crate::quote::QuoteError;
use crate::top_up::{IdempotencyKey, TopUpView, unexpected};
use crate::{Engine, refund};

/// What a kiosk tells of a note that somebody has a slip for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What the slip says.
    pub code: ClaimCode,
    /// The note.
    pub note: NoteNumber,
    /// What it is worth; nothing when the validator did not say.
    pub value: Option<Amount>,
    /// Why.
    pub reason: ClaimReason,
    /// What the validator said afterwards.
    pub late: Option<LateWord>,
    /// The card that was typed.
    pub card: Option<CardNumber>,
    /// The box that was in the kiosk; the one that is in it now, when that is not told.
    pub cash_box: Option<PurseId>,
    /// When, by the kiosk's clock.
    pub claimed_at: Timestamp,
}

/// Why a claim was not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// The note's number begins with another kiosk's.
    #[error("note {0} is not of this kiosk")]
    NoteOfOtherKiosk(NoteNumber),
    /// The value is in another currency than the kiosk's.
    #[error("the value is not in this kiosk's currency")]
    WrongUnit,
    /// The box is none of this kiosk's.
    #[error("the box is none of this kiosk's")]
    BoxUnknown,
    /// The code was used for another note.
    #[error("the code was used for another note")]
    Differs,
    /// The note has a slip with another code.
    #[error("the note was claimed with another code")]
    NoteClaimed,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl ClaimError {
    /// Its stable code, in problem documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoteOfOtherKiosk(_) => "note_of_other_kiosk",
            Self::WrongUnit => "wrong_unit",
            Self::BoxUnknown => "box_unknown",
            Self::Differs => "claim_differs",
            Self::NoteClaimed => "note_claimed",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Keeps a claim. Told again it is the same one, with what the validator has said meanwhile.
///
/// # Errors
/// [`ClaimError`], in its order.
pub async fn claim(engine: &Engine, kiosk: &Kiosk, told: Claim) -> Result<KioskClaim, ClaimError> {
    if told.note.kiosk != kiosk.number {
        return Err(ClaimError::NoteOfOtherKiosk(told.note));
    }
    if told.value.is_some_and(|value| value.unit() != kiosk.unit) {
        return Err(ClaimError::WrongUnit);
    }
    let (place, number, unit, told_at) = (kiosk.place, kiosk.number, kiosk.unit, engine.now());
    engine
        .write(move |tx| {
            let named = match told.cash_box {
                Some(purse) => cash_box::find_box(tx, purse)?,
                None => cash_box::box_in_use(tx, place)?,
            };
            let Some(named) = named.filter(|cash_box| cash_box.place == place) else {
                return Ok(Err(ClaimError::BoxUnknown));
            };
            if let Some(before) = kiosk_claim::find_claim(tx, &told.code)? {
                if (before.note, before.value, before.place) != (Some(told.note), told.value, place) {
                    return Ok(Err(ClaimError::Differs));
                }
                if let Some(late) = told.late {
                    kiosk_claim::hear_late(tx, &told.code, late)?;
                }
                return Ok(Ok(KioskClaim { late: before.late.or(told.late), ..before }));
            }
            if kiosk_claim::find_claim_of(tx, told.note)?.is_some() {
                return Ok(Err(ClaimError::NoteClaimed));
            }
            let claim = KioskClaim {
                code: told.code,
                place,
                kiosk: number,
                note: Some(told.note),
                value: told.value,
                unit,
                reason: told.reason,
                card: told.card,
                purse: named.purse,
                claimed_at: told.claimed_at,
                told_at,
                late: told.late,
                top_up: None,
                settled: None,
            };
            kiosk_claim::insert_claim(tx, &claim)?;
            Ok(Ok(claim))
        })
        .await?
}

/// What a person makes of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What becomes of the money.
    pub how: SettledAs,
    /// Who says so.
    pub by: String,
    /// What the note is worth, where the validator did not say, or was wrong.
    pub value: Option<Amount>,
    /// The card, where none was typed, or another one.
    pub card: Option<CardNumber>,
}

/// Why a claim was not settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// There is no claim with this code.
    #[error("there is no claim with this code")]
    Unknown,
    /// It was settled otherwise.
    #[error("it was settled before, as {0}")]
    SettledBefore(&'static str),
    /// Its money is booked and owed back: it can only be handed out.
    #[error("its money is owed back already: settle it as refund")]
    OwedBack,
    /// Its money was booked: it cannot be nothing any more.
    #[error("its money was booked already")]
    Booked,
    /// Nobody knows what the note is worth.
    #[error("say what the note is worth")]
    ValueNeeded,
    /// Nobody knows for which card it was.
    #[error("say for which card it was")]
    CardNeeded,
    /// The note was credited with a sale.
    #[error("note {0} was credited with a sale")]
    NoteUsed(NoteNumber),
    /// The card cannot be topped up.
    #[error(transparent)]
    Card(#[from] QuoteError),
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for SettleError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// A person settles a claim, once: the money goes on a card, or is handed out of the kiosk's safe, or there was none.
///
/// What was cut off half way is finished when the same is asked again.
///
/// # Errors
/// [`SettleError`], in its order.
pub async fn settle(engine: &Engine, code: ClaimCode, asked: Settlement) -> Result<KioskClaim, SettleError> {
    let found = engine.read(move |tx| {
        let Some(claim) = kiosk_claim::find_claim(tx, &code)? else { return Ok(None) };
        Ok(ringup_db::kiosk::find_kiosk(tx, claim.place)?.map(|kiosk| (claim, kiosk)))
    });
    let (claim, kiosk) = found.await?.ok_or(SettleError::Unknown)?;
    match &claim.settled {
        Some(settled) if settled.how == asked.how => return Ok(claim),
        Some(settled) => return Err(SettleError::SettledBefore(settled.how.name())),
        None => {}
    }
    let top_up = match (asked.how, claim.note) {
        (SettledAs::Card | SettledAs::Nothing, None) => return Err(SettleError::OwedBack),
        (SettledAs::Nothing, Some(_)) if claim.top_up.is_some() => return Err(SettleError::Booked),
        (SettledAs::Nothing, Some(_)) => None,
        (SettledAs::Refund, None) => claim.top_up,
        (SettledAs::Card | SettledAs::Refund, Some(note)) => Some(book(engine, (&kiosk, &claim), note, &asked).await?),
    };
    if let Some(top_up) = top_up.filter(|_| asked.how == SettledAs::Refund) {
        pay_out(engine, &kiosk, top_up).await?;
    }
    let settled = Settled { at: engine.now(), how: asked.how, by: asked.by };
    let written = settled.clone();
    engine
        .write(move |tx| {
            if let Some(top_up) = top_up {
                kiosk_claim::note_booked(tx, &code, top_up)?;
                for case in review_case::cases_of(tx, top_up)? {
                    review_case::close_case(tx, case.case.id, written.at)?;
                }
            }
            kiosk_claim::settle_claim(tx, &code, &written)
        })
        .await?;
    Ok(KioskClaim { top_up, settled: Some(settled), ..claim })
}

/// Books a claimed note like a sale of its own, in the box that it was claimed for; by a key that is the claim's.
async fn book(
    engine: &Engine,
    (kiosk, claim): (&Kiosk, &KioskClaim),
    note: NoteNumber,
    asked: &Settlement,
) -> Result<TopUpId, SettleError> {
    let value = asked.value.or(claim.value).ok_or(SettleError::ValueNeeded)?;
    let card = asked.card.or(claim.card).ok_or(SettleError::CardNeeded)?;
    let key = IdempotencyKey::of_our_own(&format!("claim {}", claim.code));
    let used = key.used_for("kiosk_claim", &format!("{} {card} {value}", asked.how.name()));
    let booked_before = sale::sold_before(engine, used).await.map_err(settle_error)?.is_some();
    if asked.how == SettledAs::Card && !booked_before {
        may_credit(engine, card, value).await?;
    }
    let sale = Sale {
        key,
        card,
        notes: vec![KioskNote { number: note, value }],
        language: Language::ZhHans,
        cash_box: claim.purse,
        begun_at: Some(claim.claimed_at),
        offline_since: None,
    };
    let booked = match sale::add_up(kiosk, &sale.notes) {
        Ok(paid) => sale::book(engine, kiosk, used, (&sale, paid)).await,
        Err(error) => Err(error),
    };
    booked.map(|sold| sold.view.top_up.id).map_err(settle_error)
}

fn settle_error(error: SaleError) -> SettleError {
    match error {
        SaleError::NoteUsed(note) => SettleError::NoteUsed(note),
        SaleError::Quote(error) => SettleError::Card(error),
        SaleError::Submit(error) => SettleError::Submit(error),
        SaleError::Notes | SaleError::NoteOfOtherKiosk(_) | SaleError::BoxUnknown => SettleError::ValueNeeded,
    }
}

/// A card that cannot be topped up is found before the money is booked for it.
async fn may_credit(engine: &Engine, card: CardNumber, value: Amount) -> Result<(), SettleError> {
    let now = engine.now();
    let found = engine.read(move |tx| {
        let Some(card) = ringup_db::card::find_card(tx, card)? else { return Ok(None) };
        let Some(product) = ringup_db::product::find_product(tx, card.product)? else { return Ok(None) };
        let balance = ringup_db::account::card_balance(tx, card.number, product.unit)?.available(product.unit);
        let standing = quote::may_be_topped_up(card.standing(&product, now));
        Ok(Some(standing.and_then(|()| quote::may_hold(&product, balance, value))))
    });
    Ok(found.await?.ok_or(QuoteError::CardUnknown)?.map_err(QuoteError::from)?)
}

/// Takes the value off the card again where it was credited, and hands the money out of the kiosk's safe.
async fn pay_out(engine: &Engine, kiosk: &Kiosk, id: TopUpId) -> Result<(), SettleError> {
    let view = view(engine, id).await?;
    let credited = matches!(view.top_up.state, TopUpState::Credited { .. });
    if credited {
        let key = IdempotencyKey::of_our_own(&format!("claim refund {id}"));
        refund::request(engine, &key, id, RefundHowMuch::Whole, SpentMeanwhile::Refuse).await?;
    }
    let view = if credited { self::view(engine, id).await? } else { view };
    let Some(waiting) = refund::to_hand_over(&view) else { return Ok(()) };
    let key = IdempotencyKey::of_our_own(&format!("pay out {}", waiting.id));
    let key = key.used_for("pay_out", &format!("{}", kiosk.safe));
    let command = PayOutRefund { key, refund: waiting.id, purse: kiosk.safe };
    match engine.submit(Command::PayOutRefund(command)).await? {
        Outcome::RefundPaidOut { .. } => Ok(()),
        other => Err(unexpected(&other).into()),
    }
}

async fn view(engine: &Engine, id: TopUpId) -> Result<TopUpView, SettleError> {
    let found = engine.read(move |tx| {
        let top_up = ringup_db::top_up::find_top_up(tx, id)?;
        top_up.map(|top_up| TopUpView::read(tx, top_up)).transpose()
    });
    let missing = || SettleError::Submit(SubmitError::Refused(ringup_core::apply::Refusal::TopUpUnknown));
    found.await?.ok_or_else(missing)
}
