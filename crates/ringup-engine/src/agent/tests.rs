use ringup_core::time::Timestamp;

use super::*;

#[test]
fn a_licence_holds_until_midnight_on_the_agents_own_clock() {
    let day: LocalDate = "2026-12-31".parse().unwrap();
    let utc = Timestamp::from_seconds(1_798_761_600); // 2027-01-01T00:00:00Z
    let check = |zone, hours| assert_eq!(end_of_day(zone, day), Some(utc.plus(ringup_core::time::Span::hours(hours))));
    check("UTC", 0);
    check("Asia/Shanghai", -8);
    check("America/New_York", 5);
    assert_eq!(end_of_day("Asia/Nowhere", day), None);
}

#[test]
fn a_document_is_what_is_in_it_and_not_what_it_is_called() {
    let kind = |name, content: &[u8]| Document::new(name, content.to_vec()).map(|document| document.media_type);
    assert_eq!(kind("a.exe", b"%PDF-1.7 ... %%EOF\n"), Ok("application/pdf"));
    assert_eq!(kind("a.pdf", b"\x89PNG\r\n\x1a\n....IEND\xae\x42\x60\x82"), Ok("image/png"));
    assert_eq!(kind("a", b"\xff\xd8\xff\xe0....\xff\xd9"), Ok("image/jpeg"));
    assert_eq!(kind("a", b"RIFF....WEBPVP8 "), Ok("image/webp"));
    assert_eq!(kind("a.pdf", b"%PDF-1.7 cut off"), Err(DocumentError::Kind));
    assert_eq!(kind("a.png", b"<svg onload=alert(1)>"), Err(DocumentError::Kind));
    assert_eq!(kind("a.pdf", b""), Err(DocumentError::Kind));
    let large = [b"%PDF-".as_slice(), &vec![b' '; DOCUMENT_BYTES_MAX], b"%%EOF"].concat();
    assert_eq!(kind("a.pdf", &large), Err(DocumentError::TooLarge));
    let named = Document::new("C:\\papers\\licence\u{7}.pdf", b"%PDF-1.7 %%EOF".to_vec()).unwrap();
    assert_eq!(named.name, "licence.pdf");
}

#[test]
fn an_address_rule_allows_those_that_begin_as_it_does() {
    let check = |rule: &str, address: &str, allowed| {
        let rule: AddressRule = rule.parse().unwrap();
        assert_eq!(rule.allows(address.parse().unwrap()), allowed, "{rule} {address}");
    };
    check("192.0.2.7", "192.0.2.7", true);
    check("192.0.2.7", "192.0.2.8", false);
    check("192.0.2.0/24", "192.0.2.200", true);
    check("192.0.2.0/24", "192.0.3.200", false);
    check("192.0.2.7", "::ffff:192.0.2.7", true);
    check("0.0.0.0/0", "203.0.113.9", true);
    check("0.0.0.0/0", "2001:db8::1", false);
    check("::/0", "2001:db8::1", true);
    check("2001:db8::/32", "2001:db8:1::1", true);
    check("2001:db8::/32", "2001:db9::1", false);
    for wrong in ["", "192.0.2", "192.0.2.0/33", "192.0.2.0/-1", "example.org", "2001:db8::/129"] {
        assert_eq!(wrong.parse::<AddressRule>(), Err(ParseAddressRuleError), "{wrong}");
    }
}
