use axum::Json;
use axum::extract::State;
use ringup_core::money::Amount;
use ringup_core::payment::Provider;
use ringup_db::kiosk::Kiosk;
use ringup_engine::kiosk::{self, BoxLevel, Machine};
use serde::Serialize;
use utoipa::ToSchema;

use super::guard::Signed;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// Everything that the program in a kiosk must know.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct KioskAnswer {
    /// The server's time (RFC 3339).
    server_time: String,
    /// What the numbers of its notes begin with.
    kiosk: u32,
    /// Where it stands.
    place: KioskPlace,
    /// Whom a holder calls.
    hot_line: String,
    /// What it sells in.
    unit: String,
    /// Which notes it takes.
    notes: NotesAnswer,
    /// The box that is in it.
    #[serde(rename = "box")]
    cash_box: BoxAnswer,
    /// Which providers can be paid by the QR code on its screen.
    providers: Vec<&'static str>,
    /// How the world reaches the pages.
    public_url: String,
}

/// Where a kiosk stands.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct KioskPlace {
    /// The code of the place.
    code: String,
    /// What the sign over it says, in English.
    name_en: String,
    /// The same in simplified Chinese.
    name_zh_hans: String,
    /// Street and number, in English.
    address_en: String,
    /// The same in simplified Chinese.
    address_zh_hans: String,
    /// The licence it shows, word for word.
    licence: Option<String>,
    /// The IANA name of the zone that its clock goes by.
    time_zone: String,
}

/// Which notes a kiosk takes.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct NotesAnswer {
    /// Their values, the smallest first.
    values: Vec<String>,
    /// The most in one sale.
    visit_most: String,
    /// The most in one sale while the line is down; nothing when no notes are taken then.
    offline_most: Option<String>,
}

/// A box, and what is in it.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct BoxAnswer {
    /// Its id, which sales name.
    id: String,
    /// How many notes were booked into it.
    notes: u64,
    /// What they come to.
    holds: String,
    /// How many notes it has room for.
    capacity: u32,
    /// From how many on somebody should come.
    nearly_full_at: u32,
    /// `in_use`, `nearly_full` or `full`.
    state: &'static str,
}

impl BoxAnswer {
    pub(super) fn of(level: &BoxLevel, kiosk: &Kiosk) -> Self {
        Self {
            id: level.cash_box.purse.to_string(),
            notes: level.notes,
            holds: level.holds.to_string(),
            capacity: kiosk.box_capacity,
            nearly_full_at: kiosk.box_nearly_full,
            state: level.state(kiosk).name(),
        }
    }
}

/// Tells a kiosk what it may do.
#[utoipa::path(get, path = "/api/v1/kiosk", operation_id = "show_kiosk", responses(
    (status = 200, body = KioskAnswer),
    (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn show(
    State(app): State<App>,
    Signed(machine): Signed,
) -> Result<Json<KioskAnswer>, Problem> {
    let level = kiosk::level(&app.engine, &machine.kiosk).await?;
    let Machine { kiosk, place, .. } = machine;
    let offered = |provider: &Provider| app.engine.gateways().offers(*provider);
    Ok(Json(KioskAnswer {
        server_time: iso(app.engine.now().micros()),
        kiosk: kiosk.number,
        cash_box: BoxAnswer::of(&level, &kiosk),
        place: KioskPlace {
            code: place.code.to_string(),
            name_en: place.name.en,
            name_zh_hans: place.name.zh_hans,
            address_en: place.address.en,
            address_zh_hans: place.address.zh_hans,
            licence: place.licence,
            time_zone: place.time_zone,
        },
        hot_line: kiosk.hot_line,
        unit: kiosk.unit.code().to_owned(),
        notes: NotesAnswer {
            values: kiosk.notes.iter().map(Amount::to_string).collect(),
            visit_most: kiosk.visit_max.to_string(),
            offline_most: kiosk.offline_max.map(|most| most.to_string()),
        },
        providers: Provider::ALL.iter().filter(|provider| offered(provider)).map(|provider| provider.name()).collect(),
        public_url: app.site.public_url.clone(),
    }))
}
