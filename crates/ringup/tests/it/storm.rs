//! Ten thousand notifications, repeated, shuffled, forged and changed, from many connections at once: exactly what was
//! paid and truly told is credited.

use std::collections::BTreeSet;
use std::sync::Arc;

use ringup_core::payment::Provider;
use ringup_sandbox::{Forgery, SignedNotification};
use tokio::task::JoinSet;

use crate::support::{Alipay, Order, PROVIDERS, Signer, TestApp, TestCard, WechatPay, key};

const PAID: usize = 900;
const UNPAID: usize = 100;
const NOTIFICATIONS: usize = 10_000;
const TIMES_MAX: usize = 15;
/// Five of a hundred.
const FORGED: usize = NOTIFICATIONS / 20;
const AMOUNT_CHANGED: usize = NOTIFICATIONS / 20;
const CONNECTIONS: usize = 16;

/// What becomes of one notification on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Genuine,
    Forged,
    AmountChanged,
}

/// Draws the same numbers from the same seed (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

/// Which order is told of how, 10,000 times in all: each order 1 to 15 times, the unpaid ones by forgeries only.
fn plan(dice: &mut Dice) -> Vec<(usize, Kind)> {
    let mut times = vec![1; PAID + UNPAID];
    let mut forged = UNPAID;
    while times.iter().sum::<usize>() < NOTIFICATIONS {
        let order = dice.below(times.len());
        let may_grow = if order < PAID { times[order] < TIMES_MAX } else { times[order] < 4 && forged < FORGED };
        if may_grow {
            times[order] += 1;
            forged += usize::from(order >= PAID);
        }
    }
    let mut all: Vec<(usize, Kind)> = Vec::new();
    for (order, times) in times.into_iter().enumerate() {
        let kind = if order < PAID { Kind::Genuine } else { Kind::Forged };
        all.extend(std::iter::repeat_n((order, kind), times));
    }
    let mut changed = 0;
    while forged + changed < FORGED + AMOUNT_CHANGED {
        let chosen = dice.below(all.len());
        let (_, kind) = &mut all[chosen];
        if *kind != Kind::Genuine {
            continue;
        }
        if forged < FORGED {
            *kind = Kind::Forged;
            forged += 1;
        } else {
            *kind = Kind::AmountChanged;
            changed += 1;
        }
    }
    dice.shuffle(&mut all);
    all
}

/// Does this for each thing, some at a time; answers in the order of the things.
async fn at_once<T, R, F>(things: impl IntoIterator<Item = T>, work: impl Fn(T) -> F) -> Vec<R>
where
    R: Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let (mut running, mut done) = (JoinSet::new(), Vec::new());
    for (position, thing) in things.into_iter().enumerate() {
        if running.len() == CONNECTIONS {
            done.push(running.join_next().await.unwrap().unwrap());
        }
        let work = work(thing);
        running.spawn(async move { (position, work.await) });
    }
    done.extend(running.join_all().await);
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, result)| result).collect()
}

async fn given_orders(app: &Arc<TestApp>) -> Vec<(TestCard, Order)> {
    at_once(0..PAID + UNPAID, |number| {
        let app = Arc::clone(app);
        async move {
            let card = app.given_a_card("0.00 CNY").await;
            let order = app.places(&card, "50.00 CNY", PROVIDERS[number % 2]).await;
            if number < PAID {
                app.customer_pays(&order);
            }
            (card, order)
        }
    })
    .await
}

/// Signs what is planned, on both processors.
fn sign(app: &Arc<TestApp>, orders: &Arc<Vec<(TestCard, Order)>>, plan: &[(usize, Kind)]) -> Vec<SignedNotification> {
    let halves = plan.chunks(plan.len().div_ceil(2)).map(|half| {
        let (app, orders, half) = (Arc::clone(app), Arc::clone(orders), half.to_vec());
        std::thread::spawn(move || half.iter().map(|planned| one(&app, &orders, *planned)).collect::<Vec<_>>())
    });
    let halves: Vec<_> = halves.collect();
    halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
}

