//! Work to be done later: leased to a worker, done, tried again, or handed to a person.

use ringup_core::id::JobId;
use ringup_core::job::{JobKind, NewJob};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};

use crate::account::read_shard;
use crate::card::read_u32;
use crate::column::coded;
use crate::dialect::{self, Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

pub(crate) static JOB: Table = Table::new(
    "job",
    &[int("shard"), int("id")],
    &[int("kind"), int("subject")],
    &[int("run_at"), int("lease_until"), int("attempts"), text("last_error"), int("given_up_at")],
);

static JOBS_OF_SUBJECT: Lookup = Lookup::new(&JOB, &[int("shard"), int("subject")], "", "order by id");
static GIVEN_UP: Lookup = Lookup::new(&JOB, &[], "given_up_at is not null", "order by given_up_at desc limit 200");

/// Work to be done later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Where it lives.
    pub shard: Shard,
    /// What is to be done.
    pub kind: JobKind,
    /// With what: the number of a payment's, refund's or bonus's id.
    pub subject: u64,
    /// Not before.
    pub run_at: Timestamp,
    /// Until when a worker has it.
    pub lease_until: Option<Timestamp>,
    /// How often it was begun, this time included.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was handed to a person.
    pub given_up_at: Option<Timestamp>,
}

/// Leases up to `limit` jobs whose time has come and that nobody has, the longest waiting first.
///
/// A worker that dies leaves its lease to run out: the job is then taken again. Each job may run twice.
///
/// # Errors
/// What the database says.
pub fn claim_due_jobs(tx: &mut WriteTx<'_>, now: Timestamp, lease_for: Span, limit: u32) -> Result<Vec<Job>, DbError> {
    let sql = dialect::skipping_locked(
        tx,
        "update job set lease_until = $2, attempts = attempts + 1 where (shard, id) in (
            select shard, id from job
            where given_up_at is null and run_at <= $1 and (lease_until is null or lease_until <= $1)
            order by run_at limit $3
        )
        returning shard, id, kind, subject, run_at, lease_until, attempts, last_error, given_up_at",
        // Rows are picked once, before the update: a plan that ran the inner query again would lock more than `limit`.
        "with due as materialized (
            select shard as due_shard, id as due_id from job
            where given_up_at is null and run_at <= $1 and (lease_until is null or lease_until <= $1)
            order by run_at limit $3
            for update skip locked
        )
        update job set lease_until = $2, attempts = attempts + 1
        from due where shard = due_shard and id = due_id
        returning shard, id, kind, subject, run_at, lease_until, attempts, last_error, given_up_at",
    );
    let mut jobs = tx.query(sql, &[now.into(), now.plus(lease_for).into(), limit.into()], read_job)?;
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Removes a job that is done. One that is gone already was done twice, which is no harm.
///
/// # Errors
/// What the database says.
pub fn finish_job(tx: &mut WriteTx<'_>, job: &Job) -> Result<(), DbError> {
    tx.execute("delete from job where shard = $1 and id = $2", &key(job)).map(drop)
}

/// Puts a job back to be done again at `run_at`.
///
/// # Errors
/// What the database says.
pub fn retry_job(tx: &mut WriteTx<'_>, job: &Job, run_at: Timestamp, error: &str) -> Result<(), DbError> {
    let sql = "update job set run_at = $3, lease_until = null, last_error = $4 where shard = $1 and id = $2";
    let [shard, id] = key(job);
    tx.execute(sql, &[shard, id, run_at.into(), shortened(error).into()]).map(drop)
}

/// Leaves a job to a person.
///
/// # Errors
/// What the database says.
pub fn give_up_job(tx: &mut WriteTx<'_>, job: &Job, now: Timestamp, error: &str) -> Result<(), DbError> {
    let sql = "update job set given_up_at = $3, lease_until = null, last_error = $4 where shard = $1 and id = $2";
    let [shard, id] = key(job);
    tx.execute(sql, &[shard, id, now.into(), shortened(error).into()]).map(drop)
}

