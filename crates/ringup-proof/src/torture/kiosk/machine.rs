//! A kiosk: the real program and its files, a played validator and a played printer.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use ringup_core::card::CardNumber;
use ringup_sandbox::{PlayedPrinter, ValidatorProtocol, ValidatorSandbox, start_validator};

use super::journal::Journal;
use super::moment::Plan;
use super::screen::Screen;
use super::site::Machine;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, errors, free_address};
use crate::rig::leash::Leash;
use crate::rig::outside;

/// How many cards each kiosk's holders have.
pub(super) const CARDS: usize = 2;
/// A few letters are enough where slips are read by a program.
const FONT: &[u8] = include_bytes!("../../../../ringup-paper/tests/fonts/few-letters.otf");
/// How long anything is waited for, on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Between two tries to come to the slot.
const TRY_EVERY: Duration = Duration::from_millis(200);

/// A kiosk.
pub(super) struct Kiosk {
    pub(super) validator: ValidatorSandbox,
    pub(super) printer: PlayedPrinter,
    pub(super) screen: Screen,
    /// What the notes' numbers begin with.
    pub(super) number: u32,
    /// The cards that are topped up here, and nowhere else.
    pub(super) cards: [CardNumber; CARDS],
    /// What was audited before.
    pub(super) audited: Audited,
    protocol: ValidatorProtocol,
    folder: PathBuf,
    process: Option<Leash>,
}

/// Up to where everything was looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Audited {
    /// The number of the last note.
    pub(super) note: u64,
    /// How many notes were in the box.
    pub(super) in_box: usize,
    /// How many had been given back.
    pub(super) given_back: usize,
    /// What the cards held, in fen.
    pub(super) hold: BTreeMap<CardNumber, u64>,
}

/// What a kiosk is, and whose it is.
pub(super) struct Home<'a> {
    pub(super) folder: &'a Path,
    pub(super) protocol: ValidatorProtocol,
    pub(super) issuer: &'a Issuer,
    pub(super) cards: [CardNumber; CARDS],
    pub(super) machine: Machine,
}

impl Audited {
    pub(super) fn held(&self, card: CardNumber) -> u64 {
        self.hold.get(&card).copied().unwrap_or(0)
    }
}

impl Kiosk {
    /// Makes it, enrols it at a server that runs, and switches it on.
    pub(super) fn make(home: Home<'_>) -> Result<Self, Failure> {
        let Home { folder, protocol, issuer, cards, machine } = home;
        fs::create_dir_all(folder).map_err(Failure::doing(folder.display()))?;
        let validator = start_validator(protocol).map_err(Failure::doing("a validator"))?;
        let printer = PlayedPrinter::on().map_err(Failure::doing("a printer"))?;
        let screen = Screen(free_address(&mut Dice::new(outside::chance()))?);
        let name = if protocol == ValidatorProtocol::Cctalk { "cctalk" } else { "ssp" };
        let settings = format!(
            "server = \"{}\"\ndata = \"{data}/data\"\n[validator]\nprotocol = \"{name}\"\nport = \"{}\"\n\
             [printer]\nat = \"{}\"\nfont = \"{data}/font.otf\"\n[screen]\nlisten = \"{}\"\n",
            issuer.url(),
            validator.path().display(),
            printer.address,
            screen.0,
            data = folder.display(),
        );
        for (file, text) in [("terminal.toml", settings.as_bytes()), ("font.otf", FONT)] {
            fs::write(folder.join(file), text).map_err(Failure::doing(file))?;
        }
        let folder = folder.to_owned();
        let audited = Audited::default();
        let number = machine.number;
        let mut kiosk = Self { validator, printer, screen, number, cards, audited, protocol, folder, process: None };
        let enrolled = kiosk.command().arg("enrol").arg(&machine.code).output().map_err(Failure::doing("enrolling"))?;
        if !enrolled.status.success() {
            return Err(Failure::new(format!("enrolling failed: {}", errors(&enrolled))));
        }
        kiosk.starts()?;
        kiosk.waits_until("ready", |kiosk| Ok(kiosk.screen.is_ready()))?;
        Ok(kiosk)
    }

    pub(super) fn is_cctalk(&self) -> bool {
        self.protocol == ValidatorProtocol::Cctalk
    }

    /// The card that is typed in a round.
    pub(super) fn card(&self, plan: &Plan) -> Result<CardNumber, Failure> {
        self.cards.get(plan.card).copied().ok_or_else(|| Failure::new("there is no such card"))
    }

    /// The program with this kiosk's settings, not yet run.
    pub(super) fn command(&self) -> Command {
        // It was there when the kiosk was made.
        let mut command = Command::new(outside::terminal().unwrap_or_default());
        command.arg("--config").arg(self.folder.join("terminal.toml"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.folder.join("data/journal.db")
    }

    /// Where what a dead kiosk wrote is copied to.
    pub(super) fn aside(&self) -> PathBuf {
        self.folder.join("aside")
    }

    /// Switches it on.
    pub(super) fn starts(&mut self) -> Result<(), Failure> {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.join("terminal.log"));
        let log = log.map_err(Failure::doing("a kiosk's log"))?;
        self.process = Some(Leash::start(self.command().stdout(Stdio::null()).stderr(log))?);
        Ok(())
    }

    /// Its power is cut.
    pub(super) fn is_killed(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.strike();
        }
    }

    /// A holder types his card and comes to the slot.
    pub(super) fn begins_a_sale(&self, card: CardNumber) -> Result<(), Failure> {
        let begun = outside::now();
        while begun.elapsed() < PATIENCE {
            self.screen.touch("/stop", "");
            self.screen.touch("/language", "lang=en&go=1");
            self.screen.touch("/card", &format!("number={card}"));
            self.screen.touch("/pay", "");
            if self.screen.shows().contains("Put a note into the slot") {
                return Ok(());
            }
            thread::sleep(TRY_EVERY);
        }
        Err(Failure::new(format!("a kiosk takes no notes: {}", self.screen.shows())))
    }

    /// Waits until nothing is on its way any more, and the kiosk takes notes again; says whether that was in time.
    pub(super) fn comes_to_rest(&self) -> Result<bool, Failure> {
        let mut journal = Journal::open(&self.journal())?;
        let at_rest = self.waits_until("at rest", |kiosk| {
            Ok(kiosk.validator.is_empty() && journal.read()?.is_at_rest && kiosk.screen.is_ready())
        });
        Ok(at_rest.is_ok())
    }

    fn waits_until(&self, what: &str, mut is_so: impl FnMut(&Self) -> Result<bool, Failure>) -> Result<(), Failure> {
        let begun = outside::now();
        while !is_so(self)? {
            if begun.elapsed() > PATIENCE {
                return Err(Failure::new(format!("a kiosk is not {what} after {PATIENCE:?}")));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }
}
