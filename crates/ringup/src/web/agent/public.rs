//! The page of an agent for everybody: whether he is licensed, since when and until when, and how to complain.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ringup_core::place::PlaceCode;
use ringup_engine::agent::{self, Seller, Standing, standing};
use ringup_engine::rating::{self, Board};

use crate::web::form::TypedCode;
use crate::web::i18n::time;
use crate::web::mapping::{self, name};
use crate::web::page_error::{self, PageError};
use crate::web::qr;
use crate::web::state::App;
use crate::web::view::agent::{PublicAgent, PublicPage};
use crate::web::view::{Fact, Page, Tone};

/// `GET /agents/{code}`
pub(super) async fn show(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let seller = match code.parse::<PlaceCode>() {
        Ok(code) => agent::find_at(&app.engine, &code).await.map_err(|error| PageError::unavailable(&page, &error))?,
        Err(_) => None,
    };
    let Some(seller) = seller else {
        // Whoever scanned a code that somebody has made up must read that it is none of ours, not that a page is missing.
        let heading = page.t("public-agent-unknown");
        let lead = page.t("public-agent-unknown-lead");
        let view = PublicPage { page, tone: Tone::Warn, heading, lead, agent: None };
        return Ok(page_error::show(StatusCode::NOT_FOUND, &view));
    };
    let board = rating::board(&app.engine, seller.place.id).await;
    let board = board.map_err(|error| PageError::unavailable(&page, &error))?;
    Ok(page_error::show(StatusCode::OK, &view(&app, page, &seller, &board)))
}

fn view(app: &App, page: Page, seller: &Seller, board: &Board) -> PublicPage {
    let words = page.words;
    let (tone, heading, lead) = match standing(&seller.agent, app.engine.now()) {
        Standing::Approved => (Tone::Ok, "public-agent-licensed", "public-agent-licensed-lead"),
        Standing::Expired => (Tone::Warn, "public-agent-expired", "public-agent-not-lead"),
        Standing::Suspended | Standing::Applied => (Tone::Warn, "public-agent-suspended", "public-agent-not-lead"),
    };
    let (licence, place) = (&seller.agent.licence, &seller.place);
    let url = format!("{}/agents/{}", app.site.public_url, place.code);
    let facts = vec![
        Fact::new(words.t("public-agent-company"), seller.agent.company.clone()),
        Fact::new(words.t("public-agent-address"), name(words, &place.address)),
        Fact::new(words.t("public-agent-licence"), licence.number.clone()),
        Fact::new(words.t("apply-licence-issuer"), licence.issuer.clone()),
        Fact::new(words.t("public-agent-since"), time::date(words, seller.business.approved_at.micros())),
        Fact::new(words.t("public-agent-until"), time::day(words, licence.last_day)),
        Fact::code(words.t("agent-code"), place.code.to_string()),
    ];
    let agent = PublicAgent {
        board: mapping::rating::board(words, &name(words, &place.name), board),
        name: name(words, &place.name),
        facts,
        qr: qr::svg(&url, &words.t("public-agent-qr")).unwrap_or_default(),
        address: url.split_once("://").map_or(url.clone(), |(_, rest)| rest.to_owned()),
        code: place.code.to_string(),
    };
    PublicPage { heading: words.t(heading), lead: words.t(lead), tone, agent: Some(agent), page }
}
