//! Twice as much as it can do, for a minute.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::work::{Done, Work};
use crate::rig::acks::Acks;
use crate::rig::client::Client;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Product;
use crate::rig::outside;
use crate::rig::provider::{Provider, Truth};
use crate::rig::server::{Launch, Server};
use crate::rig::verdict;
use crate::torture::Setup;
use crate::torture::orders::{Door, at_once, place_many, placing, quote, until_answered};
use crate::torture::report::Report;
use crate::torture::stage::{Stage, StagePlan};

/// How long the flood lasts.
const WHOLE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_secs(8);

/// How long the top rate is measured, and by how many at once.
const MEASURED_FOR: Duration = Duration::from_secs(4);
const MEASURED_BY: usize = 64;

/// How many requests may be on their way at once: more than the server has room for in its queues. Each has a connection, and
/// a process has a limit of files, of which some are kept for other things.
const ON_THEIR_WAY_MAX: usize = 12_000;
const FILES_KEPT: usize = 500;

/// How many orders are told of.
const TOLD: u64 = 2_000;
const TOLD_SHORT: u64 = 400;

/// How soon after the flood it must be as quick as before, and how many quick answers in a row say that it is.
const NORMAL_WITHIN: Duration = Duration::from_secs(10);
const QUICK_IN_A_ROW: u32 = 20;

/// What counts as quick, where it was quicker before: this machine does other things as well.
const QUICK_AT_LEAST: Duration = Duration::from_millis(100);

/// What came of all requests.
#[derive(Default)]
struct Tally {
    done: u64,
    later: u64,
    wrong: Vec<String>,
    slowest: Duration,
}

impl Tally {
    fn note(&mut self, done: &Done) {
        self.slowest = self.slowest.max(done.took);
        match &done.answer {
            Ok(200..=299) => self.done += 1,
            Ok(429 | 503) if done.says_when => self.later += 1,
            Ok(status @ (429 | 503)) => self.wrong.push(format!("{status} that does not say when to come back")),
            Ok(status) => self.wrong.push(format!("answered {status}")),
            Err(why) => self.wrong.push(format!("not answered: {why}")),
        }
    }
}