fn one(app: &TestApp, orders: &[(TestCard, Order)], (number, kind): (usize, Kind)) -> SignedNotification {
    let order = &orders[number].1;
    if number >= PAID {
        return forged_about(app, order, &orders[number % 2].1);
    }
    app.notification(
        order,
        match kind {
            Kind::Genuine => Forgery::None,
            Kind::Forged => Forgery::WrongKey,
            Kind::AmountChanged => Forgery::Amount,
        },
    )
}

/// What somebody writes who wants this order to look paid, and knows how another one looked: all but the key.
fn forged_about(app: &TestApp, order: &Order, paid: &Order) -> SignedNotification {
    match order.provider {
        Provider::Alipay => {
            let signer = Signer::of(&app.keys.alipay.merchant_private_key);
            Alipay::about(app, paid).with("out_trade_no", &order.reference).signed_by(&signer)
        }
        Provider::WechatPay => {
            let signer = Signer::of(&app.keys.wechat_pay.merchant_private_key);
            WechatPay::about(app, paid).with("out_trade_no", order.reference.as_str().into()).signed_by(&signer)
        }
    }
}

/// A new one each time, or the one that is to be looked at again. Never zero, which the dice would stay at.
fn seed() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "here the storm learns which seed it is to repeat")]
    let given = std::env::var("RINGUP_STORM_SEED").ok();
    given.map_or_else(|| u64::from_str_radix(&key()[..16], 16).unwrap() | 1, |seed| seed.parse().unwrap())
}

/// Says it for everyone to read: what is printed is kept back while a test goes well, and the counts are the point here.
fn say(line: &str) {
    use std::io::Write as _;
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_thousand_notifications_exactly_the_genuine_ones_of_paid_orders_credit() {
    let seed = seed();
    say(&format!("storm of seed {seed}: again with RINGUP_STORM_SEED={seed}"));
    let app = Arc::new(TestApp::new().await);
    app.given_notifications_are_lost();
    let plan = plan(&mut Dice(seed));
    let orders = Arc::new(given_orders(&app).await);
    let signing = (Arc::clone(&app), Arc::clone(&orders), plan.clone());
    let notifications = tokio::task::spawn_blocking(move || sign(&signing.0, &signing.1, &signing.2)).await.unwrap();

    let answers = at_once(notifications, |notification| {
        let app = Arc::clone(&app);
        async move { app.delivers(notification).await }
    })
    .await;
    for ((number, kind), answer) in plan.iter().zip(&answers) {
        let provider = orders[*number].1.provider;
        let as_it_should = if *kind == Kind::Forged { answer.refuses(provider) } else { answer.acknowledges(provider) };
        assert!(as_it_should, "{kind:?}: {answer:?}");
    }

    let told: BTreeSet<usize> =
        plan.iter().filter(|(_, kind)| *kind == Kind::Genuine).map(|(number, _)| *number).collect();
    let states = at_once(orders.iter().cloned(), |(card, order)| {
        let app = Arc::clone(&app);
        async move {
            let holdings = ringup_engine::balance::show(&app.engine, card.number, None).await.unwrap();
            (app.state_of(&order).await, holdings.main.minor())
        }
    })
    .await;
    for (number, state) in states.iter().enumerate() {
        let expected = if told.contains(&number) { ("credited".to_owned(), 5_000) } else { ("placed".to_owned(), 0) };
        assert_eq!(*state, expected, "order {number}");
    }
    let count = |kind: Kind| plan.iter().filter(|(_, planned)| *planned == kind).count();
    let written_down = app.odd_notifications().await.len();
    assert_eq!(written_down, count(Kind::AmountChanged));
    say(&format!(
        "{} notifications: {} genuine, {} forged, {} amount-changed; {} orders, {PAID} of them paid; {} credited, {} fen",
        plan.len(),
        count(Kind::Genuine),
        count(Kind::Forged),
        count(Kind::AmountChanged),
        orders.len(),
        states.iter().filter(|(state, _)| state == "credited").count(),
        states.iter().map(|(_, minor)| minor).sum::<u64>(),
    ));
}
