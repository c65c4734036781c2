//! Samples of ratings.

use super::agent::head;
use super::{DAY, NOW, Sample, sample};
use crate::web::i18n::{Locale, time};
use crate::web::view::rating::{
    AgentRatingsPage, AnswerRow, PlaceRatingsPage, RatingBar, RatingBoard, RatingForm, RatingRow, RatingSummary,
    ReceiptRating, StarChoice, StoreRatingsPage,
};
use crate::web::view::store::TillHead;
use crate::web::view::{Page, Problems};

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let (opened, refused) = (page.t("rating-reported-opened"), page.t("problem-rating-reports"));
    let none = RatingBoard { summary: None, rows: Vec::new(), more: None };
    let empty = Problems::one("answer", page.t("problem-answer-empty"));
    Ok(vec![
        sample("ratings", &place(page))?,
        sample("ratings-none", &PlaceRatingsPage { board: none, agent_url: None, ..place(page) })?,
        sample("ratings-reported", &PlaceRatingsPage { notice: Some(opened), ..place(page) })?,
        sample("ratings-refused", &PlaceRatingsPage { refused: Some(refused), ..place(page) })?,
        sample("agent-ratings", &answers(page))?,
        sample("agent-ratings-problem", &AgentRatingsPage { problems: empty, ..answers(page) })?,
        sample("agent-ratings-none", &AgentRatingsPage { summary: None, rows: Vec::new(), ..answers(page) })?,
        sample("store-ratings", &store(page))?,
    ])
}

fn said(page: &Page, en: &str, zh_hans: &str) -> String {
    match page.words.locale() {
        Locale::En => en.to_owned(),
        Locale::ZhHans => zh_hans.to_owned(),
    }
}

fn name(page: &Page) -> String {
    head(page, false).name
}

pub(super) fn summary(page: &Page) -> RatingSummary {
    let bars = [(5, 83, 64), (4, 31, 24), (3, 9, 7), (2, 1, 0), (1, 4, 3)];
    RatingSummary {
        average: "4.5".to_owned(),
        average_text: page.t_one("rating-average", "average", "4.5"),
        count: page.t_count("rating-count", "count", 128),
        bars: bars.map(|(stars, count, percent)| bar(page, stars, count, percent)).to_vec(),
    }
}

fn bar(page: &Page, stars: u8, count: u32, percent: u64) -> RatingBar {
    let stars_text = page.t_one("rating-stars", "stars", stars.to_string());
    RatingBar { stars, stars_text, count: count.to_string(), percent }
}

fn row(page: &Page, (stars, glyphs): (&str, &'static str), days: i64, comment: String) -> RatingRow {
    RatingRow {
        stars: glyphs,
        stars_text: page.t_one("rating-stars", "stars", stars),
        when: time::date(page.words, NOW.saturating_sub(DAY.saturating_mul(days))),
        comment,
        answer: None,
        report_url: Some("/ratings/rat_06YDY1H01SG8G1/report".to_owned()),
    }
}

fn rows(page: &Page) -> Vec<RatingRow> {
    let long = said(
        page,
        "The card was topped up before I had my change back. They also explained how long it stays valid, and wrote \
         the receipt code on the card for me. <b>Recommended</b> https://example.com/?really=aVeryLongAddressWithoutAnyPlaceToBreak",
        "还没找完零钱就到账了。店员还告诉我有效期到哪天，并把凭证码写在了卡上。<b>推荐</b> https://example.com/?really=aVeryLongAddressWithoutAnyPlaceToBreak",
    );
    let late = said(page, "Opened half an hour late.", "比营业时间晚开门半个小时。");
    let sorry = said(
        page,
        "We are sorry. From Monday on two of us open in the morning.",
        "非常抱歉。从周一起，早上有两名员工开门。",
    );
    let answer = Some((page.t_one("rating-answer", "place", name(page)), sorry));
    vec![
        row(page, ("5", "★★★★★"), 1, long),
        RatingRow { answer, ..row(page, ("2", "★★☆☆☆"), 3, late) },
        row(page, ("4", "★★★★☆"), 9, String::new()),
    ]
}

pub(super) fn board(page: &Page) -> RatingBoard {
    RatingBoard {
        summary: Some(summary(page)),
        rows: rows(page),
        more: Some(page.t_count("rating-newest", "count", 20)),
    }
}

fn place(page: &Page) -> PlaceRatingsPage {
    PlaceRatingsPage {
        page: page.clone(),
        name: name(page),
        notice: None,
        refused: None,
        board: board(page),
        agent_url: Some("/agents/BJ-A001".to_owned()),
    }
}

fn answer_rows(page: &Page) -> Vec<AnswerRow> {
    let rows = rows(page).into_iter().zip(["answer", "answer-2", "answer-3"]);
    let rows = rows.map(|(rating, field)| {
        let answer = rating.answer.as_ref().map(|(_, text)| text.clone());
        AnswerRow {
            rating,
            url: Some("/agent/ratings/rat_06YDY1H01SG8G1/answer".to_owned()),
            field: field.to_owned(),
            send: page.t(if answer.is_some() { "answer-change" } else { "answer-send" }),
            answer: answer.unwrap_or_default(),
        }
    });
    rows.collect()
}

fn answers(page: &Page) -> AgentRatingsPage {
    AgentRatingsPage {
        page: page.clone(),
        head: head(page, false),
        summary: Some(summary(page)),
        rows: answer_rows(page),
        problems: Problems::none(),
    }
}

fn store(page: &Page) -> StoreRatingsPage {
    let rows = answer_rows(page).into_iter().map(|row| AnswerRow { url: None, ..row });
    StoreRatingsPage {
        page: page.clone(),
        head: TillHead { store: name(page), till: "Till 1".to_owned(), clerk: Some("Wang Li".to_owned()) },
        may_answer: false,
        summary: Some(summary(page)),
        rows: rows.collect(),
        problems: Problems::none(),
    }
}

/// The form on a receipt: nothing chosen, or filled in to be changed.
pub(super) fn form(page: &Page, chosen: &str, comment: String) -> ReceiptRating {
    let word = |count: u64| page.t_count("rating-form-star", "count", count);
    let star =
        |count: u64| StarChoice { value: count.to_string(), word: word(count), chosen: chosen == count.to_string() };
    let is_new = chosen.is_empty();
    ReceiptRating {
        heading: page.t_one(if is_new { "rating-form-heading" } else { "rating-given-heading" }, "place", name(page)),
        note: if is_new { page.t("rating-form-lead") } else { page.t_one("rating-given-until", "time", "15:02") },
        form: Some(RatingForm {
            url: "/receipts/K7QM/rating".to_owned(),
            place: "BJ-A001".to_owned(),
            stars: (1..=5).map(star).collect(),
            comment,
            send: page.t(if is_new { "rating-form-send" } else { "rating-form-change" }),
        }),
        given: None,
    }
}

/// What was said, for good.
pub(super) fn given(page: &Page) -> ReceiptRating {
    let given = rows(page).into_iter().nth(1).map(|row| RatingRow { report_url: None, ..row });
    ReceiptRating {
        heading: page.t_one("rating-given-heading", "place", name(page)),
        note: page.t("rating-given-final"),
        form: None,
        given,
    }
}
