use ringup_core::card::Card;
use ringup_core::event::{Event, EventKind};
use ringup_core::payment::{Payment, PaymentState};
use ringup_core::product::Product;
use ringup_core::refund::Refund;
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUp;
use ringup_db::error::DbError;
use ringup_db::seam::ReadTx;

/// A top-up with everything that its pages show.
#[derive(Clone, Debug)]
pub struct TopUpView {
    /// The top-up.
    pub top_up: TopUp,
    /// The card it is for.
    pub card: Card,
    /// What kind of card that is.
    pub product: Product,
    /// Its payments, the oldest first.
    pub payments: Vec<Payment>,
    /// Its refunds, the oldest first.
    pub refunds: Vec<Refund>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl TopUpView {
    pub(crate) fn read(tx: &mut ReadTx<'_>, top_up: TopUp) -> Result<Self, DbError> {
        let missing = |what: &str| DbError::Damaged(format!("{what} of {} is missing", top_up.id));
        let card = ringup_db::card::find_card(tx, top_up.card())?.ok_or_else(|| missing("the card"))?;
        let product = ringup_db::product::find_product(tx, card.product)?.ok_or_else(|| missing("the product"))?;
        let payments = ringup_db::payment::payments_of(tx, &top_up)?;
        let refunds = ringup_db::refund::refunds_of(tx, &top_up)?;
        let events = ringup_db::event::events_of(tx, &top_up)?;
        Ok(Self { top_up, card, product, payments, refunds, events })
    }

    /// When the value came on the card, if it did.
    #[must_use]
    pub fn credited_at(&self) -> Option<Timestamp> {
        self.events.iter().find(|event| event.kind == EventKind::Credited).map(|event| event.happened_at)
    }

    /// The payment that was begun last: the one whose QR code is shown.
    #[must_use]
    pub fn latest_payment(&self) -> Option<&Payment> {
        self.payments.last()
    }

    /// The payment that has the money, the first one when there are several.
    #[must_use]
    pub fn captured_payment(&self) -> Option<&Payment> {
        self.payments.iter().find(|payment| match payment.state {
            PaymentState::Captured(_) => true,
            PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => false,
        })
    }
}
