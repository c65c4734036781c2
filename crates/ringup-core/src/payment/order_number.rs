use crate::id::{FloatPurchaseId, ParseIdError, PaymentId};

/// What providers know our orders by. The prefix tells what is paid for, so that whatever a provider says finds its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderNumber {
    /// A payment for a top-up.
    Payment(PaymentId),
    /// Float that an agent buys.
    FloatPurchase(FloatPurchaseId),
}

impl OrderNumber {
    /// As providers take it: sixteen letters and digits.
    #[must_use]
    pub fn to_reference(self) -> String {
        match self {
            Self::Payment(id) => id.to_reference(),
            Self::FloatPurchase(id) => id.to_reference(),
        }
    }

    /// Reads [`Self::to_reference`] back.
    ///
    /// # Errors
    /// [`ParseIdError::Prefix`], [`ParseIdError::Form`].
    pub fn from_reference(reference: &str) -> Result<Self, ParseIdError> {
        match FloatPurchaseId::from_reference(reference) {
            Ok(id) => Ok(Self::FloatPurchase(id)),
            Err(_) => PaymentId::from_reference(reference).map(Self::Payment),
        }
    }
}

impl From<PaymentId> for OrderNumber {
    fn from(id: PaymentId) -> Self {
        Self::Payment(id)
    }
}

impl From<FloatPurchaseId> for OrderNumber {
    fn from(id: FloatPurchaseId) -> Self {
        Self::FloatPurchase(id)
    }
}
