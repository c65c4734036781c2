//! The worker: takes due jobs, and does with each what `ringup_core::job` says.

use ringup_core::apply::{Command, LapseGrant, Outcome, RecordRefund};
use ringup_core::batch::NotDone;
use ringup_core::id::{CaseId, GrantId, PaymentId, RefundId, TopUpId};
use ringup_core::job::follow::{self, AfterWord, Ending, Failure};
use ringup_core::job::send_refund::{self, Progress};
use ringup_core::job::{ANSWERED_WITHIN, CaseKind, JobKind, NewCase, Next, credit_top_up, lapse_grant};
use ringup_core::payment::{Payment, PaymentState, PaymentWord, RefundWord};
use ringup_core::time::Span;

use super::requests::{ask, begin, record};
use crate::provider::Closed;
use crate::sabotage::Sabotage;
use crate::sim::Sim;
use crate::store::Job;
use crate::task::Owner;

/// As in the engine's limits.
const LEASE: Span = Span::seconds(60);
const JOBS_AT_ONCE: usize = 64;

impl Sim {
    /// A server's worker looks for jobs.
    pub fn run_worker(&self, server: usize) {
        let now = self.now();
        let is_due = self.with(|world| {
            let state = &mut world.servers[server];
            let is_due = state.is_up && state.worker_due_at == Some(now);
            if is_due {
                state.worker_due_at = None;
            }
            is_due
        });
        if !is_due {
            return; // it has been told of an earlier job since, and has looked already
        }
        let sim = self.clone();
        self.executor().spawn(Owner::Server(server), async move {
            let clock = sim.clock_of(server);
            if sim.with(|world| world.store.next_job_at()).is_some_and(|at| at <= clock) {
                match sim.write(server, |world| world.store.claim_due_jobs(clock, LEASE, JOBS_AT_ONCE)).await {
                    Ok(jobs) => sim.run_jobs(server, jobs),
                    Err(_) => sim.executor().sleep(Span::seconds(2)).await,
                }
            }
            sim.poke_workers();
        });
    }

    fn run_jobs(&self, server: usize, jobs: Vec<Job>) {
        for job in jobs {
            let sim = self.clone();
            self.executor().spawn(Owner::Server(server), async move {
                sim.run_job(server, job).await;
                sim.poke_workers();
            });
        }
    }

    async fn run_job(&self, server: usize, job: Job) {
        let next = match job.kind {
            JobKind::FollowPayment => follow_payment(self, server, PaymentId::from_u64(job.subject)).await,
            JobKind::SendRefund => send(self, server, RefundId::from_u64(job.subject), job.attempts).await,
            JobKind::LapseGrant => lapse(self, server, GrantId::from_u64(job.subject)).await,
            JobKind::CreditTopUp => credit(self, server, TopUpId::from_u64(job.subject)).await,
            // A list is many sales from a float, each a command like any other: nobody makes one here.
            JobKind::SellList => Next::Done,
            // Nobody asks for a receipt by mail in these worlds, and what agents paid providers is brought by the agents.
            JobKind::SendNotice | JobKind::FollowFloatPurchase => Next::Done,
        };
        let now = self.clock_of(server);
        self.with(|world| {
            world.note(format_args!("job {} {} {}: {}", job.kind, job.subject, job.attempts, next.name()));
        });
        // What cannot be written down ends with the lease, and the job runs again.
        let _ = match next {
            Next::Done => self.write(server, |world| world.store.finish_job(job.id)).await,
            Next::Again { at, .. } => self.write(server, |world| world.store.retry_job(job.id, at)).await,
            Next::GiveUp { why } => {
                let block = self.with(|world| world.servers[server].mint.block(job.id.shard(), now));
                let mut block = block;
                let id = CaseId::from_u64(block.take().unwrap_or_default());
                let give_up = move |world: &mut crate::sim::World| {
                    world.store.give_up_job(job.id, now);
                    if let Some(top_up) = world.store.top_up_of(&job) {
                        let (opened_at, due_at) = (now, now.plus(ANSWERED_WITHIN));
                        let kind = CaseKind::JobGivenUp;
                        if world.sabotage != Some(Sabotage::LoseCase) {
                            world.store.cases.push(NewCase { id, kind, top_up, detail: why, opened_at, due_at });
                        }
                    }
                };
                self.write(server, give_up).await
            }
        };
    }
}

async fn follow_payment(sim: &Sim, server: usize, id: PaymentId) -> Next {
    let Some(payment) = sim.find_payment(id) else { return Next::Done };
    let beginning = follow::begins_with(&payment, sim.clock_of(server));
    if beginning == follow::Beginning::Nothing {
        return Next::Done;
    }
    let came_to = ask_in_turn(sim, server, &payment, beginning).await;
    let came_to = came_to.as_ref().map_err(Clone::clone);
    match follow::ends_with(&payment, came_to, sim.clock_of(server)) {
        Ending::Next(next) => next,
        Ending::LastLook { .. } if sim.find_payment(id).is_none_or(|payment| follow::is_settled(&payment)) => {
            Next::Done
        }
        Ending::LastLook { why } => Next::GiveUp { why },
    }
}

