use std::collections::BTreeSet;

use super::Dice;

#[test]
fn equal_seeds_draw_the_same_and_others_do_not() {
    let draw = |seed| {
        let mut dice = Dice::new(seed);
        (dice.next(), dice.bytes(), dice.below(1_000_000))
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
}

#[test]
fn a_shuffle_keeps_everything_and_changes_the_order() {
    let mut shuffled: Vec<u32> = (0..1_000).collect();
    Dice::new(1).shuffle(&mut shuffled);
    assert_ne!(shuffled, (0..1_000).collect::<Vec<_>>());
    assert_eq!(shuffled.into_iter().collect::<BTreeSet<_>>().len(), 1_000);
}

#[test]
fn numbers_stay_below_their_bound() {
    let mut dice = Dice::new(3);
    assert!((0..1_000).all(|_| dice.below(7) < 7));
}
