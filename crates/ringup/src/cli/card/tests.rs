use std::path::Path;

use clap::Parser;
use ringup_engine::catalogue::{self, Catalogue};

use super::*;

/// A printer's public key; the example of age's own documentation.
const PRINTER: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

struct Desk {
    folder: tempfile::TempDir,
    settings: Settings,
    runtime: Runtime,
}

impl Desk {
    /// An installation with the demo's catalogue and no cards.
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.database.url = format!("sqlite:{}", folder.path().join("ringup.db").display());
        settings.keys.folder = folder.path().join("keys");
        let runtime = Runtime::new().unwrap();
        let catalogue = Catalogue::parse(include_str!("../../demo/seed/catalogue.toml")).unwrap();
        runtime.block_on(catalogue::load(&engine(&settings).unwrap(), catalogue)).unwrap();
        Self { folder, settings, runtime }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Runs `ringup card …`: whether it ended well, or what it says is wrong.
    fn runs(&self, words: &[&str]) -> Result<bool, String> {
        let line = Line::try_parse_from(["card"].iter().chain(words)).map_err(|error| error.kind().to_string())?;
        let code = run(&self.settings, line.args, &self.runtime).map_err(|error| error.to_string())?;
        Ok(code == ExitCode::SUCCESS)
    }

    fn batch(&self) -> BatchId {
        let mut reader = open::database(&self.settings).unwrap().reader().unwrap();
        reader.read(|tx| ringup_db::batch::recent_batches(tx, 1)).unwrap().first().unwrap().id
    }

    fn state(&self, number: &str) -> CardState {
        let mut reader = open::database(&self.settings).unwrap().reader().unwrap();
        reader.read(|tx| ringup_db::card::find_card(tx, number.parse().unwrap())).unwrap().unwrap().state
    }
}

#[test]
fn a_batch_is_issued_stocked_activated_and_closed() {
    let desk = Desk::open();
    let out = desk.file("cards.age");
    let issue = ["issue", "--product", "travel", "--count", "25", "--out", &out, "--recipient", PRINTER];
    assert_eq!(desk.runs(&issue), Ok(true));
    assert!(Path::new(&out).exists());
    let batch = desk.batch().to_string();
    for act in ["stock", "activate", "suspend", "activate", "close"] {
        assert_eq!(desk.runs(&[act, "--batch", &batch]), Ok(true), "{act}");
    }
    let revived = desk.runs(&["activate", "--batch", &batch]);
    assert_eq!(revived, Err("a batch that is closed cannot become active".to_owned()));
}

#[test]
fn cards_are_imported_and_moved_one_by_one() {
    let desk = Desk::open();
    let (cards, report) = (desk.file("cards.csv"), desk.file("refused.csv"));
    std::fs::write(&cards, "number,pin,balance,expiry\n4000001234567899,1234,20,2027-06-30\n1,1234,20,2027-06-30\n")
        .unwrap();
    let strict = ["import", &cards, "--product", "travel", "--report", &report];
    assert_eq!(desk.runs(&strict), Ok(false));
    let refused = std::fs::read_to_string(&report).unwrap();
    let expected = "line,number,code,reason\n\
        3,1,card_number,a card number has 10 to 18 digits and does not begin with 0\n";
    assert_eq!(refused, expected);
    let partial = ["import", &cards, "--product", "travel", "--report", &report, "--partial"];
    assert_eq!(desk.runs(&partial), Ok(true));
    assert_eq!(desk.runs(&partial), Ok(true));
    for (act, state) in
        [("suspend", CardState::Suspended), ("activate", CardState::Active), ("close", CardState::Closed)]
    {
        assert_eq!(desk.runs(&[act, "4000 0012 3456 7899"]), Ok(true), "{act}");
        assert_eq!(desk.state("4000001234567899"), state);
    }
    let revived = desk.runs(&["activate", "4000001234567899"]);
    assert_eq!(revived, Err("a card that is closed cannot become active".to_owned()));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_reason() {
    let desk = Desk::open();
    let out = desk.file("cards.age");
    let issue = |product: &str, count: &str, recipient: &str| {
        desk.runs(&["issue", "--product", product, "--count", count, "--out", &out, "--recipient", recipient])
    };
    assert_eq!(issue("gold", "5", PRINTER), Err("there is no product \"gold\"".to_owned()));
    assert_eq!(issue("travel", "0", PRINTER), Err("between 1 and 2000000 cards can be made at once".to_owned()));
    let no_key = "the recipient is no age public key (age1…)";
    assert_eq!(issue("travel", "5", "printer@example.com"), Err(no_key.to_owned()));
    assert!(issue("travel", "-5", PRINTER).is_err() && issue("travel", "many", PRINTER).is_err());
    assert!(!Path::new(&out).exists());
    for line in [
        &["activate"][..],
        &["activate", "4000001234567890"],
        &["activate", "4000001234567899", "--batch", "bat_0"],
        &["close", "--batch", "bat_0"],
        &["import"],
    ] {
        assert!(desk.runs(line).is_err(), "{line:?}");
    }
    let unknown = desk.runs(&["activate", "4000001234567899"]);
    assert_eq!(unknown, Err("there is no such card".to_owned()));
}
