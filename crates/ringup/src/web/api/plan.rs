use axum::Json;
use axum::extract::State;
use ringup_core::plan::{Bundle, Destination, Plans, Rate};
use ringup_core::product::Product;
use ringup_engine::plan::{self, Offered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use crate::web::problem::Problem;
use crate::web::state::App;

/// Everything that the cards can be used for.
#[derive(Serialize, ToSchema)]
pub(super) struct PlansAnswer {
    /// Where calls go. A number belongs to the destination with the longest prefix that it begins with.
    destinations: Vec<DestinationAnswer>,
    /// The cards that have rates.
    products: Vec<ProductAnswer>,
}

/// Where calls go.
#[derive(Serialize, ToSchema)]
pub(super) struct DestinationAnswer {
    /// Its stable name for programs.
    code: String,
    /// What it is called, in English.
    name_en: String,
    /// What it is called, in simplified Chinese.
    name_zh_hans: String,
    /// How its numbers begin, country code first, without `+`.
    prefixes: Vec<String>,
}

/// What the cards of one product can be used for.
#[derive(Serialize, ToSchema)]
pub(super) struct ProductAnswer {
    /// Its stable name for programs.
    code: String,
    /// What it is called, in English.
    name_en: String,
    /// What it is called, in simplified Chinese.
    name_zh_hans: String,
    /// What a minute costs.
    rates: Vec<RateAnswer>,
    /// What can be bought beforehand.
    bundles: Vec<BundleAnswer>,
}

/// What calls to a destination cost.
#[derive(Serialize, ToSchema)]
pub(super) struct RateAnswer {
    /// The code of the destination.
    destination: String,
    /// For a minute, to the thousandth of the minor unit: `0.0085 CNY`. A call is rounded up once, to the minor unit.
    per_minute: String,
    /// Once for each call that is answered.
    connection_fee: String,
    /// How many seconds are counted at first.
    first_seconds: u32,
    /// In which steps seconds are counted after that.
    next_seconds: u32,
}

/// Minutes to some destinations.
#[derive(Serialize, ToSchema)]
pub(super) struct BundleAnswer {
    /// Its number.
    id: u32,
    /// What it is called, in English.
    name_en: String,
    /// What it is called, in simplified Chinese.
    name_zh_hans: String,
    /// What it costs.
    price: String,
    /// How many minutes it has.
    minutes: u32,
    /// The codes of the destinations that they lead to.
    destinations: Vec<String>,
    /// How many days it lasts.
    validity_days: u16,
}

/// Where a call would go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FindRequest {
    /// A number with `+` or `00` and its country code, how it begins, or a name in either language.
    to: String,
}

/// Shows every rate and bundle.
#[utoipa::path(get, path = "/api/v1/plans", operation_id = "list_plans", responses(
    (status = 200, body = PlansAnswer),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<PlansAnswer>, Problem> {
    let offered = plan::offered(&app.engine).await?;
    let destinations = offered.plans.destinations.iter().collect();
    Ok(Json(answer(&offered, destinations)))
}

/// Finds what calls to a number or a place cost. Of several destinations that can be meant, the likeliest comes first.
#[utoipa::path(post, path = "/api/v1/rates", operation_id = "find_rates", request_body = FindRequest, responses(
    (status = 200, body = PlansAnswer),
    (status = 400, description = "the body or the number cannot be read", body = Problem),
    (status = 404, description = "there is no rate for it", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(super) async fn find(
    State(app): State<App>,
    Body(request): Body<FindRequest>,
) -> Result<Json<PlansAnswer>, Problem> {
    let found = plan::find(&app.engine, &request.to).await?;
    Ok(Json(answer(&found.offered, found.destinations.iter().collect())))
}

/// These destinations, with the rates and bundles that lead there.
fn answer(offered: &Offered, destinations: Vec<&Destination>) -> PlansAnswer {
    let plans = &offered.plans;
    let of = |product: &Product| {
        let rates = destinations.iter().filter_map(|to| Some(rate(to, plans.rate(product.id, to.id)?)));
        let leads = |bundle: &&Bundle| destinations.iter().any(|to| bundle.covers(to.id));
        ProductAnswer {
            code: product.code.clone(),
            name_en: product.name.en.clone(),
            name_zh_hans: product.name.zh_hans.clone(),
            rates: rates.collect(),
            bundles: plans.bundles_of(product.id).filter(leads).map(|offer| bundle(plans, offer)).collect(),
        }
    };
    let products = offered.products.iter().map(of).filter(|product| !product.rates.is_empty());
    PlansAnswer { products: products.collect(), destinations: destinations.iter().map(|to| destination(to)).collect() }
}

fn destination(destination: &Destination) -> DestinationAnswer {
    DestinationAnswer {
        code: destination.code.clone(),
        name_en: destination.name.en.clone(),
        name_zh_hans: destination.name.zh_hans.clone(),
        prefixes: destination.prefixes.iter().map(ToString::to_string).collect(),
    }
}

fn rate(destination: &Destination, rate: &Rate) -> RateAnswer {
    RateAnswer {
        destination: destination.code.clone(),
        per_minute: rate.per_minute.to_string(),
        connection_fee: rate.connection_fee.to_string(),
        first_seconds: rate.increment.first_seconds(),
        next_seconds: rate.increment.next_seconds(),
    }
}

fn bundle(plans: &Plans, bundle: &Bundle) -> BundleAnswer {
    let destinations = bundle.destinations.iter().filter_map(|id| plans.destination(*id));
    BundleAnswer {
        id: bundle.id.0,
        name_en: bundle.name.en.clone(),
        name_zh_hans: bundle.name.zh_hans.clone(),
        price: bundle.price.to_string(),
        minutes: bundle.minutes,
        destinations: destinations.map(|to| to.code.clone()).collect(),
        validity_days: bundle.validity_days,
    }
}
