//! A batch of commands, carried out as one: what is run again, who is told what, and when no more may be written.
//!
//! [`carry_out`] is the write lane's sense; the one who lends it a [`Store`] does the reading and the writing. The engine's
//! store is a database, the simulator's is a table in memory that fails on purpose.

use crate::apply::{Command, Difference, Moment, Outcome, Refusal, Touches, apply};
use crate::books::Books;

/// What one command came to.
pub type Decision = Result<Outcome, Refusal>;

/// The database's rule that a provider's transaction number is there once, for ever.
pub const TRANSACTION_UNIQUE: &str = "capture_transaction_id_unique";

/// Where the books of a batch come from, and where its changes go.
pub trait Store {
    /// In one transaction: loads what the commands touch, has [`decide`] decide them, saves what changed, and commits.
    ///
    /// # Errors
    /// [`WriteFailure`]. Only after [`WriteFailure::Unknown`] may anything of it have been committed.
    fn write(&mut self, commands: &[Command], moments: &[Moment]) -> Result<Vec<Decision>, WriteFailure>;
}

/// Why a batch was not committed, or may not have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteFailure {
    /// Somebody else wrote the same rows: it may be run again, from its loading on.
    Conflict,
    /// The store is of no use just now.
    Unavailable(String),
    /// The store failed while it committed.
    Unknown,
    /// This rule of the store would be broken.
    Broken(String),
    /// It will not do, however often it is tried.
    Failed(String),
}

/// Why a command was not carried out, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The books say no. Nothing has happened.
    Refused(Refusal),
    /// The store does not serve. Nothing has happened.
    Unavailable(String),
    /// It may have happened, or not.
    Unknown,
    /// Nothing is written any more. Nothing has happened.
    Stopped,
}

/// Whether the lane may write on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    /// It may.
    Yes,
    /// What the store holds is known only after it has been opened anew.
    No,
}

/// How a lane takes failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether it goes on after a commit whose outcome is not known.
    pub on_unknown: GoOn,
    /// How often a batch is run again when somebody else wrote its rows.
    pub conflict_retries: u32,
}

/// What the commands of a batch touch, all together.
#[must_use]
pub fn touches(commands: &[Command]) -> Touches {
    let mut touches = Touches::default();
    for command in commands {
        touches.add(command.touches());
    }
    touches
}

/// Decides each command on the books, in order.
pub fn decide(books: &mut Books, commands: &[Command], moments: &[Moment]) -> Vec<Decision> {
    commands.iter().zip(moments).map(|(command, moment)| apply(books, command, *moment)).collect()
}

/// Carries out a batch: an answer for each of its commands, in their order, and whether more may be written.
///
/// The moments are drawn once: a batch that must be run again decides the same.
pub fn carry_out(
    store: &mut impl Store,
    commands: &[Command],
    moments: &[Moment],
    rules: Rules,
) -> (Vec<Result<Outcome, NotDone>>, GoOn) {
    let mut attempt: u32 = 0;
    loop {
        attempt = attempt.saturating_add(1);
        let failure = match store.write(commands, moments) {
            Ok(decisions) => {
                return (decisions.into_iter().map(|decision| decision.map_err(NotDone::Refused)).collect(), GoOn::Yes);
            }
            Err(failure) => failure,
        };
        match failure {
            WriteFailure::Conflict if attempt <= rules.conflict_retries => {}
            WriteFailure::Unknown => return (vec![Err(NotDone::Unknown); commands.len()], rules.on_unknown),
            WriteFailure::Unavailable(why) => {
                return (vec![Err(NotDone::Unavailable(why)); commands.len()], GoOn::Yes);
            }
            // What one command breaks must not touch the others: each for itself.
            WriteFailure::Conflict | WriteFailure::Broken(_) | WriteFailure::Failed(_) if commands.len() > 1 => {
                return one_by_one(store, commands, moments, rules);
            }
            WriteFailure::Conflict => {
                return (vec![Err(NotDone::Unavailable("somebody else wrote the same rows".to_owned()))], GoOn::Yes);
            }
            // The provider says that one transaction paid two of our payments. The books cannot see that: the other
            // payment is not among the rows of this command.
            WriteFailure::Broken(rule) if rule == TRANSACTION_UNIQUE => {
                let refusal = Refusal::ReportDiffers(Difference::Transaction);
                return (vec![Err(NotDone::Refused(refusal))], GoOn::Yes);
            }
            WriteFailure::Broken(rule) => {
                let why = format!("the database's rule {rule} would be broken");
                return (vec![Err(NotDone::Unavailable(why))], GoOn::Yes);
            }
            WriteFailure::Failed(why) => return (vec![Err(NotDone::Unavailable(why))], GoOn::Yes),
        }
    }
}

fn one_by_one(
    store: &mut impl Store,
    commands: &[Command],
    moments: &[Moment],
    rules: Rules,
) -> (Vec<Result<Outcome, NotDone>>, GoOn) {
    let mut results = Vec::with_capacity(commands.len());
    for (command, moment) in commands.iter().zip(moments) {
        let (one, go_on) = carry_out(store, std::slice::from_ref(command), std::slice::from_ref(moment), rules);
        results.extend(one);
        if go_on == GoOn::No {
            results.resize(commands.len(), Err(NotDone::Stopped));
            return (results, GoOn::No);
        }
    }
    (results, GoOn::Yes)
}

#[cfg(test)]
mod tests;
