use std::collections::BTreeMap;

use proptest::prelude::*;
use ringup_core::apply::{Again, Command, KeyUse, Moment, Outcome, PlaceTopUp, RecordUsage, Touches, apply};
use ringup_core::books::{Books, Changes, Fingerprint, KeyHash};
use ringup_core::card::Card;
use ringup_core::event::Event;
use ringup_core::ledger::Entry;
use ringup_core::money::{Language, Unit};
use ringup_core::payment::{PayMethod, PaymentWord, Provider, ProviderReport, ReportSource};
use ringup_core::quote::Quote;
use ringup_core::shard::Shard;
use ringup_core::time::Span;
use ringup_core::top_up::{Channel, TopUpCode};

use super::{load, save};
use crate::account::card_balance;
use crate::error::{Stop, WriteError};
use crate::event::events_of;
use crate::job::jobs_of;
use crate::journal::for_each_entry;
use crate::review_case::cases_of;
use crate::seam::Query;
use crate::testing::world::{Step, World, imagine, step};
use crate::testing::{HOUSE, TestDatabase, card_number, cny, given_a_database, import, moment, product, start};
use crate::top_up::find_top_up;
use crate::verify::{CheckLine, verify};

/// Everything in the books, without the versions, which count the writes and so depend on the batching.
fn contents(changes: Changes) -> String {
    let mut changes = changes;
    changes.new_cards.iter_mut().for_each(|(card, _)| card.version = 0);
    changes.new_top_ups.iter_mut().for_each(|top_up| top_up.version = 0);
    changes.new_payments.iter_mut().for_each(|payment| payment.version = 0);
    changes.new_refunds.iter_mut().for_each(|refund| refund.version = 0);
    changes.new_grants.iter_mut().for_each(|grant| grant.version = 0);
    changes.new_purses.iter_mut().for_each(|purse| purse.version = 0);
    (changes.entries, changes.events, changes.jobs, changes.cases) = Default::default();
    format!("{changes:#?}")
}

/// What the database holds, in the form of changes to empty books.
fn saved(test: &TestDatabase, world: &World) -> Changes {
    let expected = world.books.changes();
    let mut changes = Changes::default();
    let mut loaded = Books::default();
    for day in expected.new_accounts.iter().map(|account| account.key.owner).filter(|owner| *owner < 100_000) {
        let now = ringup_core::time::Timestamp::from_seconds(i64::try_from(day).unwrap() * 86_400);
        loaded = test.write(|tx| Ok(load(tx, &world.touches, HOUSE, now)?));
        for account in &expected.new_accounts {
            if account.key.owner == day {
                let balance = loaded.balance(&account.key);
                changes.new_accounts.push(ringup_core::ledger::Account { balance, ..*account });
            }
        }
    }
    for account in expected.new_accounts.iter().filter(|account| account.key.owner >= 100_000) {
        let balance = loaded.balance(&account.key);
        changes.new_accounts.push(ringup_core::ledger::Account { balance, ..*account });
    }
    changes.new_accounts.sort_by_key(|account| account.key);
    changes.new_accounts.dedup();
    let pins: BTreeMap<_, _> = expected.new_cards.iter().map(|(card, pin)| (card.number, *pin)).collect();
    let cards = expected.new_cards.iter().filter_map(|(card, _)| loaded.card(card.number).cloned());
    changes.new_cards = cards.map(|card: Card| (card.clone(), pins[&card.number])).collect();
    changes.new_top_ups = expected.new_top_ups.iter().filter_map(|row| loaded.top_up(row.id).cloned()).collect();
    changes.new_payments = expected.new_payments.iter().filter_map(|row| loaded.payment(row.id).cloned()).collect();
    changes.new_refunds = expected.new_refunds.iter().filter_map(|row| loaded.refund(row.id).cloned()).collect();
    changes.new_grants = expected.new_grants.iter().filter_map(|row| loaded.grant(row.id).copied()).collect();
    changes.new_purses = expected.new_purses.iter().filter_map(|row| loaded.purse(row.id).cloned()).collect();
    changes.new_keys = expected.new_keys.iter().filter_map(|(key, _)| Some((*key, *loaded.key(*key)?))).collect();
    changes
}

