//! Receipts sent to holders who ask for it: taken in, sent by a job, and then forgotten but for how it ended.

mod deliver;
mod message;
mod report;

use aws_lc_rs::digest;
use ringup_core::id::{JobId, NoticeId};
use ringup_core::job::{JobKind, NewJob};
use ringup_core::notice::{MobileNumber, NOTICES_OF_RECEIPT_MAX, NoticeKind, ParseMobileError};
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUpState;
use ringup_db::error::DbError;
use ringup_db::notice::{NewNotice, Notice};
use ringup_db::seam::WriteTx;

use crate::error::{SubmitError, Unavailable};
use crate::keys::first_128_bits;
use crate::top_up::{IdempotencyKey, TopUpView};
use crate::{Engine, limits, receipt, seal};

pub(crate) use deliver::deliver;
pub use message::{Message, Wording};
pub use report::hear_for_ever;

/// Who asks for a receipt to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Whoever has the receipt's code, at this network address.
    Holder {
        /// Where the request comes from.
        address: String,
    },
    /// A clerk at a till, who is known.
    Till,
}

/// Why a receipt is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// No mail server is set up, or no SMS centre.
    #[error("receipts are not sent by {} here", match kind { NoticeKind::Email => "e-mail", NoticeKind::Sms => "text message" })]
    NotOffered {
        /// What was asked for.
        kind: NoticeKind,
    },
    /// There is no receipt yet.
    #[error("the top-up has no receipt")]
    NoReceipt,
    /// It has been sent as often as a receipt is.
    #[error("a receipt is sent at most {NOTICES_OF_RECEIPT_MAX} times")]
    TooManyOfReceipt,
    /// Too many were asked for from this network address.
    #[error("too many receipts were sent from this network address")]
    TooManyFromAddress {
        /// When the next one may be asked for.
        until: Timestamp,
    },
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl NoticeError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOffered { kind: NoticeKind::Email } => "email_not_offered",
            Self::NotOffered { kind: NoticeKind::Sms } => "sms_not_offered",
            Self::NoReceipt => "receipt_missing",
            Self::TooManyOfReceipt => "notices_of_receipt",
            Self::TooManyFromAddress { .. } => "notices_from_address",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Whether receipts are sent so here.
#[must_use]
pub fn is_offered(engine: &Engine, kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Email => engine.gateways().sends_mail(),
        NoticeKind::Sms => engine.gateways().sends_texts(),
    }
}

/// Reads a mobile number as people write it, of a country that texts are sent to; nothing where receipts are not sent so.
///
/// # Errors
/// [`ParseMobileError`].
pub fn read_mobile(engine: &Engine, typed: &str) -> Option<Result<MobileNumber, ParseMobileError>> {
    engine.gateways().read_mobile(typed)
}

/// The notices of a top-up's receipt, the oldest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn of(engine: &Engine, view: &TopUpView) -> Result<Vec<Notice>, Unavailable> {
    let top_up = view.top_up.id;
    engine.read(move |tx| ringup_db::notice::notices_of(tx, top_up)).await
}

/// Has a receipt sent: written down, with the job that sends it, in one commit. The same key and address (or number) again
/// sends nothing more.
///
/// # Errors
/// [`NoticeError`].
pub async fn ask(
    engine: &Engine,
    key: &IdempotencyKey,
    view: &TopUpView,
    message: &Message,
    asker: &Asker,
) -> Result<(), NoticeError> {
    let kind = message.kind();
    if !is_offered(engine, kind) {
        return Err(NoticeError::NotOffered { kind });
    }
    if !has_receipt(engine, view) {
        return Err(NoticeError::NoReceipt);
    }
    let (now, top_up) = (engine.now(), view.top_up.id);
    let [id, job] = [(); 2].map(|()| engine.ids().one(top_up.shard(), now));
    let id = NoticeId::from_u64(id);
    let new = NewNotice {
        id,
        top_up,
        number: 0,
        kind,
        key_hash: hash(&format!("notice\n{}\n{}", key.as_str(), message.address())),
        masked: message.masked(),
        sealed: seal::seal(engine.keys().notices(), id.to_string().as_bytes(), message.pack()),
        from_hash: match asker {
            Asker::Holder { address } => Some(hash(address)),
            Asker::Till => None,
        },
        asked_at: now,
    };
    let id = JobId::from_u64(job);
    let job = NewJob { id, shard: top_up.shard(), kind: JobKind::SendNotice, subject: new.id.as_u64(), run_at: now };
    let (event, answer) = match engine.write(move |tx| take_in(tx, new, &job)).await? {
        TakenIn::Yes => ("asked", Ok(())),
        TakenIn::Before => return Ok(()),
        TakenIn::EnoughOfReceipt => ("too_many", Err(NoticeError::TooManyOfReceipt)),
        TakenIn::EnoughFromAddress { until } => ("too_many", Err(NoticeError::TooManyFromAddress { until })),
    };
    count(event);
    answer
}

fn count(event: &'static str) {
    metrics::counter!("ringup_notices_total", "event" => event).increment(1);
}

fn has_receipt(engine: &Engine, view: &TopUpView) -> bool {
    match view.top_up.state {
        TopUpState::Credited { .. } | TopUpState::Refunding { .. } | TopUpState::Refunded { .. } => {
            receipt::of(engine.keys(), view).is_some()
        }
        TopUpState::Placed | TopUpState::Deferred { .. } | TopUpState::Abandoned { .. } => false,
    }
}

enum TakenIn {
    Yes,
    Before,
    EnoughOfReceipt,
    EnoughFromAddress { until: Timestamp },
}

fn take_in(tx: &mut WriteTx<'_>, new: NewNotice, job: &NewJob) -> Result<TakenIn, DbError> {
    if ringup_db::notice::was_asked_for(tx, new.top_up, &new.key_hash)? {
        return Ok(TakenIn::Before);
    }
    let sent = u32::try_from(ringup_db::notice::notices_of(tx, new.top_up)?.len()).unwrap_or(u32::MAX);
    if sent >= NOTICES_OF_RECEIPT_MAX {
        return Ok(TakenIn::EnoughOfReceipt);
    }
    if let Some(from_hash) = &new.from_hash {
        let since = new.asked_at.minus(limits::NOTICES_COUNTED_FOR);
        let (count, first) = ringup_db::notice::asked_for_from(tx, from_hash, since)?;
        if count >= limits::NOTICES_FROM_ADDRESS_MAX {
            return Ok(TakenIn::EnoughFromAddress {
                until: first.unwrap_or(new.asked_at).plus(limits::NOTICES_COUNTED_FOR),
            });
        }
    }
    // Two servers that count at the same time come to the same number, and the database takes one of them.
    ringup_db::notice::insert_notice(tx, &NewNotice { number: sent.saturating_add(1), ..new })?;
    ringup_db::job::insert_job(tx, job)?;
    Ok(TakenIn::Yes)
}

fn hash(text: &str) -> [u8; 16] {
    first_128_bits(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}
