//! The control interface over HTTP: the same powers as [`Control`], as JSON.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::App,
    control::{Control, Forgery, NotifyRefusal, PayerAct},
    fault::Switch,
    mail::{Mail, MailFault},
    order::Provider,
    sms::{SmsFault, SmsOutcome, Text},
    world::{PayEffect, PayRefusal, Payer},
};

/// The routes under `/_sandbox/`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_sandbox/pay", post(pay))
        .route("/_sandbox/codes", post(show_code))
        .route("/_sandbox/switches", get(switches).post(add_switch).delete(clear_switches))
        .route("/_sandbox/mails", get(mails))
        .route("/_sandbox/mail-fault", put(set_mail_fault).delete(clear_mail_fault))
        .route("/_sandbox/texts", get(texts))
        .route("/_sandbox/sms-fault", put(set_sms_fault).delete(clear_sms_fault))
        .route("/_sandbox/sms-outcome", put(set_sms_outcome))
        .route("/_sandbox/notify", post(notify))
        .route("/_sandbox/notification/{provider}/{out_trade_no}", get(notification))
        .route("/_sandbox/orders", get(orders))
        .route("/_sandbox/orders/{provider}/{out_trade_no}", get(order))
}

#[derive(Deserialize)]
struct PayBody {
    provider: Provider,
    out_trade_no: String,
    outcome: PayerAct,
}

#[derive(Deserialize)]
struct CodeBody {
    provider: Provider,
    #[serde(default)]
    payer: Payer,
}

#[derive(Deserialize)]
struct NotifyBody {
    provider: Provider,
    out_trade_no: String,
    #[serde(default = "once")]
    times: u32,
    #[serde(default)]
    forgery: Forgery,
}

#[derive(Deserialize)]
struct ForgeryQuery {
    #[serde(default)]
    forgery: Forgery,
}

fn once() -> u32 {
    1
}

/// A refused control call: a status and a sentence.
struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self(rejection.status(), rejection.body_text())
    }
}

impl From<NotifyRefusal> for Refused {
    fn from(refusal: NotifyRefusal) -> Self {
        let status = match refusal {
            NotifyRefusal::UnknownOrder => StatusCode::NOT_FOUND,
            NotifyRefusal::NothingHappened | NotifyRefusal::NoAddress => StatusCode::CONFLICT,
        };
        Self(status, refusal.to_string())
    }
}

impl From<PayRefusal> for Refused {
    fn from(refusal: PayRefusal) -> Self {
        match refusal {
            PayRefusal::Unknown => Self(StatusCode::NOT_FOUND, "no such order".to_owned()),
            PayRefusal::CodeExpired => Self(StatusCode::CONFLICT, "the code has expired".to_owned()),
            PayRefusal::Closed => Self(StatusCode::CONFLICT, "the order is closed".to_owned()),
            PayRefusal::Paid => Self(StatusCode::CONFLICT, "the order is paid already".to_owned()),
        }
    }
}

async fn pay(State(app): State<Arc<App>>, body: Result<Json<PayBody>, JsonRejection>) -> Result<Response, Refused> {
    let Json(body) = body?;
    let control = Control(app);
    let effect = match control.pay(body.provider, &body.out_trade_no, body.outcome)? {
        PayEffect::Paid => "paid",
        PayEffect::Declined => "declined",
        PayEffect::Nothing => "nothing",
    };
    let order = control.order(body.provider, &body.out_trade_no);
    Ok(Json(json!({ "result": effect, "order": order })).into_response())
}

async fn show_code(
    State(app): State<Arc<App>>,
    body: Result<Json<CodeBody>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(body) = body?;
    let code = Control(app).show_code(body.provider, body.payer);
    Ok(Json(json!({ "code": code })).into_response())
}

async fn switches(State(app): State<Arc<App>>) -> Json<Vec<Switch>> {
    Json(Control(app).switches())
}

async fn add_switch(
    State(app): State<Arc<App>>,
    body: Result<Json<Switch>, JsonRejection>,
) -> Result<Json<Vec<Switch>>, Refused> {
    let Json(switch) = body?;
    let control = Control(app);
    control.add_switch(switch);
    Ok(Json(control.switches()))
}

async fn clear_switches(State(app): State<Arc<App>>) -> StatusCode {
    Control(app).clear_switches();
    StatusCode::NO_CONTENT
}

async fn mails(State(app): State<Arc<App>>) -> Json<Vec<Mail>> {
    Json(Control(app).mails())
}

async fn set_mail_fault(
    State(app): State<Arc<App>>,
    body: Result<Json<MailFault>, JsonRejection>,
) -> Result<StatusCode, Refused> {
    let Json(fault) = body?;
    Control(app).set_mail_fault(Some(fault));
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_mail_fault(State(app): State<Arc<App>>) -> StatusCode {
    Control(app).set_mail_fault(None);
    StatusCode::NO_CONTENT
}

async fn texts(State(app): State<Arc<App>>) -> Json<Vec<Text>> {
    Json(Control(app).sms().texts())
}

async fn set_sms_fault(
    State(app): State<Arc<App>>,
    body: Result<Json<SmsFault>, JsonRejection>,
) -> Result<StatusCode, Refused> {
    let Json(fault) = body?;
    Control(app).sms().set_fault(Some(fault));
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_sms_fault(State(app): State<Arc<App>>) -> StatusCode {
    Control(app).sms().set_fault(None);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct OutcomeBody {
    outcome: SmsOutcome,
}

async fn set_sms_outcome(
    State(app): State<Arc<App>>,
    body: Result<Json<OutcomeBody>, JsonRejection>,
) -> Result<StatusCode, Refused> {
    let Json(OutcomeBody { outcome }) = body?;
    Control(app).sms().set_outcome(outcome);
    Ok(StatusCode::NO_CONTENT)
}

async fn notify(
    State(app): State<Arc<App>>,
    body: Result<Json<NotifyBody>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(body) = body?;
    let attempts = Control(app).notify(body.provider, &body.out_trade_no, body.times, body.forgery).await?;
    Ok(Json(attempts).into_response())
}

async fn notification(
    State(app): State<Arc<App>>,
    Path((provider, out_trade_no)): Path<(Provider, String)>,
    Query(query): Query<ForgeryQuery>,
) -> Result<Response, Refused> {
    Ok(Json(Control(app).notification(provider, &out_trade_no, query.forgery)?).into_response())
}

async fn orders(State(app): State<Arc<App>>) -> Response {
    Json(Control(app).orders()).into_response()
}

async fn order(
    State(app): State<Arc<App>>,
    Path((provider, out_trade_no)): Path<(Provider, String)>,
) -> Result<Response, Refused> {
    let order = Control(app).order(provider, &out_trade_no);
    order.map(|order| Json(order).into_response()).ok_or(Refused(StatusCode::NOT_FOUND, "no such order".to_owned()))
}
