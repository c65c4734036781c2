//! When a kiosk's power is cut, and what else goes wrong in that round: all drawn.

use std::time::Duration;

use ringup_core::bank_note::NoteState;

use super::machine::CARDS;
use crate::rig::dice::Dice;

/// A state that a note goes through on its way onto a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    Seen,
    Escrowed,
    ToldToStack,
    Stacked,
    Credited,
    Printed,
}

/// What becomes of the validator while the kiosk has no power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    /// The kiosk is back before anything has moved.
    Rests,
    /// It ends what it does: what is on its way to the box arrives, a held note goes back.
    GoesOn,
    /// It has lost its power as well.
    StartsAnew,
}

/// A round.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// At which state of the note the power goes.
    pub(super) moment: Moment,
    /// Which of the kiosk's cards is typed.
    pub(super) card: usize,
    /// So long after the state was reached.
    pub(super) wait: Duration,
    /// A note that is put in before it.
    pub(super) before: Option<u32>,
    /// The note, in yuan.
    pub(super) note: u32,
    /// It is pulled out on a thread as it moves into the box.
    pub(super) is_cheat: bool,
    /// The holder says that he is done before the power goes, so that the sale is on its way to the server.
    pub(super) is_done: bool,
    /// There is no paper until the power comes back.
    pub(super) no_paper: bool,
    /// What the validator does without the kiosk.
    pub(super) alone: Alone,
    /// It goes once more, so long after the program was started.
    pub(super) again: Option<Duration>,
}

impl Moment {
    pub(super) const ALL: [Self; 6] =
        [Self::Seen, Self::Escrowed, Self::ToldToStack, Self::Stacked, Self::Credited, Self::Printed];

    /// As the journal calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Escrowed => "escrowed",
            Self::ToldToStack => "told_to_stack",
            Self::Stacked => "stacked",
            Self::Credited => "credited",
            Self::Printed => "printed",
        }
    }

    /// How far a note has got; nothing when it has left the way.
    pub(super) const fn of(state: &NoteState) -> Option<Self> {
        match state {
            NoteState::Seen => Some(Self::Seen),
            NoteState::Escrowed { .. } => Some(Self::Escrowed),
            NoteState::ToldToStack { .. } => Some(Self::ToldToStack),
            NoteState::Stacked { .. } => Some(Self::Stacked),
            NoteState::Credited { .. } => Some(Self::Credited),
            NoteState::Printed { .. } => Some(Self::Printed),
            NoteState::Returned { .. } | NoteState::Claimed { .. } => None,
        }
    }

    /// About as long a note stays there, in microseconds.
    const fn lasts_micros(self, plan: &Plan) -> u64 {
        match self {
            Self::Seen => 40_000,
            // A note that is not taken stays there until it is on its way back.
            Self::Escrowed if plan.note == 5 => 80_000,
            Self::Escrowed => 4_000,
            Self::ToldToStack => 160_000,
            Self::Stacked => 300_000,
            Self::Credited if plan.no_paper => 400_000,
            Self::Credited => 10_000,
            Self::Printed => 300_000,
        }
    }
}

impl Plan {
    pub(super) fn draw(moment: Moment, sabotage: Option<&'static str>, dice: &mut Dice) -> Self {
        let is_sabotaged = sabotage == Some(super::CREDIT_UNSAID) && moment == Moment::ToldToStack;
        let mut yuan = || dice.pick(&[10, 20, 50, 100]).copied().unwrap_or(10);
        let (before, note) = (yuan(), yuan());
        // A five is not taken here, and goes back from where it is held.
        let is_five = moment <= Moment::Escrowed && dice.per_mille(250);
        let mut plan = Self {
            moment,
            card: dice.position(CARDS),
            wait: Duration::ZERO,
            before: dice.per_mille(500).then_some(before),
            note: if is_five { 5 } else { note },
            is_cheat: is_sabotaged || moment <= Moment::ToldToStack && dice.per_mille(120),
            is_done: moment >= Moment::Credited || moment == Moment::Stacked && dice.per_mille(400),
            no_paper: moment == Moment::Credited && dice.per_mille(400),
            alone: dice.pick(&[Alone::Rests, Alone::GoesOn, Alone::StartsAnew]).copied().unwrap_or(Alone::Rests),
            again: dice.per_mille(250).then(|| Duration::from_millis(dice.below(600))),
        };
        if dice.per_mille(500) {
            plan.wait = Duration::from_micros(dice.below(moment.lasts_micros(&plan)));
        }
        plan
    }
}
