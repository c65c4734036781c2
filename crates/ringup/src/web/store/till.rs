//! The first page of a till: who serves, what is in the drawer, and the sale.

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::top_up::TopUpCode;
use ringup_db::device::Device;
use ringup_engine::quote::{self, Offer};
use ringup_engine::store::{self, Counter, Drawer};
use ringup_engine::top_up::{self, IdempotencyKey, TopUpView};
use serde::{Deserialize, Serialize};

use super::counter::{Attended, Till};
use super::mapping::{cash_given, head, head_of_till, print_url, sale_row, sign, slip};
use super::{drawer, sale};
use crate::web::form::Asked;
use crate::web::i18n::time;
use crate::web::mapping::{money, name, on_tile, short_money};
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::store::{SignInPage, SoldPanel, TillPage};
use crate::web::view::{AmountTile, Page, Problems};

/// What an address says beside.
#[derive(Default, Deserialize)]
pub(super) struct TillQuery {
    /// The code of the sale that was just made.
    #[serde(default)]
    sold: String,
}

/// How many amounts have a key.
const KEYS: usize = 6;

/// `GET /store`
pub(super) async fn show(
    State(app): State<App>,
    Till(device): Till,
    attended: Attended,
    Asked(query): Asked<TillQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let counter = match attended {
        Attended::By(counter) => counter,
        Attended::Nobody { locked } => {
            let view = sign_in(&app, page, &device, Problems::none()).await?;
            return Ok(page_error::show(StatusCode::OK, &SignInPage { locked, ..view }));
        }
    };
    let open = store::drawer(&app.engine, &counter).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let Some(open) = open else { return Ok(drawer::ask_opening(page, &counter)) };
    let sold = match query.sold.parse::<TopUpCode>() {
        Ok(code) => find(&app, &page, code).await?,
        Err(_) => None,
    };
    let sold = sold.filter(|view| view.top_up.sale.is_some_and(|sale| sale.purse == open.purse.id));
    let view = view(&app, page, (&counter, &open), sale::Typed::default(), Problems::none()).await?;
    let sold = match sold {
        Some(sold) => Some(sold_panel(&app, &view.page, &counter, &sold).await?),
        None => None,
    };
    Ok(page_error::show(StatusCode::OK, &TillPage { sold, ..view }))
}

/// `GET /store/alive`: whether the line is up.
pub(super) async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The address of a button was fetched, by a refresh or a kept address: back to the till.
pub(super) async fn back() -> Redirect {
    Redirect::to("/store")
}

/// Asks who serves, with what is wrong.
pub(super) async fn ask_who(
    app: &App,
    page: Page,
    device: &Device,
    (status, problems): (StatusCode, Problems),
) -> Result<Response, PageError> {
    Ok(page_error::show(status, &sign_in(app, page, device, problems).await?))
}

async fn sign_in(app: &App, page: Page, device: &Device, problems: Problems) -> Result<SignInPage, PageError> {
    let counter = store::of_device(&app.engine, device).await;
    let counter = counter.map_err(|error| PageError::unavailable(&page, &error))?;
    let (_, place) = counter.ok_or_else(|| PageError::not_found(&page))?;
    let head = head_of_till(name(page.words, &place.name), device);
    Ok(SignInPage { page, head, locked: false, problems })
}

