use ringup_core::id::TopUpId;
use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{PayMethod, Provider};

use super::*;

const CREATED: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn payment() -> Payment {
    Payment {
        id: PaymentId::from_u64(1),
        previous: None,
        unallocated: None,
        top_up: TopUpId::from_u64(1),
        provider: Provider::Alipay,
        method: PayMethod::Qr,
        amount: Amount::new(10_000, Unit::Cny).unwrap(),
        state: PaymentState::Created,
        created_at: CREATED,
        expires_at: CREATED.plus(Span::minutes(15)),
        version: 0,
    }
}

#[test]
fn a_payment_is_asked_about_every_forty_seconds_while_it_can_be_paid_and_then_ever_more_rarely_for_a_day() {
    let mut at = CREATED;
    let mut after = Vec::new();
    while let Some(next) = next_query(&payment(), at) {
        assert!(next > at, "it never stands still");
        after.push(next.since(CREATED).as_seconds());
        at = next;
    }
    let while_payable: Vec<i64> = after.iter().copied().filter(|seconds| *seconds <= 905).collect();
    assert_eq!(&while_payable[..4], [10, 30, 70, 110]);
    assert!(while_payable.windows(2).all(|pair| pair[1] - pair[0] <= 40));
    assert_eq!(after[while_payable.len()..], [960, 1_200, 2_700, 8_100, 22_500, 87_300]);
}
