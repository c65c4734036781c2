//! Sales whose buyer shows a code of his payment app: scanned, confirmed by him, and waited for.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::payment::CodeRefusal;
use ringup_core::top_up::{TopUpCode, TopUpState};
use ringup_engine::payment::{CodeAnswer, standing_by_code};
use ringup_engine::store::{self, Counter, Scanned, SellByCode};
use ringup_engine::top_up::{self, TopUpView};

use super::counter::Serving;
use super::mapping::head;
use super::sale::{self, Typed, find_sale};
use super::till;
use crate::web::form::TypedCode;
use crate::web::i18n::{Words, time};
use crate::web::mapping::{money, tender};
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::store::ScanPage;
use crate::web::view::{Page, Problems, Tone};

/// Where a sale is waited for.
pub(super) fn waiting_url(code: TopUpCode) -> String {
    format!("/store/sales/{code}/scan")
}

/// Brings a scanned code to its provider.
pub(super) async fn sell(
    app: &App,
    page: Page,
    counter: &Counter,
    (headers, typed, request): (&HeaderMap, Typed, SellByCode),
) -> Result<Response, PageError> {
    let amount = request.amount;
    match store::sell_by_code(&app.engine, counter, request).await {
        Ok(Scanned { top_up, answer: CodeAnswer::Paid }) => Ok(till::sold(headers, top_up)),
        Ok(Scanned { top_up, answer: CodeAnswer::Waiting }) => Ok(till::lead_to(headers, waiting_url(top_up))),
        Ok(Scanned { answer: CodeAnswer::Refused(why), .. }) => {
            let problems = Problems::one("cash", refusal(page.words, why));
            sale::again(app, page, counter, typed, problems).await
        }
        Err(error) => sale::not_sold(app, page, counter, (typed, amount), error).await,
    }
}

/// `GET /store/sales/{code}/scan`: how the payment stands; the provider is asked each time, but not more often than it wants.
pub(super) async fn wait(
    State(app): State<App>,
    Serving(counter): Serving,
    TypedCode(code): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let view = find_sale(&app, &page, &counter, &code).await?;
    let unavailable = |error| PageError::unavailable(&page, &error);
    top_up::look_now(&app.engine, view.top_up.code, None).await.map_err(unavailable)?;
    let view = find_sale(&app, &page, &counter, &code).await?;
    match view.top_up.state {
        TopUpState::Placed | TopUpState::Abandoned { .. } => {}
        TopUpState::Credited { .. } | TopUpState::Deferred { .. } => {
            return Ok(Redirect::to(&format!("/store?sold={}", view.top_up.code)).into_response());
        }
        // It came too late, or the card could not take it: the slip tells.
        TopUpState::Refunding { .. } | TopUpState::Refunded { .. } => {
            return Ok(Redirect::to(&format!("/store/sales/{}", view.top_up.code)).into_response());
        }
    }
    Ok(page_error::show(StatusCode::OK, &scan_page(page, &counter, &view)))
}

fn scan_page(page: Page, counter: &Counter, view: &TopUpView) -> ScanPage {
    let words = page.words;
    let payment = view.payments.last();
    let standing = payment.map_or(CodeAnswer::Refused(CodeRefusal::Cancelled), standing_by_code);
    let refused = match standing {
        CodeAnswer::Refused(why) => Some(refusal(words, why)),
        CodeAnswer::Waiting | CodeAnswer::Paid => None,
    };
    let until = payment.map(|payment| time::clock(payment.expires_at.micros())).unwrap_or_default();
    ScanPage {
        head: head(words, counter),
        amount: money(words, view.top_up.quote.you_pay),
        with: payment.map(|payment| tender(words, payment.tender)).unwrap_or_default(),
        tone: if refused.is_some() { Tone::Warn } else { Tone::Wait },
        waits: refused.is_none(),
        text: refused.unwrap_or_else(|| words.t_one("scan-until", "time", until)),
        page,
    }
}

/// Why no money was taken, and what to do.
fn refusal(words: Words, why: CodeRefusal) -> String {
    words.t(match why {
        CodeRefusal::NotOffered => "problem-code-not-offered",
        CodeRefusal::OtherProvider => "problem-code-other-provider",
        CodeRefusal::TooLate => "problem-code-too-late",
        CodeRefusal::NotSent => "problem-code-not-sent",
        CodeRefusal::CodeInvalid => "problem-code-invalid",
        CodeRefusal::BalanceInsufficient => "problem-code-balance",
        CodeRefusal::Declined => "problem-code-declined",
        CodeRefusal::Cancelled => "problem-code-cancelled",
        CodeRefusal::Refused => "problem-code-refused",
    })
}
