use proptest::prelude::*;

use super::*;
use crate::plan::Prefix;
use crate::plan::tests::plans;

fn codes(typed: &str) -> Result<Vec<String>, &'static str> {
    let plans = plans();
    let found = plans.find(typed).map_err(|refusal| refusal.code())?;
    Ok(found.into_iter().map(|destination| destination.code.clone()).collect())
}

#[test]
fn a_number_means_the_destination_with_the_longest_prefix() {
    for (typed, code) in [
        ("+44 161 496 0000", "gb"),
        ("0044 7911 123456", "gb-mobile"),
        ("+44 (0)20 7946 0000", "gb-london"),
        ("+1 212 555 0100", "us"),
    ] {
        assert_eq!(codes(typed), Ok(vec![code.to_owned()]), "{typed}");
    }
}

#[test]
fn a_number_that_goes_on_can_mean_several() {
    assert_eq!(codes("+44"), Ok(["gb", "gb-mobile", "gb-london"].map(str::to_owned).to_vec()));
    assert_eq!(codes("+44 2"), Ok(["gb", "gb-london"].map(str::to_owned).to_vec()));
    let refusal = plans().find_one("+44").unwrap_err();
    assert!(matches!(&refusal, FindRefusal::Several(several) if several.len() == 3), "{refusal:?}");
    assert_eq!(refusal.code(), "destination_ambiguous");
}

#[test]
fn a_name_is_found_in_both_languages_however_it_is_written() {
    for (typed, found) in [
        ("united kingdom,  MOBILE", vec!["gb-mobile"]),
        ("英国手机", vec!["gb-mobile"]),
        ("英国 手机", vec!["gb-mobile"]),
        ("手机", vec!["gb-mobile"]),
        ("United Kingdom", vec!["gb", "gb-mobile", "gb-london"]),
        ("英国", vec!["gb", "gb-mobile", "gb-london"]),
        ("canada", vec!["us"]),
        ("usa", vec!["us"]),
        ("US", vec!["us"]),
        ("伦敦", vec!["gb-london"]),
    ] {
        assert_eq!(codes(typed), Ok(found.into_iter().map(str::to_owned).collect()), "{typed}");
    }
}

#[test]
fn what_is_not_there_is_said_and_never_guessed() {
    for (typed, code) in [
        ("", "destination_missing"),
        ("  ", "destination_missing"),
        ("+33 1 42 00 00 00", "destination_unknown"),
        ("France", "destination_unknown"),
        ("法国", "destination_unknown"),
        ("d", "destination_unknown"),
        ("!!", "destination_unknown"),
        ("020 7946 0000", "number_not_international"),
        ("+44 07911 123456", "number_trunk_zero"),
        ("+44#", "number_not_digits"),
        ("+1234567890123456", "number_too_long"),
    ] {
        assert_eq!(codes(typed), Err(code), "{typed}");
    }
}

proptest! {
    #[test]
    fn no_other_prefix_that_fits_is_longer(prefixes in proptest::collection::btree_set("[1-4]{1,4}", 1..20), digits in "[1-4]{6}") {
        let mut plans = plans();
        plans.destinations.truncate(1);
        let pattern = plans.destinations.remove(0);
        for (id, prefix) in (1..).zip(&prefixes) {
            let prefixes = vec![Prefix::parse(prefix).unwrap()];
            plans.destinations.push(Destination { id: crate::plan::DestinationId(id), prefixes, ..pattern.clone() });
        }
        let longest = prefixes.iter().filter(|prefix| digits.starts_with(*prefix)).max_by_key(|prefix| prefix.len());
        let found = plans.find_one(&format!("+{digits}"));
        prop_assert_eq!(found.ok().map(|found| found.prefixes.first().unwrap().as_str()), longest.map(String::as_str));
    }
}
