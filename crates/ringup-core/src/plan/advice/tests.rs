use proptest::prelude::*;

use super::*;
use crate::plan::bundle::Bundle;
use crate::plan::tests::{AMERICA, CARD, LANDLINE, LONDON, MOBILE, bundle, plans, yuan};

fn wish(destination: DestinationId, minutes: u32) -> Wish {
    Wish { destination, minutes, per: Period::Month }
}

/// Thirty days of calls of five minutes.
fn question(wishes: &[Wish]) -> Question {
    Question { product: CARD, wishes: wishes.to_vec(), call_seconds: 300, days: 30 }
}

fn with(bundles: &[Bundle]) -> Plans {
    Plans { bundles: bundles.to_vec(), ..plans() }
}

/// Each choice: what is bought, as `id x at_once x times`, and the sum.
fn told(advice: &Advice) -> Vec<(String, String)> {
    let bought = |choice: &Choice| {
        let each = choice.bundles.iter().map(|used| format!("{}x{}x{}", used.bundle.0, used.at_once, used.times));
        each.collect::<Vec<_>>().join(" ")
    };
    advice.choices.iter().map(|choice| (bought(choice), choice.total.to_decimal())).collect()
}

fn should_be(advice: &Advice, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(bought, sum)| ((*bought).to_owned(), (*sum).to_owned())).collect();
    assert_eq!(told(advice), expected);
}

#[test]
fn minutes_become_whole_calls() {
    let calls = |minutes, per, call_seconds, days| {
        let wishes = vec![Wish { destination: LANDLINE, minutes, per }];
        let question = Question { product: CARD, wishes, call_seconds, days };
        advise(&plans(), &question).unwrap().calls.first().unwrap().calls
    };
    assert_eq!(calls(100, Period::Month, 300, 30), 20);
    assert_eq!(calls(101, Period::Month, 300, 30), 21);
    assert_eq!(calls(35, Period::Week, 300, 7), 7);
    assert_eq!(calls(35, Period::Week, 300, 8), 8);
    assert_eq!(calls(35, Period::Week, 300, 1), 1);
    assert_eq!(calls(1, Period::Month, 14_400, 366), 1);
}

#[test]
fn without_bundles_all_is_paid_by_the_minute() {
    let advice = advise(&plans(), &question(&[wish(LANDLINE, 100), wish(MOBILE, 50)])).unwrap();
    // 20 calls of 5 x 0.20, and 10 of 0.10 + 300 s at 0.90.
    should_be(&advice, &[("", "66.00")]);
    let paid = &advice.choices.first().unwrap().paid;
    let sums: Vec<_> = paid.iter().map(|paid| (paid.position, paid.calls, paid.sum)).collect();
    assert_eq!(sums, [(0, 20, yuan("20")), (1, 10, yuan("46"))]);
}

#[test]
fn a_bundle_is_used_up_in_the_steps_of_the_rate_and_pays_no_fee() {
    // A call of 61 s counts 120 s to a landline: of 10 minutes, 5 calls are paid.
    let plans = with(&[bundle(1, "1", 10, 30, &[LANDLINE])]);
    let question = Question { call_seconds: 61, ..question(&[wish(LANDLINE, 7)]) };
    let advice = advise(&plans, &question).unwrap();
    should_be(&advice, &[("1x1x1", "1.80"), ("", "2.80")]);
    let best = advice.choices.first().unwrap();
    let used = best.bundles.first().unwrap();
    assert_eq!((used.calls, used.seconds_used, used.seconds_left, used.ends_after_days), (5, 600, 0, 30));
    assert_eq!(best.paid.first().map(|paid| (paid.calls, paid.sum)), Some((2, yuan("0.80"))));

    let with_fee = with(&[bundle(1, "1", 10, 30, &[MOBILE])]);
    let advice = advise(&with_fee, &self::question(&[wish(MOBILE, 5)])).unwrap();
    should_be(&advice, &[("1x1x1", "1.00"), ("", "4.60")]);
    assert_eq!(advice.choices.first().unwrap().bundles.first().unwrap().seconds_left, 300);
}

#[test]
fn what_a_bundle_has_left_at_its_end_is_gone() {
    // A bundle of 100 minutes each ten days, for 150 minutes in thirty: every one has 50 left, and none goes over.
    let plans = with(&[bundle(1, "5", 100, 10, &[LANDLINE])]);
    let advice = advise(&plans, &question(&[wish(LANDLINE, 150)])).unwrap();
    should_be(&advice, &[("1x1x3", "15.00"), ("", "30.00")]);
    let used = *advice.choices.first().unwrap().bundles.first().unwrap();
    assert_eq!((used.seconds_used, used.seconds_left, used.ends_after_days), (9_000, 9_000, 30));
}

