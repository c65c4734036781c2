//! The issuer that each round damages a copy of: small, with everything in it that can happen to a top-up.

use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use super::place::Place;
use super::shown::Shown;
use crate::rig::acks::Acks;
use crate::rig::client::{Client, Order};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Product;
use crate::rig::provider::{Provider, Truth};
use crate::rig::server::{Launch, Server};
use crate::rig::verdict;
use crate::torture::Setup;
use crate::torture::orders::{Door, place_many, until_answered};
use crate::torture::stage::{Stage, StagePlan};

/// How many cards of each product there are.
const CARDS: u64 = 8;

/// How many top-ups of each product are credited in each half of its life, and how many are never paid.
const CREDITED: u64 = 5;
const UNPAID: u64 = 2;

/// What is damaged, before it is.
pub struct Template {
    /// What callers were told.
    pub acks: PathBuf,
    /// Its top-ups.
    pub orders: Vec<Order>,
    /// What is shown of everything.
    pub shown: Shown,
    stage: Stage,
}

impl Template {
    /// Makes it. The server is stopped in an orderly way once, and killed at the end: one half of what is stored stands in the
    /// database's main files, the other half in its log.
    pub fn make(setup: &Setup, dice: &mut Dice, runtime: &Runtime) -> Result<Self, Failure> {
        let seed = dice.draw();
        let mut stage = Stage::make(setup, StagePlan { name: "template", cards: CARDS, seed, gateway_url: None })?;
        let acks = Acks::begin(&setup.folder.join("acks.txt"))?;
        let mut orders = Vec::new();
        let (mut server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
        runtime.block_on(live(&stage, (&acks, &mut orders), dice))?;
        refund(&stage, &orders)?;
        server.terminate()?;
        let (mut server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
        runtime.block_on(live(&stage, (&acks, &mut orders), dice))?;
        let shown = runtime.block_on(Shown::look(&stage.issuer, &orders))?;
        let verdict = verdict::verify(&stage.issuer, Some(acks.path()))?;
        if !verdict.holds() {
            return Err(Failure::new(format!("verify finds damage before there is any: {:?}", verdict.broken())));
        }
        server.kill();
        if let Some(postgres) = &mut stage.postgres {
            postgres.stop()?;
            // Damage to an index is seen by nobody else: Ringup reads through indexes, and verifies what it reads.
            postgres.enable_checksums()?;
        }
        Ok(Self { acks: acks.path().to_owned(), orders, shown, stage })
    }

    /// A copy of it, with its database running where it has a server.
    pub fn copy_to(&self, folder: &Path) -> Result<Place, Failure> {
        Place::copy(&self.stage, folder)
    }

    /// Ends it.
    pub fn end(self) -> Result<(), Failure> {
        self.stage.end()
    }
}

/// One half of its life. The last thing that happens is a credit that is acknowledged, so that a lost end of the log is a lost
/// acknowledgement.
async fn live(stage: &Stage, (acks, orders): (&Acks, &mut Vec<Order>), dice: &mut Dice) -> Result<(), Failure> {
    let client = Client::new(&stage.issuer.url())?;
    let provider = Provider::new(&stage.issuer.keys.alipay)?;
    let kinds = [(Product::Plain, "50.00 CNY"), (Product::Gifts, "100.00 CNY")];
    for (product, amount) in kinds {
        orders.extend(place_many(&client, &stage.cards(product), (UNPAID, amount, Door::Page), dice).await?);
    }
    let mut paid = Vec::new();
    for (product, amount) in kinds {
        paid.extend(place_many(&client, &stage.cards(product), (CREDITED, amount, Door::Page), dice).await?);
    }
    if let Some(order) = orders.last() {
        // Written down, and no more.
        let odd = provider.notify(order, Truth::OtherAmount { paid_minor: 1 });
        until_answered(|| client.notify(&odd)).await?;
    }
    for order in paid {
        let notification = provider.notify(&order, Truth::Genuine);
        let answer = until_answered(|| client.notify(&notification)).await?;
        if !answer.is_success() {
            return Err(Failure::new(format!("a genuine notification was answered {}", answer.text)));
        }
        acks.credited(&order)?;
        orders.push(order);
    }
    Ok(())
}

/// One top-up is given back wholly, another in part: their money is on its way, and stays so, because nobody answers.
fn refund(stage: &Stage, orders: &[Order]) -> Result<(), Failure> {
    let mut credited = orders.iter().rev();
    for (number, part) in [("refund-number-1", None), ("refund-number-2", Some("30.00 CNY"))] {
        let order = credited.next().ok_or_else(|| Failure::new("there is nothing to refund"))?;
        let mut words = vec!["top-up", "refund", &order.top_up, "--id", number];
        words.extend(part.into_iter().flat_map(|part| ["--amount", part]));
        stage.issuer.run(words)?;
    }
    Ok(())
}
