use super::*;

#[test]
fn addresses_that_people_have_are_read() {
    for text in ["wang@example.com", "  li.na+sim@mail.example.co.uk ", "1@qq.com", "o'neil_x@xn--fiqs8s.cn"] {
        assert_eq!(EmailAddress::parse(text).unwrap().reveal(), text.trim());
    }
}

#[test]
fn what_is_no_address_is_refused_by_name() {
    assert_eq!(EmailAddress::parse("   ").unwrap_err(), ParseEmailError::Missing);
    let long = [format!("{}@example.com", "a".repeat(65)), format!("a@{}.com", "b.".repeat(130))];
    for text in &long {
        assert_eq!(EmailAddress::parse(text).unwrap_err(), ParseEmailError::Length);
    }
    for text in [
        "wang",
        "wang@",
        "@example.com",
        "wang@localhost",
        "wang@127.0.0.1",
        "wang@[127.0.0.1]",
        ".wang@example.com",
        "wa..ng@example.com",
        "wang@-example.com",
        "wang@example..com",
        "wang li@example.com",
        "\"wang li\"@example.com",
        "wang@example.com,li@example.com",
        "wang@example.com>",
        "Wang <wang@example.com>",
        "王@example.com",
        "wang@example.com\r\nBcc: li@example.com",
        "wang@example.com\r\n",
        "wang\n@example.com",
        "wang\0@example.com",
        "wang@exam\u{2028}ple.com",
    ] {
        assert_eq!(EmailAddress::parse(text).unwrap_err(), ParseEmailError::Form, "{text:?}");
    }
}

#[test]
fn nobody_sees_more_than_the_first_letter_and_the_domain() {
    let address = EmailAddress::parse("wang@example.com").unwrap();
    assert_eq!(address.masked(), "w···@example.com");
    assert_eq!(format!("{address:?}"), "EmailAddress(***)");
}
