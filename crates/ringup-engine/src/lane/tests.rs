use std::sync::LazyLock;

use ringup_core::apply::{ChangeCardState, ImportCard, Refusal};
use ringup_core::books::PinHash;
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::{BatchId, Node};
use ringup_core::money::{Amount, Unit};
use ringup_core::product::ProductId;
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};
use ringup_db::url::DatabaseUrl;
use ringup_db::{migrate, schema};
use tempfile::TempDir;

use super::*;
use crate::catalogue::Catalogue;
use crate::clock::ManualClock;

const START: Timestamp = Timestamp::from_seconds(1_795_399_200);

const CATALOGUE: &str = r#"
[[product]]
id = 1
code = "plain"
name = { en = "Plain card", zh_hans = "普通卡" }
unit = "CNY"
prefix = "622588"
digits = 16
pin_digits = 6
validity_days = 365
added_days_per_top_up = 180
grace_days = 90
offered = ["50"]
balance_min = "0"
balance_max = "1000"
"#;

/// A database of its own; the folder must outlive it.
fn given_a_database() -> (Database, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "here the tests learn which database they are for")]
    let server = std::env::var("RINGUP_TEST_DATABASE_URL").ok();
    let file = format!("sqlite:{}", folder.path().join("lane.db").display());
    let url = server.unwrap_or(file).parse().unwrap();
    let name = format!("lane_{}", crate::keys::hex(&crate::chance::bytes::<8>()));
    // Connecting blocks, which an asynchronous test must not.
    let database = std::thread::spawn(move || open(schema::make(url, &name).unwrap())).join().unwrap();
    (database, folder)
}

/// A lane of the first server, whose clock shows this moment.
fn given_a_lane_on(database: &Database, now: Timestamp) -> (Lane, Arc<IdMint>) {
    let (database, clock) = (database.clone(), Clock::Manual(ManualClock::at(now)));
    let start = move || {
        let ids = Arc::new(IdMint::open(&database, Node::new(1).unwrap()).unwrap());
        (Lane::start(&database, clock, Arc::clone(&ids)).unwrap(), ids)
    };
    std::thread::spawn(start).join().unwrap()
}

/// A lane on a database of its own; the folder must outlive it.
fn given_a_lane() -> (Lane, TempDir) {
    let (database, folder) = given_a_database();
    (given_a_lane_on(&database, START).0, folder)
}

fn open(url: DatabaseUrl) -> Database {
    let database = Database::open(url).unwrap();
    migrate::migrate(&database, START).unwrap();
    let product = Catalogue::parse(CATALOGUE).unwrap().products.remove(0);
    let sown = database.writer().unwrap().write::<_, Infallible>(|tx| {
        ringup_db::product::upsert_product(tx, &product)?;
        Ok(())
    });
    sown.unwrap();
    database
}

/// Cards whose commands all go through the first lane, as what is no command does: on PostgreSQL there are two.
static NUMBERS: LazyLock<Vec<CardNumber>> = LazyLock::new(|| {
    let all = (0..).map(|nth| CardNumber::with_check_digit(622_588_000_000_000 + nth).unwrap());
    all.filter(|number| Shard::of_card(*number).0.is_multiple_of(limits::POSTGRES_LANES)).take(10_000).collect()
});

fn number(nth: u64) -> CardNumber {
    NUMBERS[usize::try_from(nth).unwrap()]
}

fn import(nth: u64) -> Command {
    Command::ImportCard(ImportCard {
        number: number(nth),
        product: ProductId(1),
        batch: BatchId::from_u64(1),
        pin: PinHash([0; 16]),
        balance: Amount::new(2_000, Unit::Cny).unwrap(),
        expires_at: Timestamp::from_seconds(1_900_000_000),
    })
}

fn suspend(nth: u64) -> Command {
    Command::ChangeCardState(ChangeCardState { card: number(nth), to: CardState::Suspended })
}

/// Keeps the lane busy until the sender is dropped, and tells when it has begun to be.
async fn given_a_busy_lane(lane: &Lane) -> std::sync::mpsc::Sender<()> {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (begin, begun) = oneshot::channel();
    let lane = lane.clone();
    tokio::spawn(async move {
        lane.write(move |_| {
            let _ = begin.send(());
            let _ = released.recv();
            Ok(())
        })
        .await
    });
    begun.await.unwrap();
    release
}

#[tokio::test]
async fn a_refusal_touches_nobody_else_in_its_batch() {
    let (lane, _folder) = given_a_lane();
    let release = given_a_busy_lane(&lane).await;
    let commands = [import(1), import(1), import(2), suspend(3), suspend(2)];
    let waiting = commands.map(|command| {
        let lane = lane.clone();
        tokio::spawn(async move { lane.submit(command).await })
    });
    // All five wait in the queue before the lane is let go, so they share one batch.
    tokio::task::yield_now().await;
    drop(release);
    let mut answers = Vec::new();
    for one in waiting {
        answers.push(one.await.unwrap());
    }
    assert_eq!(
        answers,
        [
            Ok(Outcome::CardImported),
            Err(SubmitError::Refused(Refusal::CardExists)),
            Ok(Outcome::CardImported),
            Err(SubmitError::Refused(Refusal::CardUnknown)),
            Ok(Outcome::CardStateChanged),
        ]
    );
}

