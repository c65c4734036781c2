//! What providers tell us unasked.

use ringup_core::apply::{Command, RecordRefund, Refusal};
use ringup_core::job::JobKind;
use ringup_core::payment::{OrderNumber, Provider};
use ringup_core::shard::Shard;
use ringup_db::notification::OddNotification;
use ringup_gateways::{IncomingNotification, Notification, NotificationError};

use crate::error::SubmitError;
use crate::{Engine, agent};

/// What became of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It has been booked, or had been before, or is about nothing we act on: the provider may stop.
    Accepted,
    /// It differs from what we know. It has been written down, the provider is being asked, and staff are shown it.
    WrittenDown(&'static str),
    /// It is not believed.
    Refused(&'static str),
    /// It could not be booked now: the provider must say it again.
    Later,
}

impl Heard {
    /// Whether the provider may stop repeating it.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        match self {
            Self::Accepted | Self::WrittenDown(_) => true,
            Self::Refused(_) | Self::Later => false,
        }
    }

    /// A stable name of it, for counting.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::WrittenDown(code) | Self::Refused(code) => code,
            Self::Later => "later",
        }
    }
}

/// Hears a notification: believes it only with the provider's signature, and books it by the same function that books
/// the answers to our own questions.
pub async fn hear(engine: &Engine, provider: Provider, request: IncomingNotification<'_>) -> Heard {
    let heard = act_on(engine, provider, request).await;
    metrics::counter!("ringup_notifications_total", "provider" => provider.name(), "heard" => heard.code())
        .increment(1);
    heard
}

async fn act_on(engine: &Engine, provider: Provider, request: IncomingNotification<'_>) -> Heard {
    match engine.gateways().read_notification(provider, request, engine.now()) {
        Ok(Notification::Payment(report)) => {
            let payment = report.payment;
            let result = engine.submit(Command::RecordPayment(report)).await;
            booked(engine, provider, payment.into(), result.map(drop), request.body).await
        }
        Ok(Notification::FloatPurchase(report)) => {
            let purchase = report.purchase;
            let result = agent::hear_of_purchase(engine, &report).await;
            booked(engine, provider, purchase.into(), result.map(drop), request.body).await
        }
        Ok(Notification::Refund { refund, payment, word, .. }) => {
            let result = engine.submit(Command::RecordRefund(RecordRefund { refund, word })).await;
            booked(engine, provider, payment.into(), result.map(drop), request.body).await
        }
        Ok(Notification::Ignored(why)) => {
            tracing::info!(%provider, why, "a notification needs no action");
            Heard::Accepted
        }
        Err(error) => refused(engine, provider, &error, request.body).await,
    }
}

async fn booked(
    engine: &Engine,
    provider: Provider,
    order: OrderNumber,
    result: Result<(), SubmitError>,
    body: &[u8],
) -> Heard {
    match result {
        Ok(()) => Heard::Accepted,
        Err(SubmitError::Refused(refusal @ Refusal::ReportDiffers(_))) => {
            let reference = order.to_reference();
            tracing::warn!(%provider, reference, %refusal, "a signed notification differs from our order");
            let code = refusal.code();
            match write_down(engine, provider, (code, &reference), body, Some(order)).await {
                Ok(()) => Heard::WrittenDown(code),
                Err(_) => Heard::Later,
            }
        }
        Err(SubmitError::Refused(refusal)) => {
            let reference = order.to_reference();
            tracing::warn!(%provider, reference, %refusal, "a signed notification could not be booked");
            let code = refusal.code();
            // Written down, and still refused: were the order only missing for a moment, the provider says it again.
            let _ = write_down(engine, provider, (code, &reference), body, None).await;
            Heard::Refused(code)
        }
        Err(error) => {
            let reference = order.to_reference();
            tracing::warn!(%provider, reference, %error, "a notification must be said again");
            Heard::Later
        }
    }
}

/// A notification that is not believed. Those that bear the provider's signature are written down for staff; a forged
/// one is not, or anyone could fill the database.
async fn refused(engine: &Engine, provider: Provider, error: &NotificationError, body: &[u8]) -> Heard {
    let code = error.code();
    match error {
        NotificationError::SignatureProbe => tracing::debug!(%provider, "a signature probe was refused"),
        NotificationError::Malformed(_)
        | NotificationError::Unsigned
        | NotificationError::SignatureAlgorithm
        | NotificationError::Stale
        | NotificationError::SignatureWrong
        | NotificationError::Undecryptable => tracing::warn!(%provider, %error, "a notification is not believed"),
        NotificationError::OtherMerchant
        | NotificationError::OtherApp
        | NotificationError::UnknownReference
        | NotificationError::Currency
        | NotificationError::Amount => {
            tracing::warn!(%provider, %error, "a signed notification is not about us");
            let _ = write_down(engine, provider, (code, ""), body, None).await;
        }
    }
    Heard::Refused(code)
}

/// Keeps what was said, and has the provider asked at once when it is about an order of ours.
async fn write_down(
    engine: &Engine,
    provider: Provider,
    (code, reference): (&'static str, &str),
    body: &[u8],
    ask_about: Option<OrderNumber>,
) -> Result<(), SubmitError> {
    let now = engine.now();
    let job = ask_about.map(|order| match order {
        OrderNumber::Payment(id) => (JobKind::FollowPayment, id.as_u64()),
        OrderNumber::FloatPurchase(id) => (JobKind::FollowFloatPurchase, id.as_u64()),
    });
    let shard = job.map_or(Shard(0), |(_, subject)| ringup_core::id::shard_of(subject));
    let row = OddNotification {
        id: ringup_core::id::NotificationId::from_u64(engine.ids().one(shard, now)),
        provider,
        code: code.to_owned(),
        reference: (!reference.is_empty()).then(|| reference.to_owned()),
        received_at: now,
        body: body.to_vec(),
    };
    engine
        .write(move |tx| {
            ringup_db::notification::insert_notification(tx, &row)?;
            if let Some((kind, subject)) = job {
                ringup_db::job::hurry_job(tx, kind, subject, now)?;
            }
            Ok(())
        })
        .await
}
