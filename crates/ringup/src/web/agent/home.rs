//! The first page: the float, the sale, and what was sold last; for others the way in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use ringup_core::quote::Deal;
use ringup_core::top_up::TopUpCode;
use ringup_engine::agent;
use ringup_engine::quote::{self, Offer};
use serde::Deserialize;

use super::mapping::{float_panel, head, not_selling, sale_row};
use super::sale::Typed;
use super::signed_in::{AtWork, Visitor};
use crate::web::form::Asked;
use crate::web::mapping::{offer_for, on_tile, short_money};
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::agent::{HomePage, SignInPage};
use crate::web::view::{AmountTile, Page, Problems};

/// How many amounts have a tile.
const TILES: usize = 6;

/// How many sales are shown.
const RECENT_MAX: u32 = 10;

/// What an address says beside.
#[derive(Default, Deserialize)]
pub(super) struct HomeQuery {
    /// The code of a sale to be made once more. A card's number stands in no address.
    #[serde(default)]
    repeat: String,
    /// The agent's code, from a link that he keeps.
    #[serde(default)]
    agent: String,
}

/// `GET /agent`
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Asked(query): Asked<HomeQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let at_work = match visitor {
        Visitor::Someone(at_work) => at_work,
        Visitor::Nobody { locked } => {
            let (number, problems) = (String::new(), Problems::none());
            return Ok(page_error::show(
                StatusCode::OK,
                &SignInPage { page, agent: query.agent, number, locked, problems },
            ));
        }
    };
    let typed = match query.repeat.parse::<TopUpCode>() {
        Ok(code) => {
            let sale = agent::find_sale(&app.engine, &at_work.seller, code).await;
            let sale = sale.map_err(|error| PageError::unavailable(&page, &error))?;
            sale.map(|view| Typed::of(&view.top_up.quote)).unwrap_or_default()
        }
        Err(_) => Typed::default(),
    };
    let view = view(&app, page, &at_work, typed, Problems::none()).await?;
    Ok(page_error::show(StatusCode::OK, &view))
}

/// The address of a button was fetched, by a refresh or a kept address.
pub(super) async fn back() -> Redirect {
    Redirect::to("/agent")
}

/// The page with what was typed, and what is wrong with it.
pub(super) async fn view(
    app: &App,
    page: Page,
    at_work: &AtWork,
    typed: Typed,
    problems: Problems,
) -> Result<HomePage, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let engine = &app.engine;
    let offers = quote::offers(engine).await.map_err(unavailable)?;
    let float = agent::float(engine, &at_work.seller.business).await.map_err(unavailable)?;
    let sales = agent::recent_sales(engine, &at_work.seller, None, RECENT_MAX).await.map_err(unavailable)?;
    let offered = offer_for(&offers, &typed.card);
    let has_others = offered.is_some_and(|offer| offer.product.other_amounts.is_some());
    let page = Page { here: "/agent".to_owned(), ..page };
    Ok(HomePage {
        head: head(page.words, at_work, &float),
        float: float_panel(page.words, &float),
        not_selling: not_selling(page.words, &at_work.seller, engine.now()),
        tiles: offered.map(|offer| tiles(app, &page, offer, &typed.amount)).unwrap_or_default(),
        other: has_others.then_some(typed.other),
        card: typed.card,
        sign: at_work.seller.business.unit.sign().to_owned(),
        sales: sales.iter().map(|top_up| sale_row(&page, top_up)).collect(),
        problems,
        page,
    })
}

fn tiles(app: &App, page: &Page, offer: &Offer, chosen: &str) -> Vec<AmountTile> {
    let now = app.engine.now();
    let tile = |amount: &ringup_core::money::Amount| {
        let deal = Deal::of(offer.product.id, &offer.promotions, *amount, now).ok();
        AmountTile {
            id: format!("pays-{}", amount.minor()),
            value: amount.to_decimal(),
            amount: short_money(page.words, *amount),
            promotion: deal.and_then(|deal| on_tile(page.words, &deal)),
            chosen: amount.to_decimal() == chosen,
        }
    };
    offer.product.offered.iter().take(TILES).map(tile).collect()
}
