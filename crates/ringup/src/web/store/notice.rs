//! A sale's receipt sent by e-mail, asked for at the till.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_engine::notice::Asker;

use super::counter::Serving;
use super::sale;
use crate::web::form::{Filled, TypedCode};
use crate::web::notice::{self, Answered, Asked};
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::{Page, Problems};

/// `POST /store/sales/{code}/notices`
pub(super) async fn ask(
    State(app): State<App>,
    Serving(counter): Serving,
    TypedCode(code): TypedCode,
    page: Page,
    Filled(asked): Filled<Asked>,
) -> Result<Response, PageError> {
    let view = sale::find_sale(&app, &page, &counter, &code).await?;
    match notice::ask(&app, &page, &view, asked, &Asker::Till).await? {
        Answered::Taken => Ok(Redirect::to(&format!("/store/sales/{}#notice", view.top_up.code)).into_response()),
        Answered::Elsewhere(response) => Ok(*response),
        Answered::Again(refused) => {
            let mut shown = sale::slip_page(&app, page, &counter, &view, Problems::none()).await?;
            let marked = notice::with_refusal(refused, &mut shown.notice_part);
            Ok(marked(page_error::show(StatusCode::OK, &shown)))
        }
    }
}
