//! Simulated worlds hold, come out the same again, and break when something is done wrong on purpose.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use ringup_sim::fault::Fault;
use ringup_sim::many::{self, Summary};
use ringup_sim::sabotage::Sabotage;
use ringup_sim::trace::Keep;
use ringup_sim::world;

const SEEDS: u64 = 10_000;

fn run(from: u64, count: u64, sabotage: Option<Sabotage>) -> Summary {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    many::run(from, count, u64::try_from(threads).unwrap(), sabotage)
}

#[test]
fn ten_thousand_worlds_hold() {
    let summary = run(0, SEEDS, None);
    println!("{summary}");
    assert!(summary.failures.is_empty(), "{summary}");
    assert_eq!(summary.worlds, SEEDS);
    let unmet: Vec<&str> =
        Fault::ALL.iter().zip(summary.faults).filter(|(_, count)| *count == 0).map(|(fault, _)| fault.name()).collect();
    assert!(unmet.is_empty(), "these faults never struck: {unmet:?}");
    let undone: Vec<&str> =
        summary.done.lines().into_iter().filter(|(_, count)| *count < SEEDS / 10).map(|(name, _)| name).collect();
    assert!(undone.is_empty(), "these were hardly ever done: {undone:?}");
}

#[test]
fn equal_seeds_have_equal_traces_and_other_seeds_have_others() {
    for seed in 0..200 {
        let (one, other) = (world::run(seed, None, Keep::Hash), world::run(seed, None, Keep::Lines));
        assert_eq!((one.hash, one.steps, one.faults), (other.hash, other.steps, other.faults), "seed {seed}");
        assert!(other.text.is_some_and(|text| text.lines().count() > 3));
        assert_ne!(one.hash, world::run(seed + 1, None, Keep::Hash).hash);
    }
    let (one, two) = (many::run(0, 300, 1, None), many::run(0, 300, 3, None));
    assert_eq!((one.hash, one.steps), (two.hash, two.steps), "threads change nothing");
}

/// The auditor sees it, and the line he prints replays it.
fn check(sabotage: Sabotage) {
    let mut from = 0;
    while from < SEEDS {
        let summary = run(from, 500, Some(sabotage));
        from += 500;
        let Some(failure) = summary.failures.first() else { continue };
        let words: Vec<&str> = failure.split_whitespace().collect();
        let place = words.iter().position(|word| *word == "--seed").unwrap();
        let seed = words[place + 1].parse().unwrap();
        assert!(failure.ends_with(&format!("--sabotage {}", sabotage.name())), "{failure}");
        assert!(world::run(seed, Some(sabotage), Keep::Hash).violation.is_some(), "{failure}");
        assert_eq!(world::run(seed, None, Keep::Hash).violation, None, "without it, the world holds");
        return;
    }
    panic!("{} was done in {SEEDS} worlds, and nobody saw it", sabotage.name());
}

/// One test for each sabotage, so that a list says which.
macro_rules! is_seen {
    ($($test:ident: $sabotage:ident,)+) => {
        $(#[test] fn $test() { check(Sabotage::$sabotage); })+

        #[test]
        fn every_sabotage_has_its_test() {
            assert_eq!([$(Sabotage::$sabotage),+].as_slice(), Sabotage::ALL);
        }
    };
}

is_seen! {
    a_capture_credited_twice_is_seen: CreditTwice,
    a_bonus_forgotten_in_a_refund_is_seen: ForgetBonus,
    an_ignored_idempotency_key_is_seen: IgnoreKey,
    a_committed_row_that_is_gone_is_seen: DropRow,
    an_answer_before_the_commit_is_seen: AnswerEarly,
    a_lost_job_of_a_refund_is_seen: LoseRefundJob,
    a_lost_job_of_a_bonus_is_seen: LoseLapseJob,
    a_lost_job_of_a_payment_is_seen: LoseFollowJob,
    an_amount_believed_from_a_notification_is_seen: BelieveAmount,
    an_overwritten_row_is_seen: NoGuard,
    a_lost_case_is_seen: LoseCase,
    a_refund_sent_again_under_another_number_is_seen: OtherRefundNumber,
    a_timeout_taken_for_a_closed_order_is_seen: TimeoutIsClosed,
    a_torn_batch_is_seen: TornBatch,
    a_denied_commit_is_seen: DenyCommit,
    forgotten_ids_are_seen: ForgetIds,
    a_late_credit_made_twice_is_seen: CreditLateTwice,
    a_sale_out_of_a_closed_drawer_is_seen: SellClosed,
    a_float_below_its_limit_is_seen: OverdrawFloat,
    a_receipt_number_given_twice_is_seen: RepeatNumber,
    a_refund_handed_over_twice_is_seen: PayOutTwice,
    a_swallowed_difference_of_a_count_is_seen: SwallowDifference,
    an_overwritten_drawer_or_float_is_seen: NoPurseGuard,
    a_lost_job_of_a_late_credit_is_seen: LoseCreditJob,
}
