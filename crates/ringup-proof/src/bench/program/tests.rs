use super::{per_million, resident_bytes};

#[test]
fn a_time_is_scaled_to_a_million() {
    assert_eq!(per_million(2_000_000, 500_000), 4_000_000);
    assert_eq!(per_million(5, 0), 0);
}

#[test]
fn this_process_holds_some_memory() {
    assert!(resident_bytes(std::process::id()).unwrap() > 1_000_000);
}
