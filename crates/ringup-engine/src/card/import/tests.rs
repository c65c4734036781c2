use std::path::Path;

use ringup_core::card::CardNumber;
use ringup_core::time::Span;

use super::*;
use crate::card::tests::Shop;
use crate::pin::Pin;

/// The n-th card of another system.
fn number(n: u64) -> CardNumber {
    CardNumber::with_check_digit(955_000_000_000_000 + n).unwrap()
}

fn write(shop: &Shop, text: impl AsRef<[u8]>) -> ImportCards {
    let file = shop.folder.path().join("cards.csv");
    std::fs::write(&file, text).unwrap();
    ImportCards { product: "classic".to_owned(), file, refused: RefusedLines::StopAll }
}

fn import_text(shop: &mut Shop, text: impl AsRef<[u8]>) -> Result<ImportReport, ImportError> {
    let request = write(shop, text);
    import(&mut shop.bulk, &request)
}

fn import_what_can_be(shop: &mut Shop, text: impl AsRef<[u8]>) -> ImportReport {
    let request = ImportCards { refused: RefusedLines::AreLeftOut, ..write(shop, text) };
    import(&mut shop.bulk, &request).unwrap()
}

fn counts(report: &ImportReport) -> (u64, u64, usize) {
    (report.imported, report.already, report.refused.len())
}

fn good_file() -> String {
    format!(
        "number,pin,balance,expiry\n{},123456,20.00,2027-06-30\n{},000000,0,2026-12-31T16:00:00Z\n",
        number(1).grouped(),
        number(2)
    )
}

#[test]
fn an_imported_card_has_its_balance_its_pin_and_its_last_day() {
    let mut shop = Shop::open();
    let report = import_text(&mut shop, good_file()).unwrap();
    assert_eq!(counts(&report), (2, 0, 0));
    let card = shop.card(number(1)).unwrap();
    assert_eq!((card.state, card.batch, shop.balance(number(1))), (CardState::Active, report.batch, 2_000));
    // Valid through the 30th of June 2027 in China.
    assert_eq!(card.expires_at, Some(Timestamp::from_seconds(1_814_371_200)));
    let hash = Pin::parse("123456").unwrap().hash(&shop.bulk.pins, number(1));
    let stored = shop.read(|tx| ringup_db::card::find_pin(tx, number(1))).unwrap();
    assert!(pin::is_same(hash, stored));
    assert_eq!(shop.balance(number(2)), 0);
    let entries =
        shop.read(|tx| ringup_db::journal::entries_of(tx, ringup_core::ledger::Chain::Card(number(1)), None, 9));
    assert_eq!(entries.len(), 1);
    let batch = shop.read(|tx| ringup_db::batch::find_batch(tx, report.batch)).unwrap();
    assert_eq!((batch.kind, batch.card_count), (BatchKind::Imported, 2));
}

#[test]
fn a_pin_hash_is_taken_as_it_is() {
    let mut shop = Shop::open();
    let hash = Pin::parse("123456").unwrap().hash(&shop.bulk.pins, number(1));
    let text = crate::keys::hex(&hash.0);
    let text = format!("balance,expiry,number,pin_hash\n1,2027-06-30,{},{text}\n", number(1));
    assert_eq!(counts(&import_text(&mut shop, text).unwrap()), (1, 0, 0));
    let stored = shop.read(|tx| ringup_db::card::find_pin(tx, number(1))).unwrap();
    assert!(pin::is_same(hash, stored));
}

#[test]
fn a_file_that_is_imported_again_changes_nothing() {
    let mut shop = Shop::open();
    let first = import_text(&mut shop, good_file()).unwrap();
    shop.clock.advance(Span::days(3));
    let again = import_text(&mut shop, good_file()).unwrap();
    assert_eq!(counts(&again), (0, 2, 0));
    assert_eq!(shop.balance(number(1)), 2_000);
    let batches = shop.read(|tx| ringup_db::batch::recent_batches(tx, 9));
    assert_eq!(batches.iter().map(|batch| batch.id).collect::<Vec<_>>(), [first.batch]);
}

