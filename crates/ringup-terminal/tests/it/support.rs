use std::path::Path;
use std::time::Duration;

use ringup_core::bank_note::{BankNote, ClaimCode, NoteState, SaleKey};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::time::Timestamp;
use ringup_sandbox::{ValidatorProtocol, ValidatorSandbox, start_validator};
use ringup_terminal::limits::Timing;
use ringup_terminal::validator::{Connection, Event};
use ringup_terminal::{Acceptor, Happening, Journal, Protocol};

pub const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
pub const BOTH: [Protocol; 2] = [Protocol::Ssp, Protocol::Cctalk];
const POLLS_MAX: u32 = 200;

/// Patient with a machine that is busy with something else, and quick where nothing is waited for.
pub const TIMING: Timing = Timing {
    answer: Duration::from_millis(300),
    gap: Duration::from_millis(20),
    tries: 4,
    look: Duration::from_millis(1),
    looks: 10,
};

/// A kiosk with its validator; the kiosk can die, and the validator stays.
pub struct Kiosk {
    pub validator: ValidatorSandbox,
    pub protocol: Protocol,
    folder: tempfile::TempDir,
    acceptor: Option<Acceptor>,
    sales: Vec<SaleKey>,
}

pub fn played(protocol: Protocol) -> ValidatorProtocol {
    match protocol {
        Protocol::Ssp => ValidatorProtocol::Ssp,
        Protocol::Cctalk => ValidatorProtocol::Cctalk,
    }
}

pub fn card() -> CardNumber {
    CardNumber::with_check_digit(888_000_000_000_000).unwrap()
}

pub fn yuan(count: u64) -> Amount {
    Amount::new(count * 100, Unit::Cny).unwrap()
}

/// Opens a kiosk's acceptor, as the program in it does when it starts.
pub fn open(port: &Path, protocol: Protocol, journal: &Path, life: u8) -> (Acceptor, Vec<Happening>) {
    let journal = Journal::open(journal, 7, NOW).unwrap();
    let connection = Connection { protocol, path: port.to_owned(), unit: Unit::Cny, timing: TIMING };
    let mut drawn: u64 = 0;
    let draw_code = Box::new(move || {
        drawn += 1;
        let mut bytes = [life; 16];
        bytes[8..].copy_from_slice(&drawn.to_be_bytes());
        ClaimCode::from_bytes(bytes)
    });
    Acceptor::open(connection, journal, draw_code, NOW).unwrap()
}

/// A kiosk that is switched on, with a sale begun.
pub fn given_a_sale(protocol: Protocol) -> Kiosk {
    let mut kiosk = Kiosk {
        validator: start_validator(played(protocol)).unwrap(),
        protocol,
        folder: tempfile::tempdir().unwrap(),
        acceptor: None,
        sales: Vec::new(),
    };
    kiosk.starts();
    kiosk.begins_a_sale();
    kiosk
}

impl Kiosk {
    pub fn journal_path(&self) -> std::path::PathBuf {
        self.folder.path().join("journal.db")
    }

    pub fn starts(&mut self) -> Vec<Happening> {
        let life = u8::try_from(self.sales.len()).unwrap();
        let (acceptor, happenings) = open(self.validator.path(), self.protocol, &self.journal_path(), life);
        self.acceptor = Some(acceptor);
        happenings
    }

    pub fn dies(&mut self) {
        self.acceptor = None;
    }

    pub fn acceptor(&mut self) -> &mut Acceptor {
        self.acceptor.as_mut().unwrap()
    }

    pub fn begins_a_sale(&mut self) {
        let key = SaleKey([u8::try_from(self.sales.len() + 1).unwrap(); 16]);
        self.sales.push(key);
        self.acceptor().begin_sale(key, card(), Language::ZhHans, NOW).unwrap();
    }

    pub fn accepts(&mut self) {
        self.acceptor().accept(NOW).unwrap();
    }

    pub fn polls(&mut self) -> Vec<Happening> {
        self.acceptor().poll(NOW).unwrap()
    }

    /// Polls until something happens that is wanted; answers all that happened.
    pub fn polls_until(&mut self, wanted: impl Fn(&Happening) -> bool) -> Vec<Happening> {
        let mut happenings = Vec::new();
        for _ in 0..POLLS_MAX {
            let new = self.polls();
            let found = new.iter().any(&wanted);
            happenings.extend(new);
            if found {
                return happenings;
            }
        }
        panic!("{:?}: it did not happen; this did: {happenings:?}", self.protocol);
    }

    pub fn polls_until_a_note_is(&mut self, state: &str) -> BankNote {
        let is_wanted = |note: &BankNote| note.state.name() == state;
        let happenings = self.polls_until(|one| matches!(one, Happening::Note(note) if is_wanted(note)));
        let found = happenings.into_iter().find_map(|one| match one {
            Happening::Note(note) if is_wanted(&note) => Some(note),
            _ => None,
        });
        found.unwrap()
    }

    pub fn polls_until_told(&mut self, event: Event) -> Vec<Happening> {
        self.polls_until(|happening| *happening == Happening::Validator(event))
    }

    /// Polls as long as a validator may take to say something.
    pub fn polls_for_a_while(&mut self) -> Vec<Happening> {
        (0..TIMING.looks * 3).flat_map(|_| self.polls()).collect()
    }

    /// A note is put in, and held.
    pub fn is_given(&mut self, yuan: u32) {
        self.validator.insert(yuan);
        self.polls_until_a_note_is("escrowed");
    }

    /// Every note that is written down.
    pub fn notes(&mut self) -> Vec<BankNote> {
        let sales = self.sales.clone();
        notes_of(self.acceptor().journal(), sales)
    }

    pub fn states(&mut self) -> Vec<&'static str> {
        self.notes().iter().map(|note| note.state.name()).collect()
    }

    /// The sale ends; answers what is to be credited for it.
    pub fn ends_the_sale(&mut self) -> Option<Amount> {
        self.acceptor().end_sale(NOW).unwrap().map(|total| total.amount)
    }

    /// What the validator's box and the journal say agree.
    pub fn audit(&mut self) {
        let notes = self.notes();
        crate::auditor::audit(&notes, &self.validator, &format!("{:?}", self.protocol));
    }
}

/// Every note of these sales, and those that are claimed without one.
pub fn notes_of(journal: &mut Journal, sales: impl IntoIterator<Item = SaleKey>) -> Vec<BankNote> {
    let mut notes: Vec<BankNote> = sales.into_iter().flat_map(|key| journal.notes_of(key).unwrap()).collect();
    notes.extend(journal.claims().unwrap().into_iter().filter(|note| note.sale.is_none()));
    notes
}

pub fn is_in_box(note: &BankNote) -> bool {
    matches!(note.state, NoteState::Stacked { .. } | NoteState::Credited { .. } | NoteState::Printed { .. })
}
