//! Notes that are in the box are booked: on the card, or owed back, with a claim for a person.

use std::collections::BTreeSet;

use ringup_core::apply::{self, Again, Command, KeyUse, Outcome, Refusal, Repeated, SoldBy};
use ringup_core::bank_note::{ClaimReason, LateWord, NoteNumber};
use ringup_core::books::KeyHash;
use ringup_core::card::CardNumber;
use ringup_core::id::{CaseId, PurseId, TopUpId};
use ringup_core::job::{ANSWERED_WITHIN, CaseKind, NewCase};
use ringup_core::money::{Amount, Language};
use ringup_core::quote::{Quote, QuoteFor, QuoteRefusal};
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Channel, TopUpState};
use ringup_db::kiosk::Kiosk;
use ringup_db::kiosk_claim::{self, KioskClaim};
use ringup_db::kiosk_sale::{self, KioskNote, KioskSale};
use ringup_db::{cash_box, review_case};

use crate::error::{SubmitError, Unavailable};
use crate::quote::QuoteError;
use crate::top_up::{IdempotencyKey, TopUpView, unexpected};
use crate::{Engine, limits};

/// Notes in the box, to be credited as a whole.
#[derive(Clone, Debug)]
pub struct Sale {
    /// The kiosk's key, drawn before the first note.
    pub key: IdempotencyKey,
    /// The card that was typed.
    pub card: CardNumber,
    /// The notes.
    pub notes: Vec<KioskNote>,
    /// The language of the slip.
    pub language: Language,
    /// The box that they are in.
    pub cash_box: PurseId,
    /// When it began, by the kiosk's clock.
    pub begun_at: Option<Timestamp>,
    /// Since when the line was down then, by the kiosk's clock.
    pub offline_since: Option<Timestamp>,
}

/// What came of a sale.
#[derive(Clone, Debug)]
pub struct Sold {
    /// The top-up, credited or on its way back.
    pub view: TopUpView,
    /// Whether it had been booked before, with the same key.
    pub repeated: Repeated,
}

/// Why nothing was booked. The notes are to be claimed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaleError {
    /// There are no notes, too many, the same one twice, or they cannot be added up.
    #[error("a sale has 1 to {} different notes of one currency", limits::SALE_NOTES_MAX)]
    Notes,
    /// A note's number begins with another kiosk's.
    #[error("note {0} is not of this kiosk")]
    NoteOfOtherKiosk(NoteNumber),
    /// The box is none of this kiosk's.
    #[error("the box is none of this kiosk's")]
    BoxUnknown,
    /// A note was in another sale.
    #[error("note {0} was in another sale")]
    NoteUsed(NoteNumber),
    /// There is no such card, or it is counted in another currency.
    #[error(transparent)]
    Quote(#[from] QuoteError),
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for SaleError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl SaleError {
    /// Its stable code, in problem documents.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Notes => "notes_unusable",
            Self::NoteOfOtherKiosk(_) => "note_of_other_kiosk",
            Self::BoxUnknown => "box_unknown",
            Self::NoteUsed(_) => "note_used",
            Self::Quote(error) => error.code(),
            Self::Submit(error) => error.code(),
        }
    }
}

/// Books notes that are in a kiosk's box, once for each key.
///
/// What the kiosk may take is not asked: it has taken them. Where the card cannot be topped up any more the money is booked and
/// owed back, and a claim with the top-up's code is opened.
///
/// # Errors
/// [`SaleError`], in its order.
pub async fn sell(engine: &Engine, kiosk: &Kiosk, sale: Sale) -> Result<Sold, SaleError> {
    let paid = add_up(kiosk, &sale.notes)?;
    let numbers: Vec<String> = sale.notes.iter().map(|note| format!("{} {}", note.number, note.value)).collect();
    let asked = format!("{} {} {} {}", kiosk.place, sale.card, numbers.join(" "), tag(sale.language));
    book(engine, kiosk, sale.key.used_for("kiosk_sale", &asked), (&sale, paid)).await
}

const fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::ZhHans => "zh-Hans",
    }
}

