//! Plays WeChat Pay's API v3: `/v3/pay/transactions/…`, `/v3/refund/domestic/refunds…`, `/v3/certificates`.

mod answer;
mod certificates;
mod code;
mod notification;
mod payment;
mod refund;
mod request;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::any,
};

pub(crate) use notification::notification;

use crate::{
    app::App,
    config::PlatformSigner,
    fault::Operation,
    order::{Door, Provider},
    request_fault::{self, Draw},
};
use answer::{Answer, Refused};
use request::Request;

/// One route for all: a request is verified before anyone looks at what it asks for.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/v3/{*path}", any(call))
}

/// What a request asks for.
enum Asked<'a> {
    Create(Door),
    Pay,
    Reverse { out_trade_no: &'a str },
    Query { out_trade_no: &'a str },
    QueryById { transaction_id: &'a str },
    Close { out_trade_no: &'a str },
    Refund,
    RefundQuery { out_refund_no: &'a str },
    Certificates,
}

async fn call(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let signer = match request::answer_signer(&app.wechat_pay, &headers) {
        Ok(signer) => signer,
        Err(refused) => return answer::refused(&app, &app.wechat_pay.platform.first, &refused),
    };
    let request = Request { method: &method, uri: &uri, headers: &headers, body: &body };
    if let Err(refused) = request.verify(&app.wechat_pay, app.now()) {
        return answer::refused(&app, signer, &refused);
    }
    let path: Vec<&str> = uri.path().split('/').skip(2).collect();
    match asked(&method, &path) {
        Some(asked) => answer_call(&app, signer, &request, &asked).await,
        None => answer::refused(&app, signer, &Refused::not_found("接口不存在")),
    }
}

async fn answer_call(app: &Arc<App>, signer: &PlatformSigner, request: &Request<'_>, asked: &Asked<'_>) -> Response {
    let faults = request_fault::draw(app, draw(app, request, asked));
    if let Some(response) = faults.before_effect().await {
        return response;
    }
    let result = act(app, request, asked);
    if let Some(response) = faults.after_effect().await {
        return response;
    }
    match result {
        Ok(answer) => answer::signed(app, signer, answer, faults.answer_twist()),
        Err(refused) => answer::refused(app, signer, &refused),
    }
}

fn asked<'a>(method: &Method, path: &[&'a str]) -> Option<Asked<'a>> {
    let is_get = *method == Method::GET;
    let is_post = *method == Method::POST;
    match path {
        ["pay", "transactions", "native"] if is_post => Some(Asked::Create(Door::Native)),
        ["pay", "transactions", "h5"] if is_post => Some(Asked::Create(Door::H5)),
        ["pay", "transactions", "jsapi"] if is_post => Some(Asked::Create(Door::Jsapi)),
        ["pay", "transactions", "codepay"] if is_post => Some(Asked::Pay),
        ["pay", "transactions", "out-trade-no", out_trade_no, "reverse"] if is_post => {
            Some(Asked::Reverse { out_trade_no })
        }
        ["pay", "transactions", "out-trade-no", out_trade_no] if is_get => Some(Asked::Query { out_trade_no }),
        ["pay", "transactions", "id", transaction_id] if is_get => Some(Asked::QueryById { transaction_id }),
        ["pay", "transactions", "out-trade-no", out_trade_no, "close"] if is_post => {
            Some(Asked::Close { out_trade_no })
        }
        ["refund", "domestic", "refunds"] if is_post => Some(Asked::Refund),
        ["refund", "domestic", "refunds", out_refund_no] if is_get => Some(Asked::RefundQuery { out_refund_no }),
        ["certificates"] if is_get => Some(Asked::Certificates),
        _ => None,
    }
}

fn act(app: &Arc<App>, request: &Request<'_>, asked: &Asked<'_>) -> Result<Answer, Refused> {
    match asked {
        Asked::Create(door) => payment::create(app, request, *door),
        Asked::Pay => code::pay(app, request),
        Asked::Reverse { out_trade_no } => code::reverse(app, request, &request::decode(out_trade_no)?),
        Asked::Query { out_trade_no } => payment::query(app, request, &request::decode(out_trade_no)?),
        Asked::QueryById { transaction_id } => payment::query_by_id(app, request, &request::decode(transaction_id)?),
        Asked::Close { out_trade_no } => payment::close(app, request, &request::decode(out_trade_no)?),
        Asked::Refund => refund::refund(app, request),
        Asked::RefundQuery { out_refund_no } => refund::query(app, &request::decode(out_refund_no)?),
        Asked::Certificates => certificates::list(app),
    }
}

fn draw(app: &Arc<App>, request: &Request<'_>, asked: &Asked<'_>) -> Draw {
    let (operation, out_trade_no) = match asked {
        Asked::Create(_) => (Operation::Create, request.text("out_trade_no")),
        Asked::Pay => (Operation::Pay, request.text("out_trade_no")),
        Asked::Reverse { out_trade_no } => (Operation::Cancel, request::decode(out_trade_no).ok()),
        Asked::Query { out_trade_no } => (Operation::Query, request::decode(out_trade_no).ok()),
        Asked::QueryById { transaction_id } => {
            (Operation::Query, app.with_world(|world, _| world.out_trade_no_of(Provider::WechatPay, transaction_id)))
        }
        Asked::Close { out_trade_no } => (Operation::Close, request::decode(out_trade_no).ok()),
        Asked::Refund => (Operation::Refund, refund::named_order(app, request)),
        Asked::RefundQuery { out_refund_no } => (Operation::RefundQuery, refund::order_of(app, out_refund_no)),
        Asked::Certificates => (Operation::Certificates, None),
    };
    Draw { provider: Provider::WechatPay, operation, out_trade_no, total_minor: request.total_minor() }
}

#[cfg(test)]
mod tests;
