//! Plays a bill validator on a pseudo-terminal, as SSP or ccTalk devices behave, with switches for every fault.
//!
//! It knows what is physically in its cash box and what it has given back, so that a test can compare that with what a kiosk believes.
//! It goes on when the kiosk dies, and remembers what a real one remembers. It knows no clock: each question of the kiosk moves
//! its note on by one step.

mod cctalk;
mod machine;
mod ssp;
mod wire;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use cctalk::Cctalk;
use machine::Machine;
use ssp::Ssp;
use wire::Wire;

/// What a validator speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidatorProtocol {
    /// ITL's Smiley Secure Protocol, in the clear.
    Ssp,
    /// Money Controls' ccTalk, with the simple checksum, on one wire that echoes what is sent.
    Cctalk,
}

/// When, in the life of a frame, the kiosk's power is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It was sent, and has not arrived.
    BeforeItArrives,
    /// It was obeyed, and not answered.
    BeforeTheAnswer,
    /// It was obeyed and answered.
    AfterTheAnswer,
}

/// What a validator takes: yuan.
pub const NOTE_VALUES: [u32; 5] = [5, 10, 20, 50, 100];

/// A running validator. It stops when it is dropped.
pub struct ValidatorSandbox {
    path: PathBuf,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    device: Mutex<Device>,
    was_cut: Condvar,
    is_stopping: AtomicBool,
}

/// The validator with its faults.
pub(crate) struct Device {
    pub(crate) machine: Machine,
    speech: Speech,
    faults: Faults,
    frames: u64,
    cut: Option<(u64, Cut)>,
    is_cut: bool,
    was_cut_told: bool,
}

enum Speech {
    Ssp(Ssp),
    Cctalk(Cctalk),
}

/// What goes wrong on the line, for so many of the next frames.
#[derive(Default)]
struct Faults {
    is_silent: bool,
    commands_lost: u32,
    answers_lost: u32,
    answers_garbled: u32,
    answers_cut_short: u32,
    answers_doubled: u32,
}

/// Starts a validator that takes [`NOTE_VALUES`].
///
/// # Errors
/// When the system has no pseudo-terminal to give.
pub fn start_validator(protocol: ValidatorProtocol) -> io::Result<ValidatorSandbox> {
    let (wire, path) = Wire::open()?;
    let speech = match protocol {
        ValidatorProtocol::Ssp => Speech::Ssp(Ssp::default()),
        ValidatorProtocol::Cctalk => Speech::Cctalk(Cctalk::default()),
    };
    let device = Device {
        machine: Machine::default(),
        speech,
        faults: Faults::default(),
        frames: 0,
        cut: None,
        is_cut: false,
        was_cut_told: false,
    };
    let shared =
        Arc::new(Shared { device: Mutex::new(device), was_cut: Condvar::new(), is_stopping: AtomicBool::new(false) });
    let of_thread = Arc::clone(&shared);
    let thread = std::thread::spawn(move || serve(wire, &of_thread));
    Ok(ValidatorSandbox { path, shared, thread: Some(thread) })
}

fn serve(mut wire: Wire, shared: &Shared) {
    let mut waiting = Vec::new();
    while !shared.is_stopping.load(Ordering::SeqCst) {
        match wire.receive() {
            Ok(bytes) if bytes.is_empty() => {
                // A pause ends a ccTalk frame, whole or not.
                shared.device().pause(&mut waiting);
                continue;
            }
            Ok(bytes) => waiting.extend(bytes),
            Err(error) => {
                tracing::warn!(%error, "the validator's line failed");
                return;
            }
        }
        let mut device = shared.device();
        let answers = device.receive(&mut waiting);
        let is_cut = device.is_cut;
        drop(device);
        for answer in answers {
            if let Err(error) = wire.send(&answer) {
                tracing::warn!(%error, "the validator's answer was not taken");
            }
        }
        if is_cut {
            // Whoever waits for the cut finds the answer sent, if there was to be one.
            let mut device = shared.device();
            device.was_cut_told = true;
            shared.was_cut.notify_all();
        }
    }
}

