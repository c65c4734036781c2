use super::*;

#[test]
fn each_part_is_known_by_its_word() {
    let parts = [Part::Core, Part::Db, Part::Rust, Part::Sdk, Part::Browser, Part::Paper, Part::Torture];
    let words = ["core", "db", "rust", "sdk", "browser", "paper", "torture"];
    for (part, word) in parts.into_iter().zip(words) {
        assert_eq!(Part::parse(word).unwrap(), part);
    }
    assert!(Part::parse("all of it").is_err());
}

#[test]
fn everything_needs_everything() {
    assert!(Part::All.needs_postgres() && Part::All.needs_browser() && Part::All.needs_sdks());
    assert!(!Part::Core.needs_postgres() && !Part::Core.needs_browser() && !Part::Core.needs_sdks());
}