#[test]
fn what_was_refused_can_be_mended_and_imported_with_the_same_file() {
    let mut shop = Shop::open();
    let broken = good_file().replace("123456", "12x456");
    let first = import_what_can_be(&mut shop, broken);
    assert_eq!(counts(&first), (1, 0, 1));
    let second = import_text(&mut shop, good_file()).unwrap();
    assert_eq!(counts(&second), (1, 1, 0));
    assert_eq!(shop.balance(number(1)), 2_000);
}

#[test]
fn one_refused_line_stops_all_unless_it_may_be_left_out() {
    let mut shop = Shop::open();
    let text = format!("{}{},1234,-1,2027-06-30\n", good_file(), number(3));
    let Err(ImportError::Refused(report)) = import_text(&mut shop, &text) else { panic!("not refused") };
    assert_eq!(counts(&report), (0, 0, 1));
    assert_eq!(shop.card(number(1)), None);
    assert_eq!(shop.read(|tx| ringup_db::batch::recent_batches(tx, 9)), []);
    assert_eq!(counts(&import_what_can_be(&mut shop, text)), (2, 0, 1));
    assert!(shop.card(number(1)).is_some() && shop.card(number(3)).is_none());
}

#[test]
fn every_refused_line_is_told_with_its_number_and_reason() {
    let mut shop = Shop::open();
    import_text(&mut shop, good_file()).unwrap();
    let [one, three, four] = [number(1), number(3), number(4)];
    let mut text = format!(
        "number,pin,pin_hash,balance,expiry\n\
         9550000000000001,1234,,1,2027-06-30\n\
         ,1234,,1,2027-06-30\n\
         {three},12,,1,2027-06-30\n\
         {three},,,1,2027-06-30\n\
         {three},1234,00112233445566778899aabbccddeeff,1,2027-06-30\n\
         {three},,+0112233445566778899aabbccddeeff,1,2027-06-30\n\
         {three},1234,,-1,2027-06-30\n\
         {three},1234,,1.234,2027-06-30\n\
         {three},1234,,1 USD,2027-06-30\n\
         {three},1234,,99999999999999999999,2027-06-30\n\
         {three},1234,,1,30/06/2027\n\
         {three},1234,,1,2027-02-30\n\
         {three},1234,,1\n\
         {three},1234,,1000.01,2027-06-30\n\
         {one},999999,,20.00,2027-06-30\n\
         {one},123456,,20.00,2027-06-30\n\
         {four},1234,,1,2027-06-30\n\
         {four},1234,,1,2027-06-30\n"
    )
    .into_bytes();
    text.extend_from_slice(b"955\xFF,1234,,1,2027-06-30\n");
    let Err(ImportError::Refused(report)) = import_text(&mut shop, text) else { panic!("not refused") };
    let mut written = Vec::new();
    report.write_refused(&mut written).unwrap();
    let expected = format!(
        "line,number,code,reason\n\
         2,9550000000000001,card_number,the check digit does not fit\n\
         3,,card_number,no card number was given\n\
         4,{three},pin,a PIN has 4 to 12 digits\n\
         5,{three},pin_or_hash,\"it needs a PIN or a PIN hash, and not both\"\n\
         6,{three},pin_or_hash,\"it needs a PIN or a PIN hash, and not both\"\n\
         7,{three},pin_hash,a PIN hash has 32 hexadecimal digits\n\
         8,{three},balance,balance: an amount cannot be negative\n\
         9,{three},balance,balance: CNY has 2 decimals at most\n\
         10,{three},balance,balance: the amount is not in CNY\n\
         11,{three},balance,balance: the amount is too large to be counted\n\
         12,{three},expiry,\"expiry: a day such as 2027-06-30, or a moment such as 2027-06-30T16:00:00Z, is needed\"\n\
         13,{three},expiry,\"expiry: a day such as 2027-06-30, or a moment such as 2027-06-30T16:00:00Z, is needed\"\n\
         14,{three},fields,\"it has 4 fields, not 5\"\n\
         15,{three},balance_too_high,the card may hold 1000.00 CNY at most\n\
         16,{one},card_exists,there is a card with this number already\n\
         17,{one},card_number_twice,line 16 has the same card number\n\
         19,{four},card_number_twice,line 18 has the same card number\n\
         20,955\u{fffd},encoding,it is not UTF-8\n"
    );
    assert_eq!(String::from_utf8(written).unwrap(), expected);
}

