//! From ratings as the engine has them to what pages show.

use ringup_core::id::RatingId;
use ringup_core::rating::{Stars, Tally};
use ringup_db::rating::Rating;
use ringup_engine::rating::{AnswerError, Board};

use crate::web::i18n::{Words, time};
use crate::web::view::Problems;
use crate::web::view::rating::{AnswerRow, RatingBar, RatingBoard, RatingRow, RatingSummary};

/// In figures; nothing before the first rating.
pub(in crate::web) fn summary(words: Words, tally: &Tally) -> Option<RatingSummary> {
    let average = average(tally)?;
    let bars = tally.counts().into_iter().zip([1_u8, 2, 3, 4, 5]).rev().map(|(count, stars)| RatingBar {
        stars,
        stars_text: words.t_one("rating-stars", "stars", stars.to_string()),
        count: count.to_string(),
        percent: tally.percent(count),
    });
    Some(RatingSummary {
        average_text: words.t_one("rating-average", "average", &average),
        average,
        count: words.t_count("rating-count", "count", tally.count()),
        bars: bars.collect(),
    })
}

/// `4.6`; nothing before the first rating.
pub(in crate::web) fn average(tally: &Tally) -> Option<String> {
    tally.average_tenths().map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
}

/// What everybody sees; `place` is what the place is called.
pub(in crate::web) fn board(words: Words, place: &str, board: &Board) -> RatingBoard {
    let rows = board.newest.iter().map(|rating| RatingRow {
        report_url: Some(format!("/ratings/{}/report", rating.id)),
        ..row(words, place, rating)
    });
    let shown = u64::try_from(board.newest.len()).unwrap_or(u64::MAX);
    RatingBoard {
        summary: summary(words, &board.tally),
        rows: rows.collect(),
        more: (board.tally.count() > shown).then(|| words.t_count("rating-newest", "count", shown)),
    }
}

/// What one holder said. Only the day is told: by the minute a place could find out who it was.
pub(in crate::web) fn row(words: Words, place: &str, rating: &Rating) -> RatingRow {
    let answer = rating.answer.as_ref();
    RatingRow {
        stars: match rating.stars {
            Stars::One => "★☆☆☆☆",
            Stars::Two => "★★☆☆☆",
            Stars::Three => "★★★☆☆",
            Stars::Four => "★★★★☆",
            Stars::Five => "★★★★★",
        },
        stars_text: words.t_one("rating-stars", "stars", rating.stars.name()),
        when: time::date(words, rating.rated_at.micros()),
        comment: rating.comment.as_str().to_owned(),
        answer: answer.map(|answer| (words.t_one("rating-answer", "place", place), answer.text.as_str().to_owned())),
        report_url: None,
    }
}

/// An answer that was not taken.
pub(in crate::web) struct RefusedAnswer {
    /// To which rating.
    pub(in crate::web) rating: RatingId,
    /// What was typed.
    pub(in crate::web) typed: String,
    /// The sentence that says why.
    pub(in crate::web) problem: &'static str,
}

/// Why an answer was not taken, as a page says it.
pub(in crate::web) const fn answer_problem(error: &AnswerError) -> &'static str {
    match error {
        AnswerError::Empty => "problem-answer-empty",
        AnswerError::NotSupervisor => "answer-supervisor",
        AnswerError::Unknown | AnswerError::Submit(_) => "problem-answer-gone",
    }
}

/// What a place can answer, below `url`, or only read; and what is wrong with the answer that was typed.
pub(in crate::web) fn answers(
    words: Words,
    (place, url): (&str, Option<&str>),
    board: &Board,
    refused: Option<&RefusedAnswer>,
) -> (Vec<AnswerRow>, Problems) {
    let mut problems = Problems::none();
    let mut rows = Vec::new();
    for (rating, number) in board.newest.iter().zip(1_u32..) {
        let refused = refused.filter(|refused| refused.rating == rating.id);
        // The one field with a problem has a name of its own, which the summary of problems leads to.
        let field = refused.map_or_else(|| format!("answer-{number}"), |_| "answer".to_owned());
        if let Some(refused) = refused {
            problems.add("answer", words.t(refused.problem));
        }
        let now = rating.answer.as_ref().map(|answer| answer.text.as_str().to_owned());
        rows.push(AnswerRow {
            rating: row(words, place, rating),
            url: url.map(|url| format!("{url}/{}/answer", rating.id)),
            field,
            send: words.t(if now.is_some() { "answer-change" } else { "answer-send" }),
            answer: refused.map(|refused| refused.typed.clone()).or(now).unwrap_or_default(),
        });
    }
    if let Some(refused) = refused
        && problems.is_empty()
    {
        problems.add("main", words.t(refused.problem));
    }
    (rows, problems)
}
