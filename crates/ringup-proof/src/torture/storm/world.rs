//! The issuer of a storm, its server, its orders, and the one who tells of them.

use std::collections::BTreeMap;

use ringup_sandbox::SignedNotification;

use super::plan::{Kind, Plan, Telling, When};
use super::post;
use crate::rig::acks::Acks;
use crate::rig::client::{Client, Order};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Product;
use crate::rig::outside;
use crate::rig::provider::{Provider, Truth};
use crate::rig::server::{Launch, Server};
use crate::rig::verdict;
use crate::torture::Setup;
use crate::torture::holdings;
use crate::torture::orders::{Door, at_once, place_many, state_of};
use crate::torture::report::Report;
use crate::torture::stage::{Stage, StagePlan};

/// How many connections tell at once.
const CONNECTIONS: usize = 64;

/// What each order pays, and puts on its card.
const AMOUNT: &str = "50.00 CNY";

/// How many cards of each product there are: some orders share one.
const CARDS: u64 = 1_000;

/// A storm's world.
pub struct World {
    /// Its orders, in the order of the plan.
    pub orders: Vec<Order>,
    stage: Stage,
    client: Client,
    server: Server,
    provider: Provider,
    acks: Acks,
    /// Which orders the provider was thanked for.
    is_thanked: Vec<bool>,
    signed: BTreeMap<(usize, Kind, When), SignedNotification>,
    /// When all orders were paid.
    paid_at: i64,
    ahead: When,
}

/// What came back for a telling; nothing when nobody waited for it.
struct Heard {
    telling: Telling,
    answer: Option<(u16, String)>,
}

