//! What the books answer: why not, or what came of it.

/// Why an order is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceRefusal {
    /// It is paid already.
    Paid,
    /// It is closed; its number cannot be used again.
    Closed,
    /// The number was used for another amount, text or address.
    Differs,
}

/// Why the payer cannot act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayRefusal {
    /// There is no such order.
    Unknown,
    /// The code was not scanned in time.
    CodeExpired,
    /// The order is closed.
    Closed,
    /// It is paid already.
    Paid,
}

/// What pressing "pay" brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayEffect {
    /// The money is with the provider.
    Paid,
    /// The payer's bank, or the payer, said no. It can be tried again.
    Declined,
    /// Nothing happened.
    Nothing,
}

/// Why an order is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseRefusal {
    /// There is no such order.
    Unknown,
    /// It is paid already.
    Paid,
    /// It is closed already.
    Closed,
}

/// What the merchant asks back.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// The merchant's number of it.
    pub out_refund_no: String,
    /// In fen.
    pub amount_minor: u64,
    /// Why.
    pub reason: Option<String>,
    /// Where its end is told (WeChat Pay).
    pub notify_url: Option<String>,
}

/// Why no money is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundRefusal {
    /// There is no such order.
    Unknown,
    /// It has not been paid.
    NotPaid,
    /// More than is left of it.
    TooMuch,
    /// The same refund number with another amount.
    Differs,
}

/// A refund that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundEffect {
    /// Money moves.
    New,
    /// The same request again: nothing moves.
    Repeated,
}
