//! An answer to what a holder said, wherever it is typed: at an agent's pages or at a store's.

use ringup_core::id::RatingId;
use ringup_core::rating::Remark;
use ringup_db::clerk::Clerk;
use ringup_engine::rating::{self, AnswerError};
use serde::Deserialize;

use super::mapping::rating::{RefusedAnswer, answer_problem};
use super::page_error::PageError;
use super::state::App;
use super::view::Page;

/// An answer as it was typed.
#[derive(Deserialize)]
pub(in crate::web) struct AnswerForm {
    #[serde(default)]
    answer: String,
}

/// Gives the answer of `clerk` to the rating with this id; what it was refused for, where the form can be mended.
pub(in crate::web) async fn answer(
    app: &App,
    page: &Page,
    clerk: &Clerk,
    id: &str,
    form: AnswerForm,
) -> Result<Option<RefusedAnswer>, PageError> {
    let id: RatingId = id.parse().map_err(|_| PageError::not_found(page))?;
    let problem = match Remark::parse(&form.answer) {
        Err(_) => "problem-answer-long",
        Ok(text) => match rating::answer(&app.engine, clerk, id, text).await {
            Ok(()) => return Ok(None),
            Err(AnswerError::Submit(error)) => return Err(PageError::submit(page, &error)),
            Err(error) => answer_problem(&error),
        },
    };
    Ok(Some(RefusedAnswer { rating: id, typed: form.answer, problem }))
}
