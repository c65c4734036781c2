use proptest::prelude::*;

use super::*;
use crate::commission::{Counted, Earnings, Scheme, Tier};

fn agent(number: u64) -> AgentId {
    AgentId::from_u64(number)
}

fn month(number: u32) -> Month {
    Month::from_number(number).unwrap()
}

fn below(lower: u64, upper: u64, from: u32) -> Link {
    let parent = Parent { agent: agent(upper), share: BasisPoints(1_000) };
    Link { agent: agent(lower), from: month(from), parent: Some(parent) }
}

fn alone(lower: u64, from: u32) -> Link {
    Link { parent: None, ..below(lower, 0, from) }
}

fn above(links: &Links, lower: u64, in_month: u32) -> Vec<u64> {
    links.above(agent(lower), month(in_month)).iter().map(|parent| parent.agent.as_u64()).collect()
}

#[test]
fn whoever_is_below_keeps_what_cannot_be_divided() {
    let shares = [BasisPoints(2_000), BasisPoints(5_000)];
    assert_eq!(rise(199, &shares), [199, 39, 19]);
    assert_eq!(divide(199, &shares), [160, 20, 19]);
    assert_eq!(divide(199, &[]), [199]);
    assert_eq!(divide(1, &[BasisPoints(9_999), BasisPoints(9_999)]), [1, 0, 0]);
    assert_eq!(divide(7, &[BasisPoints::WHOLE, BasisPoints::WHOLE]), [0, 0, 7]);
}

#[test]
fn a_fourth_level_is_refused_from_above_and_from_below() {
    let mut links = Links::default();
    links.put(below(3, 2, 202_611)).unwrap();
    links.put(below(2, 1, 202_611)).unwrap();
    assert_eq!(above(&links, 3, 202_611), [2, 1]);
    assert_eq!(links.put(below(4, 3, 202_611)), Err(LinkError::TooDeep));
    assert_eq!(links.put(below(1, 9, 202_611)), Err(LinkError::TooDeep));
    assert_eq!(above(&links, 3, 202_612), [2, 1], "what is refused changes nothing");
    links.put(below(4, 1, 202_611)).unwrap();
}

#[test]
fn nobody_is_above_himself() {
    let mut links = Links::default();
    assert_eq!(links.put(below(1, 1, 202_611)), Err(LinkError::Circle));
    links.put(below(2, 1, 202_611)).unwrap();
    assert_eq!(links.put(below(1, 2, 202_611)), Err(LinkError::Circle));
    links.put(below(3, 2, 202_611)).unwrap();
    assert_eq!(links.put(below(1, 3, 202_611)), Err(LinkError::Circle));
}

#[test]
fn what_is_agreed_for_later_months_counts_too() {
    let mut links = Links::default();
    links.put(below(2, 1, 202_612)).unwrap();
    assert_eq!(links.put(below(1, 2, 202_611)), Err(LinkError::Circle));
    links.put(below(1, 3, 202_612)).unwrap();
    assert_eq!(links.put(below(3, 4, 202_611)), Err(LinkError::TooDeep), "in December there are three already");
    links.put(alone(1, 202_612)).unwrap();
    links.put(below(3, 4, 202_611)).unwrap();
    assert_eq!(above(&links, 2, 202_612), [1]);
}

#[test]
fn a_link_holds_until_the_next_and_takes_the_place_of_later_ones() {
    let mut links = Links::new([below(2, 1, 202_601), alone(2, 202_603), below(2, 3, 202_605)]);
    let of = |links: &Links, in_month| above(links, 2, in_month);
    assert_eq!([202_512, 202_601, 202_602, 202_603].map(|month| of(&links, month)), [vec![], vec![1], vec![1], vec![]]);
    assert_eq!(of(&links, 202_701), [3]);
    links.put(below(2, 4, 202_602)).unwrap();
    assert_eq!([202_601, 202_602, 202_701].map(|month| of(&links, month)), [[1], [4], [4]]);
}

