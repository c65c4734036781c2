use ringup_core::bank_note::LateWord;
use ringup_core::job::ANSWERED_WITHIN;
use ringup_db::kiosk_claim::KioskClaim;
use ringup_engine::Engine;

use crate::cli::CommandError;
use crate::web::i18n::time::iso;

/// So many claims are shown.
const SHOWN_MAX: u32 = 200;

/// A line for each claim that nobody has settled. The code is what its holder has: the first of it tells claims apart.
pub(in crate::cli) async fn lines(engine: &Engine) -> Result<Vec<String>, CommandError> {
    let claims = engine.read(|tx| ringup_db::kiosk_claim::open_claims(tx, SHOWN_MAX)).await?;
    Ok(claims.iter().map(line).collect())
}

fn line(claim: &KioskClaim) -> String {
    let due = iso(claim.told_at.plus(ANSWERED_WITHIN).micros());
    let note = claim.note.map_or_else(|| "a whole sale".to_owned(), |note| format!("note {note}"));
    let value = claim.value.map_or_else(|| "of unknown value".to_owned(), |value| value.to_string());
    let late = claim.late.map_or("unknown", LateWord::name);
    let card = claim.card.map_or_else(|| "no card".to_owned(), |card| format!("card ···· {}", card.last_four()));
    let code = claim.code.to_string();
    let code = code.get(..4).unwrap_or_default();
    format!("{code}…  due {due}  {}  {note}  {value}  {late}  {card}  box {}", claim.reason, claim.purse)
}
