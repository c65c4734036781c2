//! A receipt sent by e-mail, asked for on its page or on that of its top-up.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::top_up::TopUpCode;
use ringup_engine::notice::Asker;
use ringup_engine::top_up::TopUpView;

use super::form::{Filled, TypedCode};
use super::page_error::PageError;
use super::{receipt, status, top_up};
use crate::web::client_address::ClientAddress;
use crate::web::notice::{self, Answered, Asked};
use crate::web::state::App;
use crate::web::view::Page;

/// `POST /receipts/{code}/notices`
pub(super) async fn from_receipt(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(asked): Filled<Asked>,
) -> Result<Response, PageError> {
    let (view, answered) = ask(&app, &page, &code, (asked, address)).await?;
    match answered {
        Answered::Taken => Ok(back_to("receipts", view.top_up.code).into_response()),
        Answered::Elsewhere(response) => Ok(*response),
        Answered::Again(refused) => receipt::show_again(&app, page, &view, refused).await,
    }
}

/// `POST /top-ups/{code}/notices`
pub(super) async fn from_status(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(asked): Filled<Asked>,
) -> Result<Response, PageError> {
    let (view, answered) = ask(&app, &page, &code, (asked, address)).await?;
    match answered {
        Answered::Taken => Ok(back_to("top-ups", view.top_up.code).into_response()),
        Answered::Elsewhere(response) => Ok(*response),
        Answered::Again(refused) => status::show_again(&app, page, &view, refused).await,
    }
}

/// The address of the form was fetched, by a refresh or the language switch: back to its page.
pub(super) async fn back_to_receipt(TypedCode(code): TypedCode, page: Page) -> Result<Redirect, PageError> {
    Ok(back_to("receipts", code.parse().map_err(|_| PageError::not_found(&page))?))
}

fn back_to(pages: &str, code: TopUpCode) -> Redirect {
    Redirect::to(&format!("/{pages}/{code}#notice"))
}

async fn ask(
    app: &App,
    page: &Page,
    code: &str,
    (asked, address): (Asked, String),
) -> Result<(TopUpView, Answered), PageError> {
    let view = top_up::find(app, page, code).await?;
    let answered = notice::ask(app, page, &view, asked, &Asker::Holder { address }).await?;
    Ok((view, answered))
}
