//! The second part: nothing is told at all, so the server must ask.

use std::sync::Arc;
use std::time::Duration;

use ringup_sandbox::{Fault, Operation, PayerAct};
use tokio::runtime::Runtime;

use crate::rig::acks::Acks;
use crate::rig::client::{Client, Order};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Product;
use crate::rig::outside;
use crate::rig::server::{Launch, Server};
use crate::rig::verdict;
use crate::torture::Setup;
use crate::torture::orders::{Door, at_once, place_many, state_of};
use crate::torture::report::Report;
use crate::torture::sandbox;
use crate::torture::stage::{Stage, StagePlan};

/// How many orders there are, and over how many milliseconds their payers pay.
const WHOLE: (u64, u64) = (1_000, 100_000);
const SHORT: (u64, u64) = (150, 15_000);

/// How long after its payment a top-up may be credited when no notification comes.
const CREDITED_WITHIN: Duration = Duration::from_secs(60);

/// How often each top-up that is not credited yet is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Runs it.
pub fn run(
    setup: &Setup,
    (round, sabotage): (u64, Option<&'static str>),
    runtime: &Runtime,
    dice: &mut Dice,
    report: &mut Report,
) -> Result<(), Failure> {
    let played = runtime.block_on(sandbox::start())?;
    played.control().add_switch(sandbox::always(Fault::NotificationLost, None));
    if sabotage == Some("deaf") {
        let fault = Fault::Http5xx { status: 502 };
        played.control().add_switch(sandbox::always(fault, Some(Operation::Query)));
    }
    let name = format!("lost-{round}");
    let gateway_url = Some(played.alipay_gateway_url());
    let stage = Stage::make(setup, StagePlan { name: &name, cards: 200, seed: dice.draw(), gateway_url })?;
    let (mut server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
    let acks = Arc::new(Acks::begin(&stage.issuer.folder.join("acks.txt"))?);
    let client = Client::new(&stage.issuer.url())?;
    let (count, over_ms) = if setup.short { SHORT } else { WHOLE };
    let cards = stage.cards(Product::Plain);
    let waits = runtime.block_on(async {
        let orders = place_many(&client, &cards, (count, "50.00 CNY", Door::Qr), dice).await?;
        let paying: Vec<(Order, u64)> = orders.into_iter().map(|order| (order, dice.below(over_ms))).collect();
        at_once(paying, usize::MAX, |(order, after_ms)| {
            let (client, payer, acks) = (client.clone(), played.control(), Arc::clone(&acks));
            async move {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
                payer
                    .pay(ringup_sandbox::Provider::Alipay, &order.reference, PayerAct::Pay)
                    .map_err(|refusal| Failure::new(format!("paying {}: {refusal:?}", order.reference)))?;
                wait_for_credit(&client, &order, &acks).await
            }
        })
        .await
    })?;
    for (order, waited) in waits {
        let within = waited.is_some_and(|waited| waited <= CREDITED_WITHIN);
        report.must(within, || format!("{order} was paid, and not credited in {CREDITED_WITHIN:?} ({waited:?})"));
        report.add("found by asking", u64::from(within));
        let waited = waited.unwrap_or_default().as_millis();
        report.largest("longest wait for a credit ms", u64::try_from(waited).unwrap_or(u64::MAX));
    }
    report.judge("asked", &verdict::verify(&stage.issuer, Some(acks.path()))?);
    server.kill();
    stage.end()
}

/// Looks until it is credited; answers how long that took, or nothing when it takes far too long.
async fn wait_for_credit(client: &Client, order: &Order, acks: &Acks) -> Result<(String, Option<Duration>), Failure> {
    let paid = outside::now();
    while paid.elapsed() < CREDITED_WITHIN.saturating_mul(2) {
        if state_of(client, &order.code).await? == "credited" {
            let waited = paid.elapsed();
            acks.credited(order)?;
            return Ok((order.top_up.clone(), Some(waited)));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok((order.top_up.clone(), None))
}