impl Shared {
    fn device(&self) -> MutexGuard<'_, Device> {
        self.device.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Device {
    fn pause(&mut self, waiting: &mut Vec<u8>) {
        match &mut self.speech {
            Speech::Ssp(_) => {}
            Speech::Cctalk(_) => waiting.clear(),
        }
    }

    /// Obeys what has come, and answers.
    fn receive(&mut self, waiting: &mut Vec<u8>) -> Vec<Vec<u8>> {
        let mut answers = Vec::new();
        loop {
            let command = match &mut self.speech {
                Speech::Ssp(ssp) => ssp.take_frame(waiting),
                Speech::Cctalk(_) => cctalk::take_frame(waiting),
            };
            let Some(command) = command else { return answers };
            if let Speech::Cctalk(_) = self.speech {
                answers.push(command.clone()); // both directions are on one wire
            }
            answers.extend(self.obey(&command));
        }
    }

    fn obey(&mut self, command: &[u8]) -> Vec<Vec<u8>> {
        if self.is_cut {
            return Vec::new();
        }
        self.frames += 1;
        let cut = self.cut.filter(|(frame, _)| *frame == self.frames).map(|(_, cut)| cut);
        self.is_cut = cut.is_some();
        if self.faults.is_silent || cut == Some(Cut::BeforeItArrives) || spend(&mut self.faults.commands_lost) {
            return Vec::new();
        }
        let answer = match &mut self.speech {
            Speech::Ssp(ssp) => ssp.obey(command, &mut self.machine),
            Speech::Cctalk(cctalk) => cctalk.obey(command, &mut self.machine),
        };
        if cut == Some(Cut::BeforeTheAnswer) || spend(&mut self.faults.answers_lost) {
            return Vec::new();
        }
        let Some(mut answer) = answer else { return Vec::new() };
        if spend(&mut self.faults.answers_garbled)
            && let Some(byte) = answer.iter_mut().rev().nth(2)
        {
            *byte ^= 0x15;
        }
        if spend(&mut self.faults.answers_cut_short) {
            answer.pop();
        }
        if spend(&mut self.faults.answers_doubled) { vec![answer.clone(), answer] } else { vec![answer] }
    }
}

fn spend(count: &mut u32) -> bool {
    let some = *count > 0;
    *count = count.saturating_sub(1);
    some
}

/// What people, time and bad luck do to a validator.
impl ValidatorSandbox {
    /// The serial port, for the kiosk.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn device(&self) -> MutexGuard<'_, Device> {
        self.shared.device()
    }

    /// Puts in a note of so many yuan, behind those that wait in the slot.
    pub fn insert(&self, yuan: u32) {
        self.device().machine.insert(yuan);
    }

    /// The holder pulls the held note out again. Says whether there was one.
    pub fn pull_back(&self) -> bool {
        self.device().machine.pull_back()
    }

    /// The next note that is moved into the box is pulled out on a thread, and that is noticed.
    pub fn cheat_with_the_next_note(&self) {
        self.device().machine.next_is_cheat = true;
    }

    /// What was prepared for the next note, and has not happened, will not happen.
    pub fn play_fair(&self) {
        let machine = &mut self.device().machine;
        (machine.next_is_cheat, machine.next_jams, machine.next_credit_twice) = (false, false, false);
    }

    /// The next note that is moved into the box is stuck on its way.
    pub fn jam_the_next_note(&self) {
        self.device().machine.next_jams = true;
    }

    /// Somebody frees the stuck note, and it goes on into the box.
    pub fn free_the_jam(&self) {
        self.device().machine.free_jam();
    }

    /// The next note that is taken is told twice to be in the box. SSP only: ccTalk counts its events.
    pub fn tell_the_next_credit_twice(&self) {
        self.device().machine.next_credit_twice = true;
    }

    /// The note has been held for too long, and goes back.
    pub fn hold_no_longer(&self) {
        self.device().machine.give_back();
    }

