//! The monthly statement of what an agent has earned, as a page and as files.

mod pdf;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use ringup_core::commission::{Counted, Month};
use ringup_core::money::{Amount, Unit};
use ringup_engine::agent::{self, Statement, StatementLine};
use serde::Deserialize;

use super::mapping::head;
use super::signed_in::{AtWork, Working};
use super::sub_agent;
use crate::web::form::{Asked, TypedCode};
use crate::web::i18n::{Words, time};
use crate::web::mapping::{money, name};
use crate::web::page_error::{self, PageError};
use crate::web::pdf::hand_out;
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::agent::{CommissionPage, CommissionRow};

/// Which month.
#[derive(Default, Deserialize)]
pub(super) struct MonthQuery {
    #[serde(default)]
    month: String,
}

/// `GET /agent/commission`
pub(super) async fn show(
    State(app): State<App>,
    Working(at_work): Working,
    Asked(query): Asked<MonthQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let current =
        agent::month_of(&at_work.seller.agent, app.engine.now()).ok_or_else(|| PageError::not_found(&page))?;
    let month = query.month.parse::<Month>().unwrap_or(current).min(current);
    Ok(page_error::show(StatusCode::OK, &view(&app, page, &at_work, month).await?))
}

/// The statement as its page shows it.
async fn view(app: &App, page: Page, at_work: &AtWork, month: Month) -> Result<CommissionPage, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let current = agent::month_of(&at_work.seller.agent, app.engine.now());
    let statement = read(app, &page, at_work, month).await?;
    let account = agent::account(&app.engine, at_work.seller.agent.id).await.map_err(unavailable)?;
    let float = agent::float(&app.engine, &at_work.seller.business).await.map_err(unavailable)?;
    let (words, unit) = (page.words, statement.own.unit);
    let note = match (statement.is_over, statement.booked_minor) {
        (false, _) => "commission-so-far",
        (true, None) => "commission-not-booked",
        (true, Some(_)) => "commission-booked",
    };
    Ok(CommissionPage {
        head: head(words, at_work, &float),
        month: time::month(words, month),
        note: words.t(note),
        earned: minor(words, unit, i64::try_from(statement.earned_minor).unwrap_or(i64::MAX)),
        shares: sub_agent::shares(words, &statement),
        rows: statement.own.lines.iter().map(|line| row(words, unit, line)).collect(),
        sub_agents: statement.from_below.iter().map(|below| sub_agent::row(words, unit, below)).collect(),
        payable: minor(words, unit, account.payable_minor()),
        paid: minor(words, unit, i64::try_from(account.paid_minor).unwrap_or(i64::MAX)),
        previous_url: format!("/agent/commission?month={}", month.previous()),
        next_url: current
            .is_some_and(|current| month < current)
            .then(|| format!("/agent/commission?month={}", month.next())),
        csv_url: format!("/agent/commission/{month}.csv"),
        pdf_url: app.site.font.is_some().then(|| format!("/agent/commission/{month}.pdf")),
        page,
    })
}

/// `GET /agent/commission/2026-11.csv`, or `.pdf`
pub(super) async fn file(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(file): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let (month, ending) = file.rsplit_once('.').ok_or_else(|| PageError::not_found(&page))?;
    let month = month.parse::<Month>().map_err(|_| PageError::not_found(&page))?;
    match ending {
        "csv" => csv(&app, &page, &at_work, month).await,
        "pdf" => pdf(&app, page, &at_work, month).await,
        _ => Err(PageError::not_found(&page)),
    }
}

async fn pdf(app: &App, page: Page, at_work: &AtWork, month: Month) -> Result<Response, PageError> {
    let view = view(app, page.clone(), at_work, month).await?;
    let made = Timestamp::from_microsecond(app.engine.now().micros()).unwrap_or_default();
    let name = format!("commission-{}-{month}", at_work.seller.place.code);
    hand_out(app, &page, &pdf::document(&view, made), &name)
}

async fn csv(app: &App, page: &Page, at_work: &AtWork, month: Month) -> Result<Response, PageError> {
    let statement = read(app, page, at_work, month).await?;
    let unit = statement.own.unit;
    let decimal = |minor: u64| Amount::new(minor, unit).map(|amount| amount.to_decimal()).unwrap_or_default();
    let mut text =
        "agent,month,product,counted_per,sales,sold,reversed,earned,currency,line,party,share\r\n".to_owned();
    for line in &statement.own.lines {
        let (code, product) = (&at_work.seller.place.code, &line.product.code);
        let figures = [line.sold_minor, line.reversed_minor, line.earned_minor].map(decimal).join(",");
        let (counted, sales) = (line.scheme.counted(), line.sales);
        text.push_str(&format!("{code},{month},{product},{counted},{sales},{figures},{},own_sales,,\r\n", unit.code()));
    }
    text.push_str(&sub_agent::csv(&statement, &at_work.seller.place.code, month));
    let name = format!("attachment; filename=\"commission-{}-{month}.csv\"", at_work.seller.place.code);
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

async fn read(app: &App, page: &Page, at_work: &AtWork, month: Month) -> Result<Statement, PageError> {
    let statement = agent::statement(&app.engine, &at_work.seller.agent, month).await;
    let statement = statement.map_err(|error| PageError::unavailable(page, &error))?;
    statement.ok_or_else(|| PageError::not_found(page))
}

fn row(words: Words, unit: Unit, line: &StatementLine) -> CommissionRow {
    let amount = |figure: u64| minor(words, unit, i64::try_from(figure).unwrap_or(i64::MAX));
    let tiers = line.scheme.tiers().iter().map(|tier| {
        let rate = sub_agent::percent(tier.rate);
        words.t_with("commission-tier", &[("rate", &rate), ("amount", &amount(tier.from_minor))])
    });
    let counted = match line.scheme.counted() {
        Counted::PerSale => "commission-per-sale",
        Counted::PerMonth => "commission-per-month",
    };
    CommissionRow {
        product: name(words, &line.product.name),
        terms: format!("{}{}", words.t(counted), tiers.collect::<Vec<_>>().join(&words.t("commission-and"))),
        sales: line.sales.to_string(),
        sold: amount(line.sold_minor),
        reversed: amount(line.reversed_minor),
        earned: amount(line.earned_minor),
    }
}

/// So many minor units, with a true minus sign below zero.
pub(super) fn minor(words: Words, unit: Unit, minor: i64) -> String {
    let amount = Amount::new(minor.unsigned_abs(), unit).map(|amount| money(words, amount)).unwrap_or_default();
    if minor < 0 { format!("−{amount}") } else { amount }
}
