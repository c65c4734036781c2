use ringup_core::purse::PurseState;
use ringup_db::kiosk::{Kiosk, KioskHealth};
use ringup_engine::Engine;
use ringup_engine::kiosk;

use crate::cli::CommandError;
use crate::web::i18n::time::iso;

/// Prints each kiosk with its boxes that have not been counted, its machines, and what it said of itself last.
pub(super) async fn print(engine: &Engine) -> Result<(), CommandError> {
    for kiosk in engine.read(|tx| ringup_db::kiosk::kiosks(tx)).await? {
        for line in lines(engine, &kiosk).await? {
            println!("{line}");
        }
    }
    Ok(())
}

async fn lines(engine: &Engine, kiosk: &Kiosk) -> Result<Vec<String>, CommandError> {
    let (place, now) = (kiosk.place, engine.now());
    let found = engine.read(move |tx| {
        let code = ringup_db::place::find_place(tx, place)?.map(|place| place.code.to_string());
        Ok((code, ringup_db::kiosk::find_health(tx, place)?, ringup_db::device::devices(tx)?))
    });
    let (code, health, devices) = found.await?;
    let order = if kiosk::is_in_order(health.as_ref(), now) { "in order" } else { "not known to be in order" };
    let code = code.unwrap_or_default();
    let mut lines = vec![format!("{}  {code}  up to {}  {order}", kiosk.number, kiosk.visit_max)];
    lines.extend(health.as_ref().map(said));
    for (level, purse) in kiosk::levels(engine, kiosk).await? {
        if matches!(purse.state, PurseState::Closed(_)) {
            continue;
        }
        let place = match level.cash_box.taken {
            Some(taken) => format!("taken out {}, not counted", iso(taken.at.micros())),
            None => format!("{}, {} of {}", level.state(kiosk).name(), level.notes, kiosk.box_capacity),
        };
        lines.push(format!("  box {}  {} notes  {}  {place}", purse.id, level.notes, level.holds));
    }
    for device in devices.iter().filter(|device| device.place == kiosk.place) {
        let state = match (&device.key, device.revoked_at) {
            (_, Some(_)) => "shut out",
            (Some(_), None) => "enrolled",
            (None, None) => "invited",
        };
        lines.push(format!("  {}  {state}  {}", device.id, device.name));
    }
    Ok(lines)
}

fn said(health: &KioskHealth) -> String {
    let KioskHealth { paper, validator, door, link, clock_off_ms, version, waiting_sales, waiting_claims, .. } = health;
    let heard = iso(health.heard_at.micros());
    format!(
        "  heard {heard}  paper {paper}  validator {validator}  door {door}  line {link}  clock {clock_off_ms:+} ms  \
         version {version}  waiting {waiting_sales} sales, {waiting_claims} claims"
    )
}