impl World {
    /// A new one, in which nobody can ask the provider.
    pub fn make(setup: &Setup, round: u64, seed: u64) -> Result<Self, Failure> {
        let name = format!("told-{round}");
        let stage = Stage::make(setup, StagePlan { name: &name, cards: CARDS, seed, gateway_url: None })?;
        let (server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
        Ok(Self {
            orders: Vec::new(),
            client: Client::new(&stage.issuer.url())?,
            provider: Provider::new(&stage.issuer.keys.alipay)?,
            acks: Acks::begin(&stage.issuer.folder.join("acks.txt"))?,
            is_thanked: Vec::new(),
            signed: BTreeMap::new(),
            paid_at: 0,
            ahead: When::AtOnce,
            stage,
            server,
        })
    }

    /// Ends it.
    pub fn end(mut self) -> Result<(), Failure> {
        self.server.kill();
        self.stage.end()
    }

    /// Places so many orders.
    pub async fn place(&mut self, count: u64, dice: &mut Dice) -> Result<(), Failure> {
        let cards = self.stage.cards(Product::Plain);
        self.orders = place_many(&self.client, &cards, (count, AMOUNT, Door::Page), dice).await?;
        self.is_thanked = vec![false; self.orders.len()];
        self.paid_at = outside::now_micros();
        Ok(())
    }

    /// Starts the server again, so much later.
    pub fn live_at(&mut self, when: When) -> Result<(), Failure> {
        if when == self.ahead {
            return Ok(());
        }
        self.server.terminate()?;
        let ahead = ("RINGUP_SERVER__CLOCK_AHEAD_SECONDS".to_owned(), when.seconds().to_string());
        let launch = Launch { environment: vec![ahead], ..Launch::default() };
        (self.server, _) = Server::start_ready(&self.stage.issuer, &launch)?;
        self.ahead = when;
        Ok(())
    }

    /// Tells, on all connections; tells again what the provider was not thanked for.
    pub async fn deliver(&mut self, tellings: Vec<Telling>, report: &mut Report) -> Result<(), Failure> {
        self.bring(&tellings, report).await?;
        // Nobody waited for the answer, so the provider repeats himself.
        let truths = tellings.into_iter().filter(|telling| telling.kind == Kind::Genuine);
        let mut again: Vec<Telling> = truths.filter(|telling| !self.is_thanked(telling.order)).collect();
        again.sort_by_key(|telling| telling.order);
        again.dedup_by_key(|telling| telling.order);
        again.iter_mut().for_each(|telling| telling.is_dropped = false);
        report.add("told again", u64::try_from(again.len()).unwrap_or(u64::MAX));
        self.bring(&again, report).await
    }

    async fn bring(&mut self, tellings: &[Telling], report: &mut Report) -> Result<(), Failure> {
        let mut signed = Vec::with_capacity(tellings.len());
        for telling in tellings {
            signed.push((*telling, self.sign(telling)?));
        }
        let address = self.server.listen();
        let heard = at_once(signed, CONNECTIONS, |(telling, notification)| {
            let client = self.client.clone();
            async move {
                if telling.is_dropped {
                    post::hang_up(address, &notification).await;
                    return Ok(Heard { telling, answer: None });
                }
                let answer = post::deliver(&client, &notification).await?;
                Ok(Heard { telling, answer: Some((answer.status, answer.text)) })
            }
        });
        for heard in heard.await? {
            self.hear(&heard, report)?;
        }
        Ok(())
    }

    /// A provider signs once, and repeats the same bytes; what he signs anew bears another time.
    fn sign(&mut self, telling: &Telling) -> Result<SignedNotification, Failure> {
        let order = self.orders.get(telling.order).ok_or_else(|| Failure::new("a telling of no order"))?;
        let later = i64::from(self.ahead.seconds()).saturating_mul(1_000_000);
        let now = self.paid_at.saturating_add(later);
        let (provider, paid_at) = (&self.provider, self.paid_at);
        let sign = || match telling.kind {
            Kind::Genuine => provider.notify_at(order, Truth::Genuine, (paid_at, now)),
            Kind::Old => provider.notify_at(order, Truth::Genuine, (paid_at, paid_at)),
            Kind::Forged => provider.notify_at(order, Truth::Forged, (paid_at, now)),
            Kind::OtherAmount => {
                let paid_minor = order.you_pay_minor.saturating_add(100);
                provider.notify_at(order, Truth::OtherAmount { paid_minor }, (paid_at, now))
            }
        };
        Ok(self.signed.entry((telling.order, telling.kind, self.ahead)).or_insert_with(sign).clone())
    }

    /// What an answer must be, and what it means.
    fn hear(&mut self, heard: &Heard, report: &mut Report) -> Result<(), Failure> {
        let Telling { order, kind, .. } = heard.telling;
        report.add(name_of(kind), 1);
        let Some((status, text)) = &heard.answer else {
            report.add("hung up", 1);
            return Ok(());
        };
        let is_success = (*status, text.as_str()) == (200, "success");
        let is_refusal = (*status, text.as_str()) == (400, "fail");
        let must_be_success = matches!(kind, Kind::Genuine | Kind::OtherAmount);
        let as_it_should = if must_be_success { is_success } else { is_refusal };
        report.must(as_it_should, || format!("{kind:?} of order {order} was answered {status} {text}"));
        if kind == Kind::Genuine && is_success && !self.is_thanked(order) {
            if let Some(order) = self.orders.get(order) {
                self.acks.credited(order)?;
            }
            if let Some(thanked) = self.is_thanked.get_mut(order) {
                *thanked = true;
            }
        }
        Ok(())
    }

    fn is_thanked(&self, order: usize) -> bool {
        self.is_thanked.get(order) == Some(&true)
    }

    /// What `ringup verify` finds now.
    pub fn verify(&self, report: &mut Report) -> Result<(), Failure> {
        let verdict = verdict::verify(&self.stage.issuer, Some(self.acks.path()))?;
        report.judge(&format!("{:?}", self.ahead), &verdict);
        Ok(())
    }

    /// Each order stands where the plan says, each card holds exactly that, and the journal has each credit once.
    pub async fn judge(&self, plan: &Plan, report: &mut Report) -> Result<(), Failure> {
        let is_told = plan.is_told();
        let codes: Vec<String> = self.orders.iter().map(|order| order.code.clone()).collect();
        let states = at_once(codes, CONNECTIONS, |code| {
            let client = self.client.clone();
            async move { state_of(&client, &code).await }
        });
        let mut expected: BTreeMap<_, u64> = BTreeMap::new();
        for ((number, (order, told)), state) in self.orders.iter().zip(&is_told).enumerate().zip(states.await?) {
            let is_right = if *told { state == "credited" } else { state == "placed" || state == "abandoned" };
            let paid = plan.is_paid.get(number) == Some(&true);
            report.must(is_right, || format!("order {number} is {state} (paid: {paid}, truly told: {told})"));
            report.add(if *told { "truly told" } else { "never truly told" }, 1);
            report.add("credited", u64::from(state == "credited"));
            let holds = expected.entry(order.card).or_default();
            *holds = holds.saturating_add(if *told { order.card_gets.minor() } else { 0 });
        }
        let held = holdings::of_cards(&self.stage.issuer.database, expected.keys().copied())?;
        for (card, minor) in expected {
            let holds = held.get(&card).copied().unwrap_or(0);
            report.must(holds == minor, || format!("card {card} holds {holds} fen and should hold {minor}"));
            report.add("cards compared", 1);
        }
        Ok(())
    }

    /// An order that nobody paid is told of with the provider's own key.
    pub async fn tell_with_the_stolen_key(&self, plan: &Plan) -> Result<(), Failure> {
        let unpaid = plan.is_paid.iter().position(|is_paid| !is_paid);
        let order = unpaid.and_then(|order| self.orders.get(order)).ok_or_else(|| Failure::new("all are paid"))?;
        post::deliver(&self.client, &self.provider.notify(order, Truth::Genuine)).await.map(drop)
    }

    /// Somebody changes an account behind the server's back.
    pub fn tamper(&self, seed: u64) -> Result<(), Failure> {
        println!("  tampered: {}", self.stage.tamper(seed, "account")?);
        Ok(())
    }
}

const fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Genuine => "told genuine",
        Kind::Old => "told in old words",
        Kind::Forged => "told forged",
        Kind::OtherAmount => "told another amount",
    }
}
