use proptest::prelude::*;
use ringup_core::ledger::{AccountCode, AccountKey, Balance, Posting, Side};
use ringup_core::money::{Amount, MINOR_MAX, Unit};
use ringup_core::shard::Shard;

use super::{pack, unpack};

fn posting() -> impl Strategy<Value = Posting> {
    let key = (any::<u8>(), prop::sample::select(AccountCode::ALL), any::<u64>(), prop::sample::select(&Unit::ALL[..]));
    let numbers = (0..=MINOR_MAX, any::<i64>(), any::<i64>(), any::<u64>());
    (key, prop::sample::select(Side::ALL), numbers).prop_map(|((shard, code, owner, unit), side, numbers)| {
        let (minor, before, after, version) = numbers;
        Posting {
            account: AccountKey { shard: Shard(shard), code, owner, unit },
            side,
            amount: Amount::new(minor, unit).unwrap(),
            before: Balance::from_minor(before),
            after: Balance::from_minor(after),
            version,
        }
    })
}

proptest! {
    #[test]
    fn postings_come_back_as_they_were(postings in prop::collection::vec(posting(), 0..6)) {
        let mut bytes = Vec::new();
        pack(&mut bytes, &postings);
        prop_assert_eq!(unpack(&bytes).unwrap(), postings);
    }

    #[test]
    fn bytes_that_are_no_postings_are_refused_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(postings) = unpack(&bytes) {
            let mut again = Vec::new();
            pack(&mut again, &postings);
            prop_assert_eq!(unpack(&again).unwrap(), postings);
        }
    }
}