#[tokio::test]
async fn a_full_queue_says_so_at_once_and_takes_more_when_it_has_emptied() {
    let (lane, _folder) = given_a_lane();
    let release = given_a_busy_lane(&lane).await;
    let waiting: Vec<_> = (0..limits::LANE_QUEUE)
        .map(|nth| {
            let lane = lane.clone();
            tokio::spawn(async move { lane.submit(suspend(u64::try_from(nth).unwrap())).await })
        })
        .collect();
    while lane.queues[0].capacity() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(lane.submit(import(1)).await, Err(SubmitError::Busy));
    drop(release);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Err(SubmitError::Refused(Refusal::CardUnknown)));
    }
    assert_eq!(lane.submit(import(1)).await, Ok(Outcome::CardImported));
}

#[tokio::test]
async fn after_a_failed_commit_nobody_is_told_yes_and_nothing_is_written_any_more() {
    let (lane, _folder) = given_a_lane();
    let release = given_a_busy_lane(&lane).await;
    let failing = Work::Other(Box::new(|_| GoOn::No));
    lane.enqueue(Shard(0), failing).unwrap();
    let queued = lane.clone();
    let waiting = tokio::spawn(async move { queued.submit(import(1)).await });
    while lane.queues[0].capacity() > limits::LANE_QUEUE - 2 {
        tokio::task::yield_now().await;
    }
    drop(release);
    assert_eq!(waiting.await.unwrap(), Err(SubmitError::Stopped));
    assert_eq!(lane.submit(import(2)).await, Err(SubmitError::Stopped));
    assert_eq!(lane.ready(), Err(SubmitError::Stopped));
}

#[tokio::test]
async fn a_card_made_by_one_command_is_there_for_the_next() {
    let (lane, _folder) = given_a_lane();
    assert_eq!(lane.submit(import(1)).await, Ok(Outcome::CardImported));
    assert_eq!(lane.submit(suspend(1)).await, Ok(Outcome::CardStateChanged));
    assert_eq!(lane.submit(suspend(1)).await, Ok(Outcome::NothingToDo));
}

#[tokio::test]
async fn ids_go_on_when_the_server_is_started_again_with_a_clock_that_went_back() {
    let (database, _folder) = given_a_database();
    let (lane, ids) = given_a_lane_on(&database, START);
    let shard = Shard::of_card(number(1));
    assert_eq!(lane.submit(import(1)).await, Ok(Outcome::CardImported));
    let by_hand = ids.one(shard, START);
    lane.write(move |_| Ok(())).await.unwrap();

    let an_hour_before = START.minus(Span::hours(1));
    let (_lane, ids) = given_a_lane_on(&database, an_hour_before);
    let after = ids.one(shard, an_hour_before);
    assert!(after > by_hand, "{after} comes after {by_hand}");
}

#[tokio::test]
async fn after_a_write_that_failed_the_database_is_in_doubt_until_somebody_tries_it() {
    let (lane, _folder) = given_a_lane();
    assert!(!lane.take_doubt(), "nothing has failed");
    let failed = lane.write::<(), _>(|_| Err(DbError::Damaged("made up by the test".to_owned()))).await;
    assert!(matches!(failed, Err(SubmitError::Unavailable(_))), "{failed:?}");
    assert!(lane.take_doubt(), "a write failed");
    assert!(!lane.take_doubt(), "whoever asked tries it now");
}

#[test]
fn only_who_comes_alone_after_one_who_came_alone_has_no_company() {
    let crowded = [(1, 0), (1, 1), (2, 0), (2, 1), (1, 2), (2, 2)].map(|(length, last)| is_crowded(length, last));
    assert_eq!(crowded, [false, false, true, true, true, true]);
}

/// A queue in which so many commands wait, and something else behind them.
fn given_a_queue(commands: u64) -> (mpsc::Sender<Work>, mpsc::Receiver<Work>) {
    let (queue, waiting) = mpsc::channel(limits::LANE_QUEUE);
    for nth in 0..commands {
        assert!(queue.try_send(Work::Command(given_a_command(nth))).is_ok());
    }
    (queue, waiting)
}

fn given_a_command(nth: u64) -> Waiting {
    Waiting { command: suspend(nth), answer: oneshot::channel().0 }
}

#[test]
fn company_is_taken_up_to_what_is_no_command() {
    let (queue, mut waiting) = given_a_queue(3);
    assert!(queue.try_send(Work::Other(Box::new(|_| GoOn::Yes))).is_ok());
    assert!(queue.try_send(Work::Command(given_a_command(4))).is_ok());
    let (mut batch, mut held_over) = (vec![given_a_command(5)], None);
    wait_for_company(&mut batch, &mut held_over, &mut waiting);
    assert_eq!(batch.len(), 4);
    assert!(matches!(held_over, Some(Work::Other(_))), "it comes after the batch");
    wait_for_company(&mut batch, &mut held_over, &mut waiting);
    assert_eq!(batch.len(), 4, "what was held over is not overtaken");
}

#[test]
fn no_batch_is_longer_than_it_may_be() {
    let (_queue, mut waiting) = given_a_queue(u64::try_from(limits::BATCH_MAX).unwrap() + 1);
    let (mut batch, mut held_over) = (vec![given_a_command(0)], None);
    wait_for_company(&mut batch, &mut held_over, &mut waiting);
    assert_eq!(batch.len(), limits::BATCH_MAX);
}

#[test]
fn who_looks_for_company_gives_up_when_nobody_comes() {
    let (_queue, mut waiting) = given_a_queue(0);
    let (mut batch, mut held_over) = (vec![given_a_command(0)], None);
    wait_for_company(&mut batch, &mut held_over, &mut waiting);
    assert_eq!(batch.len(), 1);
}
