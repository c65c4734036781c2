use super::{REMARK_MAX, Remark, RemarkTooLong, Stars, Tally};

fn tally(counts: [u64; 5]) -> Tally {
    let mut tally = Tally::default();
    for (stars, count) in Stars::ALL.iter().zip(counts) {
        tally.add(*stars, count);
    }
    tally
}

#[test]
fn stars_are_one_to_five_and_nothing_else() {
    for stars in 1..=5 {
        assert_eq!(Stars::from_code(stars).unwrap().code(), stars);
    }
    for typed in ["0", "6", "-1", "5.0", "05", "", "five", "５"] {
        assert_eq!(Stars::from_name(typed), None, "{typed}");
    }
}

#[test]
fn what_cannot_be_seen_is_taken_out_and_the_rest_stays_as_it_was_typed() {
    let check = |typed: &str, expected: &str| assert_eq!(Remark::parse(typed).unwrap().as_str(), expected, "{typed:?}");
    check("  快捷，\r\n服务好。\t谢谢 ", "快捷， 服务好。 谢谢");
    check("abc\u{202e}fed\u{2066}x\u{2069}\u{200f}", "abcfedx");
    check("a\u{0}b\u{1b}[31mc\u{7f}\u{9b}", "ab[31mc");
    check("pass\u{200b}word\u{feff}\u{e0041}", "password");
    check("👩\u{200d}🔧 & <b>\"ok\"</b>", "👩\u{200d}🔧 & <b>\"ok\"</b>");
    check("one\u{2028}two\u{85}three\u{3000}four", "one two three four");
    check("\u{202e}\u{0} \n", "");
}

#[test]
fn a_remark_ends_at_five_hundred_characters_of_any_alphabet() {
    assert!(Remark::parse(&"好".repeat(REMARK_MAX)).is_ok());
    assert_eq!(Remark::parse(&"好".repeat(REMARK_MAX + 1)), Err(RemarkTooLong));
    let padded = format!("  {}\u{202e}\u{202e}\n", "x".repeat(REMARK_MAX));
    assert!(Remark::parse(&padded).is_ok(), "what is taken out does not count");
}

#[test]
fn an_average_is_in_whole_tenths_and_rounds_the_half_up() {
    let check = |counts, expected| assert_eq!(tally(counts).average_tenths(), expected, "{counts:?}");
    check([0, 0, 0, 0, 0], None);
    check([1, 0, 0, 0, 0], Some(10));
    check([0, 0, 0, 0, 9], Some(50));
    check([0, 0, 0, 1, 2], Some(47)); // 4.666…
    check([0, 0, 0, 2, 1], Some(43)); // 4.333…
    check([0, 0, 0, 19, 1], Some(41)); // 4.05
    check([1, 1, 1, 1, 1], Some(30));
    check([u64::MAX, 0, 0, 0, 0], Some(10));
}

#[test]
fn bars_are_never_longer_than_the_whole() {
    let tally = tally([1, 0, 0, 0, 2]);
    assert_eq!(tally.counts().map(|count| tally.percent(count)), [33, 0, 0, 0, 66]);
    assert_eq!(Tally::default().percent(0), 0);
}
