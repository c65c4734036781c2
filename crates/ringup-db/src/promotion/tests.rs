use ringup_core::product::ProductId;
use ringup_core::time::Span;

use super::promotions_of;
use crate::product::{find_product, find_product_by_code, products, upsert_product};
use crate::testing::{given_a_database, product, promotions, start};

#[test]
fn products_come_back_as_they_were_written() {
    let test = given_a_database();
    assert_eq!(test.read(|tx| find_product(tx, ProductId(1))), Some(product()));
    assert_eq!(test.read(|tx| find_product_by_code(tx, "classic")), Some(product()));
    assert_eq!(test.read(|tx| find_product_by_code(tx, "other")), None);
    let mut changed = product();
    (changed.other_amounts, changed.code) = (None, "renamed".to_owned());
    test.write(|tx| Ok(upsert_product(tx, &changed)?));
    assert_eq!(test.read(|tx| products(tx)), [changed]);
}

#[test]
fn promotions_are_found_while_they_run() {
    let test = given_a_database();
    let found = |now| test.read(|tx| promotions_of(tx, ProductId(1), now));
    assert_eq!(found(start()), promotions());
    assert_eq!(found(start().minus(Span::days(2))), []);
    assert_eq!(found(start().plus(Span::days(30))), [], "at its end it is over");
    assert_eq!(test.read(|tx| promotions_of(tx, ProductId(2), start())), []);
}
