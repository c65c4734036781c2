//! What goes wrong in a world, how often, and how often it did.

use crate::chance::Chance;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $per_mille:literal;)+) => {
        /// Something that goes wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $($(#[$doc])* $name,)+ }

        impl Fault {
            /// Each of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What a list calls it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// How often it strikes in a usual world, where it can: times in a thousand.
            const fn per_mille(self) -> u64 {
                match self { $(Self::$name => $per_mille,)+ }
            }
        }
    };
}

faults! {
    /// A client's request never arrives.
    RequestLost = "a client's request was lost", 40;
    /// The server's answer never arrives.
    AnswerLost = "the answer to a client was lost", 40;
    /// A client crashes, and comes back with or without its key.
    ClientCrash = "a client crashed and came back", 30;
    /// A process ends between any two steps.
    ProcessCrash = "a process crashed between two steps", 300;
    /// It ends at one of the thousand steps that it makes.
    StepCrash = "a process crashed at a step of a task", 2;
    /// It ends with a batch decided and not committed.
    CrashBeforeCommit = "a process crashed before its commit", 8;
    /// It ends with a batch committed and nobody told.
    CrashAfterCommit = "a process crashed after its commit", 8;
    /// A commit whose answer is lost, and that was made.
    UnknownButMade = "a commit of unknown outcome was made", 8;
    /// A commit whose answer is lost, and that was not made.
    UnknownNotMade = "a commit of unknown outcome was not made", 8;
    /// The store does not serve.
    StoreUnavailable = "the store did not serve", 15;
    /// Another server commits between the loading and the saving of a batch.
    Interleaved = "another server committed in the midst of a batch", 500;
    /// Somebody else wrote the same rows.
    Conflict = "a batch met a conflict", 0;
    /// A clock jumps ahead.
    ClockForward = "a clock jumped ahead", 250;
    /// A clock goes back.
    ClockBack = "a clock went back", 250;
    /// A clock goes back to a moment at which ids were made, and stands still for a while.
    ClockStands = "a clock went back to an old moment and stood still", 150;
    /// What we ask a provider never arrives.
    CallLost = "a call to a provider was lost", 60;
    /// A provider's answer never arrives.
    CallAnswerLost = "a provider's answer was lost", 60;
    /// A provider answers after the job's lease has run out.
    CallSlow = "a provider answered after the lease of the job", 15;
    /// A provider refuses to make an order.
    OrderRefused = "a provider refused an order", 20;
    /// A provider says that it knows no such order, though it does.
    OrderDenied = "a provider denied an order that it had", 40;
    /// A provider still says "waiting" though it has the money.
    WordStale = "a provider said waiting for what was paid", 80;
    /// A provider takes money after it has closed the order.
    PaidAfterClose = "an order was paid after its close", 300;
    /// More or less is paid than asked.
    OtherAmount = "another amount was paid than asked", 80;
    /// A provider uses a transaction number twice.
    TransactionRepeated = "a provider used a transaction number twice", 15;
    /// A notification is lost.
    NotificationLost = "a notification was lost", 200;
    /// A notification comes twice and more.
    NotificationRepeated = "a notification was repeated", 150;
    /// A notification comes hours late.
    NotificationLate = "a notification came hours late", 60;
    /// A notification names another amount.
    NotificationChanged = "a notification named another amount", 60;
    /// A notification tells of a payment that nobody made.
    NotificationForged = "a notification told of a payment that nobody made", 40;
    /// A notification comes from another provider than the one that was asked.
    NotificationForeign = "a notification came from another provider", 30;
    /// A provider will not send money back.
    RefundRefused = "a provider refused a refund", 60;
    /// A provider says that it knows no such refund, though it does.
    RefundDenied = "a provider denied a refund that it had", 60;
    /// A provider takes the order to send money back, and in the end it has not.
    RefundAbnormal = "a refund under way came to nothing", 60;
    /// A provider sends money back, and says that it will not.
    RefundRefusedButSent = "a provider refused a refund and sent it", 20;
    /// A provider is long at work with a refund.
    RefundSlow = "a provider was long at work with a refund", 200;
    /// A provider tells of a refund that is handed over in cash.
    RefundOfCashTold = "a provider told of a refund that is handed over in cash", 150;
    /// A clerk or an agent presses twice.
    PressedTwice = "a seller pressed twice", 150;
    /// Somebody has a late credit made before its time, or once more.
    CreditAskedFor = "a late credit was asked for out of its time", 200;
    /// A clerk has no answer, and gives the cash back although the sale was made.
    CashGivenBack = "a clerk gave cash back without knowing", 150;
    /// A clerk gives too little or too much change.
    WrongChange = "a clerk gave wrong change", 60;
    /// A drawer is counted wrong.
    WrongCount = "a drawer was counted wrong", 150;
    /// A clerk sells on when his drawer is closed.
    SoldWhenClosed = "a clerk sold on after closing", 300;
    /// A drawer is closed again, with the same count or another.
    ClosedTwice = "a drawer was closed twice", 300;
    /// A code that was shown at a till is paid when its drawer is closed.
    PaidAfterClosing = "a code was paid after its drawer was closed", 0;
    /// Nobody comes for his cash.
    NeverCollected = "nobody came for a refund in cash", 200;
    /// A refund is asked for at a second counter as well.
    AskedForTwice = "a refund was asked for at two counters", 300;
    /// The bag for the bank does not hold what was written on it.
    BagDiffers = "the bank counted another sum than was sent", 200;
    /// A float is empty.
    FloatEmpty = "a float did not cover a sale", 0;
}

/// How often each fault strikes in one world, and how often it has.
#[derive(Clone, Debug)]
pub struct Faults {
    per_mille: [u64; Fault::ALL.len()],
    /// How often each has struck.
    pub counts: Counts,
}

/// How often each fault has struck.
pub type Counts = [u64; Fault::ALL.len()];

impl Faults {
    /// Draws a world's weather: every fault may be away, usual, or frequent.
    pub fn draw(chance: &mut Chance) -> Self {
        let mut per_mille = [0; Fault::ALL.len()];
        for (slot, fault) in per_mille.iter_mut().zip(Fault::ALL) {
            *slot = match chance.below(8) {
                0..=2 => 0,
                3..=6 => fault.per_mille(),
                _ => (fault.per_mille() * 5).min(700),
            };
        }
        Self { per_mille, counts: [0; Fault::ALL.len()] }
    }

    /// Whether it strikes now. Not counted yet: see [`Self::count`].
    pub fn strikes(&self, fault: Fault, chance: &mut Chance) -> bool {
        chance.per_mille(self.per_mille[place(fault)])
    }

    /// Whether it strikes in this world wherever it can.
    #[must_use]
    pub const fn always(&self, fault: Fault) -> bool {
        self.per_mille[place(fault)] >= 1_000
    }

    /// Makes it so frequent in this world.
    pub fn set(&mut self, fault: Fault, per_mille: u64) {
        self.per_mille[place(fault)] = per_mille;
    }

    /// Counts one that has struck.
    pub fn count(&mut self, fault: Fault) {
        self.counts[place(fault)] += 1;
    }

    /// From now on nothing goes wrong any more, but for what always does: a provider that never tells.
    pub fn end(&mut self) {
        for per_mille in &mut self.per_mille {
            *per_mille = if *per_mille >= 1_000 { 1_000 } else { 0 };
        }
    }
}

#[expect(clippy::as_conversions, reason = "the one way from an enumeration without values to its place")]
const fn place(fault: Fault) -> usize {
    fault as usize
}
