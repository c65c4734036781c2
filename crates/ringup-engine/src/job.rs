//! The worker: takes due jobs, does them, and hands to a person what it cannot finish.

use ringup_core::apply::{Command, LapseGrant};
use ringup_core::id::{CaseId, FloatPurchaseId, GrantId, NoticeId, PaymentId, RefundId, SaleListId, TopUpId};
use ringup_core::job::{ANSWERED_WITHIN, CaseKind, JobKind, NewCase, Next, credit_top_up, lapse_grant};
use ringup_core::time::{Span, Timestamp};
use ringup_db::error::DbError;
use ringup_db::job::Job;
use ringup_db::seam::WriteTx;

use crate::error::SubmitError;
use crate::{Engine, agent, limits, notice, payment, refund};

/// Runs the jobs that are due, side by side, and tells how many there were.
///
/// # Errors
/// [`SubmitError`] when the database does not serve: the jobs run later, by this server or another.
pub async fn run_due(engine: &Engine) -> Result<usize, SubmitError> {
    let now = engine.now();
    // Looking is a read; taking is a write, and there is nothing to write most of the time.
    if !engine.read(move |tx| ringup_db::job::has_due_job(tx, now)).await? {
        return Ok(0);
    }
    let jobs = engine
        .write(move |tx| ringup_db::job::claim_due_jobs(tx, now, limits::JOB_LEASE, limits::JOBS_AT_ONCE))
        .await?;
    let count = jobs.len();
    let mut running = tokio::task::JoinSet::new();
    for job in jobs {
        let engine = engine.clone();
        running.spawn(async move { run_one(&engine, job).await });
    }
    let mut ends = Vec::new();
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(Ok(end)) => ends.extend(end),
            // The lease ends by itself, and the job runs again.
            Ok(Err(error)) => tracing::warn!(%error, "a job's end could not be written down"),
            Err(error) => tracing::error!(%error, "a job was cut off"),
        }
    }
    write_down(engine, ends).await?;
    Ok(count)
}

/// Runs jobs for as long as the server lives.
pub async fn run_for_ever(engine: Engine) {
    loop {
        let pause = match run_due(&engine).await {
            Ok(0) => std::time::Duration::from_millis(250),
            Ok(_) => continue,
            Err(error) => {
                tracing::warn!(%error, "jobs could not be run");
                std::time::Duration::from_secs(2)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// How a job's run ended that needs nobody to look.
enum End {
    Done(Job),
    Again { job: Job, at: Timestamp, why: String },
}

/// Removes the jobs that are done and puts off the others, in one commit: most payments are captured when their job looks for
/// the first time, so as many jobs end as top-ups are placed, and when a provider is away each is put off again and again. A
/// commit for each would take the lane from the credits.
async fn write_down(engine: &Engine, ends: Vec<End>) -> Result<(), SubmitError> {
    if ends.is_empty() {
        return Ok(());
    }
    engine
        .write(move |tx| {
            ends.iter().try_for_each(|end| match end {
                End::Done(job) => ringup_db::job::finish_job(tx, job),
                End::Again { job, at, why } => ringup_db::job::retry_job(tx, job, *at, why),
            })
        })
        .await
}

/// Runs a job, and hands back how it ended, to be written down with the others; one that is given up is a matter of its own.
async fn run_one(engine: &Engine, job: Job) -> Result<Option<End>, SubmitError> {
    let next = match job.kind {
        JobKind::FollowPayment => payment::follow(engine, PaymentId::from_u64(job.subject)).await,
        JobKind::SendRefund => refund::send(engine, RefundId::from_u64(job.subject), job.attempts).await,
        JobKind::LapseGrant => lapse(engine, GrantId::from_u64(job.subject)).await,
        JobKind::CreditTopUp => credit(engine, TopUpId::from_u64(job.subject)).await,
        JobKind::SellList => agent::sell_rows(engine, SaleListId::from_u64(job.subject)).await,
        JobKind::SendNotice => notice::deliver(engine, NoticeId::from_u64(job.subject), job.attempts).await,
        JobKind::FollowFloatPurchase => agent::follow_purchase(engine, FloatPurchaseId::from_u64(job.subject)).await,
    };
    metrics::counter!("ringup_jobs_total", "kind" => job.kind.name(), "next" => next.name()).increment(1);
    let now = engine.now();
    match next {
        Next::Done => Ok(Some(End::Done(job))),
        Next::Again { at, why } => Ok(Some(End::Again { job, at, why })),
        Next::GiveUp { why } => {
            tracing::error!(kind = %job.kind, subject = job.subject, why, "a job was given up: a person must look");
            let id = CaseId::from_u64(engine.ids().one(job.shard, now));
            engine
                .write(move |tx| {
                    ringup_db::job::give_up_job(tx, &job, now, &why)?;
                    if let Some(top_up) = top_up_of(tx, &job)? {
                        let case = NewCase {
                            id,
                            kind: CaseKind::JobGivenUp,
                            top_up,
                            detail: format!("{} after {} attempts: {why}", job.kind, job.attempts),
                            opened_at: now,
                            due_at: now.plus(ANSWERED_WITHIN),
                        };
                        ringup_db::review_case::insert_case(tx, &case)?;
                    }
                    Ok(())
                })
                .await?;
            Ok(None)
        }
    }
}

async fn lapse(engine: &Engine, grant: GrantId) -> Next {
    match engine.submit(Command::LapseGrant(LapseGrant { grant })).await {
        Ok(outcome) => lapse_grant::ends_with(&outcome),
        Err(SubmitError::Refused(refusal)) => Next::GiveUp { why: refusal.to_string() },
        Err(error) => Next::Again { at: engine.now().plus(Span::minutes(1)), why: error.to_string() },
    }
}

async fn credit(engine: &Engine, top_up: TopUpId) -> Next {
    match engine.submit(Command::CreditTopUp(top_up)).await {
        Ok(outcome) => credit_top_up::ends_with(&outcome),
        Err(SubmitError::Refused(refusal)) => Next::GiveUp { why: refusal.to_string() },
        Err(error) => Next::Again { at: engine.now().plus(Span::seconds(10)), why: error.to_string() },
    }
}

fn top_up_of(tx: &mut WriteTx<'_>, job: &Job) -> Result<Option<TopUpId>, DbError> {
    Ok(match job.kind {
        JobKind::FollowPayment => {
            ringup_db::payment::find_payment(tx, PaymentId::from_u64(job.subject))?.map(|payment| payment.top_up)
        }
        JobKind::SendRefund => {
            ringup_db::refund::find_refund(tx, RefundId::from_u64(job.subject))?.map(|refund| refund.top_up)
        }
        JobKind::CreditTopUp => Some(TopUpId::from_u64(job.subject)),
        // A mail that cannot be delivered is told on the receipt's page, a list that stops on its own: there is nothing
        // for a person to decide. Cases are of top-ups; float that waits for a person is among the jobs that were given up.
        JobKind::LapseGrant | JobKind::SellList | JobKind::SendNotice | JobKind::FollowFloatPurchase => None,
    })
}
