//! Any request at all.

use axum::http::StatusCode;

use super::Site;
use super::request::Asked;
use crate::verdict::{Checked, Reached};
use crate::{Check, Target};

/// Requests.
pub const TARGET: Target = Target {
    name: "router",
    claims: "every request is answered, none with a failure of ours; refusals are problem documents or pages; no tag and no way out gets in",
    bytes_max: 4_096,
    prepare: || Ok(Box::new(Asking(Site::open()?))),
};

struct Asking(Site);

impl Check for Asking {
    fn check(&mut self, data: &[u8]) -> Checked {
        let asked = Asked::parse(&self.0.next()?.filled(data));
        let answer = self.0.ask(&asked)?;
        let served = |status: StatusCode| status.is_success() || status.is_redirection();
        Ok(if answer.is_some_and(|answer| served(answer.status)) { Reached::Accepted } else { Reached::Refused })
    }
}
