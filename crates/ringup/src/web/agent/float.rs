//! The float: what is on it, how it is bought, and what was bought.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use ringup_core::float_purchase::{FloatPurchase, FloatPurchaseState};
use ringup_core::payment::Provider;
use ringup_db::float_transfer::FloatTransfer;
use ringup_engine::agent;
use ringup_engine::top_up::IdempotencyKey;

use super::mapping::{float_panel, head, not_selling};
use super::purchase::BuyForm;
use super::signed_in::{AtWork, Working};
use crate::web::i18n::time;
use crate::web::mapping::{money, provider as provider_name};
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::agent::{BoughtRow, FloatPage};
use crate::web::view::top_up::ProviderChoice;
use crate::web::view::{Page, Problems, Tone};

/// How many transfers and how many purchases are shown.
const SHOWN_MAX: u32 = 50;

/// `GET /agent/float`
pub(super) async fn show(State(app): State<App>, Working(at_work): Working, page: Page) -> Result<Response, PageError> {
    let key = IdempotencyKey::draw().as_str().to_owned();
    let form = BuyForm { idempotency_key: key, ..BuyForm::default() };
    let view = view(&app, page, &at_work, form, Problems::none()).await?;
    Ok(page_error::show(StatusCode::OK, &view))
}

/// The address of the form was fetched: back to its page.
pub(super) async fn back() -> Redirect {
    Redirect::to("/agent/float")
}

/// The page, with what was typed and what is wrong with it.
pub(super) async fn view(
    app: &App,
    page: Page,
    at_work: &AtWork,
    form: BuyForm,
    problems: Problems,
) -> Result<FloatPage, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let float = agent::float(&app.engine, &at_work.seller.business).await.map_err(unavailable)?;
    let id = at_work.seller.agent.id;
    let read = app.engine.read(move |tx| {
        let transfers = ringup_db::float_transfer::float_transfers(tx, id, SHOWN_MAX)?;
        Ok((transfers, ringup_db::float_purchase::float_purchases(tx, id, SHOWN_MAX)?))
    });
    let (transfers, purchases) = read.await.map_err(unavailable)?;
    let mut bought: Vec<_> = transfers.iter().map(|one| (one.confirmed_at, transfer_row(&page, one))).collect();
    bought.extend(purchases.iter().map(|one| (one.created_at, purchase_row(&page, one))));
    bought.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let chosen = Provider::from_name(&form.provider).unwrap_or(Provider::Alipay);
    let is_selling = not_selling(page.words, &at_work.seller, app.engine.now()).is_none();
    Ok(FloatPage {
        head: head(page.words, at_work, &float),
        float: float_panel(page.words, &float),
        alert_below: at_work.seller.business.alert_below.map(|alert| money(page.words, alert)),
        amount: form.amount,
        sign: at_work.seller.business.unit.sign().to_owned(),
        providers: if is_selling { providers(app, &page, chosen) } else { Vec::new() },
        idempotency_key: form.idempotency_key,
        bought: bought.into_iter().map(|(_, row)| row).take(50).collect(),
        problems,
        page: Page { here: "/agent/float".to_owned(), ..page },
    })
}

fn providers(app: &App, page: &Page, chosen: Provider) -> Vec<ProviderChoice> {
    let offered = Provider::ALL.iter().filter(|one| app.engine.gateways().offers(**one));
    let choice = |one: &Provider| ProviderChoice {
        value: one.name(),
        name: provider_name(page.words, *one),
        note: page.t(match one {
            Provider::Alipay => "provider-alipay-note",
            Provider::WechatPay => "provider-wechat-pay-note",
        }),
        chosen: *one == chosen,
    };
    offered.map(choice).collect()
}

fn transfer_row(page: &Page, transfer: &FloatTransfer) -> BoughtRow {
    BoughtRow {
        when: time::short_date_time(page.words, transfer.confirmed_at.micros()),
        how: transfer.reference.clone(),
        amount: format!("+{}", money(page.words, transfer.amount)),
        is_on_float: true,
        state: page.t("purchase-on-float"),
        url: None,
    }
}

fn purchase_row(page: &Page, purchase: &FloatPurchase) -> BoughtRow {
    let paid = purchase.paid();
    let is_on_float = paid.is_some_and(|paid| paid.booked_at.is_some());
    let amount = money(page.words, paid.map_or(purchase.amount, |paid| paid.amount));
    BoughtRow {
        when: time::short_date_time(page.words, purchase.created_at.micros()),
        how: provider_name(page.words, purchase.provider),
        amount: if is_on_float { format!("+{amount}") } else { amount },
        is_on_float,
        state: page.t(state(purchase).1),
        url: Some(format!("/agent/float/purchases/{}", purchase.id)),
    }
}

/// How a purchase feels and stands.
pub(super) const fn state(purchase: &FloatPurchase) -> (Tone, &'static str) {
    match &purchase.state {
        FloatPurchaseState::Created | FloatPurchaseState::Pending { .. } => (Tone::Wait, "state-waiting"),
        FloatPurchaseState::Paid(paid) if paid.booked_at.is_none() => (Tone::Wait, "purchase-paid"),
        FloatPurchaseState::Paid(_) => (Tone::Ok, "purchase-on-float"),
        FloatPurchaseState::Abandoned { .. } => (Tone::Ended, "state-abandoned"),
    }
}
