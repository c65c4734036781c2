//! The machine: one thread that owns the acceptor, the journal and the printer.
//!
//! [`Command`]s go in, a [`View`] of the state comes out. The thread never speaks with the server and never waits for a holder: what the
//! server is to be told stands in [`View::outbox`], and what it answered comes back as a command. So a broken line cannot stop a note.

mod command;
mod paper;
mod sale;
mod top_up;
mod view;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use ringup_core::bank_note::SaleKey;
use ringup_core::time::{Span, Timestamp};
use tokio::sync::watch;

pub use self::command::{Begin, BeginRefusal, Command};
use self::sale::CurrentSale;
use self::top_up::CurrentTopUp;
pub use self::top_up::{AskTopUp, TopUpStage, TopUpTold, TopUpView};
pub use self::view::{
    ClaimToTell, CollectionView, Line, Outbox, Outcome, SaleToSend, SaleView, ValidatorState, View, WhyBack,
};
use crate::acceptor::{Acceptor, AcceptorError, Happening};
use crate::config::Settings;
use crate::journal::{Journal, JournalError, SaleTotal};
use crate::limits::Timing;
use crate::printer::SlipPrinter;
use crate::validator::{Connection, Event};
use crate::wire::Policy;
use crate::{chance, clock};

/// Between two looks at the validator while notes can come.
const PAUSE_IN_SALE: Duration = Duration::from_millis(40);
/// Between two looks at other times.
const PAUSE: Duration = Duration::from_millis(150);
/// Between two looks at a printer, and two tries to print.
const PRINTER_PAUSE: Span = Span::seconds(3);
/// Between two tries to speak with what is no validator, or to open a journal that cannot be opened.
const OPEN_PAUSE: Duration = Duration::from_secs(2);

/// The way into the machine.
#[derive(Clone)]
pub struct Handle {
    commands: Sender<Command>,
    view: watch::Receiver<View>,
}

impl Handle {
    /// What the machine is to do.
    pub fn send(&self, command: Command) {
        // A machine that has ended takes the whole program with it.
        let _ = self.commands.send(command);
    }

    /// Its state, and whatever it becomes.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<View> {
        self.view.clone()
    }
}

/// Starts the machine of this kiosk. It waits for a policy when none is kept.
#[must_use]
pub fn start(settings: Settings, kiosk: u32, policy: Option<Policy>, printer: SlipPrinter) -> Handle {
    let (commands, received) = channel();
    let (view, seen) = watch::channel(View::at_start(policy.clone().map(Arc::new)));
    let spawned = thread::Builder::new().name("machine".to_owned()).spawn(move || {
        let known = policy.map(|policy| (policy, Line::Unknown));
        let Some((policy, line)) = known.or_else(|| first_policy(&received)) else { return };
        let Some((acceptor, happenings)) = open(&settings, kiosk, &policy) else { return };
        let machine = Machine::new(acceptor, policy, printer, received, view);
        Machine { line, ..machine }.run(happenings);
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "the machine's thread cannot be started");
    }
    Handle { commands, view: seen }
}

/// The first policy, and what was said of the line before it: that is said once only.
fn first_policy(commands: &Receiver<Command>) -> Option<(Policy, Line)> {
    let mut line = Line::Unknown;
    loop {
        match commands.recv().ok()? {
            Command::Policy(policy) => return Some((*policy, line)),
            Command::Line(said) => line = said,
            Command::Begin(begin) => begin.refuse(BeginRefusal::OutOfOrder),
            _ => {}
        }
    }
}

/// Opens the journal and asks the validator what became of an unfinished note, until both is done.
fn open(settings: &Settings, kiosk: u32, policy: &Policy) -> Option<(Acceptor, Vec<Happening>)> {
    let unit = policy.unit().inspect_err(|error| tracing::error!(%error, "the policy names no unit")).ok()?;
    loop {
        let connection = Connection {
            protocol: settings.validator.protocol.into(),
            path: settings.validator.port.clone(),
            unit,
            timing: Timing::REAL,
        };
        let opened = Journal::open(&settings.journal_file(), kiosk, clock::now())
            .map_err(AcceptorError::from)
            .and_then(|journal| Acceptor::open(connection, journal, Box::new(chance::claim_code), clock::now()));
        match opened {
            Ok(opened) => return Some(opened),
            Err(error) => tracing::error!(%error, "the kiosk cannot begin"),
        }
        thread::sleep(OPEN_PAUSE);
    }
}

