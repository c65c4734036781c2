use proptest::prelude::*;

use super::*;

const CNY: Scaling = Scaling { unit: Unit::Cny, minor_each: 100 };

fn cny(minor: u64) -> Option<Amount> {
    Some(Amount::new(minor, Unit::Cny).unwrap())
}

#[test]
fn a_notes_name_says_what_it_is_worth() {
    assert_eq!(read_bill_id(b"CN0010A", CNY), cny(1_000));
    assert_eq!(read_bill_id(b"CN0100B", CNY), cny(10_000));
    for none in [b"CN0000A".as_slice(), b".......", b"HK0010A", b"CN+010A", b"CN010A", b"CN00100A", b""] {
        assert_eq!(read_bill_id(none, CNY), None, "{none:?}");
    }
}

#[test]
fn the_scaling_counts_in_minor_units_whatever_its_decimals() {
    assert_eq!(read_scaling(&[100, 0, 2], Unit::Cny), Some(CNY));
    assert_eq!(read_scaling(&[1, 0, 0], Unit::Cny), Some(CNY));
    assert_eq!(read_scaling(&[0xE8, 0x03, 0], Unit::Jpy), Some(Scaling { unit: Unit::Jpy, minor_each: 1_000 }));
    assert_eq!(read_scaling(&[0, 0, 2], Unit::Cny), None);
    assert_eq!(read_scaling(&[1, 0, 3], Unit::Cny), None);
    assert_eq!(read_scaling(&[1, 0], Unit::Cny), None);
}

#[test]
fn events_are_read_the_newest_first() {
    let events = read_events(&[7, 3, 0, 3, 1, 0, 1, 0, 14, 0, 21]).unwrap();
    assert_eq!(events.counter, 7);
    let wanted = [Notice::Stacked(3), Notice::Escrowed(3), Notice::Returned, Notice::BoxFull, Notice::Stacked(0)];
    assert_eq!(events.notices, wanted);
    assert_eq!(read_events(&[7, 3, 0]), None);
    assert_eq!(read_events(&[0; 12]), None);
}

proptest! {
    #[test]
    fn no_bytes_break_the_reading(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        let _ = (read_events(&bytes), read_scaling(&bytes, Unit::Cny), read_bill_id(&bytes, CNY), unit_of(&bytes));
    }
}
