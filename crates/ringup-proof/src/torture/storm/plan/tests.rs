use super::*;

#[test]
fn equal_seeds_plan_the_same_storm() {
    let told = |seed| {
        let plan = Plan::draw(200, &mut Dice::new(seed));
        plan.tellings.iter().map(|telling| (telling.order, telling.kind, telling.is_dropped)).collect::<Vec<_>>()
    };
    assert_eq!(told(7), told(7));
    assert_ne!(told(7), told(8));
}

#[test]
fn a_storm_has_everything_in_it_and_tells_no_truth_of_what_was_not_paid() {
    let plan = Plan::draw(10_000, &mut Dice::new(1));
    let count = |kind| plan.tellings.iter().filter(|telling| telling.kind == kind).count();
    assert!(count(Kind::Genuine) > 50_000 && count(Kind::Old) > 500);
    assert!(count(Kind::Forged) > 4_000 && count(Kind::OtherAmount) > 4_000);
    for when in When::ALL {
        assert!(plan.at(when).len() > 1_000, "{when:?}");
    }
    let told = plan.is_told();
    let lies = told.iter().zip(&plan.is_paid).filter(|(told, paid)| **told && !**paid).count();
    assert_eq!(lies, 0);
    let mut times = vec![0; 10_000];
    plan.tellings.iter().for_each(|telling| times[telling.order] += 1);
    assert_eq!((times.iter().min(), times.iter().max()), (Some(&1), Some(&15)));
}