#[test]
fn a_bundle_is_not_bought_again_for_a_few_last_days() {
    let plans = with(&[bundle(1, "15", 100, 30, &[LANDLINE])]);
    let question = Question { days: 33, ..question(&[wish(LANDLINE, 100)]) };
    let advice = advise(&plans, &question).unwrap();
    // 22 calls: 20 in the first thirty days, two after it for 2.00 instead of another 15.00.
    should_be(&advice, &[("1x1x1", "17.00"), ("", "22.00")]);
}

#[test]
fn several_of_a_kind_are_bought_at_once_as_far_as_they_pay() {
    let plans = with(&[bundle(1, "10", 100, 30, &[LANDLINE])]);
    let advice = advise(&plans, &question(&[wish(LANDLINE, 240)])).unwrap();
    // The third would cost 10 for what costs 8 by the minute.
    should_be(&advice, &[("1x2x1", "28.00"), ("", "48.00")]);
}

#[test]
fn bundles_are_combined_where_each_adds_something() {
    let plans = with(&[
        bundle(1, "12", 100, 30, &[LANDLINE]),
        bundle(2, "20", 50, 30, &[MOBILE]),
        bundle(3, "60", 200, 30, &[LANDLINE, MOBILE]),
        bundle(4, "1", 100, 30, &[AMERICA]),
    ]);
    let advice = advise(&plans, &question(&[wish(LANDLINE, 100), wish(MOBILE, 50)])).unwrap();
    should_be(
        &advice,
        &[("1x1x1 2x1x1", "32.00"), ("2x1x1", "40.00"), ("1x1x1", "58.00"), ("3x1x1", "60.00"), ("", "66.00")],
    );
}

#[test]
fn two_bundles_that_each_lose_alone_are_tried_together() {
    // The second is used up by landlines while the first does not take them.
    let plans = with(&[bundle(1, "25", 100, 30, &[LANDLINE]), bundle(2, "60", 100, 30, &[LANDLINE, MOBILE])]);
    let advice = advise(&plans, &question(&[wish(LANDLINE, 100), wish(MOBILE, 100)])).unwrap();
    should_be(&advice, &[("1x1x1 2x1x1", "85.00"), ("", "112.00"), ("1x1x1", "117.00"), ("2x2x1", "120.00")]);
}

#[test]
fn of_equal_sums_the_simpler_comes_first() {
    // 100 minutes cost 20.00 by the minute.
    let plans = with(&[bundle(1, "20", 100, 30, &[LANDLINE]), bundle(2, "10", 50, 30, &[LANDLINE])]);
    let advice = advise(&plans, &question(&[wish(LANDLINE, 100)])).unwrap();
    should_be(&advice, &[("", "20.00"), ("1x1x1", "20.00"), ("2x1x1", "20.00")]);
}

#[test]
fn minutes_for_several_destinations_are_taken_for_the_cheapest_calls_first() {
    let plans = with(&[bundle(1, "95", 100, 30, &[LANDLINE, MOBILE])]);
    let advice = advise(&plans, &question(&[wish(MOBILE, 100), wish(LANDLINE, 100)])).unwrap();
    let with_bundle = advice.choices.last().unwrap();
    assert_eq!(with_bundle.paid.iter().map(|paid| (paid.position, paid.calls)).collect::<Vec<_>>(), [(0, 20)]);
    assert_eq!(with_bundle.total, yuan("187"));
}

#[test]
fn a_bundle_of_another_card_or_to_elsewhere_is_not_advised() {
    let mut other = bundle(1, "0", 1_000, 30, &[LANDLINE]);
    other.product = ProductId(2);
    let plans = with(&[other, bundle(2, "0", 1_000, 30, &[MOBILE])]);
    should_be(&advise(&plans, &question(&[wish(LANDLINE, 100)])).unwrap(), &[("", "20.00")]);
}

