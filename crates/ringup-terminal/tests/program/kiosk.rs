//! A kiosk for the tests: the real program, its files, what it is connected with, and a holder in front of its screen.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ringup_core::bank_note::{BankNote, NoteState};
use ringup_core::card::CardNumber;
use ringup_core::time::Timestamp;
use ringup_sandbox::{PlayedPrinter, ValidatorProtocol, ValidatorSandbox, start_validator};
use ringup_terminal::Journal;

use crate::server::Server;

const FONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ringup-paper/tests/fonts/few-letters.otf");
/// Patient with a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(60);
pub const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

pub struct Kiosk {
    pub server: Server,
    pub validator: ValidatorSandbox,
    pub printer: PlayedPrinter,
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

/// An enrolled kiosk that is switched on.
pub fn given_a_kiosk(protocol: ValidatorProtocol) -> Kiosk {
    given_a_kiosk_with(protocol, "")
}

pub fn given_a_kiosk_with(protocol: ValidatorProtocol, screen: &str) -> Kiosk {
    let (server, printer) = (Server::start(), PlayedPrinter::on().unwrap());
    let validator = start_validator(protocol).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let name = if protocol == ValidatorProtocol::Ssp { "ssp" } else { "cctalk" };
    let settings = format!(
        "server = \"http://{}\"\ndata = \"{}\"\n[validator]\nprotocol = \"{name}\"\nport = \"{}\"\n\
         [printer]\nat = \"{}\"\nfont = \"{FONT}\"\n[screen]\nlisten = \"127.0.0.1:{port}\"\n{screen}",
        server.address,
        folder.path().join("data").display(),
        validator.path().display(),
        printer.address,
    );
    std::fs::write(folder.path().join("terminal.toml"), settings).unwrap();
    let mut kiosk = Kiosk { server, validator, printer, folder, port, process: None };
    assert!(kiosk.enrols("ABCD EFGH"));
    kiosk.starts();
    kiosk
}

impl Kiosk {
    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ringup-terminal"));
        command
            .arg("--config")
            .arg(self.folder.path().join("terminal.toml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    pub fn enrols(&self, code: &str) -> bool {
        self.program().arg("enrol").arg(code).status().unwrap().success()
    }

    /// What `verify` says of the journal, and whether it ended with 0.
    pub fn verifies(&self) -> (bool, String) {
        let output = self.program().arg("verify").stdout(Stdio::piped()).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    pub fn journal_file(&self) -> PathBuf {
        self.folder.path().join("data/journal.db")
    }

    pub fn starts(&mut self) {
        self.process = Some(self.program().spawn().unwrap());
        self.waits_for("the screen", |kiosk| {
            kiosk.asks("GET", "/", "").is_some_and(|page| page.contains("data-version"))
        });
    }

    /// As a power cut does it.
    pub fn is_killed(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// The screen as it is now.
    pub fn screen(&self) -> String {
        self.asks("GET", "/", "").unwrap_or_default()
    }

    pub fn presses(&self, path: &str, form: &str) {
        self.asks("POST", path, form).unwrap();
    }

    pub fn waits_for(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        #[expect(clippy::disallowed_methods, reason = "a test that waits for something must end")]
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < PATIENCE, "{what} did not come: {}", self.screen());
            std::thread::yield_now();
        }
    }

    pub fn waits_for_words(&self, words: &str) {
        self.waits_for(words, |kiosk| kiosk.screen().contains(words));
    }

    /// A holder chooses English, types his card and comes to the slot.
    pub fn begins_a_sale(&self) {
        // A kiosk that has just been started says so until it has looked at its validator.
        self.waits_for("notes are taken", |kiosk| {
            kiosk.screen().contains("data-version") && !kiosk.screen().contains("class=\"notice warn\"")
        });
        self.presses("/language", "lang=en&go=1");
        self.presses("/card", &format!("number={}", card()));
        self.presses("/pay", "");
        self.waits_for_words("Put a note into the slot");
    }

    /// A holder chooses English, types his card, a hundred by QR code, and sees the price.
    pub fn asks_for_the_price(&self) {
        self.waits_for_words("BJ-K001");
        self.presses("/language", "lang=en&go=1");
        self.presses("/card", &format!("number={}", card()));
        self.waits_for_words("Pay by QR code");
        self.presses("/qr/amount", "amount=100.00%20CNY");
        self.waits_for_words("Pay with WeChat Pay");
    }

    /// And has the code on the screen.
    pub fn shows_the_code(&self) {
        self.asks_for_the_price();
        self.presses("/qr/pay", "provider=wechat_pay");
        self.waits_for_words("Scan the code with WeChat Pay");
    }

    /// How many top-ups by QR code have no answer, and how many have no end.
    pub fn top_ups_without_an_answer_or_an_end(&self) -> (usize, usize) {
        let mut journal = Journal::open(&self.folder.path().join("data/journal.db"), 7, NOW).unwrap();
        (usize::from(journal.pending_top_up().unwrap().is_some()), journal.open_top_ups().unwrap().len())
    }

    pub fn puts_in(&self, yuan: u32, sum: &str) {
        self.validator.insert(yuan);
        self.waits_for_words(&format!("Finish with ¥{sum}"));
    }

    /// Ends the visit and sees the receipt.
    pub fn finishes(&self, words: &str) {
        self.presses("/done", "");
        self.waits_for_words(words);
    }

    /// Whether the server knows each sale that was closed: looked up at the server, by what it was told of waiting sales last.
    pub fn has_sent_all(&self) -> bool {
        let mut journal = Journal::open(&self.journal_file(), 7, NOW).unwrap();
        journal.sales_to_credit().unwrap().is_empty() && journal.claims_to_tell().unwrap().is_empty()
    }

    /// Every note that is written down; the program must not run.
    pub fn notes(&self) -> Vec<BankNote> {
        assert!(self.process.is_none());
        let mut journal = Journal::open(&self.journal_file(), 7, NOW).unwrap();
        let mut notes = journal.latest_notes().unwrap();
        notes.reverse();
        notes
    }

    /// After everything: each note in one state at its end, what is in the box credited or claimed, and credited once at the server.
    pub fn audit(&self, what: &str) {
        let notes = self.notes();
        let sum = |wanted: fn(&NoteState) -> bool| -> u64 {
            notes.iter().filter(|note| wanted(&note.state)).map(|note| note.value.unwrap().minor() / 100).sum()
        };
        assert!(notes.iter().all(|note| note.state.stage().is_none()), "{what}: a note is unfinished: {notes:?}");
        let credited = sum(|state| matches!(state, NoteState::Credited { .. } | NoteState::Printed { .. }));
        let not_yet = sum(|state| matches!(state, NoteState::Stacked { .. }));
        let claimed = sum(|state| matches!(state, NoteState::Claimed { .. }));
        let in_box: u64 = self.validator.cash_box().into_iter().map(u64::from).sum();
        assert_eq!(not_yet, 0, "{what}: not credited: {notes:?}");
        assert_eq!(self.server.books().booked(), credited, "{what}: {notes:?}");
        let mut journal = Journal::open(&self.journal_file(), 7, NOW).unwrap();
        let broken: Vec<_> = journal.verify().unwrap().into_iter().filter(|check| !check.findings.is_empty()).collect();
        assert!(broken.is_empty(), "{what}: {broken:?}");
        assert!(in_box >= credited && in_box <= credited + claimed, "{what}: {in_box} in the box, {notes:?}");
    }

    fn asks(&self, method: &str, path: &str, form: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            self.port,
            form.len(),
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Kiosk {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

pub fn card() -> CardNumber {
    CardNumber::with_check_digit(888_000_000_000_000).unwrap()
}
