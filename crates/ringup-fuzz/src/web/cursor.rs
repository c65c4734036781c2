//! The cursor in the address of a card's history.

use axum::http::StatusCode;

use super::Site;
use super::request::Asked;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Check, Target};

/// Cursors.
pub const TARGET: Target = Target {
    name: "cursor",
    claims: "whatever stands for a cursor, the card's page is shown, and only with a pass",
    bytes_max: 256,
    prepare: || Ok(Box::new(Asking(Site::open()?))),
};

struct Asking(Site);

impl Check for Asking {
    fn check(&mut self, data: &[u8]) -> Checked {
        let escaped: String = data.iter().map(|byte| format!("%{byte:02X}")).collect();
        // Once as it stands, which may be more than one field, and once as the one value.
        let written = String::from_utf8_lossy(data).into_owned();
        let pass = String::from_utf8_lossy(&self.0.next()?.filled(b"__Host-card={pass}")).into_owned();
        let mut reached = Reached::Refused;
        for cursor in [escaped, written] {
            let target = format!("/balance/card?before={cursor}");
            let with_pass = Asked::new("GET", &target, &[("cookie", &pass), ("accept-language", "en")], b"");
            let Some(answer) = self.0.ask(&with_pass)? else { continue };
            same("the status of a card's page", &answer.status, &StatusCode::OK)?;
            let page = String::from_utf8_lossy(&answer.body);
            holds(page.contains("¥70.00"), || format!("the card's page has not its balance: {page}"))?;
            reached = Reached::Accepted;
            let without = self.0.ask(&Asked::new("GET", &target, &[], b""))?;
            same("the status without a pass", &without.map(|answer| answer.status), &Some(StatusCode::SEE_OTHER))?;
        }
        Ok(reached)
    }
}
