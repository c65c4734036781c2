//! Kiosks that die: a real process, killed at some command to the validator, again and again.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ringup_core::bank_note::{BankNote, NoteState, SaleKey, SaleReference};
use ringup_core::money::Language;
use ringup_sandbox::{Cut, start_validator};
use ringup_terminal::{Acceptor, AcceptorError, Happening, Protocol};

use crate::auditor::audit;
use crate::support::{BOTH, NOW, card, given_a_sale, notes_of, open, played, yuan};

const ROUNDS: u64 = 40;
const LIVES: u8 = 4;
const SALES_OF_A_LIFE_MAX: u8 = 200;
/// How a killed kiosk is told what to do.
const PLAN: &str = "RINGUP_TERMINAL_TEST_KIOSK";

#[test]
fn a_kiosk_that_dies_at_a_known_state_starts_with_that_note_in_one_place() {
    type Death = fn(&mut crate::support::Kiosk);
    let deaths: [(&str, Death, &str); 4] = [
        ("escrowed", |kiosk| kiosk.is_given(100), "returned"),
        (
            "told_to_stack",
            |kiosk| {
                kiosk.is_given(100);
                kiosk.accepts();
            },
            "stacked",
        ),
        (
            "told_to_stack, on its way",
            |kiosk| {
                kiosk.is_given(100);
                kiosk.accepts();
                kiosk.polls();
            },
            "stacked",
        ),
        (
            "stacked",
            |kiosk| {
                kiosk.is_given(100);
                kiosk.accepts();
                kiosk.polls_until_a_note_is("stacked");
            },
            "stacked",
        ),
    ];
    for protocol in BOTH {
        for (at, die, ends) in deaths {
            let mut kiosk = given_a_sale(protocol);
            die(&mut kiosk);
            kiosk.dies();
            kiosk.starts();
            assert_eq!(kiosk.states(), [ends], "{protocol:?} {at}");
            let credit = kiosk.acceptor().journal().sales_to_credit().unwrap();
            let amounts: Vec<_> = credit.into_iter().map(|total| total.amount).collect();
            assert_eq!(amounts, if ends == "stacked" { vec![yuan(100)] } else { vec![] }, "{protocol:?} {at}");
            kiosk.audit();
        }
    }
}

#[test]
fn somebody_elses_note_is_not_taken_for_the_unfinished_one() {
    let mut kiosk = given_a_sale(Protocol::Cctalk);
    kiosk.is_given(100);
    kiosk.validator.lose_commands(u32::MAX); // it is written down that it is told, and it is not told
    kiosk.accepts();
    kiosk.dies();
    kiosk.validator.lose_commands(0);
    kiosk.validator.time_passes(); // ours goes back
    kiosk.validator.insert(100);
    kiosk.validator.time_passes(); // and somebody puts in one like it
    kiosk.starts();
    assert!(kiosk.validator.cash_box().is_empty());
    assert!(kiosk.states().iter().all(|state| *state == "returned"), "{:?}", kiosk.states());
    kiosk.audit();
}

#[test]
fn a_kiosk_whose_validator_is_silent_at_the_start_claims_the_note() {
    for protocol in BOTH {
        let mut kiosk = given_a_sale(protocol);
        kiosk.is_given(100);
        kiosk.accepts();
        kiosk.polls();
        kiosk.dies();
        kiosk.validator.be_silent();
        kiosk.starts();
        assert_eq!(kiosk.states(), ["claimed"]);
        kiosk.validator.speak();
        kiosk.polls_for_a_while();
        assert_eq!(kiosk.states(), ["claimed"]);
        assert_eq!(kiosk.validator.cash_box(), [100]);
        kiosk.audit();
    }
}

#[test]
fn kiosks_killed_at_any_command_credit_what_is_in_the_box_and_nothing_else_with_ssp() {
    kill_many(Protocol::Ssp, 0x5EED_0551);
}

#[test]
fn kiosks_killed_at_any_command_credit_what_is_in_the_box_and_nothing_else_with_cctalk() {
    kill_many(Protocol::Cctalk, 0x5EED_CC7A);
}

fn kill_many(protocol: Protocol, seed: u64) {
    println!("seed {seed:#x}, {ROUNDS} rounds of {LIVES} lives");
    let mut counts: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for round in 0..ROUNDS {
        let notes = one_round(protocol, &mut Draw(seed ^ (round << 32)), round);
        for note in notes {
            *counts.entry(note.state.name()).or_insert(0) += 1;
        }
    }
    println!("{protocol:?}: {counts:?}");
    for state in ["returned", "stacked", "printed"] {
        assert!(counts.contains_key(state), "{protocol:?} never ended with {state}: {counts:?}");
    }
}

