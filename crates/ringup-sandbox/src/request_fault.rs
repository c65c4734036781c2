//! The faults that strike a merchant's request, drawn once for each.

use std::{sync::Arc, time::Duration};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    fault::{AmountOutcome, Family, Fault, Operation, Place},
    limits,
    order::Provider,
};

/// What a request is about, as far as faults care.
pub(crate) struct Draw {
    pub provider: Provider,
    pub operation: Operation,
    pub out_trade_no: Option<String>,
    /// The amount in a request that makes an order; otherwise the order's own is looked up.
    pub total_minor: Option<u64>,
}

/// The faults that strike one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RequestFaults {
    timeout_before_ms: Option<u64>,
    timeout_after_ms: Option<u64>,
    status: Option<u16>,
    slow_ms: u64,
    is_rubbish: bool,
    twist: AnswerTwist,
}

/// What is wrong with an answer on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AnswerTwist {
    /// Signed by a key that is nobody's.
    pub is_forged: bool,
    /// About another order.
    pub is_other_order: bool,
}

/// Draws the faults for a request: from the switches, and from the order's amount.
pub(crate) fn draw(app: &Arc<App>, draw: Draw) -> RequestFaults {
    let Draw { provider, operation, out_trade_no, total_minor } = draw;
    app.with_world(|world, now| {
        let place = Place { provider, out_trade_no: out_trade_no.as_deref(), operation: Some(operation) };
        let mut faults = RequestFaults::default();
        for fault in world.switches.take(Family::Request, &place) {
            faults.add(&fault);
        }
        let Some(out_trade_no) = out_trade_no else { return faults };
        let total_minor = match operation {
            Operation::Create | Operation::Pay => total_minor,
            _ => world.order(provider, &out_trade_no, now).map(|order| order.request.total_minor),
        };
        match total_minor.and_then(AmountOutcome::of) {
            Some(AmountOutcome::TimeoutAfterCreate)
                if operation == Operation::Create
                    && world.strikes_first((provider, out_trade_no.clone()), operation) =>
            {
                faults.timeout_after_ms = Some(limits::HANG_MS_DEFAULT);
            }
            Some(AmountOutcome::ServerErrorFirst) if world.strikes_first((provider, out_trade_no), operation) => {
                faults.status = Some(502);
            }
            _ => {}
        }
        faults
    })
}

impl RequestFaults {
    fn add(&mut self, fault: &Fault) {
        match *fault {
            Fault::TimeoutBeforeEffect { ms } => self.timeout_before_ms = Some(ms),
            Fault::TimeoutAfterEffect { ms } => self.timeout_after_ms = Some(ms),
            Fault::WrongAnswerSignature => self.twist.is_forged = true,
            Fault::Http5xx { status } => self.status = Some(status),
            Fault::Slow { ms } => self.slow_ms = ms,
            Fault::Rubbish => self.is_rubbish = true,
            Fault::AnotherOrder => self.twist.is_other_order = true,
            _ => {}
        }
    }

    /// An answer instead of doing anything.
    pub async fn before_effect(&self) -> Option<Response> {
        if let Some(ms) = self.timeout_before_ms {
            return Some(hang(ms).await);
        }
        let status = StatusCode::from_u16(self.status?).unwrap_or(StatusCode::BAD_GATEWAY);
        Some((status, "upstream connect error or disconnect/reset before headers").into_response())
    }

    /// An answer instead of the one that tells what was done; may take its time.
    pub async fn after_effect(&self) -> Option<Response> {
        if let Some(ms) = self.timeout_after_ms {
            return Some(hang(ms).await);
        }
        tokio::time::sleep(Duration::from_millis(self.slow_ms)).await;
        self.is_rubbish.then(|| "<html><body><h1>Welcome to nginx!</h1></body></html>".into_response())
    }

    /// What is wrong with the answer that is given.
    pub fn answer_twist(&self) -> AnswerTwist {
        self.twist
    }
}

async fn hang(ms: u64) -> Response {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    (StatusCode::GATEWAY_TIMEOUT, "upstream request timeout").into_response()
}

#[cfg(test)]
mod tests;
