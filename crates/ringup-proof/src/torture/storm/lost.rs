//! The second part: nothing is told at all, so the server must ask.

use std::sync::Arc;
use std::time::Duration;

use ringup_sandbox::{
    AlipayKeyMode, Fault, NotificationSigner, Operation, PayerAct, Sandbox, SandboxConfig, Switch, system_clock,
};
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
    let sandbox = runtime.block_on(start_sandbox())?;
    sandbox.control().add_switch(always(Fault::NotificationLost, None));
    if sabotage == Some("deaf") {
        let fault = Fault::Http5xx { status: 502 };
        sandbox.control().add_switch(always(fault, Some(Operation::Query)));
    }
    let name = format!("lost-{round}");
    let gateway_url = Some(sandbox.alipay_gateway_url());
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
            let (client, sandbox, acks) = (client.clone(), sandbox.control(), Arc::clone(&acks));
            async move {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
                sandbox
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

const fn always(fault: Fault, operation: Option<Operation>) -> Switch {
    Switch { provider: None, out_trade_no: None, operation, next: None, fault }
}

/// Alipay, with the clock of the world and no time that runs faster.
pub(super) async fn start_sandbox() -> Result<Sandbox, Failure> {
    let keys = crate::rig::issuer::agreed_keys()?;
    let config = SandboxConfig {
        listen: "127.0.0.1:0".parse().map_err(Failure::doing("an address"))?,
        public_url: None,
        clock: system_clock(),
        time_scale: 1,
        alipay: keys.alipay_merchant(AlipayKeyMode::Key),
        wechat_pay: keys.wechat_pay_merchant(NotificationSigner::PublicKey),
    };
    ringup_sandbox::start(config).await.map_err(Failure::doing("starting the sandbox"))
}