/// The same under a key that was made already.
pub(super) async fn book(
    engine: &Engine,
    kiosk: &Kiosk,
    key: KeyUse,
    (sale, paid): (&Sale, Amount),
) -> Result<Sold, SaleError> {
    if let Some(top_up) = sold_before(engine, key).await? {
        let view = finish(engine, kiosk, key.key, top_up).await?;
        return Ok(Sold { view, repeated: Repeated::Yes });
    }
    let quote = quote(engine, sale.card, paid).await?;
    let purse = write_down(engine, kiosk, key.key, (sale, paid)).await?;
    let command = apply::Sell {
        key,
        channel: Channel::Kiosk,
        sold_by: SoldBy { purse, credit_at: None },
        quote,
        cash_given: None,
        language: sale.language,
        again: Again::Confirmed,
    };
    match engine.submit(Command::Sell(command)).await? {
        Outcome::Placed { top_up, repeated, .. } => {
            let view = finish(engine, kiosk, key.key, top_up).await?;
            Ok(Sold { view, repeated })
        }
        other => Err(unexpected(&other).into()),
    }
}

/// What the notes of a sale come to.
pub(super) fn add_up(kiosk: &Kiosk, notes: &[KioskNote]) -> Result<Amount, SaleError> {
    if !(1..=limits::SALE_NOTES_MAX).contains(&notes.len()) {
        return Err(SaleError::Notes);
    }
    if let Some(note) = notes.iter().find(|note| note.number.kiosk != kiosk.number) {
        return Err(SaleError::NoteOfOtherKiosk(note.number));
    }
    let numbers: BTreeSet<NoteNumber> = notes.iter().map(|note| note.number).collect();
    let is_note = |note: &KioskNote| note.value.unit() == kiosk.unit && !note.value.is_zero();
    if numbers.len() != notes.len() || !notes.iter().all(is_note) {
        return Err(SaleError::Notes);
    }
    let sum = notes.iter().try_fold(Amount::zero(kiosk.unit), |sum, note| sum.plus(note.value));
    sum.map_err(|_| SaleError::Notes)
}

/// What was sold with a key before; refused when it was something else.
pub(super) async fn sold_before(engine: &Engine, key: KeyUse) -> Result<Option<TopUpId>, SaleError> {
    let hash = key.key;
    let used = engine.read(move |tx| ringup_db::idempotency_key::find_key(tx, &hash)).await?;
    match used {
        None => Ok(None),
        Some(used) if used.fingerprint == key.fingerprint => Ok(Some(TopUpId::from_u64(used.result))),
        Some(_) => Err(SubmitError::Refused(Refusal::KeyUsedForSomethingElse).into()),
    }
}

async fn quote(engine: &Engine, card: CardNumber, paid: Amount) -> Result<Quote, SaleError> {
    let now = engine.now();
    let made = engine.read(move |tx| {
        let Some(card) = ringup_db::card::find_card(tx, card)? else { return Ok(None) };
        let Some(product) = ringup_db::product::find_product(tx, card.product)? else { return Ok(None) };
        let promotions = ringup_db::promotion::promotions_of(tx, product.id, now)?;
        let balance = ringup_db::account::card_balance(tx, card.number, product.unit)?.available(product.unit);
        let made_for = QuoteFor { card: &card, product: &product, balance, promotions: &promotions };
        Ok(Some(Quote::of_notes(made_for, paid, now)))
    });
    let quote: Result<Quote, QuoteRefusal> = made.await?.ok_or(QuoteError::CardUnknown)?;
    Ok(quote.map_err(QuoteError::from)?)
}

/// Why a sale was not written down.
enum Stopped {
    BoxUnknown,
    NoteUsed(NoteNumber),
    KeyUsed,
}