struct Machine {
    acceptor: Acceptor,
    policy: Arc<Policy>,
    printer: SlipPrinter,
    commands: Receiver<Command>,
    view: watch::Sender<View>,
    line: Line,
    validator: ValidatorState,
    /// The validator says that no more notes fit in.
    box_full: bool,
    /// The sale on the screen: open, or ended and not gone from the screen.
    sale: Option<CurrentSale>,
    /// The top-up by QR code on the screen.
    top_up: Option<CurrentTopUp>,
    collection: Option<CollectionView>,
    /// Sales that the server or the journal says something impossible of: a person must look.
    stuck: Vec<SaleKey>,
    outbox: Arc<Outbox>,
    /// What is to be sent or printed may have changed.
    is_stale: bool,
    /// The journal did not write.
    is_broken: bool,
    has_slips: bool,
    /// The sale that has just ended: without a line its holder takes a slip home that says so.
    waiting: Option<SaleTotal>,
    printer_at: Timestamp,
}

impl Machine {
    fn new(
        acceptor: Acceptor,
        policy: Policy,
        printer: SlipPrinter,
        commands: Receiver<Command>,
        view: watch::Sender<View>,
    ) -> Self {
        Self {
            acceptor,
            policy: Arc::new(policy),
            printer,
            commands,
            view,
            line: Line::Unknown,
            validator: ValidatorState::Ok,
            box_full: false,
            sale: None,
            top_up: None,
            collection: None,
            stuck: Vec::new(),
            outbox: Arc::default(),
            is_stale: true,
            is_broken: false,
            has_slips: true,
            waiting: None,
            printer_at: Timestamp::from_seconds(0),
        }
    }

