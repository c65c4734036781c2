//! The load generator, in a process of its own: sends requests that were made ahead on connections that are kept, checks each
//! answer, and costs as little of the machine as it can, because the measured server runs on the same cores.

mod link;
mod plan;

pub use plan::{Outcome, Plan, RequestFile, get, post};

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::BenchError;
use super::figure::percentile;
use super::stopwatch::Stopwatch;
use link::{Answer, Link};

/// Sends, and prints what came of it.
#[must_use]
pub fn run(plan: &Plan) -> ExitCode {
    let sent = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(BenchError::from)
        .and_then(|runtime| runtime.block_on(send(plan)));
    match sent {
        Ok(outcome) => {
            println!("{outcome}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Shared {
    plan: Plan,
    requests: RequestFile,
    next: AtomicUsize,
    watch: Stopwatch,
}

async fn send(plan: &Plan) -> Result<Outcome, BenchError> {
    let requests = RequestFile::read(&plan.requests)?;
    let mut links = Vec::new();
    for _ in 0..plan.connections {
        links.push(Link::open(plan.to).await?);
    }
    let shared =
        Arc::new(Shared { plan: plan.clone(), requests, next: AtomicUsize::new(0), watch: Stopwatch::start() });
    let mut sending = tokio::task::JoinSet::new();
    for link in links {
        sending.spawn(keep_sending(Arc::clone(&shared), link));
    }
    let mut latencies = Vec::new();
    while let Some(ended) = sending.join_next().await {
        latencies.append(&mut ended??);
    }
    let micros = shared.watch.micros();
    let mut at = |per_mille| percentile(&mut latencies, per_mille).unwrap_or(0).into();
    let (p50_micros, p99_micros, max_micros) = (at(500), at(990), at(1_000));
    Ok(Outcome { answered: u64::try_from(latencies.len())?, micros, p50_micros, p99_micros, max_micros })
}

/// One request after the other on one connection. What is begun is ended, so the requests that were answered are the
/// first so many.
async fn keep_sending(shared: Arc<Shared>, mut link: Link) -> Result<Vec<u32>, String> {
    let plan = &shared.plan;
    let mut latencies = Vec::new();
    while shared.watch.elapsed() < Duration::from_millis(plan.for_ms) {
        let nth = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = shared.requests.get(plan.from.saturating_add(nth), plan.again) else { break };
        let due = match plan.rate {
            None => shared.watch.micros(),
            // From when it should have been sent: a server that makes others wait is not excused for it.
            Some(rate) => wait_for_turn(&shared.watch, nth, rate).await,
        };
        let answer = link.ask(request).await?;
        check(plan, &answer)?;
        if plan.then_place {
            let placing = plan::placing(plan, nth, answer.body).ok_or("the answer to a quote holds no quote")?;
            let placed = link.ask(&placing).await?;
            if placed.status != 201 {
                return Err(format!("a placing was answered with {placed}"));
            }
        }
        latencies.push(u32::try_from(shared.watch.micros().saturating_sub(due)).unwrap_or(u32::MAX));
    }
    Ok(latencies)
}

async fn wait_for_turn(watch: &Stopwatch, nth: usize, rate: u64) -> u64 {
    let nth = u64::try_from(nth).unwrap_or(u64::MAX);
    let due = nth.saturating_mul(1_000_000).checked_div(rate).unwrap_or(0);
    let ahead = due.saturating_sub(watch.micros());
    if ahead > 0 {
        tokio::time::sleep(Duration::from_micros(ahead)).await;
    }
    due
}

fn check(plan: &Plan, answer: &Answer<'_>) -> Result<(), String> {
    let holds = |wanted: &String| answer.body.windows(wanted.len().max(1)).any(|part| part == wanted.as_bytes());
    if answer.status == plan.expect_status && plan.expect_text.as_ref().is_none_or(holds) {
        return Ok(());
    }
    Err(format!("a request was answered with {answer}"))
}

#[cfg(test)]
mod tests;
