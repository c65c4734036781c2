//! "Where is my money?": what happened, what happens next, and by when.

use ringup_core::event::EventKind;
use ringup_core::job::ANSWERED_WITHIN;
use ringup_core::money::Amount;
use ringup_core::payment::Tender;
use ringup_core::refund::RefundState;
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::{RefundReason, TopUpState};

use crate::top_up::TopUpView;

/// By when a paid top-up is on its card, or else goes back: the clock that the holder sees.
pub const CREDITED_WITHIN: Span = Span::seconds(60);

/// How long a provider may take until the payer sees his money again. Alipay and WeChat Pay both state that a refund to a
/// balance is seen at once, and to a bank card within some working days.
pub const REFUND_SEEN_WITHIN: Span = Span::days(3);

/// What happened, and what is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// What happened, in order.
    pub past: Vec<Step>,
    /// What happens next.
    pub next: NextStep,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// How much, where money is concerned.
    pub amount: Option<Amount>,
    /// With what it was paid, where money is concerned.
    pub tender: Option<Tender>,
}

/// What happens next, without the holder doing anything unless it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// The holder pays, until then.
    Pay {
        /// Until when.
        until: Timestamp,
    },
    /// Nobody paid in time: nothing was taken, and nothing more happens.
    Nothing,
    /// The time to pay is over; the provider is asked a last time.
    Closing {
        /// By when that is known.
        by: Timestamp,
    },
    /// All is done: the value is on the card.
    OnCard,
    /// The provider sends the money back.
    MoneyBack {
        /// Why.
        reason: RefundReason,
        /// How much.
        amount: Amount,
        /// By when the payer sees it.
        by: Timestamp,
    },
    /// The value comes on the card by itself, at a stated time.
    CreditedAt {
        /// When.
        at: Timestamp,
    },
    /// The money was paid in cash, and waits to be handed back over a counter.
    Collect {
        /// Why.
        reason: RefundReason,
        /// How much.
        amount: Amount,
    },
    /// The provider would not send it back: a person sees to it.
    PersonLooks {
        /// By when the holder has an answer.
        by: Timestamp,
    },
    /// The money is back.
    IsBack {
        /// Why it went back.
        reason: RefundReason,
    },
}

impl Timeline {
    /// The timeline of a top-up, as of now.
    #[must_use]
    pub fn of(view: &TopUpView, now: Timestamp) -> Self {
        let tender_of = |id| view.payments.iter().find(|payment| Some(payment.id) == id).map(|payment| payment.tender);
        let past = view.events.iter().map(|event| Step {
            kind: event.kind,
            at: event.happened_at,
            amount: event.amount,
            tender: tender_of(event.payment),
        });
        Self { past: past.collect(), next: next_step(view, now) }
    }
}

fn next_step(view: &TopUpView, now: Timestamp) -> NextStep {
    if let Some(by) = person_looks(view) {
        return NextStep::PersonLooks { by };
    }
    if let Some(money_back) = money_on_its_way(view) {
        return money_back;
    }
    match view.top_up.state {
        TopUpState::Placed => {
            let until = view.payments.iter().map(|payment| payment.expires_at).max();
            let until = until.unwrap_or(view.top_up.quote.valid_until());
            if now < until { NextStep::Pay { until } } else { NextStep::Closing { by: until.plus(CREDITED_WITHIN) } }
        }
        TopUpState::Deferred { since } => {
            NextStep::CreditedAt { at: view.top_up.sale.and_then(|sale| sale.credit_at).unwrap_or(since) }
        }
        TopUpState::Abandoned { .. } => NextStep::Nothing,
        TopUpState::Credited { .. } => NextStep::OnCard,
        TopUpState::Refunding { since, reason, .. } => {
            NextStep::MoneyBack { reason, amount: view.top_up.quote.you_pay, by: since.plus(REFUND_SEEN_WITHIN) }
        }
        TopUpState::Refunded { reason, .. } => NextStep::IsBack { reason },
    }
}

fn person_looks(view: &TopUpView) -> Option<Timestamp> {
    view.refunds.iter().find_map(|refund| match &refund.state {
        RefundState::Failed { failed_at, .. } => Some(failed_at.plus(ANSWERED_WITHIN)),
        RefundState::Requested | RefundState::Succeeded { .. } => None,
    })
}

fn money_on_its_way(view: &TopUpView) -> Option<NextStep> {
    view.refunds.iter().find_map(|refund| match refund.state {
        RefundState::Requested => {
            let (reason, amount) = (refund.reason, refund.amount);
            let payment = view.payments.iter().find(|payment| payment.id == refund.payment);
            Some(match payment.map(|payment| payment.tender) {
                Some(Tender::Purse { .. }) => NextStep::Collect { reason, amount },
                Some(Tender::Provider { .. }) | None => {
                    NextStep::MoneyBack { reason, amount, by: refund.requested_at.plus(REFUND_SEEN_WITHIN) }
                }
            })
        }
        RefundState::Succeeded { .. } | RefundState::Failed { .. } => None,
    })
}