    /// Time passes without a kiosk: what is on its way arrives, a held note goes back.
    pub fn time_passes(&self) {
        let mut device = self.device();
        let Device { machine, speech, .. } = &mut *device;
        machine.give_back();
        for _ in 0..machine::STEPS_TO_BOX + 2 {
            machine.step();
        }
        machine.give_back();
        machine.step();
        machine.step();
        if let Speech::Cctalk(cctalk) = speech {
            cctalk.remember(machine);
        }
    }

    /// It forgets what has happened and was not told, without saying so.
    pub fn forget_what_happened(&self) {
        self.device().machine.forget_told();
    }

    /// It is switched off and on again.
    pub fn power_cycle(&self) {
        let mut device = self.device();
        let Device { machine, speech, .. } = &mut *device;
        machine.power_cycle();
        match speech {
            Speech::Ssp(ssp) => *ssp = Ssp::default(),
            Speech::Cctalk(cctalk) => {
                *cctalk = Cctalk::default();
                machine.forget_told(); // it has no words for what it finds when it starts
            }
        }
    }

    /// The cash box is taken out; whoever does that empties it, and says what was in it.
    pub fn remove_box(&self) -> Vec<u32> {
        self.device().machine.remove_box()
    }

    /// The cash box is put in again.
    pub fn replace_box(&self) {
        self.device().machine.replace_box();
    }

    /// The cash box holds only so many notes.
    pub fn box_holds(&self, notes: usize) {
        self.device().machine.capacity = notes;
    }

    /// What is physically in the cash box.
    #[must_use]
    pub fn cash_box(&self) -> Vec<u32> {
        self.device().machine.cash_box.clone()
    }

    /// What it has given back.
    #[must_use]
    pub fn given_back(&self) -> Vec<u32> {
        self.device().machine.given_back.clone()
    }

    /// Whether a note is inside, or waits in the slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.device().machine.is_empty()
    }

    /// ccTalk: makes so many events that mean nothing, each counted.
    pub fn make_events(&self, count: usize) {
        if let Speech::Cctalk(cctalk) = &mut self.device().speech {
            for _ in 0..count {
                cctalk.make_event(0, 0);
            }
        }
    }

    /// It does not hear and does not answer until [`Self::speak`].
    pub fn be_silent(&self) {
        self.device().faults.is_silent = true;
    }

    /// It hears and answers again.
    pub fn speak(&self) {
        self.device().faults.is_silent = false;
    }

    /// So many of the next commands do not arrive.
    pub fn lose_commands(&self, count: u32) {
        self.device().faults.commands_lost = count;
    }

    /// So many of the next commands are obeyed, and their answers are lost.
    pub fn lose_answers(&self, count: u32) {
        self.device().faults.answers_lost = count;
    }

    /// So many of the next answers have a wrong byte.
    pub fn garble_answers(&self, count: u32) {
        self.device().faults.answers_garbled = count;
    }

    /// So many of the next answers lack their last byte.
    pub fn cut_answers_short(&self, count: u32) {
        self.device().faults.answers_cut_short = count;
    }

    /// So many of the next answers come twice.
    pub fn double_answers(&self, count: u32) {
        self.device().faults.answers_doubled = count;
    }

    /// How many commands have come.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.device().frames
    }

    /// The line goes dead at the command with this number, counted from now, as if the kiosk's power were cut then.
    pub fn cut_at(&self, frame: u64, cut: Cut) {
        let mut device = self.device();
        device.cut = Some((device.frames + frame, cut));
    }

    /// Waits for the cut; says whether it came in time.
    #[must_use]
    pub fn wait_for_cut(&self, at_most: Duration) -> bool {
        let waiting = self.shared.was_cut.wait_timeout_while(self.device(), at_most, |device| !device.was_cut_told);
        waiting.is_ok_and(|(device, _)| device.was_cut_told)
    }

    /// The line is there again.
    pub fn mend(&self) {
        let mut device = self.device();
        device.cut = None;
        (device.is_cut, device.was_cut_told) = (false, false);
    }
}

impl Drop for ValidatorSandbox {
    fn drop(&mut self) {
        self.shared.is_stopping.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // An error means that it has ended already.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