/// The till with what was typed, and what is wrong with it.
pub(super) async fn view(
    app: &App,
    page: Page,
    (counter, open): (&Counter, &Drawer),
    typed: sale::Typed,
    problems: Problems,
) -> Result<TillPage, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let offers = quote::offers(&app.engine).await.map_err(unavailable)?;
    let sales = store::recent_sales(&app.engine, open.purse.id, None).await.map_err(unavailable)?;
    let waiting = store::waiting(&app.engine, counter).await.map_err(unavailable)?;
    let offered = crate::web::mapping::offer_for(&offers, &typed.card);
    let has_others = offered.is_some_and(|offer| offer.product.other_amounts.is_some());
    let words = page.words;
    Ok(TillPage {
        head: head(words, counter),
        sold: None,
        tiles: offered.map(|offer| tiles(app, &page, offer, &typed.amount)).unwrap_or_default(),
        other: has_others.then_some(typed.other),
        card: typed.card,
        sign: sign(counter.unit()),
        offer: None,
        cash: typed.cash,
        idempotency_key: IdempotencyKey::draw().as_str().to_owned(),
        another: None,
        identity: None,
        problems,
        total: money(words, open.expected()),
        sales: sales.iter().map(|top_up| sale_row(&page, top_up)).collect(),
        waiting: u64::try_from(waiting.len()).unwrap_or(u64::MAX),
        page,
    })
}

fn tiles(app: &App, page: &Page, offer: &Offer, chosen: &str) -> Vec<AmountTile> {
    let now = app.engine.now();
    let amounts = offer.product.offered.iter().take(KEYS);
    amounts
        .map(|amount| {
            let deal = ringup_core::quote::Deal::of(offer.product.id, &offer.promotions, *amount, now).ok();
            AmountTile {
                id: format!("pays-{}", amount.minor()),
                value: amount.to_decimal(),
                amount: short_money(page.words, *amount),
                promotion: deal.and_then(|deal| on_tile(page.words, &deal)),
                chosen: amount.to_decimal() == chosen,
            }
        })
        .collect()
}

/// A top-up by its code.
pub(super) async fn find(app: &App, page: &Page, code: TopUpCode) -> Result<Option<TopUpView>, PageError> {
    top_up::view(&app.engine, code).await.map_err(|error| PageError::unavailable(page, &error))
}

/// What was sold. Where the browser prints, the page is the slip: whoever gets it a second time is told so on it.
async fn sold_panel(app: &App, page: &Page, counter: &Counter, view: &TopUpView) -> Result<SoldPanel, PageError> {
    let (words, top_up) = (page.words, &view.top_up);
    let paid = top_up.quote.you_pay;
    let change = cash_given(view).and_then(|given| given.minus(paid).ok());
    let change = change.map(|change| money(words, change));
    let (gets, tail) = (money(words, top_up.quote.card_gets), top_up.card().last_four());
    let later = top_up.sale.and_then(|sale| sale.credit_at).filter(|_| view.credited_at().is_none());
    let text = match later {
        Some(at) => {
            let at = time::moment(words, at.micros(), app.engine.now().micros());
            words.t_with("till-sold-later", &[("amount", &gets), ("tail", &tail), ("time", &at)])
        }
        None => words.t_with("credited-heading", &[("amount", &gets), ("tail", &tail)]),
    };
    let mut slip = slip(words, counter, view, &app.site.public_url);
    let print_url = print_url(counter, top_up);
    if print_url.is_none() {
        let given_out = store::slip_was_given_out(&app.engine, top_up.id).await;
        slip.reprint = given_out.map_err(|error| PageError::unavailable(page, &error))?;
        let noted = store::note_slip_given_out(&app.engine, top_up.id).await;
        noted.map_err(|error| PageError::submit(page, &error))?;
    }
    let reprint_url = format!("/store/sales/{}", top_up.code);
    Ok(SoldPanel { change, text, slip, reprint_url, print_url })
}

/// Where the till shows the sale that was just made, as its script asks for it.
#[derive(Serialize)]
struct SoldAt {
    url: String,
}

/// To the till, which shows the sale that was just made: a redirect, or for the script its address. A script cannot follow a
/// redirect by itself, because what it leads to must be signed anew.
pub(super) fn sold(headers: &HeaderMap, code: TopUpCode) -> Response {
    lead_to(headers, format!("/store?sold={code}"))
}

/// To another page of the till, in the same two ways.
pub(super) fn lead_to(headers: &HeaderMap, url: String) -> Response {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.starts_with("application/json") {
        return Json(SoldAt { url }).into_response();
    }
    Redirect::to(&url).into_response()
}
