use ringup_core::id::JobId;
use ringup_core::job::{JobKind, NewJob};
use ringup_core::time::{Span, Timestamp};

use super::{
    Job, claim_due_jobs, count_jobs, finish_job, give_up_job, given_up_jobs, has_due_job, hurry_job, insert_job,
    jobs_of, retry_job,
};
use crate::testing::{TestDatabase, given_a_database, start};

const LEASE: Span = Span::seconds(60);

fn later(seconds: i64) -> Timestamp {
    start().plus(Span::seconds(seconds))
}

fn given_jobs(run_after: &[i64]) -> TestDatabase {
    let test = given_a_database();
    test.write(|tx| {
        for (n, seconds) in (1..).zip(run_after) {
            let id = JobId::from_u64(n << 40);
            let job =
                NewJob { id, shard: id.shard(), kind: JobKind::SendRefund, subject: n << 40, run_at: later(*seconds) };
            insert_job(tx, &job)?;
        }
        Ok(())
    });
    test
}

fn claim(test: &TestDatabase, at: i64, limit: u32) -> Vec<Job> {
    test.write(|tx| Ok(claim_due_jobs(tx, later(at), LEASE, limit)?))
}

fn numbers(jobs: &[Job]) -> Vec<u64> {
    jobs.iter().map(|job| job.subject >> 40).collect()
}

#[test]
fn a_job_is_taken_when_its_time_has_come_and_by_one_worker_only() {
    let test = given_jobs(&[30, 10, 20]);
    assert!(!test.read(|tx| has_due_job(tx, later(9))));
    assert!(test.read(|tx| has_due_job(tx, later(10))));
    assert!(numbers(&claim(&test, 5, 9)).is_empty());
    assert_eq!(numbers(&claim(&test, 25, 1)), [2], "the longest waiting first");
    assert_eq!(numbers(&claim(&test, 25, 9)), [3]);
    assert!(numbers(&claim(&test, 25, 9)).is_empty());
    let taken = claim(&test, 40, 9);
    assert_eq!(numbers(&taken), [1]);
    assert_eq!((taken[0].attempts, taken[0].lease_until), (1, Some(later(100))));
}

#[test]
fn a_job_whose_worker_died_is_taken_again_when_its_lease_has_run_out() {
    let test = given_jobs(&[0]);
    assert_eq!(numbers(&claim(&test, 0, 9)), [1]);
    assert!(!test.read(|tx| has_due_job(tx, later(59))), "leased jobs are not due");
    assert!(test.read(|tx| has_due_job(tx, later(60))));
    assert!(numbers(&claim(&test, 59, 9)).is_empty());
    let again = claim(&test, 60, 9);
    assert_eq!((numbers(&again), again[0].attempts), (vec![1], 2));
}

#[test]
fn a_job_ends_by_being_done_tried_again_or_left_to_a_person() {
    let test = given_jobs(&[0, 0, 0]);
    let jobs = claim(&test, 0, 9);
    test.write(|tx| {
        finish_job(tx, &jobs[0])?;
        finish_job(tx, &jobs[0])?;
        retry_job(tx, &jobs[1], later(500), "the provider is down")?;
        Ok(give_up_job(tx, &jobs[2], later(1), &"long".repeat(1_000))?)
    });
    let counts = test.read(|tx| count_jobs(tx, later(100)));
    assert_eq!((counts.waiting, counts.due, counts.given_up), (1, 0, 1));
    assert!(numbers(&claim(&test, 499, 9)).is_empty());
    let again = claim(&test, 500, 9);
    assert_eq!(again[0].last_error.as_deref(), Some("the provider is down"));
    let left = test.read(|tx| given_up_jobs(tx));
    assert_eq!((numbers(&left), left[0].given_up_at), (vec![jobs[2].subject >> 40], Some(later(1))));
    assert_eq!(left[0].last_error.as_ref().unwrap().len(), 500);
}

#[test]
fn a_job_is_hurried_and_never_put_off() {
    let test = given_jobs(&[1_000]);
    let subject = 1 << 40;
    assert!(test.write(|tx| Ok(hurry_job(tx, JobKind::SendRefund, subject, later(1))?)));
    assert!(!test.write(|tx| Ok(hurry_job(tx, JobKind::SendRefund, subject, later(50))?)));
    assert!(!test.write(|tx| Ok(hurry_job(tx, JobKind::LapseGrant, subject, later(0))?)));
    assert_eq!(test.read(|tx| jobs_of(tx, subject))[0].run_at, later(1));
}

#[test]
fn no_more_jobs_are_taken_than_asked_for() {
    let test = given_jobs(&[0; 60]);
    assert_eq!(claim(&test, 0, 7).len(), 7);
    assert_eq!(claim(&test, 0, 50).len(), 50);
    assert_eq!(claim(&test, 0, 50).len(), 3);
}
