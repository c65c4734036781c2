use super::*;

fn countries(codes: &[&str]) -> Option<Countries> {
    Countries::read(&codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>())
}

#[test]
fn a_number_is_read_as_people_write_it() {
    let countries = countries(&["CN", "GB"]).unwrap();
    for typed in [
        "+8613800138000",
        " +86 138 0013 8000 ",
        "13800138000",
        "138-0013-8000",
        "008613800138000",
        "１３８００１３８０００",
        "+86 (138) 0013-8000",
    ] {
        assert_eq!(countries.number(typed).unwrap().reveal(), "+8613800138000", "{typed}");
    }
    assert_eq!(countries.number("+44 (0)7400 123456").unwrap().reveal(), "+447400123456");
}

#[test]
fn what_no_text_message_can_be_sent_to_is_refused_with_what_is_wrong_with_it() {
    let countries = countries(&["CN"]).unwrap();
    for (typed, expected) in [
        ("", ParseMobileError::Missing),
        ("  ", ParseMobileError::Missing),
        ("wang@example.com", ParseMobileError::Form),
        ("1380013800", ParseMobileError::Form),
        ("138001380000", ParseMobileError::Form),
        ("+86 10000000000", ParseMobileError::Form),
        ("13800138000 ext. 7", ParseMobileError::Form),
        ("13800138000,13900139000", ParseMobileError::Form),
        ("13800138000\r\nA", ParseMobileError::Form),
        (&"1".repeat(400), ParseMobileError::Form),
        ("+86 10 6552 9988", ParseMobileError::NotMobile),
        ("400 810 8888", ParseMobileError::NotMobile),
        ("+44 7400 123456", ParseMobileError::Country),
        // Hong Kong is a region of its own to the numbering plans.
        ("+852 5123 4567", ParseMobileError::Country),
    ] {
        assert_eq!(countries.number(typed).unwrap_err(), expected, "{typed}");
    }
}

#[test]
fn countries_are_named_by_their_codes() {
    for codes in [&[][..], &["China"], &["CN", "XX"], &["86"], &[""]] {
        assert!(countries(codes).is_none(), "{codes:?}");
    }
    assert!(countries(&["CN", "HK", "MO"]).unwrap().number("+852 5123 4567").is_ok());
}
