use super::*;

#[test]
fn equal_seeds_draw_the_same_and_others_do_not() {
    let draw = |seed| (0..100).map(|_| Dice::new(seed).draw()).collect::<Vec<_>>();
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
    let mut dice = Dice::new(7);
    assert_ne!(dice.key(), dice.key());
    assert_eq!(dice.key().len(), 26);
}

#[test]
fn a_shuffled_list_has_what_it_had() {
    let mut list: Vec<u64> = (0..1_000).collect();
    Dice::new(1).shuffle(&mut list);
    assert_ne!(list, (0..1_000).collect::<Vec<_>>());
    list.sort_unstable();
    assert_eq!(list, (0..1_000).collect::<Vec<_>>());
}

#[test]
fn a_bound_is_kept_and_met() {
    let mut dice = Dice::new(3);
    let drawn: Vec<u64> = (0..1_000).map(|_| dice.below(10)).collect();
    assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&0), Some(&9)));
    assert_eq!(dice.below(0), 0);
    let times = (0..10_000).filter(|_| dice.per_mille(50)).count();
    assert!((400..600).contains(&times), "{times}");
}
