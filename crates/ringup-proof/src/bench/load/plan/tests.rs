use std::path::PathBuf;

use clap::Parser;

use super::{Outcome, Plan, RequestFile, placing};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    plan: Plan,
}

fn plan() -> Plan {
    Plan {
        to: ([127, 0, 0, 1], 8080).into(),
        requests: PathBuf::from("requests"),
        from: 3,
        again: true,
        connections: 64,
        for_ms: 4_000,
        rate: Some(500),
        expect_status: 201,
        expect_text: Some("yes".to_owned()),
        then_place: true,
        keys_seed: 9,
    }
}

#[test]
fn a_plan_is_told_to_another_process_word_for_word() {
    let words = std::iter::once("load".to_owned()).chain(plan().words());
    let told = Line::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).plan;
    assert_eq!(format!("{told:?}"), format!("{:?}", plan()));
}

#[test]
fn an_outcome_is_read_as_it_was_printed() {
    let outcome = Outcome { answered: 1, micros: 2, p50_micros: 3, p99_micros: 4, max_micros: 5 };
    assert_eq!(outcome.to_string().parse::<Outcome>().unwrap(), outcome);
    assert!("1 2 3".parse::<Outcome>().is_err());
}

#[test]
fn requests_come_back_as_they_were_written_and_a_file_that_was_cut_off_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests");
    RequestFile::write(&file, [b"one".to_vec(), b"three".to_vec()]).unwrap();
    let read = RequestFile::read(&file).unwrap();
    assert_eq!(
        (read.get(0, false), read.get(1, false), read.get(2, false)),
        (Some(&b"one"[..]), Some(&b"three"[..]), None)
    );
    assert_eq!(read.get(2, true), Some(&b"one"[..]));
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    assert!(RequestFile::read(&file).is_err());
}

#[test]
fn a_quote_is_followed_by_a_placing_of_it() {
    let placing = placing(&plan(), 7, b"{\"amount\":\"1\",\"quote\":\"abc\",\"x\":1}").unwrap();
    let text = String::from_utf8(placing).unwrap();
    assert!(text.contains("idempotency-key: bench-0000000000000009-7\r\n"));
    assert!(text.contains("\"quote\":\"abc\""));
    assert_eq!(super::placing(&plan(), 7, b"{}"), None);
}
