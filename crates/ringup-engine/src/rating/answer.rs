use ringup_core::id::RatingId;
use ringup_core::place::PlaceKind;
use ringup_core::rating::{RatingState, Remark};
use ringup_db::clerk::{Clerk, Role};
use ringup_db::rating::{self as rows, Answer, Rating};

use crate::Engine;
use crate::error::SubmitError;

/// Why a rating was not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nothing was written.
    #[error("an answer has words")]
    Empty,
    /// There is no such rating of his place, or it is hidden.
    #[error("there is no such rating of this place")]
    Unknown,
    /// At a store only a supervisor answers.
    #[error("only a supervisor answers for a store")]
    NotSupervisor,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl AnswerError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "answer_empty",
            Self::Unknown => "answer_rating_unknown",
            Self::NotSupervisor => "answer_not_supervisor",
            Self::Submit(error) => error.code(),
        }
    }
}

/// A place answers: one of an agent's people, or a store's supervisor. A later answer stands in place of the one before.
///
/// # Errors
/// [`AnswerError`], in its order.
pub async fn answer(engine: &Engine, clerk: &Clerk, id: RatingId, text: Remark) -> Result<(), AnswerError> {
    if text.is_empty() {
        return Err(AnswerError::Empty);
    }
    let (place, by, role, now) = (clerk.place, clerk.id, clerk.role, engine.now());
    engine
        .write(move |tx| {
            let found = rows::find_rating(tx, id)?.filter(|rating| rating.place == place);
            let Some(was) = found.filter(|rating| rating.state != RatingState::Hidden) else {
                return Ok(Err(AnswerError::Unknown));
            };
            let kind = ringup_db::place::find_place(tx, place)?.map(|place| place.kind);
            if kind != Some(PlaceKind::Agent) && role != Role::Supervisor {
                return Ok(Err(AnswerError::NotSupervisor));
            }
            let answered = Rating { answer: Some(Answer { text, by, at: now }), ..was.clone() };
            rows::update_rating(tx, &was, &answered)?;
            Ok(Ok(()))
        })
        .await?
}
