use proptest::prelude::*;

use super::*;

fn scheme(counted: Counted, tiers: &[(u64, u32)]) -> Result<Scheme, SchemeError> {
    let tier = |(from_minor, rate): &(u64, u32)| Tier { from_minor: *from_minor, rate: BasisPoints(*rate) };
    Scheme::new(counted, tiers.iter().map(tier).collect())
}

fn earned(scheme: &Scheme, sales: &[u64]) -> u64 {
    let mut earnings = Earnings::new(scheme);
    sales.iter().for_each(|sale| earnings.count(*sale));
    earnings.earned_minor()
}

#[test]
fn a_rate_per_sale_is_that_of_the_largest_tier_that_the_sale_reaches() {
    let scheme = scheme(Counted::PerSale, &[(10_000, 200), (0, 100)]).unwrap();
    assert_eq!(earned(&scheme, &[9_999]), 99);
    assert_eq!(earned(&scheme, &[10_000]), 200);
    assert_eq!(earned(&scheme, &[5_000, 5_000]), 100, "half of what one sale earns");
    assert_eq!(earned(&scheme, &[50; 10]), 5, "rounded once, not ten times");
    assert_eq!(earned(&scheme, &[]), 0);
}

#[test]
fn a_rate_per_month_is_for_what_is_in_its_tier() {
    let scheme = scheme(Counted::PerMonth, &[(0, 300), (100_000, 100)]).unwrap();
    assert_eq!(earned(&scheme, &[100_000]), 3_000);
    assert_eq!(earned(&scheme, &[100_000, 50_000]), 3_500);
    let from_a_sum_on = super::tests::scheme(Counted::PerMonth, &[(50_000, 1_000)]).unwrap();
    assert_eq!(earned(&from_a_sum_on, &[50_000]), 0);
    assert_eq!(earned(&from_a_sum_on, &[60_000]), 1_000);
}

#[test]
fn a_scheme_in_which_splitting_pays_is_none() {
    assert_eq!(scheme(Counted::PerSale, &[(0, 300), (10_000, 200)]), Err(SchemeError::RateFalls));
    assert_eq!(scheme(Counted::PerSale, &[]), Err(SchemeError::Tiers));
    assert_eq!(scheme(Counted::PerSale, &[(5, 1), (5, 2)]), Err(SchemeError::Tiers));
    assert_eq!(scheme(Counted::PerMonth, &[(0, 10_001)]), Err(SchemeError::Rate));
    assert!(scheme(Counted::PerMonth, &[(0, 300), (10_000, 200)]).is_ok());
}

#[test]
fn months_follow_each_other() {
    let month: Month = "2026-12".parse().unwrap();
    assert_eq!((month.next().to_string(), month.previous().to_string()), ("2027-01".into(), "2026-11".into()));
    assert_eq!(Month::from_number(202_612), Some(month));
    assert_eq!(Month::from_number(202_613), None);
    for wrong in ["", "2026", "2026-13", "2026-1", "12-2026"] {
        assert_eq!(wrong.parse::<Month>(), Err(ParseMonthError), "{wrong}");
    }
}

proptest! {
    #[test]
    fn splitting_a_sale_earns_nothing_more(
        counted in prop::sample::select(vec![Counted::PerSale, Counted::PerMonth]),
        mut rates in prop::collection::vec(0_u32..=10_000, 1..5),
        others in prop::collection::vec(0_u64..1_000_000, 0..5),
        (first, second) in (0_u64..1_000_000, 0_u64..1_000_000),
    ) {
        rates.sort_unstable();
        let tiers: Vec<(u64, u32)> = (0..).map(|number| number * 100_000).zip(rates).collect();
        let scheme = scheme(counted, &tiers).unwrap();
        let whole = earned(&scheme, &[others.as_slice(), &[first + second]].concat());
        let split = earned(&scheme, &[others.as_slice(), &[first, second]].concat());
        prop_assert!(split <= whole, "{split} > {whole}");
    }
}