#[test]
fn nonsense_is_refused_by_name() {
    let check = |question: &Question, code: &str| {
        let refusal = advise(&plans(), question).unwrap_err();
        assert_eq!(refusal.code(), code, "{question:?}");
        refusal
    };
    let fine = question(&[wish(LANDLINE, 10)]);
    check(&question(&[]), "destination_missing");
    check(&question(&[wish(LANDLINE, 10); 9]), "destinations_too_many");
    check(&Question { call_seconds: 0, ..fine.clone() }, "call_length_out_of_range");
    check(&Question { call_seconds: 14_401, ..fine.clone() }, "call_length_out_of_range");
    check(&Question { days: 0, ..fine.clone() }, "days_out_of_range");
    check(&Question { days: 367, ..fine }, "days_out_of_range");
    check(&question(&[wish(LANDLINE, 0)]), "minutes_out_of_range");
    let many = check(&question(&[wish(MOBILE, 1), wish(LANDLINE, 10_001)]), "minutes_out_of_range");
    assert_eq!(many, AdviceRefusal::Minutes { position: 1 });
    let twice = check(&question(&[wish(LANDLINE, 1), wish(LANDLINE, 2)]), "destination_named_twice");
    assert_eq!(twice, AdviceRefusal::NamedTwice { position: 1 });
    let london = check(&question(&[wish(LANDLINE, 1), wish(LONDON, 2)]), "destination_not_reached");
    assert_eq!(london, AdviceRefusal::NoRate { position: 1 });
}

fn any_bundle() -> impl Strategy<Value = Bundle> {
    let destinations = proptest::sample::subsequence(vec![LANDLINE, MOBILE, AMERICA], 1..=3);
    (0..6_000_u64, 1..500_u32, 1..100_u16, destinations).prop_map(|(price, minutes, days, destinations)| {
        let price = Amount::new(price, crate::money::Unit::Cny).unwrap();
        Bundle { price, ..bundle(0, "0", minutes, days, &destinations) }
    })
}

fn any_question() -> impl Strategy<Value = Question> {
    let wishes = proptest::sample::subsequence(vec![LANDLINE, MOBILE, AMERICA], 1..=3);
    let wishes = wishes.prop_flat_map(|wishes| {
        let minutes = proptest::collection::vec((1..=1_000_u32, any::<bool>()), wishes.len());
        minutes.prop_map(move |minutes| {
            let per = |weekly| if weekly { Period::Week } else { Period::Month };
            let pairs = wishes.iter().zip(minutes);
            pairs.map(|(to, (minutes, weekly))| Wish { destination: *to, minutes, per: per(weekly) }).collect()
        })
    });
    (wishes, 1..=3_600_u32, 1..=100_u16).prop_map(|(wishes, call_seconds, days)| Question {
        product: CARD,
        wishes,
        call_seconds,
        days,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_choice_pays_every_call_once_and_its_lines_add_up(
        bundles in proptest::collection::vec(any_bundle(), 0..5), question in any_question(),
    ) {
        let bundles: Vec<_> = (1..).zip(bundles).map(|(id, bundle)| Bundle { id: BundleId(id), ..bundle }).collect();
        let plans = with(&bundles);
        let advice = advise(&plans, &question).unwrap();
        let asked: u64 = advice.calls.iter().map(|asked| asked.calls).sum();
        prop_assert!(advice.choices.iter().any(|choice| choice.bundles.is_empty()));
        prop_assert!(advice.choices.len() <= limits::CHOICES_MAX);
        prop_assert!(advice.choices.is_sorted_by_key(|choice| choice.total.minor()));
        for choice in &advice.choices {
            let paid: u64 = choice.paid.iter().map(|paid| paid.calls).sum();
            let bundled: u64 = choice.bundles.iter().map(|used| used.calls).sum();
            prop_assert_eq!(paid + bundled, asked);
            let mut sum = 0;
            for used in &choice.bundles {
                let bundle = plans.bundle(used.bundle).unwrap();
                let bought = u64::from(used.at_once) * u64::from(used.times);
                prop_assert_eq!(used.sum.minor(), bundle.price.minor() * bought);
                prop_assert_eq!(used.seconds_used + used.seconds_left, bundle.seconds() * bought);
                sum += used.sum.minor();
            }
            for paid in &choice.paid {
                let price = advice.calls.get(paid.position).unwrap().price;
                prop_assert_eq!(paid.sum.minor(), price.sum.minor() * paid.calls);
                sum += paid.sum.minor();
            }
            prop_assert_eq!(choice.total.minor(), sum);
        }
    }

    #[test]
    fn one_more_bundle_on_sale_never_makes_the_best_dearer(bundles in proptest::collection::vec(any_bundle(), 1..4), question in any_question()) {
        let bundles: Vec<_> = (1..).zip(bundles).map(|(id, bundle)| Bundle { id: BundleId(id), ..bundle }).collect();
        let best = |bundles: &[Bundle]| advise(&with(bundles), &question).unwrap().choices.first().unwrap().total.minor();
        let alone = best(bundles.get(..1).unwrap());
        prop_assert!(best(&bundles) <= alone && alone <= best(&[]));
    }
}
