//! Jobs: leased, done, tried again, or handed to a person, as `ringup_db::job` does.

use ringup_core::id::{JobId, TopUpId};
use ringup_core::job::{JobKind, NewJob};
use ringup_core::time::{Span, Timestamp};

use super::Store;

/// Work to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// With what.
    pub subject: u64,
    /// Not before.
    pub run_at: Timestamp,
    /// Until when a worker has it.
    pub lease_until: Option<Timestamp>,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was handed to a person.
    pub given_up_at: Option<Timestamp>,
}

impl Job {
    /// A job as it is written at first.
    #[must_use]
    pub const fn new(job: &NewJob) -> Self {
        let NewJob { id, kind, subject, run_at, .. } = *job;
        Self { id, kind, subject, run_at, lease_until: None, attempts: 0, given_up_at: None }
    }

    fn due_at(&self) -> Option<Timestamp> {
        match (self.given_up_at, self.lease_until) {
            (Some(_), _) => None,
            (None, Some(lease_until)) => Some(lease_until.max(self.run_at)),
            (None, None) => Some(self.run_at),
        }
    }
}

impl Store {
    /// When the next job is due.
    #[must_use]
    pub fn next_job_at(&self) -> Option<Timestamp> {
        self.jobs.values().filter_map(Job::due_at).min()
    }

    /// Leases jobs whose time has come and that nobody has.
    pub fn claim_due_jobs(&mut self, now: Timestamp, lease_for: Span, limit: usize) -> Vec<Job> {
        let is_due = |job: &&Job| job.due_at().is_some_and(|at| at <= now);
        let mut due: Vec<(Timestamp, JobId)> =
            self.jobs.values().filter(is_due).map(|job| (job.run_at, job.id)).collect();
        due.sort_unstable();
        due.truncate(limit);
        let mut claimed = Vec::with_capacity(due.len());
        for (_, id) in due {
            if let Some(job) = self.jobs.get_mut(&id) {
                job.lease_until = Some(now.plus(lease_for));
                job.attempts += 1;
                claimed.push(*job);
            }
        }
        claimed
    }

    /// Removes a job that is done.
    pub fn finish_job(&mut self, id: JobId) {
        self.jobs.remove(&id);
    }

    /// Puts a job back to be done again.
    pub fn retry_job(&mut self, id: JobId, run_at: Timestamp) {
        if let Some(job) = self.jobs.get_mut(&id) {
            job.run_at = run_at;
            job.lease_until = None;
        }
    }

    /// Leaves a job to a person.
    pub fn give_up_job(&mut self, id: JobId, now: Timestamp) {
        if let Some(job) = self.jobs.get_mut(&id) {
            job.given_up_at = Some(now);
            job.lease_until = None;
        }
    }

    /// Has a job done at `run_at` if it would be done later.
    pub fn hurry_job(&mut self, kind: JobKind, subject: u64, run_at: Timestamp) {
        let waits = |job: &&mut Job| {
            job.kind == kind && job.subject == subject && job.run_at > run_at && job.given_up_at.is_none()
        };
        for job in self.jobs.values_mut().filter(waits) {
            job.run_at = run_at;
        }
    }

    /// The top-up that a job is about; none for a bonus.
    #[must_use]
    pub fn top_up_of(&self, job: &Job) -> Option<TopUpId> {
        match job.kind {
            JobKind::FollowPayment => {
                let id = ringup_core::id::PaymentId::from_u64(job.subject);
                self.payments.get(&id).map(|payment| payment.top_up)
            }
            JobKind::SendRefund => {
                let id = ringup_core::id::RefundId::from_u64(job.subject);
                self.refunds.get(&id).map(|refund| refund.top_up)
            }
            JobKind::CreditTopUp => Some(TopUpId::from_u64(job.subject)),
            JobKind::LapseGrant | JobKind::SellList | JobKind::SendNotice | JobKind::FollowFloatPurchase => None,
        }
    }
}
