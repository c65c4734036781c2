use super::*;

#[test]
fn a_number_is_read_in_the_form_of_e164_and_in_no_other() {
    for text in ["+8613800138000", "+447911123456", "+6591234567", "+4790123456"] {
        assert_eq!(MobileNumber::from_e164(text).unwrap().reveal(), text);
    }
    for (text, expected) in [
        ("", ParseMobileError::Missing),
        ("8613800138000", ParseMobileError::Form),
        ("+86 138 0013 8000", ParseMobileError::Form),
        ("+0861380013800", ParseMobileError::Form),
        ("+861380013800a", ParseMobileError::Form),
        ("+８６１３８００１３８０００", ParseMobileError::Form),
        ("+8613800138000\r\n", ParseMobileError::Form),
        ("+123456", ParseMobileError::Form),
        ("+1234567890123456", ParseMobileError::Form),
    ] {
        assert_eq!(MobileNumber::from_e164(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn a_number_shows_its_last_four_digits_and_nothing_to_a_log() {
    let number = MobileNumber::from_e164("+8613800138000").unwrap();
    assert_eq!(number.masked(), "···8000");
    assert_eq!(format!("{number:?}"), "MobileNumber(***)");
}

#[test]
fn each_error_has_a_code_of_its_own() {
    let errors =
        [ParseMobileError::Missing, ParseMobileError::Form, ParseMobileError::NotMobile, ParseMobileError::Country];
    assert_eq!(
        errors.map(ParseMobileError::code),
        ["mobile_missing", "mobile_malformed", "mobile_not_mobile", "mobile_country"]
    );
}
