use std::path::PathBuf;

use super::Wish;
use super::outcome::{Outcome, table};

fn wish(text: &str) -> Option<Wish> {
    Wish::parse(&text.split_whitespace().collect::<Vec<_>>()).ok()
}

#[test]
fn the_words_after_fuzz_say_what_is_wished_for() {
    let target = || "amount".to_owned();
    assert_eq!(wish(""), Some(Wish::Run { target: None, seconds: 60 }));
    assert_eq!(wish("--seconds 5"), Some(Wish::Run { target: None, seconds: 5 }));
    assert_eq!(wish("amount --seconds 5"), Some(Wish::Run { target: Some(target()), seconds: 5 }));
    assert_eq!(wish("amount --replay x"), Some(Wish::Replay { target: target(), input: PathBuf::from("x") }));
    assert_eq!(wish("--sabotage planted"), Some(Wish::Sabotage { seconds: 60 }));
    assert_eq!(wish("--list"), Some(Wish::List));
    for nonsense in ["--replay x", "--seconds", "--seconds many", "--sabotage other", "one two", "--other"] {
        assert_eq!(wish(nonsense), None, "{nonsense}");
    }
}

const WELL: &str = "\
#2\tINITED cov: 311 ft: 312 corp: 1/1b exec/s: 0 rss: 41Mb
#1048576\tpulse  cov: 402 ft: 611 corp: 71/1200b lim: 128 exec/s: 524288 rss: 52Mb
#1500000\tDONE   cov: 410 ft: 630 corp: 80/1500b lim: 128 exec/s: 500000 rss: 55Mb
Done 1500000 runs in 3 second(s)
stat::number_of_executed_units: 1500000
stat::average_exec_per_sec:     500000
stat::new_units_added:          79
stat::slowest_unit_time_sec:    0
stat::peak_rss_mb:              55
";

#[test]
fn a_run_in_which_everything_held_is_summed_up() {
    let outcome = Outcome::read("amount", Some(0), WELL);
    assert!(outcome.is_well());
    assert_eq!((outcome.runs, outcome.edges, outcome.new_units, outcome.peak_mb), (1_500_000, 410, 79, 55));
    assert!(table(&[outcome]).ends_with("held\n"));
}

#[test]
fn a_run_that_broke_says_why_and_how_to_see_it_again() {
    let log = "\
thread '<unnamed>' (7) panicked at src/main.rs:44:9:
the planted fault was found
==7== ERROR: libFuzzer: deadly signal
artifact_prefix='fuzz/artifacts/planted-'; Test unit written to fuzz/artifacts/planted-crash-01
";
    let outcome = Outcome::read("planted", Some(77), log);
    assert!(!outcome.is_well());
    assert_eq!(outcome.timed_out(), None);
    let shown = outcome.to_string();
    assert!(shown.contains("BROKEN: the planted fault was found"), "{shown}");
    assert!(shown.ends_with("cargo xtask fuzz planted --replay fuzz/artifacts/planted-crash-01"), "{shown}");
    assert!(table(&[outcome]).contains("BROKEN: the planted fault was found"));
}

#[test]
fn a_run_that_hung_or_tried_nothing_did_not_hold() {
    let hung =
        "==7== ERROR: libFuzzer: timeout after 5 seconds\nTest unit written to fuzz/artifacts/amount-timeout-1\n";
    let outcome = Outcome::read("amount", Some(70), hung);
    assert_eq!(
        outcome.broken,
        Some(("timeout after 5 seconds".to_owned(), Some("fuzz/artifacts/amount-timeout-1".to_owned())))
    );
    assert_eq!(outcome.timed_out(), Some("fuzz/artifacts/amount-timeout-1"));
    assert!(!Outcome::read("amount", Some(0), "").is_well());
    assert!(!Outcome::read("amount", None, WELL).is_well());
}
