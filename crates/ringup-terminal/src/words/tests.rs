use std::collections::BTreeSet;

use super::*;

fn keys(file: &str) -> BTreeSet<&str> {
    file.lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split(" =").next())
        .collect()
}

#[test]
fn both_languages_have_the_same_sentences() {
    for file in [EN, ZH_HANS] {
        assert!(FluentResource::try_new(file.to_owned()).is_ok());
    }
    assert_eq!(keys(EN), keys(ZH_HANS));
}

#[test]
fn chinese_sentences_have_no_half_width_punctuation() {
    for line in ZH_HANS.lines() {
        let wrong = line.char_indices().any(|(at, mark)| {
            matches!(mark, ',' | ';' | '?' | '!')
                && line[..at].chars().next_back().is_some_and(|before| !before.is_ascii())
        });
        assert!(!wrong, "{line}");
    }
}
