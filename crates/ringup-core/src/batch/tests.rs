use super::*;
use crate::apply::{ChangeCardState, ImportCard};
use crate::books::PinHash;
use crate::card::{CardNumber, CardState};
use crate::id::{BatchId, IdBlock, Node};
use crate::money::{Amount, Unit};
use crate::product::ProductId;
use crate::shard::Shard;
use crate::time::Timestamp;

/// A store that answers by a script, and tells how many commands each try had.
struct Scripted {
    script: Vec<Result<(), WriteFailure>>,
    tries: Vec<usize>,
}

impl Scripted {
    fn new(script: &[Result<(), WriteFailure>]) -> Self {
        Self { script: script.iter().rev().cloned().collect(), tries: Vec::new() }
    }
}

impl Store for Scripted {
    fn write(&mut self, commands: &[Command], _: &[Moment]) -> Result<Vec<Decision>, WriteFailure> {
        self.tries.push(commands.len());
        self.script.pop().unwrap().map(|()| vec![Ok(Outcome::NothingToDo); commands.len()])
    }
}

fn given(count: u64) -> (Vec<Command>, Vec<Moment>) {
    let card = |nth| CardNumber::with_check_digit(622_588_000_000_000 + nth).unwrap();
    let commands =
        (0..count).map(|nth| Command::ChangeCardState(ChangeCardState { card: card(nth), to: CardState::Active }));
    let ids = IdBlock::starting_at(0, Shard(0), Node::new(0).unwrap(), 0);
    let moment = Moment { now: Timestamp::from_seconds(0), ids, house: crate::shard::Shard(1), nonce: [0; 16] };
    (commands.collect(), vec![moment; usize::try_from(count).unwrap()])
}

fn rules(on_unknown: GoOn) -> Rules {
    Rules { on_unknown, conflict_retries: 2 }
}

fn check(
    script: &[Result<(), WriteFailure>],
    on_unknown: GoOn,
    tries: &[usize],
    expected: (&[Result<Outcome, NotDone>], GoOn),
) {
    let (commands, moments) = given(2);
    let mut store = Scripted::new(script);
    let (results, go_on) = carry_out(&mut store, &commands, &moments, rules(on_unknown));
    assert_eq!((results.as_slice(), go_on), expected);
    assert_eq!(store.tries, tries);
}

const DONE: Result<Outcome, NotDone> = Ok(Outcome::NothingToDo);

#[test]
fn a_conflict_runs_the_batch_again_and_in_the_end_each_command_for_itself() {
    let conflict = || Err(WriteFailure::Conflict);
    check(&[conflict(), conflict(), Ok(())], GoOn::Yes, &[2, 2, 2], (&[DONE, DONE], GoOn::Yes));
    check(
        &[conflict(), conflict(), conflict(), Ok(()), Ok(())],
        GoOn::Yes,
        &[2, 2, 2, 1, 1],
        (&[DONE, DONE], GoOn::Yes),
    );
    let never: Vec<_> = (0..9).map(|_| conflict()).collect();
    let unavailable = Err(NotDone::Unavailable("somebody else wrote the same rows".to_owned()));
    check(&never, GoOn::Yes, &[2, 2, 2, 1, 1, 1, 1, 1, 1], (&[unavailable.clone(), unavailable], GoOn::Yes));
}

#[test]
fn a_broken_rule_touches_only_the_command_that_breaks_it() {
    let broken = |rule: &str| Err(WriteFailure::Broken(rule.to_owned()));
    let differs = Err(NotDone::Refused(Refusal::ReportDiffers(Difference::Transaction)));
    check(
        &[broken(TRANSACTION_UNIQUE), broken(TRANSACTION_UNIQUE), Ok(())],
        GoOn::Yes,
        &[2, 1, 1],
        (&[differs, DONE], GoOn::Yes),
    );
    let other = Err(NotDone::Unavailable("the database's rule account_floor would be broken".to_owned()));
    check(
        &[broken("account_floor"), Ok(()), broken("account_floor")],
        GoOn::Yes,
        &[2, 1, 1],
        (&[DONE, other], GoOn::Yes),
    );
    let failed = || Err(WriteFailure::Failed("a row is damaged".to_owned()));
    let damaged = Err(NotDone::Unavailable("a row is damaged".to_owned()));
    check(&[failed(), failed(), Ok(())], GoOn::Yes, &[2, 1, 1], (&[damaged, DONE], GoOn::Yes));
}

#[test]
fn a_store_that_is_gone_is_not_tried_again_and_nothing_has_happened() {
    let gone = Err(NotDone::Unavailable("gone".to_owned()));
    let script = [Err(WriteFailure::Unavailable("gone".to_owned()))];
    check(&script, GoOn::No, &[2], (&[gone.clone(), gone], GoOn::Yes));
}

#[test]
fn a_commit_of_unknown_outcome_is_nobodys_yes_and_stops_a_lane_that_must_stop() {
    let unknown = || Err(WriteFailure::Unknown);
    let not_known = [Err(NotDone::Unknown), Err(NotDone::Unknown)];
    check(&[unknown()], GoOn::Yes, &[2], (&not_known, GoOn::Yes));
    check(&[unknown()], GoOn::No, &[2], (&not_known, GoOn::No));
    let broken = Err(WriteFailure::Broken("x".to_owned()));
    check(&[broken, unknown()], GoOn::No, &[2, 1], (&[Err(NotDone::Unknown), Err(NotDone::Stopped)], GoOn::No));
}

#[test]
fn a_batch_touches_what_its_commands_touch() {
    let (mut commands, _) = given(2);
    commands.push(Command::ImportCard(ImportCard {
        number: CardNumber::with_check_digit(622_588_000_000_009).unwrap(),
        product: ProductId(7),
        batch: BatchId::from_u64(1),
        pin: PinHash([0; 16]),
        balance: Amount::zero(Unit::Cny),
        expires_at: Timestamp::from_seconds(0),
    }));
    let touches = touches(&commands);
    assert_eq!((touches.cards.len(), touches.products.len()), (3, 1));
}
