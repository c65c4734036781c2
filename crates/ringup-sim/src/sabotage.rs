//! What a world can be made to do wrong on purpose, so that the auditor shows that he sees it. None of it is in Ringup.

macro_rules! sabotages {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// Something that is done wrong on purpose.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Sabotage { $($(#[$doc])* $name,)+ }

        impl Sabotage {
            /// Each of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

sabotages! {
    /// A capture that is reported again is credited again.
    CreditTwice = "credit-twice";
    /// A refund leaves the bonus on the card.
    ForgetBonus = "forget-bonus";
    /// Idempotency keys are not looked up.
    IgnoreKey = "ignore-key";
    /// A top-up that was committed is gone after a crash.
    DropRow = "drop-row";
    /// Everyone is answered before the commit, which then does not come.
    AnswerEarly = "answer-early";
    /// The job that sends a refund is not written.
    LoseRefundJob = "lose-refund-job";
    /// The job that ends a bonus is not written.
    LoseLapseJob = "lose-lapse-job";
    /// The job that follows a payment is not written.
    LoseFollowJob = "lose-follow-job";
    /// A notification is believed whatever amount it names.
    BelieveAmount = "believe-amount";
    /// Rows are overwritten whoever wrote them meanwhile.
    NoGuard = "no-guard";
    /// Cases for a person are not written.
    LoseCase = "lose-case";
    /// A refund that is sent again gets another number at the provider.
    OtherRefundNumber = "other-refund-number";
    /// A provider that does not answer is taken for one that has closed the order.
    TimeoutIsClosed = "timeout-is-closed";
    /// A commit whose answer is lost keeps only a part of its batch.
    TornBatch = "torn-batch";
    /// Whoever is told that nothing happened is told so after a commit too.
    DenyCommit = "deny-commit";
    /// A server forgets at its restart which ids it has made.
    ForgetIds = "forget-ids";
    /// A top-up that had waited for its time is credited as often as its job runs.
    CreditLateTwice = "credit-late-twice";
    /// A drawer that was closed is taken for one that is open.
    SellClosed = "sell-closed";
    /// A float goes twice as far below zero as it may.
    OverdrawFloat = "overdraw-float";
    /// The last number of a store's receipts is given again.
    RepeatNumber = "repeat-number";
    /// Whoever asks for a refund that was handed over is told to hand it over.
    PayOutTwice = "pay-out-twice";
    /// A drawer is booked as if what was expected had been counted.
    SwallowDifference = "swallow-difference";
    /// Drawers, safes and floats are overwritten whoever wrote them meanwhile.
    NoPurseGuard = "no-purse-guard";
    /// The job that credits a top-up later is not written.
    LoseCreditJob = "lose-credit-job";
}
