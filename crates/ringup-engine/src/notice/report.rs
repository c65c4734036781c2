//! What the SMS centre says later of the text messages that it had taken.

use ringup_core::notice::NoticeState;
use ringup_gateways::{SmsError, SmsOutcome, SmsReport};

use super::count;
use crate::{Engine, limits};

/// Keeps a connection to the SMS centre and writes down what it reports, for as long as the server lives. Where there is no SMS centre, or
/// somebody listens already, it ends at once.
pub async fn hear_for_ever(engine: Engine) {
    let Some(mut reports) = engine.gateways().sms_reports() else { return };
    let mut told = None;
    loop {
        told = keep_bound(&engine, told).await;
        match tokio::time::timeout(limits::SMS_BOUND_EVERY, reports.recv()).await {
            Ok(Some(report)) => write_down(&engine, report).await,
            Ok(None) => return,
            // Nothing was reported: the connection is looked after.
            Err(_) => {}
        }
    }
}

/// Sees that there is a connection; the same trouble is told once.
async fn keep_bound(engine: &Engine, told: Option<SmsError>) -> Option<SmsError> {
    let error = engine.gateways().keep_sms_bound(engine.now()).await.err();
    match &error {
        Some(error) if told.as_ref() == Some(error) => {}
        Some(error @ SmsError::NotKnown { .. }) => {
            tracing::error!(%error, "text messages wait until the settings are mended")
        }
        Some(error) => tracing::warn!(%error, "the SMS centre cannot be reached"),
        None if told.is_some() => tracing::info!("the SMS centre can be reached again"),
        None => {}
    }
    error
}

async fn write_down(engine: &Engine, report: SmsReport) {
    let state = match report.outcome {
        SmsOutcome::Delivered => NoticeState::Delivered,
        SmsOutcome::Failed => NoticeState::Failed,
    };
    let (reference, now) = (report.reference.clone(), engine.now());
    match engine.write(move |tx| ringup_db::notice::record_report(tx, &reference, state, now)).await {
        Ok(true) => {
            report.is_written();
            count(state.name());
        }
        // It came before its number was written down; or it is of no message of ours, and the centre will tire of bringing it.
        Ok(false) => report.is_to_come_again(),
        Err(error) => {
            tracing::warn!(%error, "the SMS centre's report could not be written down");
            report.is_to_come_again();
        }
    }
}
