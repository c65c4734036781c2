//! Points: at which system call what goes wrong.

use std::collections::BTreeMap;

use crate::rig::strace::Call;

/// The calls that can fail: all that change SQLite's files, or make sure that they are on the disk.
pub const CALLS: [&str; 5] = ["pwrite64", "fdatasync", "fsync", "ftruncate", "unlink"];

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call fails with EIO, once.
    Eio,
    /// The call fails with ENOSPC, once.
    Enospc,
    /// This call and all later ones of its kind fail with EIO: the disk is broken for good.
    EioFromThenOn,
    /// This call and all later ones of its kind fail with ENOSPC: the disk is full.
    EnospcFromThenOn,
    /// The process is killed as it begins the call.
    Kill,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Eio, Self::Enospc, Self::EioFromThenOn, Self::EnospcFromThenOn, Self::Kill];

    /// Its name in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eio => "EIO once",
            Self::Enospc => "ENOSPC once",
            Self::EioFromThenOn => "EIO from then on",
            Self::EnospcFromThenOn => "ENOSPC from then on",
            Self::Kill => "killed",
        }
    }

    /// Whether it stays.
    #[must_use]
    pub const fn stays(self) -> bool {
        matches!(self, Self::EioFromThenOn | Self::EnospcFromThenOn)
    }
}

/// The k-th call of its kind goes wrong, in whichever thread comes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Which kind of call.
    pub call: &'static str,
    /// Which one of them, from 1.
    pub turn: u64,
    /// How.
    pub fault: Fault,
}

impl Point {
    /// As `strace` takes it.
    #[must_use]
    pub fn injection(&self) -> String {
        let Self { call, turn, fault } = self;
        match fault {
            Fault::Eio => format!("inject={call}:error=EIO:when={turn}"),
            Fault::Enospc => format!("inject={call}:error=ENOSPC:when={turn}"),
            Fault::EioFromThenOn => format!("inject={call}:error=EIO:when={turn}+"),
            Fault::EnospcFromThenOn => format!("inject={call}:error=ENOSPC:when={turn}+"),
            Fault::Kill => format!("inject={call}:signal=KILL:when={turn}"),
        }
    }
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}, {}", self.call, self.turn, self.fault.name())
    }
}

/// How often each kind of call was made in a run without faults, by the thread that made most of them: `strace` counts each
/// thread by itself.
#[derive(Debug, Default)]
pub struct Turns(BTreeMap<(&'static str, String), u64>);

impl Turns {
    /// Counts a call of a thread.
    pub fn count(&mut self, thread: &str, call: &Call) {
        if let Some(&name) = CALLS.iter().find(|&&name| name == call.name) {
            *self.0.entry((name, thread.to_owned())).or_default() += 1;
        }
    }

    /// How many turns a kind of call has.
    #[must_use]
    pub fn of(&self, call: &str) -> u64 {
        self.0.iter().filter(|((name, _), _)| *name == call).map(|(_, &turns)| turns).max().unwrap_or(0)
    }

    /// Every point there is.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        let calls = CALLS.iter().flat_map(|&call| (1..=self.of(call)).map(move |turn| (call, turn)));
        calls.flat_map(|(call, turn)| Fault::ALL.map(|fault| Point { call, turn, fault })).collect()
    }
}

#[cfg(test)]
mod tests;
