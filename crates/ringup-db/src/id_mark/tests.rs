use ringup_core::time::Span;

use super::*;
use crate::testing::{given_a_database, node, start};

#[test]
fn a_mark_never_goes_back_and_each_server_has_its_own() {
    let test = given_a_database();
    let other = Node::new(2).unwrap();
    assert_eq!(test.read(|tx| find_mark(tx, node())), None);
    let later = start().plus(Span::seconds(10));
    for mark in [start(), later, start()] {
        test.write(|tx| Ok(keep_mark(tx, node(), mark)?));
    }
    test.write(|tx| Ok(keep_mark(tx, other, start())?));
    assert_eq!(test.read(|tx| find_mark(tx, node())), Some(later));
    assert_eq!(test.read(|tx| find_mark(tx, other)), Some(start()));
}
