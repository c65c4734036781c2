use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::payment::OrderNumber;
use crate::time::Span;

#[test]
fn an_id_tells_its_shard_and_its_time() {
    let millis = EPOCH_MILLIS + 59_875_200_123;
    let id = TopUpId::from_u64(compose(millis, Shard(200), Node::new(63).unwrap(), 255));
    assert_eq!(id.shard(), Shard(200));
    assert_eq!(id.made_at(), Timestamp::from_micros(millis * 1_000));
    assert_eq!(id.to_string(), "top_06Z1NRCFF4FZZE");
}

#[test]
fn a_misread_character_is_forgiven_and_a_mistyped_one_is_not() {
    let id: TopUpId = "top_06z1nrcff4fzze".parse().unwrap();
    assert_eq!("top_O6Z1NRCFF4FZZE".parse(), Ok(id));
    assert_eq!("top_06Z1NRCFF4FZYE".parse::<TopUpId>(), Err(ParseIdError::CheckCharacter));
    assert_eq!("pay_06Z1NRCFF4FZZE".parse::<TopUpId>(), Err(ParseIdError::Prefix("top")));
    assert_eq!("top_06Z1NRCFF4FZZ".parse::<TopUpId>(), Err(ParseIdError::Form));
    assert_eq!("top_06Z1NRCFF4FZ!E".parse::<TopUpId>(), Err(ParseIdError::Form));
}

#[test]
fn a_reference_is_taken_only_as_it_went_out() {
    let id = PaymentId::from_u64(251_142_000_000_123);
    let reference = id.to_reference();
    assert_eq!(reference, "pay00074D66V5F3V");
    assert_eq!(PaymentId::from_reference(&reference), Ok(id));
    for other in ["payO0074D66V5F3V", "pay00074d66v5f3v", "pay00074D66V5F3V0", "pay00074D66V5F3", " pay00074D66V5F3V"] {
        assert!(PaymentId::from_reference(other).is_err(), "{other}");
    }
}

#[test]
fn an_order_number_tells_what_is_paid_for() {
    let (payment, purchase) = (PaymentId::from_u64(7), FloatPurchaseId::from_u64(7));
    for order in [OrderNumber::from(payment), OrderNumber::from(purchase)] {
        assert_eq!(OrderNumber::from_reference(&order.to_reference()), Ok(order));
    }
    assert_eq!(OrderNumber::from(purchase).to_reference(), "flo0000000000007");
    assert!(PaymentId::from_reference(&purchase.to_reference()).is_err());
    for other in ["", "top0000000000007", "FLO0000000000007", "flo000000000000O"] {
        assert!(OrderNumber::from_reference(other).is_err(), "{other}");
    }
}

#[test]
fn a_block_gives_sixteen_ids_and_no_more() {
    let mut block = IdBlock::starting_at(EPOCH_MILLIS, Shard(7), Node::new(0).unwrap(), 16);
    let ids: Vec<u64> = (0..16).map(|_| block.take().unwrap()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ids.iter().all(|id| shard_of(*id) == Shard(7)));
    assert_eq!(block.take(), Err(IdsUsedUp));
}

proptest! {
    #[test]
    fn text_reads_back(number in 0..(1_u64 << 63)) {
        let id = PaymentId::from_u64(number);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn one_changed_character_is_always_noticed(number in 0..(1_u64 << 63), at in 0..13_usize, to in 0..32_usize) {
        let text = PaymentId::from_u64(number).to_string();
        let mut bytes = text.clone().into_bytes();
        bytes[4 + at] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[to];
        let changed = String::from_utf8(bytes).unwrap();
        prop_assume!(changed != text);
        prop_assert!(changed.parse::<PaymentId>().is_err());
    }
}

#[test]
fn ids_stay_unique_and_in_order_when_many_are_made_at_once_and_when_the_clock_goes_back() {
    let mut mint = Mint::new(Node::new(3).unwrap(), None);
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

#[test]
fn ids_stay_unique_and_in_order_when_a_server_is_started_again_with_a_clock_that_went_back() {
    let node = Node::new(3).unwrap();
    let mut now = Timestamp::from_seconds(1_800_000_000);
    let (mut mark, mut last) = (None, 0);
    for start in 0..50 {
        let mut mint = Mint::new(node, mark);
        for _ in 0..40 {
            let id = mint.block(Shard(9), now).take().unwrap();
            assert!(id > last, "start {start}");
            last = id;
            if let Some(due) = mint.mark_due() {
                mint.mark_kept(due);
                mark = Some(due);
            }
            assert_eq!(mint.mark_due(), None);
            assert!(made_at(id) <= mark.unwrap(), "no id is after the mark that is kept with it");
            now = now.plus(Span::seconds(if start % 3 == 0 { -7 } else { 1 }));
        }
    }
}

#[test]
fn a_mark_is_due_now_and_then_and_not_with_every_id() {
    let mut mint = Mint::new(Node::new(3).unwrap(), None);
    let mut kept = 0;
    for second in 0..100 {
        mint.block(Shard(9), Timestamp::from_seconds(1_800_000_000 + second));
        if let Some(due) = mint.mark_due() {
            mint.mark_kept(due);
            kept += 1;
        }
    }
    assert_eq!(kept, 10, "one in ten seconds or so");
}

#[test]
fn there_are_sixty_four_servers_each_with_its_number() {
    let numbers =
        |range: std::ops::RangeInclusive<u8>| -> Vec<u8> { range.filter_map(Node::new).map(Node::number).collect() };
    assert_eq!(numbers(0..=63), (0..64).collect::<Vec<u8>>());
    assert_eq!(numbers(64..=255), Vec::<u8>::new());
}

#[test]
fn a_millisecond_has_sixteen_blocks_and_the_next_one_is_borrowed_from_the_next() {
    let mut mint = Mint::new(Node::new(3).unwrap(), None);
    for milli in 0..3_i64 {
        let now = Timestamp::from_micros((EPOCH_MILLIS + 10 + 10 * milli) * 1_000);
        let ids: Vec<u64> = (0..17).map(|_| mint.block(Shard(9), now).take().unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "none is made twice");
        let next = now.plus(Span::micros(1_000));
        let made: Vec<Timestamp> = ids.into_iter().map(made_at).collect();
        assert_eq!(made, [vec![now; 16], vec![next]].concat());
    }
}

#[test]
fn no_mark_is_due_before_ids_are_made() {
    let node = Node::new(3).unwrap();
    assert_eq!(Mint::new(node, None).mark_due(), None);
    assert_eq!(Mint::new(node, Some(Timestamp::from_seconds(1_800_000_000))).mark_due(), None);
}