fn entries(test: &TestDatabase) -> Vec<Entry> {
    let mut entries = Vec::new();
    test.read(|tx| {
        for_each_entry(tx, &mut |entry, _| {
            entries.push(entry);
            Ok(())
        })
    });
    entries.sort_by_key(|entry| entry.id);
    entries
}

fn check_appended(test: &TestDatabase, expected: &Changes) {
    let mut in_memory = expected.entries.clone();
    in_memory.sort_by_key(|entry| entry.id);
    assert_eq!(entries(test), in_memory);
    for top_up in &expected.new_top_ups {
        let mut events: Vec<Event> =
            expected.events.iter().filter(|event| event.top_up == top_up.id).copied().collect();
        events.sort_by_key(|event| event.id);
        let row = test.read(|tx| find_top_up(tx, top_up.id)).unwrap();
        assert_eq!(test.read(|tx| events_of(tx, &row)), events);
        let cases: Vec<_> = expected.cases.iter().filter(|case| case.top_up == top_up.id).cloned().collect();
        let found = test.read(|tx| cases_of(tx, top_up.id));
        assert_eq!(found.into_iter().map(|found| found.case).collect::<Vec<_>>(), cases);
    }
    for job in &expected.jobs {
        assert!(test.read(|tx| jobs_of(tx, job.subject)).iter().any(|found| found.id == job.id), "{job:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_commands_in_any_batches_give_the_same_books_as_one_by_one_in_memory(
        steps in prop::collection::vec(step(), 1..80),
        lengths in prop::collection::vec(1..20_usize, 1..6),
    ) {
        let world = imagine(&steps);
        let test = given_a_database();
        test.relive(&world.done, &lengths);
        let expected = world.books.changes();
        check_appended(&test, &expected);
        prop_assert_eq!(contents(saved(&test, &world)), contents(expected));
        // At the beginning of time, so that no refund is late.
        let report = verify(&mut test.database.reader().unwrap(), None, start()).unwrap();
        let wrong: Vec<_> = report.lines.iter().filter(|line| line.found > 0 && !is_beside_the_books(line)).collect();
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// What an office writes down beside the books; these worlds have none, and buy and sell all the same.
fn is_beside_the_books(line: &CheckLine) -> bool {
    ["what was bought by bank transfer is on its float once, and nothing else"].contains(&line.name)
}

#[test]
fn a_batch_that_is_rolled_back_leaves_nothing() {
    let test = given_a_database();
    let command = import(card_number(1), 5_000, start());
    let mut writer = test.database.writer().unwrap();
    let refused = writer
        .write::<(), _>(|tx| {
            let mut books = load(tx, &command.touches(), HOUSE, start())?;
            apply(&mut books, &command, moment(0, command.shard(), start())).unwrap();
            save(tx, HOUSE, &books.changes(), start())?;
            Err(Stop::Refused("the power is gone".to_owned()))
        })
        .unwrap_err();
    assert!(matches!(refused, WriteError::Refused(_)));
    for table in ["card", "account", "journal_entry", "seal"] {
        let sql: &'static str = Box::leak(format!("select count(*) from {table}").into_boxed_str());
        assert_eq!(test.read(|tx| tx.query(sql, &[], |fields| fields.int())), [0], "{table}");
    }
}

#[test]
fn a_row_that_somebody_else_wrote_meanwhile_is_a_conflict() {
    let test = given_a_database();
    let command = import(card_number(1), 5_000, start());
    let mut books = test.write(|tx| Ok(load(tx, &command.touches(), HOUSE, start())?));
    apply(&mut books, &command, moment(0, command.shard(), start())).unwrap();
    test.write(|tx| Ok(save(tx, HOUSE, &books.changes(), start())?));
    let mut writer = test.database.writer().unwrap();
    let again = writer.write::<_, String>(|tx| Ok(save(tx, HOUSE, &books.changes(), start())?));
    assert_eq!(again.unwrap_err(), WriteError::Conflict, "the card is there already");

    let touches = Touches { cards: vec![card_number(1)], ..Touches::default() };
    let suspend = ringup_core::apply::Command::ChangeCardState(ringup_core::apply::ChangeCardState {
        card: card_number(1),
        to: ringup_core::card::CardState::Suspended,
    });
    let mut books = test.write(|tx| Ok(load(tx, &touches, HOUSE, start())?));
    test.write(|tx| Ok(tx.batch("update card set version = version + 1")?));
    apply(&mut books, &suspend, moment(1, suspend.shard(), start())).unwrap();
    let late = writer.write::<_, String>(|tx| Ok(save(tx, HOUSE, &books.changes(), start())?));
    assert_eq!(late.unwrap_err(), WriteError::Conflict, "the card has another version");
}

fn given_a_card(test: &TestDatabase, number: u64) {
    let import = import(card_number(number), 5_000, start().plus(Span::days(1)));
    let mut books = test.write(|tx| Ok(load(tx, &import.touches(), HOUSE, start())?));
    apply(&mut books, &import, moment(number, import.shard(), start())).unwrap();
    test.write(|tx| Ok(save(tx, HOUSE, &books.changes(), start())?));
}

/// One server's batch: usages of both cards, run again as long as others are in the way. Answers how often that was.
fn use_cards(writer: &mut crate::seam::Writer, server: u8, round: u64) -> u32 {
    let commands: Vec<_> = [1, 2]
        .map(|card| {
            let mut key = [0; 16];
            key[..3].copy_from_slice(&[u8::try_from(card).unwrap(), server, u8::try_from(round).unwrap()]);
            let key = KeyUse { key: KeyHash(key), fingerprint: Fingerprint([0; 16]) };
            let usage = RecordUsage { key, card: card_number(card), amount: cny(10), number: round };
            let command = Command::RecordUsage(usage);
            let at = moment(1_000 + round * 100 + u64::from(server) * 10 + card, command.shard(), start());
            (command, Moment { house: Shard(server), ..at })
        })
        .to_vec();
    let mut touches = Touches::default();
    commands.iter().for_each(|(command, _)| touches.add(command.touches()));
    let mut conflicts = 0;
    loop {
        let result = writer.write::<_, String>(|tx| {
            let mut books = load(tx, &touches, Shard(server), start())?;
            for (command, at) in &commands {
                apply(&mut books, command, *at).unwrap();
            }
            Ok(save(tx, Shard(server), &books.changes(), start())?)
        });
        match result {
            Ok(()) => return conflicts,
            Err(WriteError::Conflict) if conflicts < 100 => conflicts += 1,
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn servers_that_write_to_the_same_cards_at_once_lose_nothing() {
    let test = given_a_database();
    [1, 2].into_iter().for_each(|card| given_a_card(&test, card));
    std::thread::scope(|scope| {
        for server in 2..6 {
            let mut writer = test.database.writer().unwrap();
            scope.spawn(move || (0..10).map(|round| use_cards(&mut writer, server, round)).sum::<u32>());
        }
    });
    for card in [1, 2] {
        let left = test.read(|tx| card_balance(tx, card_number(card), Unit::Cny));
        assert_eq!(left.minor(), 5_000 - 4 * 10 * 10);
    }
    let report = verify(&mut test.database.reader().unwrap(), None, start()).unwrap();
    assert!(report.is_clean(), "{report:#?}");
}

/// One server places the top-up that this key is for; answers its code, whoever placed it, or what went wrong.
fn place(writer: &mut crate::seam::Writer, server: u8, key: u8) -> Result<TopUpCode, String> {
    let quote = Quote {
        card: card_number(1),
        product: product().id,
        card_gets: cny(100),
        you_pay: cny(100),
        bonus: None,
        adjustments: Vec::new(),
        card_valid_until: start().plus(Span::days(90)),
        quoted_at: start(),
    };
    let command = Command::PlaceTopUp(PlaceTopUp {
        sold_by: None,
        key: KeyUse { key: KeyHash([key; 16]), fingerprint: Fingerprint([key; 16]) },
        channel: Channel::Online,
        quote,
        provider: Provider::Alipay,
        method: PayMethod::Page,
        language: Language::En,
        again: Again::Confirmed,
    });
    let at = moment(1_000 + u64::from(key) * 100 + u64::from(server), command.shard(), start());
    loop {
        let result = writer.write::<_, String>(|tx| {
            let mut books = load(tx, &command.touches(), HOUSE, start())?;
            let outcome = apply(&mut books, &command, at);
            save(tx, Shard(server), &books.changes(), start())?;
            Ok(outcome)
        });
        match result {
            Ok(Ok(Outcome::Placed { code, .. })) => return Ok(code),
            Ok(other) => return Err(format!("{other:?}")),
            Err(WriteError::Conflict) => {}
            Err(other) => return Err(other.to_string()),
        }
    }
}

#[test]
fn servers_that_place_with_the_same_key_at_once_all_get_the_one_top_up() {
    let test = given_a_database();
    given_a_card(&test, 1);
    let barrier = std::sync::Barrier::new(4);
    let codes: Vec<Vec<Result<TopUpCode, String>>> = std::thread::scope(|scope| {
        let servers = [2, 3, 4, 5].map(|server| {
            let (mut writer, barrier) = (test.database.writer().unwrap(), &barrier);
            scope.spawn(move || {
                let placed = (0..40).map(|key| {
                    barrier.wait();
                    place(&mut writer, server, key)
                });
                placed.collect()
            })
        });
        servers.into_iter().map(|server| server.join().unwrap()).collect()
    });
    assert!(codes.iter().flatten().all(Result::is_ok), "{codes:?}");
    assert!(codes.iter().all(|told| *told == codes[0]), "each server tells of the same top-ups");
    assert_eq!(codes[0].iter().flatten().collect::<std::collections::BTreeSet<_>>().len(), 40);
}

#[test]
fn two_servers_that_each_end_one_of_two_payments_do_not_both_think_that_the_other_goes_on() {
    let world = imagine(&[Step::Place { card: 0, amount: 1, repeats_key: false }, Step::AddPayment { top_up: 0 }]);
    let test = given_a_database();
    test.relive(&world.done, &[10]);
    let closed = |payment: ringup_core::id::PaymentId| {
        let provider = world.books.payment(payment).unwrap().tender.provider().unwrap();
        let (source, word) = (ReportSource::Query, PaymentWord::Closed);
        Command::RecordPayment(ProviderReport { provider, payment, source, word })
    };
    let payments = &world.touches.payments;
    assert_eq!(payments.len(), 2);
    let mut loaded: Vec<(Command, Books)> = payments
        .iter()
        .map(|payment| {
            let command = closed(*payment);
            let books = test.write(|tx| Ok(load(tx, &command.touches(), HOUSE, start())?));
            (command, books)
        })
        .collect();
    let mut saved = Vec::new();
    for (nth, (command, books)) in (0_u64..).zip(&mut loaded) {
        apply(books, command, moment(500 + nth, command.shard(), start())).unwrap();
        let mut writer = test.database.writer().unwrap();
        saved.push(writer.write::<_, String>(|tx| Ok(save(tx, HOUSE, &books.changes(), start())?)));
    }
    assert_eq!(saved, [Ok(()), Err(WriteError::Conflict)], "the second one decides again, knowing of the first");
}
