//! Carries between the machine and the server: what is waiting, the policy, and each minute how the kiosk is.
//!
//! Whatever has no answer is sent again under the same key, for as long as it takes. Nothing here is remembered: what waits stands in the
//! journal, and the machine shows it.

mod top_up;

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, sleep_until};

pub use self::top_up::carry_top_ups;
use crate::clock;
use crate::machine::{ClaimToTell, CollectionView, Command, Handle, Line, SaleToSend, View};
use crate::server::{Answer, NoAnswer, Server};
use crate::wire::{CollectionAnswer, HealthBody, Policy, SaleAnswer};

/// Between two questions for the policy.
const POLICY_EVERY: Duration = Duration::from_secs(120);
/// Between two reports of health.
const HEALTH_EVERY: Duration = Duration::from_secs(60);
/// Before the first one: the printer and the validator have been looked at by then.
const HEALTH_FIRST: Duration = Duration::from_secs(3);
/// The first pause after no answer; it doubles up to the longest.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
const PAUSE_LONGEST: Duration = Duration::from_secs(30);

/// Carries for ever.
pub async fn carry(server: Server, machine: Handle, policy_file: PathBuf) {
    let view = machine.view();
    let mut courier = Courier { server, machine, view, policy_file, line: Line::Unknown, pause: PAUSE_FIRST };
    let mut policy_ticks = interval(POLICY_EVERY);
    let mut health_ticks = interval_at(Instant::now() + HEALTH_FIRST, HEALTH_EVERY);
    policy_ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    health_ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut again_at = Instant::now();
    loop {
        tokio::select! {
            _ = policy_ticks.tick() => courier.ask_policy().await,
            _ = health_ticks.tick() => courier.tell_health().await,
            changed = courier.view.changed() => if changed.is_err() { return },
            () = sleep_until(again_at), if !courier.is_done() => {}
        }
        if courier.is_done() || Instant::now() < again_at {
            continue;
        }
        if !matches!(courier.line, Line::Up) {
            courier.ask_policy().await;
        }
        let went = matches!(courier.line, Line::Up) && courier.send_what_waits().await;
        courier.pause = if went { PAUSE_FIRST } else { courier.pause.saturating_mul(2).min(PAUSE_LONGEST) };
        again_at = Instant::now() + courier.pause;
    }
}

struct Courier {
    server: Server,
    machine: Handle,
    view: watch::Receiver<View>,
    policy_file: PathBuf,
    line: Line,
    pause: Duration,
}

impl Courier {
    fn is_done(&self) -> bool {
        matches!(self.line, Line::Up) && self.view.borrow().outbox.is_empty()
    }

    /// What an answer, or none, says of the line.
    fn heard(&mut self, answer: Result<Answer, NoAnswer>) -> Option<Answer> {
        let (line, answer) = match answer {
            Ok(answer) => (Line::Up, Some(answer)),
            Err(error) => {
                tracing::warn!(%error, "the server");
                let line = match (error, self.line) {
                    (NoAnswer::Stranger(_), _) => Line::Stranger,
                    (NoAnswer::Line(_) | NoAnswer::Later(_), down @ Line::Down { .. }) => down,
                    (NoAnswer::Line(_) | NoAnswer::Later(_), Line::Up | Line::Unknown | Line::Stranger) => {
                        Line::Down { since: clock::now() }
                    }
                };
                (line, None)
            }
        };
        if line != self.line {
            tracing::info!(?line, "the line");
            self.line = line;
            self.machine.send(Command::Line(line));
        }
        answer
    }

    async fn ask_policy(&mut self) {
        let asked = self.server.get("/api/v1/kiosk").await;
        let Some(answer) = self.heard(asked).filter(|answer| answer.status == 200) else { return };
        match Policy::parse(&answer.body) {
            Ok(policy) => {
                if let Err(error) = Policy::keep(&self.policy_file, &answer.body) {
                    tracing::warn!(%error, "the policy is not kept");
                }
                self.machine.send(Command::Policy(Box::new(policy)));
            }
            Err(error) => tracing::error!(%error, "the policy cannot be read"),
        }
    }

