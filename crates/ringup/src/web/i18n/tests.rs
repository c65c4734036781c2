use std::collections::BTreeSet;

use fluent_bundle::FluentResource;

use super::bundles::{EN, ZH_HANS};
use super::time;
use super::{Locale, Words};

const AFTERNOON: i64 = 1_795_327_351_000_000; // 2026-11-22T14:02:31+08:00

fn keys(files: &[&str]) -> BTreeSet<String> {
    let entries = files.iter().flat_map(|file| file.lines());
    entries
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key.to_owned())
        .collect()
}

#[test]
fn every_locale_file_is_read_without_a_complaint() {
    for file in EN.iter().chain(ZH_HANS) {
        if let Err((_, errors)) = FluentResource::try_new((*file).to_owned()) {
            panic!("{errors:?} in {}", &file[..file.len().min(200)]);
        }
    }
}

#[test]
fn both_languages_say_the_same_things() {
    let (en, zh) = (keys(EN), keys(ZH_HANS));
    assert!(en.len() > 100);
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Chinese");
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
}

#[test]
fn chinese_sentences_use_full_width_punctuation_and_a_space_beside_latin() {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for line in ZH_HANS.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
        let text = line.split_once('=').map_or(line, |(_, text)| text);
        // Names are Chinese; a date begins with a figure and ends with 日.
        let text = text.replace("{ $provider }", "宝").replace("{ $app }", "宝").replace("{ $place }", "店");
        let text = text.replace("{ $date }", "9|日").replace("{ $grace }", "9|日");
        let text = text.replace("{ $first }", "周一").replace("{ $last }", "周五");
        let text: Vec<char> = text.chars().collect();
        for pair in text.windows(2) {
            let [left, right] = pair else { continue };
            assert!(!(han(*left) && ",.;:?!()".contains(*right)), "half-width punctuation: {line}");
            let latin = |c: char| c.is_ascii_alphanumeric() || c == '{' || c == '}';
            let close = (han(*left) && latin(*right)) || (latin(*left) && han(*right));
            assert!(!close, "no space between Chinese and Latin: {line}");
        }
    }
}

#[test]
fn a_missing_sentence_shows_its_key() {
    assert_eq!(Words::of(Locale::En).t("no-such-sentence"), "⟦no-such-sentence⟧");
}

#[test]
fn a_sentence_without_its_thing_is_as_visible_as_a_missing_one() {
    assert!(Words::of(Locale::En).t("choose-continue-with").starts_with('⟦'));
}

#[test]
fn the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() {
    let check = |query, cookie, accept, locale| assert_eq!(Locale::negotiate(query, cookie, accept), locale);
    check(Some("zh"), Some("en"), Some("en"), Locale::ZhHans);
    check(Some("tlh"), Some("zh-Hans"), Some("en"), Locale::ZhHans);
    check(None, None, Some("fr, zh-CN;q=0.8, en;q=0.5"), Locale::ZhHans);
    check(None, None, Some("en-GB,en;q=0.9,zh;q=0.8"), Locale::En);
    check(None, None, Some("zh;q=0, en;q=0.1"), Locale::En);
    check(None, None, Some("zh;q=nonsense"), Locale::En);
    check(None, None, Some("zh_TW"), Locale::ZhHans);
    check(None, None, None, Locale::En);
}

#[test]
fn moments_are_told_in_beijing_time() {
    let (en, zh) = (Words::of(Locale::En), Words::of(Locale::ZhHans));
    assert_eq!(time::date_time(en, AFTERNOON), "22 November 2026, 14:02 (Beijing time)");
    assert_eq!(time::date_time(zh, AFTERNOON), "2026年11月22日 14:02（北京时间）");
    assert_eq!(time::date(en, AFTERNOON), "22 November 2026");
    assert_eq!(time::short_date_time(en, AFTERNOON), "22 Nov 2026, 14:02");
    assert_eq!(time::iso(AFTERNOON), "2026-11-22T14:02:31+08:00");
    assert_eq!(time::clock_with_seconds(AFTERNOON), "14:02:31");
}

#[test]
fn a_moment_of_today_needs_no_date() {
    let en = Words::of(Locale::En);
    assert_eq!(time::moment(en, AFTERNOON, AFTERNOON + 3_600_000_000), "14:02");
    assert_eq!(time::moment(en, AFTERNOON, AFTERNOON + 86_400_000_000), "22 Nov 2026, 14:02");
}

#[test]
fn a_moment_beyond_the_calendar_is_a_dash() {
    assert_eq!(time::clock(i64::MAX), "–");
}
