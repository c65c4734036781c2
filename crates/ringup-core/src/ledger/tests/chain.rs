use super::super::*;
use crate::apply::tests::support::*;
use crate::id::EntryId;
use crate::shard::Shard;
use crate::time::{Span, Timestamp};

/// A change to an entry, by the name of what it changes.
type Change = (&'static str, fn(&mut Entry));

const CHANGES: [Change; 20] = [
    ("id", |entry| entry.id = EntryId::from_u64(entry.id.as_u64() + 1)),
    ("shard", |entry| entry.shard = Shard(entry.shard.0.wrapping_add(1))),
    ("card", |entry| {
        entry.chain = Chain::Card(crate::card::CardNumber::with_check_digit(866_155_555_555_555).unwrap());
    }),
    ("kind of chain", |entry| {
        let number = entry.chain.card().map_or(0, |card| card.as_u64());
        entry.chain = Chain::Purse(crate::id::PurseId::from_u64(number));
    }),
    ("kind", |entry| entry.kind = EntryKind::OpeningBalance),
    ("cause's number", |entry| entry.cause = Cause::Payment(crate::id::PaymentId::from_u64(1))),
    ("cause's kind", |entry| entry.cause = Cause::Usage(entry.cause.parts().1)),
    ("effective_at", |entry| entry.effective_at = entry.effective_at.plus(Span::micros(1))),
    ("recorded_at", |entry| entry.recorded_at = Timestamp::from_micros(0)),
    ("position", |entry| entry.position += 1),
    ("a line removed", |entry| entry.postings.truncate(entry.postings.len() - 1)),
    ("a line added", |entry| entry.postings.push(entry.postings[0])),
    ("lines swapped", |entry| entry.postings.swap(0, 1)),
    ("account's shard", |entry| entry.postings[0].account.shard = Shard(entry.shard.0.wrapping_add(1))),
    ("account's code", |entry| entry.postings[0].account.code = AccountCode::ExpenseRefundLoss),
    ("account's owner", |entry| entry.postings[0].account.owner += 1),
    ("side", |entry| entry.postings[0].side = Side::Credit),
    ("amount", |entry| entry.postings[0].amount = money("95.01 CNY")),
    ("balances", |entry| entry.postings[0].before = Balance::from_minor(1)),
    ("version", |entry| entry.postings[0].version += 1),
];

/// The entries of a card with a capture, a credit and a use.
fn entries() -> Vec<Entry> {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    world.spends(card, "12.00 CNY").unwrap();
    world.changes().entries
}

#[test]
fn changing_any_field_of_an_entry_changes_its_hash() {
    for entry in entries() {
        for (name, change) in CHANGES {
            let mut changed = entry.clone();
            change(&mut changed);
            if changed != entry {
                let previous = EntryHash::NONE;
                assert_ne!(changed.expected_hash(previous), entry.expected_hash(previous), "{name}");
            }
        }
        let mut unit = entry.clone();
        unit.postings[0].amount = Amount::new(unit.postings[0].amount.minor(), crate::money::Unit::Usd).unwrap();
        unit.postings[0].account.unit = crate::money::Unit::Usd;
        assert_ne!(unit.expected_hash(EntryHash::NONE), entry.expected_hash(EntryHash::NONE), "unit");
        let mut after = entry.clone();
        after.postings[0].after = Balance::from_minor(-1);
        assert_ne!(after.expected_hash(EntryHash::NONE), entry.expected_hash(EntryHash::NONE), "after");
    }
}

#[test]
fn every_change_of_the_list_changes_some_entry() {
    for (name, change) in CHANGES {
        let changes_some = entries().into_iter().any(|entry| {
            let mut changed = entry.clone();
            change(&mut changed);
            changed != entry
        });
        assert!(changes_some, "{name}");
    }
}

#[test]
fn a_removed_or_moved_entry_breaks_the_chain_behind_it() {
    let [first, second, third] = <[Entry; 3]>::try_from(entries()).unwrap();
    assert_eq!(first.hash, first.expected_hash(EntryHash::NONE));
    assert_eq!(second.hash, second.expected_hash(first.hash));
    assert_eq!(third.hash, third.expected_hash(second.hash));
    assert_ne!(third.hash, third.expected_hash(first.hash));
    assert_ne!(second.hash, second.expected_hash(EntryHash::NONE));
}

#[test]
fn a_seal_covers_its_batch_in_order_its_number_its_house_and_the_seal_before() {
    let hashes: Vec<EntryHash> = entries().iter().map(|entry| entry.hash).collect();
    let (one, two) = (Shard(1), Shard(2));
    let sealed = seal(EntryHash::NONE, one, 1, &hashes);
    assert_eq!(sealed, seal(EntryHash::NONE, one, 1, &hashes));
    let backwards: Vec<EntryHash> = hashes.iter().rev().copied().collect();
    for other in [
        seal(hashes[0], one, 1, &hashes),
        seal(EntryHash::NONE, two, 1, &hashes),
        seal(EntryHash::NONE, one, 2, &hashes),
        seal(EntryHash::NONE, one, 1, &backwards),
        seal(EntryHash::NONE, one, 1, &hashes[1..]),
    ] {
        assert_ne!(other, sealed);
    }
}

/// What a failing assertion or a line in the log shows of a hash: enough to tell two apart.
#[test]
fn a_hash_shows_its_first_bytes() {
    let mut bytes = [0; 32];
    bytes[..5].copy_from_slice(&[0xab, 0x01, 0xff, 0x10, 0x77]);
    assert_eq!(format!("{:?}", EntryHash::from_bytes(bytes)), "ab01ff10");
}
