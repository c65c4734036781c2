//! What a server does with a notification: books it, or writes it down and has the provider asked.

use ringup_core::apply::{Command, RecordRefund, Refusal};
use ringup_core::batch::NotDone;
use ringup_core::id::{PaymentId, RefundId};
use ringup_core::job::JobKind;
use ringup_core::payment::{ProviderReport, RefundWord};

use crate::sim::Sim;

/// What a provider tells, with its signature.
#[derive(Clone, Debug)]
pub enum Told {
    /// Of a payment.
    Payment(ProviderReport),
    /// Of a refund.
    Refund(RefundId, PaymentId, RefundWord),
}

/// Hears a notification; answers whether the provider may stop repeating it.
pub async fn hear(sim: &Sim, server: usize, told: Told) -> bool {
    let (payment, command) = match told {
        Told::Payment(report) => (report.payment, Command::RecordPayment(report)),
        Told::Refund(refund, payment, word) => (payment, Command::RecordRefund(RecordRefund { refund, word })),
    };
    match sim.submit(server, command).await {
        Ok(_) => true,
        Err(NotDone::Refused(Refusal::ReportDiffers(_))) => {
            let now = sim.clock_of(server);
            let written = sim.write(server, |world| {
                world.store.odd_notifications.push(payment);
                world.store.hurry_job(JobKind::FollowPayment, payment.as_u64(), now);
            });
            let is_written = written.await.is_ok();
            sim.poke_workers();
            is_written
        }
        Err(_) => false,
    }
}
