//! The sweeper: looks for what must not be, and forgets what need not be kept.

use ringup_core::id::CaseId;
use ringup_core::job::{ANSWERED_WITHIN, CaseKind, NewCase};

use crate::error::SubmitError;
use crate::{Engine, limits};

/// Looks for captured money that is neither on a card nor on its way back, and opens a case for each that has none yet; tells
/// how many there were.
///
/// Capture and credit are one commit, so there is nothing to find; the day there is, a person is told within a minute.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn sweep(engine: &Engine) -> Result<usize, SubmitError> {
    let now = engine.now();
    let (made_since, captured_before) = (now.minus(limits::UNSETTLED_SOUGHT_FOR), now.minus(limits::UNSETTLED_AFTER));
    let found = engine
        .read(move |tx| {
            let payments =
                ringup_db::payment::paid_but_not_settled(tx, made_since, captured_before, limits::SWEPT_AT_ONCE)?;
            let mut without_case = Vec::new();
            for payment in payments {
                let cases = ringup_db::review_case::cases_of(tx, payment.top_up)?;
                if cases.iter().all(|case| case.case.kind == CaseKind::RatingReported) {
                    without_case.push(payment);
                }
            }
            Ok(without_case)
        })
        .await?;
    for payment in &found {
        tracing::error!(payment = %payment.id, top_up = %payment.top_up, "captured money is neither on a card nor on its way back");
        let case = NewCase {
            id: CaseId::from_u64(engine.ids().one(payment.id.shard(), now)),
            kind: CaseKind::PaidNotSettled,
            top_up: payment.top_up,
            detail: format!("{} of {}", payment.id, payment.amount),
            opened_at: now,
            due_at: now.plus(ANSWERED_WITHIN),
        };
        engine.write(move |tx| ringup_db::review_case::insert_case(tx, &case)).await?;
    }
    Ok(found.len())
}

/// Forgets idempotency keys, counts of wrong PINs, from where receipts were asked for, and reports of ratings that are older than they
/// are kept; tells how many keys.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn forget(engine: &Engine) -> Result<u64, SubmitError> {
    let now = engine.now();
    let window_from = now.minus(limits::PIN_FAILURES_KEPT);
    engine
        .write(move |tx| {
            ringup_db::pin_guard::forget_old_failures(tx, now, window_from)?;
            ringup_db::notice::forget_askers(tx, now.minus(limits::NOTICES_COUNTED_FOR))?;
            ringup_db::notice::forget_references(tx, now.minus(limits::SMS_REPORTS_WAITED_FOR))?;
            crate::rating::forget_old_reports(tx, now)?;
            ringup_db::idempotency_key::forget_old_keys(tx, now)
        })
        .await
}

/// Sweeps every minute, and forgets every day, for as long as the server lives.
pub async fn run_for_ever(engine: Engine) {
    for round in 1_u64.. {
        if let Err(error) = sweep(&engine).await {
            tracing::warn!(%error, "the sweeper could not look");
        }
        if round.is_multiple_of(limits::SWEEPS_A_DAY)
            && let Err(error) = forget(&engine).await
        {
            tracing::warn!(%error, "what need not be kept could not be forgotten");
        }
        tokio::time::sleep(limits::SWEEP_EVERY).await;
    }
}
