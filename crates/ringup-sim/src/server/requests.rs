//! What a server does for a client: places a top-up, begins a payment, asks about it. The order of the steps is the engine's.

use ringup_core::apply::{AddPayment, Command, Outcome, PlaceTopUp, RecordHandOver};
use ringup_core::batch::NotDone;
use ringup_core::id::{PaymentId, TopUpId};
use ringup_core::job::follow::Failure;
use ringup_core::payment::{Payment, PaymentState, PaymentWord, Provider, ProviderReport, ReportSource};
use ringup_core::time::Span;

use crate::fault::Fault;
use crate::provider::{Made, ProviderBook, Weather};
use crate::sim::Sim;

/// What a client is told of a top-up that was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placing {
    /// Which.
    pub top_up: TopUpId,
    /// Its first payment.
    pub payment: PaymentId,
}

/// Places a top-up and begins its first payment.
///
/// # Errors
/// [`NotDone`].
pub async fn place(sim: &Sim, server: usize, command: PlaceTopUp) -> Result<Placing, NotDone> {
    match sim.submit(server, Command::PlaceTopUp(command)).await? {
        Outcome::Placed { top_up, payment, .. } => {
            begin(sim, server, payment).await;
            Ok(Placing { top_up, payment })
        }
        _ => Err(NotDone::Unknown),
    }
}

/// Begins another payment for a top-up.
///
/// # Errors
/// [`NotDone`].
pub async fn add_payment(sim: &Sim, server: usize, command: AddPayment) -> Result<PaymentId, NotDone> {
    match sim.submit(server, Command::AddPayment(command)).await? {
        Outcome::PaymentAdded { payment, .. } => {
            begin(sim, server, payment).await;
            Ok(payment)
        }
        _ => Err(NotDone::Unknown),
    }
}

/// Has the provider make its order, and writes down how the payer gets there. What fails is tried again by the job.
pub(super) async fn begin(sim: &Sim, server: usize, id: PaymentId) {
    let Some(payment) = sim.find_payment(id) else { return };
    if payment.state != PaymentState::Created || sim.clock_of(server) >= payment.expires_at {
        return;
    }
    let Some(provider) = payment.tender.provider() else { return };
    let (amount, expires_at) = (payment.amount, payment.expires_at);
    let made = sim.call(server, provider, move |book, weather| book.make(id, amount, expires_at, weather)).await;
    match made {
        Ok(Made::HandOver) => {
            let hand_over = RecordHandOver { payment: id, hand_over: "https://qr.example".to_owned() };
            let _ = sim.submit(server, Command::RecordHandOver(hand_over)).await;
        }
        Ok(Made::AlreadyPaid) => drop(ask(sim, server, id).await),
        Ok(Made::Refused) | Err(_) => {}
    }
}

/// "I have paid, look now": begins again what the provider has not answered, and asks about what may still be taken.
pub async fn look(sim: &Sim, server: usize, id: PaymentId) {
    let Some(payment) = sim.find_payment(id) else { return };
    match payment.state {
        PaymentState::Created => begin(sim, server, id).await,
        PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => drop(ask(sim, server, id).await),
        PaymentState::Captured(_) => {}
    }
}

/// Asks the provider, and books its answer.
///
/// # Errors
/// [`Failure`].
pub(super) async fn ask(sim: &Sim, server: usize, id: PaymentId) -> Result<Outcome, Failure> {
    let Some(payment) = sim.find_payment(id) else { return Ok(Outcome::NothingToDo) };
    let Some(provider) = payment.tender.provider() else { return Ok(Outcome::NothingToDo) };
    let word = sim.call(server, provider, move |book, weather| book.word(id, weather)).await;
    let word = word.map_err(|why| Failure::NoAnswer { why })?;
    record(sim, server, &payment, word).await
}

pub(super) async fn record(sim: &Sim, server: usize, payment: &Payment, word: PaymentWord) -> Result<Outcome, Failure> {
    let Some(provider) = payment.tender.provider() else { return Ok(Outcome::NothingToDo) };
    let report = ProviderReport { provider, payment: payment.id, source: ReportSource::Query, word };
    sim.submit(server, Command::RecordPayment(report)).await.map_err(|error| match error {
        NotDone::Refused(refusal) => Failure::Refused { why: refusal.to_string() },
        NotDone::Unavailable(_) | NotDone::Unknown | NotDone::Stopped => {
            Failure::NoAnswer { why: format!("{error:?}") }
        }
    })
}

/// How long a server waits for a provider.
const CALL_TIMEOUT: Span = Span::seconds(10);

impl Sim {
    /// A payment, as it is committed.
    #[must_use]
    pub fn find_payment(&self, id: PaymentId) -> Option<Payment> {
        self.with(|world| world.store.payments.get(&id).cloned())
    }

    /// Calls a provider: what it does and what arrives of it are two things.
    ///
    /// # Errors
    /// There was no answer. It may have acted all the same.
    pub async fn call<T>(
        &self,
        server: usize,
        provider: Provider,
        ask: impl FnOnce(&mut ProviderBook, &mut Weather<'_>) -> T,
    ) -> Result<T, String> {
        let no_answer = || Err(format!("{provider} did not answer server {server}"));
        let pause = self.with(|world| world.chance.from_to(10, 300));
        self.executor().sleep(Span::micros(pause * 1_000)).await;
        if self.with(|world| world.strikes(Fault::CallLost)) {
            self.executor().sleep(CALL_TIMEOUT).await;
            return no_answer();
        }
        let answer = self.with(|world| {
            let (book, mut weather) = world.provider(provider);
            ask(book, &mut weather)
        });
        if self.with(|world| world.strikes(Fault::CallAnswerLost)) {
            self.executor().sleep(CALL_TIMEOUT).await;
            return no_answer();
        }
        if self.with(|world| world.strikes(Fault::CallSlow)) {
            let seconds = self.with(|world| world.chance.from_to(61, 200));
            self.executor().sleep(Span::seconds(seconds)).await;
        }
        Ok(answer)
    }
}
