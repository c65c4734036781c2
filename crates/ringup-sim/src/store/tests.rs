use ringup_core::apply::{CashMove, ChangeCardState, Command, ImportCard, KeyUse, Moment, MoveCash, OpenPurse};
use ringup_core::batch::{self, WriteFailure};
use ringup_core::books::{Changes, Fingerprint, PinHash};
use ringup_core::card::CardState;
use ringup_core::id::{BatchId, Mint, Node};
use ringup_core::money::Amount;
use ringup_core::product::{Name, NumberFormat};
use ringup_core::purse::PurseKind;
use ringup_core::time::Span;

use super::*;

const HOUSE: Shard = Shard(1);
const NOW: Timestamp = Timestamp::from_seconds(1_780_300_800);

fn given_a_store() -> Store {
    let fen = |minor| Amount::new(minor, Unit::Cny).unwrap();
    let product = Product {
        id: ProductId(1),
        code: String::new(),
        name: Name { en: String::new(), zh_hans: String::new() },
        unit: Unit::Cny,
        format: NumberFormat { prefix: "622588".to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(365),
        added_per_top_up: Span::days(180),
        grace: Span::days(15),
        offered: vec![fen(5_000)],
        other_amounts: None,
        balance_min: fen(0),
        balance_max: fen(200_000),
    };
    Store { products: BTreeMap::from([(product.id, product)]), ..Store::default() }
}

fn number() -> CardNumber {
    CardNumber::with_check_digit(622_588_000_000_001).unwrap()
}

fn import() -> Command {
    Command::ImportCard(ImportCard {
        number: number(),
        product: ProductId(1),
        batch: BatchId::from_u64(1),
        pin: PinHash([0; 16]),
        balance: Amount::new(2_000, Unit::Cny).unwrap(),
        expires_at: NOW.plus(Span::days(1)),
    })
}

fn suspend() -> Command {
    Command::ChangeCardState(ChangeCardState { card: number(), to: CardState::Suspended })
}

/// What a command would do to the store as it is.
fn changes(store: &Store, command: &Command) -> Changes {
    let ids = Mint::new(Node::new(1).unwrap(), None).block(command.shard(), NOW);
    let mut books = store.load(&command.touches(), (HOUSE, NOW), Hidden::default());
    batch::decide(&mut books, std::slice::from_ref(command), &[Moment { now: NOW, ids, house: HOUSE, nonce: [0; 16] }]);
    books.changes()
}

#[test]
fn what_was_saved_is_lent_again() {
    let mut store = given_a_store();
    store.save(&changes(&store, &import()), Guard::On).unwrap();
    assert_eq!(store.balance(number(), AccountCode::CardMain, number().as_u64(), Unit::Cny), 2_000);
    assert_eq!(store.total(AccountCode::OpeningBalance, Unit::Cny), 2_000);
    let books = store.load(&suspend().touches(), (HOUSE, NOW), Hidden::default());
    assert_eq!(books.card(number()), store.cards.get(&number()));
    assert_eq!(books.card_main(number(), Unit::Cny).minor(), 2_000);
}

#[test]
fn a_row_that_is_there_or_has_another_version_is_a_conflict_and_nothing_of_the_batch_is_saved() {
    let mut store = given_a_store();
    let imported = changes(&store, &import());
    store.save(&imported, Guard::On).unwrap();
    let suspended = changes(&store, &suspend());
    let before = store.clone();
    assert_eq!(store.save(&imported, Guard::On), Err(WriteFailure::Conflict));
    assert_eq!((&store.cards, &store.accounts), (&before.cards, &before.accounts));
    store.save(&suspended, Guard::On).unwrap();
    assert_eq!(store.save(&suspended, Guard::On), Err(WriteFailure::Conflict), "its version has grown");
    assert_eq!(store.cards[&number()].version, 1);
}

#[test]
fn money_below_its_floor_breaks_a_rule_of_the_schema() {
    let mut store = given_a_store();
    let mut spoilt = changes(&store, &import());
    for (card, _) in &mut spoilt.new_cards {
        let balance = ringup_core::ledger::Balance::from_minor(-1);
        card.main = card.main.map(|main| Holding { balance, ..main });
    }
    assert_eq!(store.save(&spoilt, Guard::On), Err(WriteFailure::Broken("card_main".to_owned())));
    assert!(store.cards.is_empty());
}

/// A purse of this kind, with so much credit, that holds so much when it is saved for the first time.
fn saving(kind: PurseKind, credit: u64, holds: i64) -> (Result<(), WriteFailure>, Store) {
    let mut store = given_a_store();
    let fen = |minor| Amount::new(minor, Unit::Cny).unwrap();
    let key = KeyUse { key: KeyHash([1; 16]), fingerprint: Fingerprint([1; 16]) };
    let open = OpenPurse { key, kind, parent: None, credit_limit: fen(credit), opening: fen(0) };
    let mut opened = changes(&store, &Command::OpenPurse(open));
    for purse in &mut opened.new_purses {
        let balance = ringup_core::ledger::Balance::from_minor(holds);
        purse.holds = Some(Holding { unit: Unit::Cny, balance, version: 1 });
    }
    (store.save(&opened, Guard::On), store)
}

#[test]
fn a_float_goes_as_low_as_its_credit_and_a_safe_as_low_as_it_likes() {
    let broken = Err(WriteFailure::Broken("purse_floor".to_owned()));
    assert_eq!(saving(PurseKind::Float, 500, -500).0, Ok(()));
    assert_eq!(saving(PurseKind::Float, 500, -501).0, broken);
    assert_eq!(saving(PurseKind::Float, 0, -1).0, broken);
    assert_eq!(saving(PurseKind::Safe, 0, -100_000).0, Ok(()));
}

#[test]
fn a_purse_that_somebody_else_wrote_meanwhile_is_a_conflict() {
    let (_, mut store) = saving(PurseKind::Float, 0, 0);
    let id = *store.purses.keys().next().unwrap();
    let how = CashMove::FloatBought(Amount::new(100, Unit::Cny).unwrap());
    let buy = |number| {
        let key = KeyUse { key: KeyHash([number; 16]), fingerprint: Fingerprint([number; 16]) };
        Command::MoveCash(MoveCash { key, purse: id, how })
    };
    // The row alone is to tell, and no account or entry beside it.
    let [one, other] = [2, 3].map(|number| {
        let Changes { purses, new_keys, .. } = changes(&store, &buy(number));
        Changes { purses, new_keys, ..Changes::default() }
    });
    store.save(&one, Guard::On).unwrap();
    assert_eq!(store.clone().save(&other, Guard::ExceptPurses), Ok(()));
    assert_eq!(store.save(&other, Guard::On), Err(WriteFailure::Conflict));
}