async fn ask_in_turn(
    sim: &Sim,
    server: usize,
    payment: &Payment,
    beginning: follow::Beginning,
) -> Result<Outcome, Failure> {
    let (id, now) = (payment.id, sim.clock_of(server));
    let Some(provider) = payment.tender.provider() else { return Ok(Outcome::NothingToDo) };
    if beginning == follow::Beginning::MakeAndAsk {
        begin(sim, server, id).await;
    }
    let word = match sim.call(server, provider, move |book, weather| book.word(id, weather)).await {
        Err(_) if sim.sabotage() == Some(Sabotage::TimeoutIsClosed) => {
            record(sim, server, payment, PaymentWord::Closed).await?;
            return Ok(Outcome::NothingToDo);
        }
        word => word.map_err(|why| Failure::NoAnswer { why })?,
    };
    match follow::after_word(payment, &word, now) {
        AfterWord::Book => record(sim, server, payment, word).await,
        AfterWord::Wait => Ok(Outcome::StillWaiting),
        AfterWord::Close => match sim.call(server, provider, move |book, _| book.close(id)).await {
            Ok(Closed::Done | Closed::NotFound) => record(sim, server, payment, PaymentWord::Closed).await,
            Ok(Closed::AlreadyPaid) => ask(sim, server, id).await,
            Err(why) => Err(Failure::NoAnswer { why }),
        },
    }
}

async fn send(sim: &Sim, server: usize, id: RefundId, attempt: u32) -> Next {
    let came_to = send_step(sim, server, id, attempt).await;
    send_refund::ends_with(came_to, attempt, sim.clock_of(server))
}

async fn send_step(sim: &Sim, server: usize, id: RefundId, attempt: u32) -> Result<Progress, String> {
    let found = sim.with(|world| {
        let refund = world.store.refunds.get(&id)?.clone();
        let payment = world.store.payments.get(&refund.payment)?.clone();
        Some((refund, payment))
    });
    let Some((refund, payment)) = found else { return Ok(Progress::Ended) };
    let beginning = send_refund::begins_with(&refund, &payment, attempt);
    let PaymentState::Captured(_) = payment.state else { return Ok(Progress::Ended) };
    if beginning == send_refund::Beginning::Nothing {
        return Ok(Progress::Ended); // what had to be handed over in cash has been
    }
    let Some(provider) = payment.tender.provider() else {
        sim.with(|world| {
            let found = world.auditor.uncollected(id);
            world.found(found);
        });
        return Ok(Progress::Uncollected);
    };
    let payment = payment.id;
    let sabotaged = sim.sabotage() == Some(Sabotage::OtherRefundNumber);
    let number = if sabotaged { id.as_u64() + u64::from(attempt) } else { id.as_u64() };
    match beginning {
        send_refund::Beginning::Nothing => return Ok(Progress::Ended),
        send_refund::Beginning::Uncollected => return Ok(Progress::Uncollected),
        send_refund::Beginning::Send => {}
        send_refund::Beginning::AskFirst => {
            let now = sim.now();
            let ask = move |book: &mut crate::provider::ProviderBook, weather: &mut crate::provider::Weather<'_>| {
                book.refund_word((number, payment), now, weather)
            };
            let word = sim.call(server, provider, ask).await?;
            if word != RefundWord::NotFound {
                return record_refund(sim, server, id, word).await;
            }
        }
    }
    let word = sim.send_back(server, provider, (number, id, payment, refund.amount)).await?;
    record_refund(sim, server, id, word).await
}

async fn record_refund(sim: &Sim, server: usize, refund: RefundId, word: RefundWord) -> Result<Progress, String> {
    let progress = send_refund::after_word(&word);
    let recorded = sim.submit(server, Command::RecordRefund(RecordRefund { refund, word })).await;
    recorded.map_err(|error| format!("{error:?}"))?;
    Ok(progress)
}

async fn credit(sim: &Sim, server: usize, top_up: TopUpId) -> Next {
    match sim.submit(server, Command::CreditTopUp(top_up)).await {
        Ok(outcome) => credit_top_up::ends_with(&outcome),
        Err(NotDone::Refused(refusal)) => Next::GiveUp { why: refusal.to_string() },
        Err(error) => Next::Again { at: sim.clock_of(server).plus(Span::minutes(1)), why: format!("{error:?}") },
    }
}

async fn lapse(sim: &Sim, server: usize, grant: GrantId) -> Next {
    match sim.submit(server, Command::LapseGrant(LapseGrant { grant })).await {
        Ok(outcome) => lapse_grant::ends_with(&outcome),
        Err(NotDone::Refused(refusal)) => Next::GiveUp { why: refusal.to_string() },
        Err(error) => Next::Again { at: sim.clock_of(server).plus(Span::minutes(1)), why: format!("{error:?}") },
    }
}