/// Four kiosks die one after the other; the fifth looks at what is left.
fn one_round(protocol: Protocol, draw: &mut Draw, round: u64) -> Vec<BankNote> {
    let validator = start_validator(played(protocol)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.db");
    let mut plan = format!("{protocol:?} round {round}:");
    for life in 0..LIVES {
        for _ in 0..3 {
            validator.insert([5, 10, 20, 50, 100][draw.below(5)]);
        }
        // A start takes a dozen commands, or forty; a note about ten.
        let commands = u64::try_from(draw.below(if protocol == Protocol::Ssp { 45 } else { 70 }) + 1).unwrap();
        let cut = [Cut::BeforeItArrives, Cut::BeforeTheAnswer, Cut::AfterTheAnswer][draw.below(3)];
        validator.cut_at(commands, cut);
        let mut kiosk =
            spawn_kiosk(&format!("{life}|{protocol:?}|{}|{}", validator.path().display(), journal.display()));
        let was_cut = validator.wait_for_cut(Duration::from_secs(60));
        kiosk.kill().unwrap();
        kiosk.wait().unwrap();
        plan.push_str(&format!(" {commands} {cut:?}"));
        assert!(was_cut, "{plan}: the kiosk stopped by itself");
        match draw.below(4) {
            0 => {
                validator.time_passes();
                plan.push_str(" time");
            }
            1 => {
                validator.power_cycle();
                plan.push_str(" off");
            }
            _ => {}
        }
        validator.mend();
    }
    let (mut acceptor, _) = open(validator.path(), protocol, &journal, LIVES);
    for _ in 0..20 {
        acceptor.poll(NOW).unwrap(); // what is on its way arrives
    }
    let keys = (0..LIVES).flat_map(|life| (0..SALES_OF_A_LIFE_MAX).map(move |sale| key_of(life, sale)));
    let notes = notes_of(acceptor.journal(), keys);
    audit(&notes, &validator, &plan);
    notes
}

fn key_of(life: u8, sale: u8) -> SaleKey {
    let mut key = [0; 16];
    key[0] = life + 1;
    key[1] = sale;
    SaleKey(key)
}

fn spawn_kiosk(plan: &str) -> Child {
    let program = std::env::current_exe().unwrap();
    Command::new(program)
        .args(["--exact", "power_cut::a_kiosk_in_a_process_of_its_own", "--nocapture"])
        .env(PLAN, plan)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Is run by the tests above, in a process that they kill; alone it does nothing.
#[test]
fn a_kiosk_in_a_process_of_its_own() {
    #[expect(clippy::disallowed_methods, reason = "how a test tells its own child what to do")]
    let Ok(plan) = std::env::var(PLAN) else { return };
    let parts: Vec<&str> = plan.split('|').collect();
    let [life, protocol, port, journal] = parts.as_slice() else { panic!("{plan}") };
    let life: u8 = life.parse().unwrap();
    let protocol = if *protocol == "Ssp" { Protocol::Ssp } else { Protocol::Cctalk };
    let (mut acceptor, _) = open(port.as_ref(), protocol, journal.as_ref(), life);
    for sale in 0..SALES_OF_A_LIFE_MAX {
        sell_one_note(&mut acceptor, key_of(life, sale));
    }
    loop {
        acceptor.poll(NOW).unwrap();
    }
}

fn sell_one_note(acceptor: &mut Acceptor, key: SaleKey) {
    acceptor.begin_sale(key, card(), Language::En, NOW).unwrap();
    loop {
        for happening in acceptor.poll(NOW).unwrap() {
            let Happening::Note(note) = happening else { continue };
            match note.state {
                NoteState::Escrowed { .. } => match acceptor.accept(NOW) {
                    Ok(()) | Err(AcceptorError::NothingHeld) => {} // or it has gone already
                    Err(error) => panic!("{error}"),
                },
                NoteState::Stacked { .. } => {
                    // The sale ends; a note that was put in right behind this one still belongs to it.
                    acceptor.stop_notes();
                }
                _ => {}
            }
        }
        let stacked = acceptor.journal().notes_of(key).unwrap();
        let is_taken = stacked.iter().any(|note| matches!(note.state, NoteState::Stacked { .. }));
        if is_taken && acceptor.journal().unfinished().unwrap().is_none() {
            break;
        }
    }
    if let Some(total) = acceptor.end_sale(NOW).unwrap() {
        let reference = SaleReference::parse(&key.to_string()).unwrap();
        acceptor.journal().mark_credited(key, total.amount, &reference, NOW).unwrap();
        acceptor.journal().mark_printed(key, NOW).unwrap();
    }
}

/// A small generator: the same seed, the same deaths.
struct Draw(u64);

impl Draw {
    /// SplitMix64 (Steele, Lea and Flood, 2014).
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}