#[test]
fn a_share_is_the_whole_at_most_and_the_agents_below_one_are_counted() {
    let mut links = Links::default();
    let greedy = Parent { agent: agent(1), share: BasisPoints(10_001) };
    assert_eq!(links.put(Link { parent: Some(greedy), ..alone(2, 202_611) }), Err(LinkError::Share));
    links.put(below(2, 1, 202_611)).unwrap();
    for number in 3..102 {
        links.put(below(number, if number % 2 == 0 { 1 } else { 2 }, 202_611)).unwrap();
    }
    assert_eq!(links.put(below(500, 2, 202_611)), Err(LinkError::TooMany));
    assert_eq!(links.put(below(500, 1, 202_612)), Err(LinkError::TooMany));
    links.put(below(500, 501, 202_611)).unwrap();
}

fn shares() -> impl Strategy<Value = Vec<BasisPoints>> {
    prop::collection::vec((0_u32..=10_000).prop_map(BasisPoints), 0..LEVELS_MAX)
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_whole_and_none_is_more(whole in any::<u64>(), shares in shares()) {
        let parts = divide(whole, &shares);
        prop_assert_eq!(parts.len(), shares.len() + 1);
        prop_assert_eq!(parts.iter().map(|part| u128::from(*part)).sum::<u128>(), u128::from(whole));
        let reached = rise(whole, &shares);
        prop_assert!(reached.windows(2).all(|pair| pair[1] <= pair[0]));
        // Each share is met to the minor unit, and the rounding is on the side of whoever is below.
        for (pair, share) in reached.windows(2).zip(&shares) {
            let exact = u128::from(pair[0]) * u128::from(share.0);
            let given = u128::from(pair[1]) * 10_000;
            prop_assert!(given <= exact && exact < given + 10_000);
        }
    }

    #[test]
    fn nobody_gets_less_when_more_was_earned(whole in any::<u64>(), less in any::<u64>(), shares in shares()) {
        let (more, less) = (whole.max(less), whole.min(less));
        let parts = divide(less, &shares).into_iter().zip(divide(more, &shares));
        for (of_less, of_more) in parts {
            prop_assert!(of_less <= of_more, "{of_less} > {of_more}");
        }
    }

    #[test]
    fn splitting_a_sale_gives_nobody_more(
        rates in prop::collection::vec(0_u32..=10_000, 1..4),
        counted in prop::sample::select(vec![Counted::PerSale, Counted::PerMonth]),
        shares in shares(),
        (first, second) in (0_u64..1_000_000, 0_u64..1_000_000),
    ) {
        let mut rates = rates;
        rates.sort_unstable();
        let tier = |(from_minor, rate)| Tier { from_minor, rate: BasisPoints(rate) };
        let tiers = (0..).map(|number| number * 300_000).zip(rates).map(tier).collect();
        let scheme = Scheme::new(counted, tiers).unwrap();
        let parts = |sales: &[u64]| {
            let mut earnings = Earnings::new(&scheme);
            sales.iter().for_each(|sale| earnings.count(*sale));
            divide(earnings.earned_minor(), &shares)
        };
        for (split, whole) in parts(&[first, second]).into_iter().zip(parts(&[first + second])) {
            prop_assert!(split <= whole, "{split} > {whole}");
        }
    }

    #[test]
    fn whatever_is_put_there_are_three_levels_and_no_circle(
        puts in prop::collection::vec((0_u64..8, prop::option::of(0_u64..8), 1_u32..5), 0..60),
    ) {
        let mut links = Links::default();
        for (lower, upper, from) in puts {
            let from = 202_600 + from;
            let link = upper.map_or(alone(lower, from), |upper| below(lower, upper, from));
            let _ = links.put(link);
        }
        for in_month in 202_601..=202_605 {
            for number in 0..8 {
                let chain = above(&links, number, in_month);
                prop_assert!(chain.len() < LEVELS_MAX && !chain.contains(&number), "{number}: {chain:?}");
            }
        }
    }
}