    fn run(mut self, happenings: Vec<Happening>) {
        let begun = happenings.into_iter().try_for_each(|happening| self.happened(happening, clock::now()));
        self.note_trouble(begun);
        loop {
            let pause = if self.is_selling() { PAUSE_IN_SALE } else { PAUSE };
            match self.commands.recv_timeout(pause) {
                Ok(command) => {
                    let obeyed = self.obey(command, clock::now());
                    self.note_trouble(obeyed);
                    while let Ok(command) = self.commands.try_recv() {
                        let obeyed = self.obey(command, clock::now());
                        self.note_trouble(obeyed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let turned = self.turn(clock::now());
            self.note_trouble(turned);
            self.publish();
        }
    }

    /// A journal that does not write: no more notes until it does.
    fn note_trouble(&mut self, done: Result<(), AcceptorError>) {
        match done {
            Ok(()) => {}
            Err(AcceptorError::NothingHeld) => {}
            Err(error @ (AcceptorError::Unsuitable(_) | AcceptorError::Journal(_))) => {
                tracing::error!(%error, "the machine could not go on");
                self.is_broken = true;
                self.acceptor.stop_notes();
                if let Some(sale) = &mut self.sale {
                    sale.is_stopping = true;
                }
            }
        }
    }

    fn turn(&mut self, now: Timestamp) -> Result<(), AcceptorError> {
        for happening in self.acceptor.poll(now)? {
            self.happened(happening, now)?;
        }
        self.end_when_still(now)?;
        if !self.is_selling() {
            self.print_what_waits(now)?;
        }
        if self.is_stale {
            self.fill_outbox()?;
            self.is_stale = false;
            self.is_broken = false;
        }
        Ok(())
    }

    fn happened(&mut self, happening: Happening, now: Timestamp) -> Result<(), AcceptorError> {
        match happening {
            Happening::Note(note) => self.note_moved(&note, now),
            Happening::Validator(event) => {
                self.validator_says(event);
                Ok(())
            }
        }
    }

    fn validator_says(&mut self, event: Event) {
        tracing::info!(?event, "the validator");
        match event {
            Event::Jammed => self.validator = ValidatorState::Jammed,
            Event::Silent => self.validator = ValidatorState::Silent,
            Event::CashBoxRemoved => self.validator = ValidatorState::BoxOut,
            Event::Answers | Event::Restarted => self.validator = ValidatorState::Ok,
            Event::CashBoxReplaced => {
                self.validator = ValidatorState::Ok;
                self.box_full = false;
            }
            Event::CashBoxFull => self.box_full = true,
            Event::UnknownValue | Event::Rejected => {
                if let Some(sale) = &mut self.sale {
                    sale.view.why_back = Some(WhyBack::NotKnown);
                }
            }
            Event::Cheated
            | Event::EventsLost
            | Event::Seen(_)
            | Event::Escrowed(_)
            | Event::NotHeld
            | Event::Stacked(_)
            | Event::FoundInPath(_)
            | Event::FoundAndReturned
            | Event::Returned => {}
        }
        if self.validator != ValidatorState::Ok || self.box_full {
            self.stop();
        }
    }

    fn obey(&mut self, command: Command, now: Timestamp) -> Result<(), AcceptorError> {
        match command {
            Command::Policy(policy) => self.policy = Arc::new(*policy),
            Command::Line(line) => self.line = line,
            Command::Begin(begin) => return self.begin(begin, now),
            Command::Stop => self.stop(),
            Command::Forget => {
                self.stop();
                self.top_up = None;
                if let Some(sale) = &mut self.sale {
                    sale.is_forgotten = true;
                }
            }
            Command::AskTopUp(ask) => return self.ask_top_up(&ask),
            Command::TopUp { key, told } => return self.top_up_told(key, told),
            Command::GiveUpTopUp => self.give_up_top_up(),
            Command::Credited { key, answer, text } => return self.credited(key, *answer, &text, now),
            Command::Refused(key) => return self.refused(key, now),
            Command::Stuck(key) => {
                tracing::error!(%key, "a sale cannot be settled by the program: a person must look");
                self.stuck.push(key);
                self.is_stale = true;
            }
            Command::ClaimTold { number, with_late_word } => {
                self.acceptor.journal().mark_claim_told(number, with_late_word)?;
                self.is_stale = true;
            }
            Command::PrintClaim(code) => {
                if let Some(note) = self.acceptor.journal().claim(&code)? {
                    self.acceptor.journal().set_claim_slip(note.number, false)?;
                    self.has_slips = true;
                }
            }
            Command::Collect(collection) => return self.collect(&collection),
            Command::Collected(told) => {
                self.acceptor.journal().forget_collection()?;
                self.is_stale = true;
                if let CollectionView::Taken { cash_box, .. } = &told {
                    let mut policy = (*self.policy).clone();
                    policy.cash_box = cash_box.clone();
                    self.policy = Arc::new(policy);
                    self.box_full = false;
                }
                self.collection = Some(told);
            }
            Command::CollectionSeen => self.collection = None,
        }
        Ok(())
    }

    /// Two people want the box: written down first, so that a lost answer costs nothing.
    fn collect(&mut self, collection: &ringup_db::bank_note::PendingCollection) -> Result<(), AcceptorError> {
        if self.is_selling() || self.acceptor.journal().collection()?.is_some() {
            return Ok(());
        }
        self.acceptor.journal().keep_collection(collection)?;
        self.collection = Some(CollectionView::Waiting);
        self.is_stale = true;
        Ok(())
    }

    fn fill_outbox(&mut self) -> Result<(), JournalError> {
        let stuck = self.stuck.clone();
        let outbox = Outbox::read(self.acceptor.journal(), &stuck)?;
        if outbox.collection.is_some() {
            self.collection = Some(CollectionView::Waiting);
        }
        self.outbox = Arc::new(outbox);
        Ok(())
    }

    fn publish(&self) {
        let view = View {
            version: 0,
            policy: Some(Arc::clone(&self.policy)),
            line: self.line,
            validator: self.validator,
            paper: self.printer.state,
            box_full: self.box_full || !self.policy.has_room(),
            is_broken: self.is_broken,
            sale: self.sale.as_ref().filter(|sale| !sale.is_forgotten).map(|sale| sale.view.clone()),
            top_up: self.top_up.as_ref().map(|top_up| top_up.view.clone()),
            collection: self.collection.clone(),
            outbox: Arc::clone(&self.outbox),
        };
        self.view.send_if_modified(|last| {
            let new = View { version: last.version, ..view };
            let is_new = new != *last;
            if is_new {
                *last = View { version: last.version.wrapping_add(1), ..new };
            }
            is_new
        });
    }
}
