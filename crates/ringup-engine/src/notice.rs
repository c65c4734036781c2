//! Receipts sent to holders who ask for it: taken in, sent by a job, and then forgotten but for how it ended.

use aws_lc_rs::digest;
use ringup_core::id::{JobId, NoticeId};
use ringup_core::job::send_notice::{self, CameTo, Ending};
use ringup_core::job::{JobKind, NewJob, Next};
use ringup_core::notice::{EmailAddress, NOTICES_OF_RECEIPT_MAX, NoticeState};
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::TopUpState;
use ringup_db::error::DbError;
use ringup_db::notice::{NewNotice, Notice};
use ringup_db::seam::WriteTx;
use ringup_gateways::{Letter, MailError};

use crate::error::{SubmitError, Unavailable};
use crate::keys::first_128_bits;
use crate::top_up::{IdempotencyKey, TopUpView};
use crate::{Engine, limits, receipt, seal};

/// What a receipt says when it is sent, in its own language.
#[derive(Clone, Debug)]
pub struct Wording {
    /// What the mail is about.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As a page.
    pub html: String,
}

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
    /// No mail server is set up.
    #[error("receipts are not sent by e-mail here")]
    NotOffered,
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
            Self::NotOffered => "email_not_offered",
            Self::NoReceipt => "receipt_missing",
            Self::TooManyOfReceipt => "notices_of_receipt",
            Self::TooManyFromAddress { .. } => "notices_from_address",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Whether receipts are sent by e-mail here.
#[must_use]
pub fn is_offered(engine: &Engine) -> bool {
    engine.gateways().sends_mail()
}

/// The notices of a top-up's receipt, the oldest first.
///
/// # Errors
/// [`Unavailable`].
pub async fn of(engine: &Engine, view: &TopUpView) -> Result<Vec<Notice>, Unavailable> {
    let top_up = view.top_up.id;
    engine.read(move |tx| ringup_db::notice::notices_of(tx, top_up)).await
}

/// Has a receipt sent: written down, with the job that sends it, in one commit. The same key and address again sends
/// nothing more.
///
/// # Errors
/// [`NoticeError`].
pub async fn ask(
    engine: &Engine,
    key: &IdempotencyKey,
    view: &TopUpView,
    (to, wording): (&EmailAddress, &Wording),
    asker: &Asker,
) -> Result<(), NoticeError> {
    if !is_offered(engine) {
        return Err(NoticeError::NotOffered);
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
        key_hash: hash(&format!("notice\n{}\n{}", key.as_str(), to.reveal())),
        masked: to.masked(),
        sealed: seal::seal(engine.keys().notices(), id.to_string().as_bytes(), pack(to, wording)),
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

/// One try of sending a notice.
///
/// Should the server die between the mail server's word and ours, it is sent again: with the same Message-ID.
pub(crate) async fn deliver(engine: &Engine, id: NoticeId, attempt: u32) -> Next {
    match try_to_deliver(engine, id, attempt).await {
        Ok(next) => next,
        Err(error) => Next::Again { at: engine.now().plus(Span::seconds(10)), why: error.to_string() },
    }
}

async fn try_to_deliver(engine: &Engine, id: NoticeId, attempt: u32) -> Result<Next, SubmitError> {
    let Some((asked_at, sealed)) = engine.read(move |tx| ringup_db::notice::find_waiting(tx, id)).await? else {
        return Ok(Next::Done);
    };
    let opened = seal::open(engine.keys().notices(), id.to_string().as_bytes(), &sealed);
    let came_to = match opened.and_then(unpack) {
        None => {
            tracing::error!(notice = %id, "what was to be sent cannot be read: it was sealed with another notice.key");
            CameTo::Unreadable
        }
        Some((to, Wording { subject, text, html })) => {
            let letter = Letter { id: id.to_reference(), to, subject, text, html, written_at: asked_at };
            send(engine, &letter).await
        }
    };
    let now = engine.now();
    let state = match send_notice::ends_with(came_to, asked_at, attempt, now) {
        Ending::Again { at, why } => {
            tracing::warn!(notice = %id, why, "a receipt was not sent yet");
            count("put_off");
            return Ok(Next::Again { at, why });
        }
        Ending::Ended(state) => {
            engine.write(move |tx| ringup_db::notice::end_notice(tx, id, state, now)).await?;
            state
        }
    };
    if state != NoticeState::Delivered {
        tracing::warn!(notice = %id, %state, "a receipt will not be sent");
    }
    count(state.name());
    Ok(Next::Done)
}

async fn send(engine: &Engine, letter: &Letter) -> CameTo {
    match tokio::time::timeout(limits::NOTICE_SENT_WITHIN, engine.gateways().send_letter(letter)).await {
        Ok(Ok(())) => CameTo::Taken,
        Ok(Err(MailError::Refused { .. })) => CameTo::NeverTaken,
        Ok(Err(error @ (MailError::NoServer | MailError::NotTaken { .. }))) => {
            CameTo::NotTaken { why: error.to_string() }
        }
        Err(_) => CameTo::NotTaken { why: "the mail server took too long".to_owned() },
    }
}

/// Between the parts: no address and no page has one.
const JOINT: char = '\0';

fn pack(to: &EmailAddress, wording: &Wording) -> Vec<u8> {
    let Wording { subject, text, html } = wording;
    [to.reveal(), subject, text, html].join(&JOINT.to_string()).into_bytes()
}

fn unpack(bytes: Vec<u8>) -> Option<(EmailAddress, Wording)> {
    let packed = String::from_utf8(bytes).ok()?;
    let parts: Vec<&str> = packed.split(JOINT).collect();
    let [to, subject, text, html] = parts.as_slice() else { return None };
    let wording = Wording { subject: (*subject).to_owned(), text: (*text).to_owned(), html: (*html).to_owned() };
    Some((EmailAddress::parse(to).ok()?, wording))
}

fn hash(text: &str) -> [u8; 16] {
    first_128_bits(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}
