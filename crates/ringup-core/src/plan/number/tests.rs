use super::{Dialled, ParseDialledError, Prefix};

#[test]
fn a_number_is_read_as_people_write_it() {
    for (typed, digits) in [
        ("+44 20 7946 0000", "442079460000"),
        ("0044 20 7946 0000", "442079460000"),
        ("+44 (0)20-7946.0000", "442079460000"),
        ("＋４４ （0）２０ ７９４６", "44207946"),
        ("  +1/212/555 0100", "12125550100"),
        ("+44", "44"),
        ("+39 06 698", "3906698"),
        ("+225 01 02 03 04 05", "2250102030405"),
        ("\u{202a}+86 10\u{2011}1234\u{202c}", "86101234"),
        ("001 242", "1242"),
    ] {
        assert!(Dialled::is_meant(typed), "{typed:?}");
        assert_eq!(Dialled::parse(typed).map(|number| number.as_str().to_owned()), Ok(digits.to_owned()), "{typed:?}");
    }
}

#[test]
fn what_cannot_be_dialled_from_anywhere_says_why() {
    use ParseDialledError as Error;
    for (typed, error) in [
        ("020 7946 0000", Error::NotInternational),
        ("442079460000", Error::NotInternational),
        ("+", Error::NotInternational),
        ("+0", Error::NotInternational),
        ("000", Error::NotInternational),
        ("+44 #31", Error::NotDigits),
        ("+44+44", Error::NotDigits),
        ("+1234567890123456", Error::TooLong),
        ("+44 07911 123456", Error::TrunkZero),
        ("+86 010", Error::TrunkZero),
        ("+1 0", Error::TrunkZero),
        ("+351 0", Error::TrunkZero),
    ] {
        assert_eq!(Dialled::parse(typed), Err(error), "{typed:?}");
    }
}

#[test]
fn a_name_is_not_meant_as_a_number() {
    for typed in ["英国", "United Kingdom", "UK 2", "", " ", "-", "伦敦 020"] {
        assert!(!Dialled::is_meant(typed), "{typed:?}");
    }
}

#[test]
fn a_prefix_is_digits_and_nothing_else() {
    for text in ["1", "44", "447", "123456789012345"] {
        assert_eq!(Prefix::parse(text).map(|prefix| prefix.to_string()), Ok(text.to_owned()));
    }
    for text in ["", "0", "044", "+44", "4 4", "44a", "1234567890123456", "４４"] {
        assert!(Prefix::parse(text).is_err(), "{text:?}");
    }
}
