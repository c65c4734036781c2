//! The job that sends a notice: one try of it, and what that means.

use ringup_core::id::NoticeId;
use ringup_core::job::Next;
use ringup_core::job::send_notice::{self, CameTo, Ending, UNANSWERED_MAX};
use ringup_core::notice::{MobileNumber, NoticeState};
use ringup_core::secret::Secret;
use ringup_core::time::Span;
use ringup_db::notice::Ended;
use ringup_gateways::{Letter, MailError, SmsError, TextMessage};

use super::{Message, Wording, count};
use crate::error::SubmitError;
use crate::{Engine, limits, seal};

/// One try of sending a notice.
///
/// Should the server die between the mail server's word and ours, it is sent again: with the same Message-ID. A text message that was handed
/// over is counted before, so that not even a server that dies each time sends it for ever.
pub(crate) async fn deliver(engine: &Engine, id: NoticeId, attempt: u32) -> Next {
    match try_to_deliver(engine, id, attempt).await {
        Ok(next) => next,
        Err(error) => Next::Again { at: engine.now().plus(Span::seconds(10)), why: error.to_string() },
    }
}

async fn try_to_deliver(engine: &Engine, id: NoticeId, attempt: u32) -> Result<Next, SubmitError> {
    let Some(waiting) = engine.read(move |tx| ringup_db::notice::find_waiting(tx, id)).await? else {
        return Ok(Next::Done);
    };
    let opened = seal::open(engine.keys().notices(), id.to_string().as_bytes(), &waiting.sealed);
    let (came_to, reference) = match opened.and_then(|packed| Message::unpack(waiting.kind, packed)) {
        None => {
            tracing::error!(notice = %id, "what was to be sent cannot be read: it was sealed with another notice.key");
            (CameTo::Unreadable, None)
        }
        Some(Message::Mail { to, wording: Wording { subject, text, html } }) => {
            let letter = Letter { id: id.to_reference(), to, subject, text, html, written_at: waiting.asked_at };
            (send_letter(engine, &letter).await, None)
        }
        Some(Message::Text { to, text }) => send_text(engine, (id, waiting.unanswered), to, text).await?,
    };
    let now = engine.now();
    let state = match send_notice::ends_with(came_to, waiting.asked_at, attempt, now) {
        Ending::Again { at, why } => {
            tracing::warn!(notice = %id, why, "a receipt was not sent yet");
            count("put_off");
            return Ok(Next::Again { at, why });
        }
        Ending::Ended(state) => {
            let ended = Ended { state, at: now, reference };
            engine.write(move |tx| ringup_db::notice::end_notice(tx, id, &ended)).await?;
            state
        }
    };
    match state {
        NoticeState::Delivered | NoticeState::Accepted => {}
        _ => tracing::warn!(notice = %id, %state, "a receipt will not be sent"),
    }
    count(state.name());
    Ok(Next::Done)
}

async fn send_letter(engine: &Engine, letter: &Letter) -> CameTo {
    match tokio::time::timeout(limits::NOTICE_SENT_WITHIN, engine.gateways().send_letter(letter)).await {
        Ok(Ok(())) => CameTo::Taken,
        Ok(Err(MailError::Refused { .. })) => CameTo::NeverTaken,
        Ok(Err(error @ (MailError::NoServer | MailError::NotTaken { .. }))) => {
            CameTo::NotTaken { why: error.to_string() }
        }
        Err(_) => CameTo::NotTaken { why: "the mail server took too long".to_owned() },
    }
}

/// Hands a text message over; the SMS centre's own number of it stands beside what that came to.
async fn send_text(
    engine: &Engine,
    (id, unanswered): (NoticeId, u32),
    to: MobileNumber,
    text: String,
) -> Result<(CameTo, Option<String>), SubmitError> {
    let times = unanswered.saturating_add(1);
    if times > UNANSWERED_MAX {
        return Ok((CameTo::Unanswered { why: "it was handed over and not answered".to_owned(), times }, None));
    }
    engine.write(move |tx| ringup_db::notice::count_unanswered(tx, id, times)).await?;
    // The parts of two messages to one phone must not be taken for each other's.
    let reference = id.as_u64().to_be_bytes().into_iter().fold(0, |folded, byte| folded ^ byte);
    let message = TextMessage { reference, to, text: Secret::new(text) };
    let sent = engine.gateways().send_text(&message, engine.now());
    let why = match tokio::time::timeout(limits::NOTICE_SENT_WITHIN, sent).await {
        Ok(Ok(number)) => return Ok((CameTo::Accepted, Some(number).filter(|number| !number.is_empty()))),
        Ok(Err(SmsError::Unanswered { why })) => return Ok((CameTo::Unanswered { why, times }, None)),
        Err(_) => {
            let why = "the SMS centre took too long".to_owned();
            return Ok((CameTo::Unanswered { why, times }, None));
        }
        Ok(Err(SmsError::Refused { .. })) => return Ok((CameTo::NeverTaken, None)),
        Ok(Err(error @ SmsError::TooLong)) => {
            tracing::error!(notice = %id, %error, "a receipt cannot be sent as a text message: server.public_url is too long for it");
            return Ok((CameTo::Unreadable, None));
        }
        Ok(Err(error @ (SmsError::NoCentre | SmsError::NotKnown { .. } | SmsError::NotTaken { .. }))) => {
            error.to_string()
        }
    };
    engine.write(move |tx| ringup_db::notice::count_unanswered(tx, id, unanswered)).await?;
    // What may have been sent before is not called unsent because of this time.
    let came_to = match unanswered {
        0 => CameTo::NotTaken { why },
        times => CameTo::Unanswered { why, times },
    };
    Ok((came_to, None))
}
