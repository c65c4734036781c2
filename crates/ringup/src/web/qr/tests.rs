use super::{TooLongForQr, svg};

#[test]
fn a_qr_code_says_what_it_is_and_has_no_style() {
    let code = svg("https://qr.alipay.com/bax03431ljhokirwl38f00a7", "Scan to pay \"¥95.00\" & more").unwrap();
    assert!(code.contains(r#"aria-label="Scan to pay &quot;¥95.00&quot; &amp; more""#));
    assert!(!code.contains("style"));
}

#[test]
fn it_keeps_the_quiet_zone() {
    // Version 1 is 21 modules wide, the quiet zone 4 on each side.
    assert!(svg("A", "A").unwrap().contains(r#"viewBox="0 0 29 29""#));
}

#[test]
fn a_text_beyond_the_largest_code_is_refused() {
    assert_eq!(svg(&"x".repeat(5_000), ""), Err(TooLongForQr { bytes: 5_000 }));
}