    async fn tell_health(&mut self) {
        let health = {
            let view = self.view.borrow();
            HealthBody {
                paper: view.paper.name(),
                validator: view.validator.name(),
                door: "closed",
                link: if matches!(view.line, Line::Up) { "ok" } else { "weak" },
                clock_off_ms: self.server.clock_off_ms(),
                version: env!("CARGO_PKG_VERSION"),
                waiting_sales: view.outbox.sales.len(),
                waiting_claims: view.outbox.claims.len(),
            }
        };
        let told = self.server.post("/api/v1/kiosk/health", &health, None).await;
        if let Some(answer) = self.heard(told).filter(|answer| answer.status != 200) {
            tracing::error!(status = answer.status, code = answer.code(), "the report of health was refused");
        }
    }

    /// Sends it all once; answers whether everything was answered for good.
    async fn send_what_waits(&mut self) -> bool {
        let outbox = std::sync::Arc::clone(&self.view.borrow().outbox);
        let mut went = true;
        for sale in &outbox.sales {
            went &= self.send_sale(sale).await;
            if !matches!(self.line, Line::Up) {
                return false;
            }
        }
        for claim in &outbox.claims {
            went &= self.send_claim(claim).await;
            if !matches!(self.line, Line::Up) {
                return false;
            }
        }
        // The box is counted by what the server knows: sales and claims go first.
        if went && outbox.sales.is_empty() && outbox.claims.is_empty() {
            went &= self.send_collection(&outbox).await;
        }
        went
    }

    async fn send_sale(&mut self, sale: &SaleToSend) -> bool {
        let key = sale.key;
        let asked = self.server.post("/api/v1/kiosk/sales", &sale.body(), Some(&key.to_string())).await;
        let Some(answer) = self.heard(asked) else { return false };
        match (answer.status, answer.code().as_str()) {
            (200 | 201, _) => match answer.read::<SaleAnswer>() {
                Some(read) => self.machine.send(Command::Credited { key, answer: Box::new(read), text: answer.body }),
                None => return false,
            },
            (404, "card_unknown") | (422, "note_used" | "note_of_other_kiosk" | "box_unknown") => {
                tracing::error!(%key, code = answer.code(), "the server refuses a sale for good");
                self.machine.send(Command::Refused(key));
            }
            (429, _) => return false,
            (status, code) => {
                tracing::error!(%key, status, code, "the server's answer to a sale is for a person");
                self.machine.send(Command::Stuck(key));
            }
        }
        true
    }

    async fn send_claim(&mut self, claim: &ClaimToTell) -> bool {
        let Some(body) = claim.body() else { return true };
        let asked = self.server.post("/api/v1/kiosk/claims", &body, None).await;
        let Some(answer) = self.heard(asked) else { return false };
        if answer.status != 200 {
            tracing::error!(note = body.note, status = answer.status, code = answer.code(), "a claim was not taken");
            return false;
        }
        let with_late_word = claim.has_late_word();
        self.machine.send(Command::ClaimTold { number: claim.note.number, with_late_word });
        true
    }

    async fn send_collection(&mut self, outbox: &crate::machine::Outbox) -> bool {
        let Some(waiting) = &outbox.collection else { return true };
        let body = serde_json::json!({ "codes": waiting.codes, "box": waiting.box_id });
        let key = crate::chance::hex(waiting.key);
        let asked = self.server.post("/api/v1/kiosk/collections", &body, Some(&key)).await;
        let Some(answer) = self.heard(asked) else { return false };
        let told = if answer.status == 200 {
            let Some(read) = answer.read::<CollectionAnswer>() else { return false };
            CollectionView::Taken { notes: read.taken.notes, holds: read.taken.holds, cash_box: read.cash_box }
        } else {
            CollectionView::Refused(answer.code())
        };
        self.machine.send(Command::Collected(told));
        true
    }
}