/// Has a job done at `run_at` if it would be done later; answers whether there was one.
///
/// # Errors
/// What the database says.
pub fn hurry_job(tx: &mut WriteTx<'_>, kind: JobKind, subject: u64, run_at: Timestamp) -> Result<bool, DbError> {
    let sql = "update job set run_at = $4
        where shard = $1 and subject = $2 and kind = $3 and run_at > $4 and given_up_at is null";
    let shard = ringup_core::id::shard_of(subject);
    let changed = tx.execute(sql, &[shard.0.into(), subject.into(), kind.code().into(), run_at.into()])?;
    Ok(changed > 0)
}

/// Adds a job outside the books: work that no command makes necessary.
///
/// # Errors
/// What the database says.
pub fn insert_job(tx: &mut WriteTx<'_>, job: &NewJob) -> Result<(), DbError> {
    let mut values = Vec::new();
    push_job(&mut values, job);
    JOB.insert_all(tx, values)
}

/// The jobs about a payment, refund or bonus, by the number of its id.
///
/// # Errors
/// What the database says.
pub fn jobs_of(tx: &mut impl Read, subject: u64) -> Result<Vec<Job>, DbError> {
    let shard = ringup_core::id::shard_of(subject);
    JOBS_OF_SUBJECT.find(tx, &[shard.0.into(), subject.into()], read_job)
}

/// The jobs that were left to a person, the latest first, 200 at most.
///
/// # Errors
/// What the database says.
pub fn given_up_jobs(tx: &mut impl Read) -> Result<Vec<Job>, DbError> {
    GIVEN_UP.find(tx, &[], read_job)
}

/// How much work waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobCounts {
    /// Jobs to be done, now or later.
    pub waiting: u64,
    /// Jobs whose time has come.
    pub due: u64,
    /// Jobs that were left to a person.
    pub given_up: u64,
}

/// How much work waits now.
///
/// # Errors
/// What the database says.
pub fn count_jobs(tx: &mut impl Read, now: Timestamp) -> Result<JobCounts, DbError> {
    let sql = "select
        count(case when given_up_at is null then 1 end),
        count(case when given_up_at is null and run_at <= $1 then 1 end),
        count(given_up_at)
        from job";
    let counts = tx.query_first(sql, &[now.into()], |fields| {
        Ok(JobCounts { waiting: fields.count()?, due: fields.count()?, given_up: fields.count()? })
    })?;
    Ok(counts.unwrap_or(JobCounts { waiting: 0, due: 0, given_up: 0 }))
}

/// Whether there is a job that a worker could take now.
///
/// Looked for from the one that waits longest, and only as far as the first: those that are not due yet, of which there may
/// be millions, are not looked at.
///
/// # Errors
/// What the database says.
pub fn has_due_job(tx: &mut impl Read, now: Timestamp) -> Result<bool, DbError> {
    let sql = "select 1 from job
        where given_up_at is null and run_at <= $1 and (lease_until is null or lease_until <= $1)
        order by run_at limit 1";
    Ok(tx.query_first(sql, &[now.into()], |fields| fields.int())?.is_some())
}

/// No error text is worth more than this many characters in a row.
const ERROR_LENGTH_MAX: usize = 500;

fn shortened(error: &str) -> String {
    error.chars().take(ERROR_LENGTH_MAX).collect()
}

fn key(job: &Job) -> [Value<'static>; 2] {
    [job.shard.0.into(), job.id.as_u64().into()]
}

pub(crate) fn push_job(out: &mut Vec<Value<'_>>, job: &NewJob) {
    out.extend([
        job.shard.0.into(),
        job.id.as_u64().into(),
        job.kind.code().into(),
        job.subject.into(),
        job.run_at.into(),
        Value::Null,
        Value::Int(0),
        Value::Null,
        Value::Null,
    ]);
}

fn read_job(fields: &mut Fields<'_>) -> Result<Job, DbError> {
    Ok(Job {
        shard: read_shard(fields)?,
        id: JobId::from_u64(fields.bits()?),
        kind: coded(fields, JobKind::from_code)?,
        subject: fields.bits()?,
        run_at: fields.time()?,
        lease_until: fields.opt_time()?,
        attempts: read_u32(fields)?,
        last_error: fields.opt_text()?.map(str::to_owned),
        given_up_at: fields.opt_time()?,
    })
}

#[cfg(test)]
mod tests;
