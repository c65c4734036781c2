use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringup_core::plan::{AskedCalls, BundleUse, Choice, DestinationId, PaidCalls, Period};
use ringup_core::time::Span;
use ringup_engine::plan::{self, Advised, Asked, Calls, To};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// What advice is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdviceRequest {
    /// The code of the card's product.
    product: String,
    /// Where to and how much: one to eight, each destination once.
    calls: Vec<CallsRequest>,
    /// How long a call lasts, in seconds: 1 to 14,400.
    call_seconds: u32,
    /// For how many days: 1 to 366.
    days: u16,
}

/// How much one destination is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallsRequest {
    /// A number with `+` or `00` and its country code, how it begins, a name, or the code of a destination.
    to: String,
    /// How many minutes: 1 to 10,000.
    minutes: u32,
    /// In what time: `week` or `month` (of 30 days).
    per: String,
}

/// Every way to pay worth showing, the cheapest first; of equal sums the simpler. One of them is to pay by the minute.
#[derive(Serialize, ToSchema)]
pub(super) struct AdviceAnswer {
    /// The calls that the minutes come to, in the order of the question.
    calls: Vec<CallsAnswer>,
    /// The choices.
    choices: Vec<ChoiceAnswer>,
}

/// The calls to one destination.
#[derive(Serialize, ToSchema)]
pub(super) struct CallsAnswer {
    /// The code of the destination.
    destination: String,
    /// How many calls, in all the days.
    calls: u64,
    /// How many seconds of each are counted.
    counted_seconds: u64,
    /// What each costs by the minute, fee included.
    each: String,
}

/// A way to pay for all calls.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceAnswer {
    /// All of it together.
    total: String,
    /// What is bought beforehand; nothing when all is paid by the minute.
    bundles: Vec<BundleUseAnswer>,
    /// What is paid by the minute.
    by_the_minute: Vec<PaidAnswer>,
}

/// What a bundle does.
#[derive(Serialize, ToSchema)]
pub(super) struct BundleUseAnswer {
    /// The number of the bundle.
    bundle: u32,
    /// How many are bought at once.
    at_once: u32,
    /// How often that is done, each time when the one before ends.
    times: u32,
    /// What all of them cost.
    sum: String,
    /// How many calls they pay.
    calls: u64,
    /// How many seconds of them are used.
    seconds_used: u64,
    /// How many are left over at their ends.
    seconds_left: u64,
    /// When the last of them ends, if the first is bought now (RFC 3339).
    ends_at: String,
}

/// Calls that are paid by the minute.
#[derive(Serialize, ToSchema)]
pub(super) struct PaidAnswer {
    /// The code of the destination.
    destination: String,
    /// How many calls.
    calls: u64,
    /// What they cost together.
    sum: String,
}

/// Says which bundles, if any, serve a caller best. Nothing is bought or written down.
#[utoipa::path(post, path = "/api/v1/advice", operation_id = "ask_advice", request_body = AdviceRequest, responses(
    (status = 200, body = AdviceAnswer),
    (status = 400, description = "the body or a number cannot be read", body = Problem),
    (status = 404, description = "there is no such card, or no rate for a destination", body = Problem),
    (status = 422, description = "the question makes no sense, or a destination can mean several", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(super) async fn ask(
    State(app): State<App>,
    Body(request): Body<AdviceRequest>,
) -> Result<Json<AdviceAnswer>, Problem> {
    let calls = request.calls.into_iter().map(CallsRequest::parse).collect::<Result<_, _>>()?;
    let (product, call_seconds, days) = (request.product, request.call_seconds, request.days);
    let advised = plan::advise(&app.engine, Asked { product, calls, call_seconds, days }).await?;
    let now = app.engine.now();
    let ends_at = |used: &BundleUse| iso(now.plus(Span::days(i64::from(used.ends_after_days))).micros());
    let choices = advised.advice.choices.iter().map(|choice| told(&advised, choice, &ends_at));
    let calls = advised.advice.calls.iter().map(|asked| asked_calls(&advised, asked));
    Ok(Json(AdviceAnswer { calls: calls.collect(), choices: choices.collect() }))
}

impl CallsRequest {
    fn parse(self) -> Result<Calls, Problem> {
        let unknown = || {
            let detail = format!("{:?} is neither \"week\" nor \"month\"", self.per);
            Problem::new(StatusCode::BAD_REQUEST, "period_unknown", detail)
        };
        let per = Period::from_name(&self.per).ok_or_else(unknown)?;
        Ok(Calls { to: To::Typed(self.to), minutes: self.minutes, per })
    }
}

fn asked_calls(advised: &Advised, asked: &AskedCalls) -> CallsAnswer {
    CallsAnswer {
        destination: code(advised, asked.destination),
        calls: asked.calls,
        counted_seconds: asked.price.counted_seconds,
        each: asked.price.sum.to_string(),
    }
}

fn told(advised: &Advised, choice: &Choice, ends_at: &impl Fn(&BundleUse) -> String) -> ChoiceAnswer {
    let bundle = |used: &BundleUse| BundleUseAnswer {
        bundle: used.bundle.0,
        at_once: used.at_once,
        times: used.times,
        sum: used.sum.to_string(),
        calls: used.calls,
        seconds_used: used.seconds_used,
        seconds_left: used.seconds_left,
        ends_at: ends_at(used),
    };
    let paid = |paid: &PaidCalls| {
        let asked = advised.advice.calls.get(paid.position)?;
        Some(PaidAnswer { destination: code(advised, asked.destination), calls: paid.calls, sum: paid.sum.to_string() })
    };
    ChoiceAnswer {
        total: choice.total.to_string(),
        bundles: choice.bundles.iter().map(bundle).collect(),
        by_the_minute: choice.paid.iter().filter_map(paid).collect(),
    }
}

fn code(advised: &Advised, id: DestinationId) -> String {
    advised.plans.destination(id).map(|destination| destination.code.clone()).unwrap_or_default()
}