#[test]
fn a_card_of_another_origin_is_not_taken_for_a_repeat() {
    let line =
        |pin: &str, balance: &str| format!("number,pin,balance,expiry\n{},{pin},{balance},2027-06-30\n", number(1));
    let mut shop = Shop::open();
    import_text(&mut shop, line("1234", "20.00")).unwrap();
    for other in [line("4321", "20.00"), line("1234", "20.01"), line("1234", "0")] {
        let Err(ImportError::Refused(report)) = import_text(&mut shop, other) else { panic!("not refused") };
        assert_eq!(report.refused[0].reason.code(), "card_exists");
    }
    assert_eq!(shop.balance(number(1)), 2_000);
}

#[test]
fn a_file_without_its_columns_is_refused_whole() {
    let mut shop = Shop::open();
    for (head, why) in [
        ("", "number is missing"),
        ("number,pin,balance", "expiry is missing"),
        ("number,balance,expiry", "pin and pin_hash are missing"),
        ("number,pin,balance,expiry,note", "\"note\" is none of them"),
        ("number,pin,pin,balance,expiry", "pin is named twice"),
        ("9550000000000019,1234,1,2027-06-30", "is none of them"),
    ] {
        let refused = import_text(&mut shop, format!("{head}\n")).unwrap_err().to_string();
        assert!(refused.contains(why), "{head}: {refused}");
    }
    let refused = import_text(&mut shop, b"\xFF\xFE,pin\n").unwrap_err().to_string();
    assert!(refused.contains("not UTF-8"), "{refused}");
}

#[test]
fn what_a_spreadsheet_writes_can_be_read() {
    let mut shop = Shop::open();
    let text = format!("\u{feff}number, pin ,balance,expiry\r\n{},\"1234\",\"1,000.00\",2027-06-30\r\n", number(1));
    assert_eq!(counts(&import_text(&mut shop, text).unwrap()), (1, 0, 0));
    assert_eq!(shop.balance(number(1)), 100_000);
}

#[test]
fn a_file_or_product_that_is_not_there_is_named() {
    let mut shop = Shop::open();
    let mut request = write(&shop, good_file());
    request.product = "gold".to_owned();
    let refused = import(&mut shop.bulk, &request).unwrap_err().to_string();
    assert_eq!(refused, "there is no product \"gold\"");
    request.product = "classic".to_owned();
    request.file = Path::new("/nowhere/cards.csv").to_owned();
    assert!(import(&mut shop.bulk, &request).unwrap_err().to_string().starts_with("/nowhere/cards.csv: "));
}

#[test]
fn a_file_of_many_lines_is_one_batch() {
    let mut shop = Shop::open();
    let mut text = "number,pin,balance,expiry\n".to_owned();
    for n in 0..1_000 {
        text.push_str(&format!("{},{n:04},{n},2027-06-30\n", number(n)));
    }
    assert_eq!(counts(&import_text(&mut shop, &text).unwrap()), (1_000, 0, 0));
    assert_eq!(shop.balance(number(999)), 99_900);
    assert_eq!(counts(&import_text(&mut shop, &text).unwrap()), (0, 1_000, 0));
    assert!(shop.is_clean());
}
