use std::collections::BTreeSet;

use super::*;

#[test]
fn ids_stay_unique_and_in_order_when_many_are_made_at_once_and_when_the_clock_goes_back() {
    let mint = IdMint::new(Node::new(3).unwrap());
    let start = 1_800_000_000_000_000;
    let mut seen = BTreeSet::new();
    let mut last = 0;
    for step in 0..1_000_i64 {
        let now = Timestamp::from_micros(start - step * 700);
        let mut block = mint.block(Shard(9), now);
        for _ in 0..16 {
            let id = block.take().unwrap();
            assert!(seen.insert(id));
            assert!(id > last);
            last = id;
        }
    }
}
