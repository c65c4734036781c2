use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Unit};

use super::ListError;
use super::file::{ReadRow, read};
use crate::limits;

const CARD: &str = "4000000000000002";

fn rows(content: &[u8]) -> Vec<ReadRow> {
    read(content, Unit::Cny).unwrap()
}

fn reasons(content: &str) -> Vec<&'static str> {
    rows(content.as_bytes()).iter().map(|row| row.asked.as_ref().err().map_or("right", |wrong| wrong.reason)).collect()
}

fn asked(amount: &str) -> (CardNumber, Amount) {
    (CARD.parse().unwrap(), Amount::parse(amount, Unit::Cny).unwrap())
}

#[test]
fn a_list_is_read_in_the_encodings_that_spreadsheets_write() {
    let chinese = format!("编号,卡号,金额\r\n甲一,{CARD},50\r\n");
    let (gbk, _, had_errors) = encoding_rs::GBK.encode(&chinese);
    assert!(!had_errors);
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(chinese.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for content in [chinese.as_bytes(), format!("\u{feff}{chinese}").as_bytes(), &gbk, &utf16] {
        let rows = rows(content);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].line, rows[0].reference.as_str()), (2, "甲一"));
        assert_eq!(rows[0].asked, Ok(asked("50.00")));
    }
    assert_eq!(read(b"reference,card,amount\n\xff\xff,1,1\n", Unit::Cny), Err(ListError::Encoding));
}

#[test]
fn what_is_no_list_at_all_is_told_as_one() {
    let check = |content: &str, error| assert_eq!(read(content.as_bytes(), Unit::Cny), Err(error), "{content}");
    check("", ListError::Columns);
    check("reference,card\nA1,1\n", ListError::Columns);
    check("reference,card,amount,card\nA1,1,1,1\n", ListError::Columns);
    check("reference,card,amount\n", ListError::Empty);
    check("reference,card,amount\n,,\n", ListError::Empty);
    check(&" ".repeat(limits::LIST_BYTES_MAX + 1), ListError::TooLarge);
    let long = "x,1,1\n".repeat(limits::LIST_ROWS_MAX + 1);
    check(&format!("reference,card,amount\n{long}"), ListError::TooLong);
}

#[test]
fn each_wrong_row_has_its_reason_and_columns_of_the_agents_own_are_left_alone() {
    let list = format!(
        "Card,note,Amount,Reference\n\
         {CARD},=1+1,50.00,A1\n\
         {CARD},,50.00\n\
         {CARD},,50.00,\n\
         {CARD},,50.00,=1+1\n\
         {CARD},,50.00,-A2\n\
         {CARD},,50.00,\"A,2\"\n\
         =\"{CARD}\",,50.00,A3\n\
         {CARD},,=25*2,A4\n\
         4.00E+15,,50.00,A5\n\
         4000000000000003,,50.00,A6\n\
         {CARD},,fifty,A7\n\
         {CARD},,0,A8\n\
         {CARD},,-5,A9\n\
         {CARD},,60,A1\n\
         {CARD},,50,B1\n\
         {CARD},,60,B2\n"
    );
    let expected = [
        "right",
        "fields",
        "reference_missing",
        "formula",
        "reference_malformed",
        "reference_malformed",
        "formula",
        "formula",
        "card_malformed",
        "card_malformed",
        "amount_malformed",
        "amount_malformed",
        "amount_malformed",
        "reference_twice",
        "sale_twice",
        "right",
    ];
    assert_eq!(reasons(&list), expected);
    let rows = rows(list.as_bytes());
    let others = [13, 14].map(|nth: usize| rows[nth].asked.unwrap_err().other_line);
    assert_eq!(others, [Some(2), Some(2)]);
    assert!(rows.iter().all(|row| row.reference.chars().next().is_none_or(char::is_alphanumeric)));
}

#[test]
fn a_line_of_a_megabyte_is_one_wrong_row() {
    let long = "9".repeat(1024 * 1024);
    let list = format!("reference,card,amount\n{long},{CARD},50\nA1,{long},50\nA2,{CARD},{long}\nA3,{CARD},50\n");
    assert_eq!(reasons(&list), ["reference_malformed", "card_malformed", "amount_malformed", "right"]);
}
