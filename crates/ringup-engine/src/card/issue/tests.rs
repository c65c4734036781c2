use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;

use ringup_core::product::NumberFormat;

use super::*;
use crate::card::tests::Shop;
use crate::pin::{self, Pin};

/// A printer's key, made for the test.
fn printer() -> (age::x25519::Identity, String) {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    (identity, recipient)
}

fn order(shop: &Shop, count: u32, recipient: &str) -> IssueCards {
    let out = shop.folder.path().join("cards.csv.age");
    IssueCards { product: "classic".to_owned(), count, out, recipient: recipient.to_owned() }
}

/// What the printer reads: number, PIN, days.
fn decrypted(file: &Path, identity: &age::x25519::Identity) -> Vec<Vec<String>> {
    let encrypted = std::fs::File::open(file).unwrap();
    let decryptor = age::Decryptor::new(std::io::BufReader::new(encrypted)).unwrap();
    let mut text = String::new();
    let identity: &dyn age::Identity = identity;
    decryptor.decrypt(std::iter::once(identity)).unwrap().read_to_string(&mut text).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn files(shop: &Shop) -> Vec<String> {
    let names = std::fs::read_dir(shop.folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("cards")).collect()
}

#[test]
fn every_printed_card_is_in_the_database_with_its_pin_and_cannot_be_used_yet() {
    let mut shop = Shop::open();
    let (identity, recipient) = printer();
    let request = order(&shop, 500, &recipient);
    let issued = issue(&mut shop.bulk, &request).unwrap();
    assert_eq!((issued.count, files(&shop)), (500, vec!["cards.csv.age".to_owned()]));
    let lines = decrypted(&issued.file, &identity);
    assert_eq!(lines[0], ["number", "pin", "valid_days"]);
    assert_eq!(lines.len(), 501);
    for line in &lines[1..] {
        let number: CardNumber = line[0].parse().unwrap();
        let card = shop.card(number).unwrap();
        assert_eq!((card.state, card.batch, card.expires_at), (CardState::Generated, issued.batch, None));
        let hash = Pin::parse(&line[1]).unwrap().hash(&shop.bulk.pins, number);
        let stored = shop.read(|tx| ringup_db::card::find_pin(tx, number)).unwrap();
        assert!(line[1].len() == 6 && pin::is_same(hash, stored), "{line:?}");
        assert_eq!(line[2], "365");
    }
    let distinct: HashSet<&String> = lines[1..].iter().map(|line| &line[0]).collect();
    assert_eq!(distinct.len(), 500);
    let batch = shop.read(|tx| ringup_db::batch::find_batch(tx, issued.batch)).unwrap();
    assert_eq!((batch.card_count, batch.kind, batch.state), (500, BatchKind::Issued, CardState::Generated));
}

#[test]
fn no_pin_stands_anywhere_but_in_the_encrypted_file() {
    let mut shop = Shop::open();
    let (identity, recipient) = printer();
    let request = order(&shop, 50, &recipient);
    let issued = issue(&mut shop.bulk, &request).unwrap();
    let lines = decrypted(&issued.file, &identity);
    for entry in std::fs::read_dir(shop.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for line in &lines[1..] {
            let together = format!("{},{}", line[0], line[1]);
            assert!(!bytes.windows(together.len()).any(|window| window == together.as_bytes()));
        }
    }
    let (stranger, _) = printer();
    let encrypted = std::fs::File::open(&issued.file).unwrap();
    let decryptor = age::Decryptor::new(std::io::BufReader::new(encrypted)).unwrap();
    let stranger: &dyn age::Identity = &stranger;
    assert!(decryptor.decrypt(std::iter::once(stranger)).is_err());
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_print_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut shop = Shop::open();
    let request = order(&shop, 1, &printer().1);
    let issued = issue(&mut shop.bulk, &request).unwrap();
    assert_eq!(std::fs::metadata(issued.file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn numbers_that_older_cards_have_are_drawn_again() {
    // Room for 100,000 serials: of 2,000 cards, about forty meet one of the batch before.
    let format = NumberFormat { prefix: "8661".to_owned(), digits: 10, pin_digits: 4 };
    let mut shop = Shop::open_with_format(format);
    let (identity, recipient) = printer();
    let mut numbers = HashSet::new();
    for batch in 0..2 {
        let mut request = order(&shop, 2_000, &recipient);
        request.out = shop.folder.path().join(format!("cards-{batch}.age"));
        let issued = issue(&mut shop.bulk, &request).unwrap();
        let lines = decrypted(&issued.file, &identity);
        shop.read(|tx| {
            for line in &lines[1..] {
                let number: CardNumber = line[0].parse().unwrap();
                assert!(numbers.insert(number), "{number:?} was printed twice");
                let hash = Pin::parse(&line[1]).unwrap().hash(&shop.bulk.pins, number);
                assert_eq!(ringup_db::card::find_pin(tx, number)?, Some(hash));
                assert_eq!(ringup_db::card::find_card(tx, number)?.unwrap().batch, issued.batch);
            }
            Ok(())
        });
    }
    assert_eq!(numbers.len(), 4_000);
}

/// Nothing is made: no batch, no file.
#[track_caller]
fn is_refused(shop: &mut Shop, request: &IssueCards, why: &str) {
    let before = files(shop);
    let refused = issue(&mut shop.bulk, request).unwrap_err().to_string();
    assert!(refused.contains(why), "{refused}");
    assert_eq!(shop.read(|tx| ringup_db::batch::recent_batches(tx, 9)), []);
    assert_eq!(files(shop), before);
}

#[test]
fn what_cannot_be_made_is_refused_and_leaves_nothing() {
    let mut shop = Shop::open();
    let good = order(&shop, 10, &printer().1);
    is_refused(&mut shop, &IssueCards { count: 0, ..good.clone() }, "between 1 and 2000000 cards");
    is_refused(&mut shop, &IssueCards { count: 2_000_001, ..good.clone() }, "between 1 and 2000000 cards");
    is_refused(&mut shop, &IssueCards { product: "gold".to_owned(), ..good.clone() }, "no product \"gold\"");
    for recipient in ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"] {
        let request = IssueCards { recipient: recipient.to_owned(), ..good.clone() };
        is_refused(&mut shop, &request, "no age public key");
    }
    let nowhere = shop.folder.path().join("missing").join("cards.age");
    is_refused(&mut shop, &IssueCards { out: nowhere, ..good }, "No such file");
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    for name in ["cards.csv.age", "cards.csv.age.part"] {
        let mut shop = Shop::open();
        std::fs::write(shop.folder.path().join(name), "PINs of an earlier batch").unwrap();
        let request = order(&shop, 10, &printer().1);
        is_refused(&mut shop, &request, "is there already");
        let kept = std::fs::read_to_string(shop.folder.path().join(name)).unwrap();
        assert_eq!(kept, "PINs of an earlier batch");
    }
}

#[test]
fn more_cards_than_the_format_has_room_for_are_refused() {
    let format = NumberFormat { prefix: "8661".to_owned(), digits: 10, pin_digits: 4 };
    let mut shop = Shop::open_with_format(format);
    let request = order(&shop, 10_001, &printer().1);
    is_refused(&mut shop, &request, "room for 10000 cards");
}

#[test]
fn when_the_database_refuses_there_is_no_file_either() {
    let mut shop = Shop::open();
    let (_, recipient) = printer();
    let mut request = order(&shop, 10, &recipient);
    // A second server that was given the same number at the same time draws the same id for its batch.
    let mut twin = shop.twin();
    issue(&mut shop.bulk, &request).unwrap();
    request.out = shop.folder.path().join("cards-of-the-twin.age");
    let refused = issue(&mut twin, &request).unwrap_err().to_string();
    assert!(refused.starts_with("nothing was made"), "{refused}");
    assert_eq!(files(&shop), ["cards.csv.age"]);
}
