//! Plays Alipay's gateway: `POST|GET /gateway.do`, protocol version 1.0.

mod answer;
mod code;
mod notification;
mod notifier;
mod refund;
mod request;
mod trade;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
    routing::get,
};

pub(crate) use notification::notification;
pub use notifier::{AlipayNotifier, PaidOrder};
pub(crate) use trade::return_url;

use crate::{
    app::App,
    fault::Operation,
    order::Provider,
    request_fault::{self, Draw},
};
use answer::{Answer, Refused};
use request::{Call, Method};

/// The gateway's one route.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/gateway.do", get(gateway).post(gateway))
}

async fn gateway(State(app): State<Arc<App>>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    let params = match request::merge(query.as_deref().unwrap_or_default(), &headers, &body) {
        Ok(params) => params,
        Err(refused) => return answer::unsigned(&refused),
    };
    let call = match request::read(&app.alipay, &params) {
        Ok(call) => call,
        Err(failed) => return answer::failed(&app.alipay, failed),
    };
    let draw = Draw {
        provider: Provider::Alipay,
        operation: call.method.operation(),
        out_trade_no: trade::named_order(&app, &call),
        total_minor: call.text("total_amount").and_then(|text| crate::money::parse_yuan(&text)),
    };
    let faults = request_fault::draw(&app, draw);
    if let Some(response) = faults.before_effect().await {
        return response;
    }
    let result = act(&app, &call);
    if let Some(response) = faults.after_effect().await {
        return response;
    }
    match result {
        Ok(Answer::Page(location)) => answer::redirect(&location),
        Err(refused) if call.method.is_page() => answer::error_page(&refused),
        Ok(Answer::Fields(fields)) => answer::signed(&app, call.method, fields, faults.answer_twist()),
        Err(refused) => answer::signed(&app, call.method, refused.fields(), faults.answer_twist()),
    }
}

fn act(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    match call.method {
        Method::Precreate | Method::PagePay | Method::WapPay => trade::create(app, call),
        Method::Pay => code::pay(app, call),
        Method::Query => trade::query(app, call),
        Method::Close => trade::close(app, call),
        Method::Cancel => code::cancel(app, call),
        Method::Refund => refund::refund(app, call),
        Method::RefundQuery => refund::query(app, call),
    }
}

impl Method {
    fn operation(self) -> Operation {
        match self {
            Self::Precreate | Self::PagePay | Self::WapPay => Operation::Create,
            Self::Pay => Operation::Pay,
            Self::Query => Operation::Query,
            Self::Close => Operation::Close,
            Self::Cancel => Operation::Cancel,
            Self::Refund => Operation::Refund,
            Self::RefundQuery => Operation::RefundQuery,
        }
    }
}

#[cfg(test)]
mod tests;