/// Runs it.
pub fn run(
    setup: &Setup,
    (round, sabotage): (u64, Option<&'static str>),
    runtime: &Runtime,
    dice: &mut Dice,
    report: &mut Report,
) -> Result<(), Failure> {
    let (name, seed) = (format!("flood-{round}"), dice.draw());
    let stage = Stage::make(setup, StagePlan { name: &name, cards: 500, seed, gateway_url: None })?;
    let (mut server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
    let work = Arc::new(runtime.block_on(prepare(&stage, if setup.short { TOLD_SHORT } else { TOLD }, dice))?);
    let quick = runtime.block_on(probe(&work, dice, 50))?;
    let top = runtime.block_on(measure(&work, dice))?;
    report.largest("top rate a second", top);
    report.largest("slowest of the quick before ms", millis(quick));

    let lasts = if setup.short { SHORT } else { WHOLE };
    let flood = Flood { rate: top.saturating_mul(2).max(1), lasts };
    let (tally, held_back) = runtime.block_on(flood.run(&work, dice))?;
    report.add("flooded seconds", lasts.as_secs());
    report.largest("flooded at a second", flood.rate);
    report.add("answered", tally.done);
    report.add("told to come back", tally.later);
    report.add("held back by the flood itself", held_back);
    report.largest("slowest answer ms", millis(tally.slowest));
    tally.wrong.iter().for_each(|wrong| report.broke(format!("in the flood: {wrong}")));

    let normal = runtime.block_on(until_normal(&work, dice, quick))?;
    report.must(normal.is_some(), || format!("not as quick as before {NORMAL_WITHIN:?} after the flood"));
    report.largest("as quick as before after ms", millis(normal.unwrap_or(NORMAL_WITHIN)));
    report.must(server.lives(), || format!("the server ended: {}", server.last_words()));
    runtime.block_on(is_all_there(&work, sabotage, report))?;
    // Only now: a server that meets a row it cannot read tells its callers to wait.
    if sabotage == Some("tamper") {
        println!("  tampered: {}", stage.tamper(dice.draw(), "account")?);
    }
    report.judge("after the flood", &verdict::verify(&stage.issuer, Some(work.acks.path()))?);
    report.add("acknowledged credits", work.acks.count());
    server.kill();
    stage.end()
}

async fn prepare(stage: &Stage, told: u64, dice: &mut Dice) -> Result<Work, Failure> {
    let client = Client::new(&stage.issuer.url())?;
    let provider = Arc::new(Provider::new(&stage.issuer.keys.alipay)?);
    let cards = stage.cards(Product::Plain);
    let orders = place_many(&client, &cards, (told, "20.00 CNY", Door::Page), dice).await?;
    let signed = at_once(orders, 2, |order| {
        let provider = Arc::clone(&provider);
        async move {
            let notification = provider.notify(&order, Truth::Genuine);
            Ok((order, notification))
        }
    });
    let told = signed.await?;
    let mut quotes = Vec::new();
    for card in cards.iter().take(100) {
        quotes.push(quote(&client, *card, "20.00 CNY").await?);
    }
    let acks = Acks::begin(&stage.issuer.folder.join("acks.txt"))?;
    Ok(Work { client, quotes, told, next: AtomicUsize::new(0), acks, placed: Mutex::default() })
}

/// One caller alone, so many times: the slowest answer but one.
async fn probe(work: &Work, dice: &mut Dice, times: u32) -> Result<Duration, Failure> {
    let mut took = Vec::new();
    for _ in 0..times {
        took.push(work.carry_out(work.draw(dice)).await?.took);
    }
    took.sort_unstable();
    Ok(took.iter().rev().nth(1).copied().unwrap_or_default())
}

/// As much as so many callers get who wait for their answers: the top rate.
async fn measure(work: &Arc<Work>, dice: &mut Dice) -> Result<u64, Failure> {
    let stopping = Arc::new(AtomicBool::new(false));
    let mut callers = JoinSet::new();
    let begun = outside::now();
    for _ in 0..MEASURED_BY {
        let (work, stopping, mut dice) = (Arc::clone(work), Arc::clone(&stopping), dice.split());
        callers.spawn(async move {
            let mut answered = 0_u64;
            while !stopping.load(Ordering::Relaxed) {
                answered += u64::from(work.carry_out(work.draw(&mut dice)).await?.answer.is_ok());
            }
            Ok::<_, Failure>(answered)
        });
    }
    tokio::time::sleep(MEASURED_FOR).await;
    stopping.store(true, Ordering::Relaxed);
    let mut answered = 0_u64;
    while let Some(caller) = callers.join_next().await {
        answered = answered.saturating_add(caller.map_err(Failure::doing("a caller"))??);
    }
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(answered.saturating_mul(1_000).checked_div(millis).unwrap_or(0))
}

/// A flood: requests come by the clock, whether or not those before them have been answered.
struct Flood {
    /// So many a second.
    rate: u64,
    lasts: Duration,
}

impl Flood {
    /// Answers what came of it, and how many were held back because too many were on their way.
    async fn run(&self, work: &Arc<Work>, dice: &mut Dice) -> Result<(Tally, u64), Failure> {
        let tally = Arc::new(Mutex::new(Tally::default()));
        let room = Arc::new(Semaphore::new(ON_THEIR_WAY_MAX.min(files_max()?.saturating_sub(FILES_KEPT))));
        let (mut sent, mut held_back, begun) = (0_u64, 0_u64, outside::now());
        let mut running = JoinSet::new();
        while begun.elapsed() < self.lasts {
            let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let due = millis.saturating_mul(self.rate).checked_div(1_000).unwrap_or(0);
            while sent < due {
                sent += 1;
                let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
                    held_back += 1;
                    continue;
                };
                let (work, tally, task) = (Arc::clone(work), Arc::clone(&tally), work.draw(dice));
                running.spawn(async move {
                    let done = work.carry_out(task).await?;
                    drop(place);
                    tally.lock().unwrap_or_else(PoisonError::into_inner).note(&done);
                    Ok::<_, Failure>(())
                });
            }
            while let Some(ended) = running.try_join_next() {
                ended.map_err(Failure::doing("a request"))??;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        while let Some(ended) = running.join_next().await {
            ended.map_err(Failure::doing("a request"))??;
        }
        Ok((std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner)), held_back))
    }
}

/// How long it takes until answers come as quickly as before, many in a row.
async fn until_normal(work: &Work, dice: &mut Dice, before: Duration) -> Result<Option<Duration>, Failure> {
    let quick = before.saturating_mul(3).max(QUICK_AT_LEAST);
    let begun = outside::now();
    let mut in_a_row = 0;
    while begun.elapsed() < NORMAL_WITHIN {
        let since = begun.elapsed();
        let done = work.carry_out(work.draw(dice)).await?;
        let is_quick = done.took <= quick && matches!(done.answer, Ok(200..=299));
        in_a_row = if is_quick { in_a_row + 1 } else { 0 };
        if in_a_row == QUICK_IN_A_ROW {
            return Ok(Some(since));
        }
    }
    Ok(None)
}

/// Every placing that was answered gives the same answer again, as a repeat.
async fn is_all_there(work: &Arc<Work>, sabotage: Option<&'static str>, report: &mut Report) -> Result<(), Failure> {
    let mut placed = std::mem::take(&mut *work.placed.lock().unwrap_or_else(PoisonError::into_inner));
    if let (Some("forget"), Some((key, ..))) = (sabotage, placed.first_mut()) {
        key.push('X');
    }
    report.add("acknowledged placings", u64::try_from(placed.len()).unwrap_or(u64::MAX));
    let kept = at_once(placed, MEASURED_BY, |(key, position, told)| {
        let work = Arc::clone(work);
        async move {
            let quote = work.quotes.get(position).ok_or_else(|| Failure::new("no quote"))?;
            let body = placing(quote, "page");
            let again = until_answered(|| work.client.post("/api/v1/top-ups", Some(&key), &body)).await?;
            Ok((again.is_replayed() && again.text == told, key))
        }
    });
    for (is_kept, key) in kept.await? {
        report.must(is_kept, || format!("the placing with key {key} was acknowledged, and is not there"));
    }
    Ok(())
}

/// How many files a process may have open here: the server's limit is ours.
fn files_max() -> Result<usize, Failure> {
    let limits = std::fs::read_to_string("/proc/self/limits").map_err(Failure::doing("/proc/self/limits"))?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    soft.ok_or_else(|| Failure::new("/proc/self/limits does not tell how many files may be open"))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