/// Writes down which notes pay for which sale, before it is booked: a note that is there is in no other one. Answers the box.
async fn write_down(
    engine: &Engine,
    kiosk: &Kiosk,
    key: KeyHash,
    (sale, paid): (&Sale, Amount),
) -> Result<PurseId, SaleError> {
    let row = KioskSale {
        key,
        place: kiosk.place,
        purse: sale.cash_box,
        card: sale.card,
        paid,
        begun_at: sale.begun_at,
        offline_since: sale.offline_since,
        told_at: engine.now(),
        top_up: None,
    };
    let notes = sale.notes.clone();
    let written = engine.write(move |tx| {
        if cash_box::find_box(tx, row.purse)?.is_none_or(|cash_box| cash_box.place != row.place) {
            return Ok(Err(Stopped::BoxUnknown));
        }
        for note in &notes {
            if kiosk_sale::key_of_note(tx, note.number)?.is_some_and(|used| used != row.key) {
                return Ok(Err(Stopped::NoteUsed(note.number)));
            }
        }
        // What was cut off before it was booked stands here already.
        match kiosk_sale::find_kiosk_sale(tx, &row.key)? {
            Some(before) if (before.card, before.paid, before.purse) == (row.card, row.paid, row.purse) => {}
            Some(_) => return Ok(Err(Stopped::KeyUsed)),
            None => kiosk_sale::insert_kiosk_sale(tx, &row, &notes)?,
        }
        Ok(Ok(row.purse))
    });
    written.await?.map_err(|stopped| match stopped {
        Stopped::BoxUnknown => SaleError::BoxUnknown,
        Stopped::NoteUsed(note) => SaleError::NoteUsed(note),
        Stopped::KeyUsed => SubmitError::Refused(Refusal::KeyUsedForSomethingElse).into(),
    })
}

/// Writes down what came of a sale; of money that is owed back, the claim and the case for a person. May be done again.
async fn finish(engine: &Engine, kiosk: &Kiosk, key: KeyHash, id: TopUpId) -> Result<TopUpView, SaleError> {
    let found = engine.read(move |tx| {
        let Some(sale) = kiosk_sale::find_kiosk_sale(tx, &key)? else { return Ok(None) };
        let top_up = ringup_db::top_up::find_top_up(tx, id)?;
        let view = top_up.map(|top_up| TopUpView::read(tx, top_up)).transpose()?;
        Ok(view.map(|view| (sale, view)))
    });
    let (sale, view) = found.await?.ok_or(SubmitError::Refused(Refusal::TopUpUnknown))?;
    let claim = claim_of(engine, kiosk, &sale, &view);
    if sale.top_up.is_some() && claim.is_none() {
        return Ok(view);
    }
    engine
        .write(move |tx| {
            kiosk_sale::note_sold(tx, &key, id)?;
            if let Some((claim, case)) = claim
                && kiosk_claim::find_claim(tx, &claim.code)?.is_none()
            {
                kiosk_claim::insert_claim(tx, &claim)?;
                review_case::insert_case(tx, &case)?;
            }
            Ok(())
        })
        .await?;
    Ok(view)
}

/// What a person must see to, when a sale could not be credited.
fn claim_of(engine: &Engine, kiosk: &Kiosk, sale: &KioskSale, view: &TopUpView) -> Option<(KioskClaim, NewCase)> {
    let top_up = &view.top_up;
    match top_up.state {
        TopUpState::Refunding { receipt: None, .. } => {}
        TopUpState::Placed
        | TopUpState::Deferred { .. }
        | TopUpState::Abandoned { .. }
        | TopUpState::Credited { .. }
        | TopUpState::Refunding { receipt: Some(_), .. }
        | TopUpState::Refunded { .. } => return None,
    }
    let now = engine.now();
    let claim = KioskClaim {
        code: top_up.code,
        place: sale.place,
        kiosk: kiosk.number,
        note: None,
        value: Some(sale.paid),
        unit: sale.paid.unit(),
        reason: ClaimReason::SaleRefused,
        card: Some(sale.card),
        purse: sale.purse,
        claimed_at: sale.begun_at.unwrap_or(sale.told_at),
        told_at: now,
        late: Some(LateWord::Stacked),
        top_up: Some(top_up.id),
        settled: None,
    };
    let case = NewCase {
        id: CaseId::from_u64(engine.ids().one(top_up.id.shard(), now)),
        kind: CaseKind::CashNotCredited,
        top_up: top_up.id,
        detail: format!(
            "{} are in the box {} and the card cannot be topped up: they are owed back",
            sale.paid, sale.purse
        ),
        opened_at: now,
        due_at: now.plus(ANSWERED_WITHIN),
    };
    Some((claim, case))
}
