use super::*;

const PRINTED: &str = "ok       the journal balances (12 checked, 0 found)\n\
                       VIOLATED every acknowledged top-up is on its card exactly once (9 checked, 2 found)\n           \
                       top_1 is not there\n           top_2 is not there\n";

fn verdict(text: &str, is_clean: bool) -> Verdict {
    Verdict { lines: read_lines(text), is_clean, errors: "why".to_owned() }
}

#[test]
fn lines_are_read_with_their_counts_and_findings() {
    let verdict = verdict(PRINTED, false);
    assert_eq!(verdict.checked("journal"), Some(12));
    assert_eq!(verdict.checked("acknowledged"), Some(9));
    assert!(!verdict.holds());
    let broken = verdict.broken();
    assert_eq!(broken, ["every acknowledged top-up is on its card exactly once: 2 of 9, such as: top_1 is not there"]);
}

#[test]
fn a_verify_that_says_nothing_holds_nothing() {
    assert!(!verdict("", true).holds());
    assert_eq!(verdict("", false).broken(), ["verify failed: why"]);
    assert!(verdict("ok       all (0 checked, 0 found)\n", true).holds());
    assert!(!verdict("ok       all (0 checked, 0 found)\n", false).holds());
}
