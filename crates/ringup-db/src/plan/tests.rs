use std::convert::Infallible;

use ringup_core::money::Unit;
use ringup_core::plan::{Bundle, BundleId, Destination, DestinationId, Increment, MinuteRate, Plans, Prefix, Rate};
use ringup_core::product::Name;

use super::{plans, replace_plans};
use crate::error::{DbError, WriteError};
use crate::testing::{cny, given_a_database, product};

fn name() -> Name {
    Name { en: "Britain, \"mobile\"".to_owned(), zh_hans: "英国手机".to_owned() }
}

fn some() -> Plans {
    let destination = |id: u32, prefixes: &[&str]| Destination {
        id: DestinationId(id),
        code: format!("to-{id}"),
        name: name(),
        also: vec!["UK".to_owned(), "英国".to_owned()],
        prefixes: prefixes.iter().map(|prefix| Prefix::parse(prefix).unwrap()).collect(),
    };
    let rate = |destination| Rate {
        product: product().id,
        destination: DestinationId(destination),
        per_minute: MinuteRate::parse("0.0085", Unit::Cny).unwrap(),
        connection_fee: cny(10),
        increment: Increment::new(30, 6).unwrap(),
    };
    let bundle = Bundle {
        id: BundleId(7),
        product: product().id,
        name: name(),
        price: cny(2_000),
        minutes: 100,
        destinations: vec![DestinationId(1), DestinationId(2)],
        validity_days: 30,
    };
    Plans {
        destinations: vec![destination(1, &["44"]), destination(2, &["447", "4470"])],
        rates: vec![rate(1), rate(2)],
        bundles: vec![bundle],
    }
}

#[test]
fn plans_come_back_as_they_were_written_and_the_new_take_the_place_of_the_old() {
    let test = given_a_database();
    assert_eq!(test.read(|tx| plans(tx)), Plans::default());
    test.write(|tx| Ok(replace_plans(tx, &some())?));
    assert_eq!(test.read(|tx| plans(tx)), some());
    let mut fewer = some();
    fewer.bundles.clear();
    fewer.rates.truncate(1);
    test.write(|tx| Ok(replace_plans(tx, &fewer)?));
    assert_eq!(test.read(|tx| plans(tx)), fewer);
    test.write(|tx| Ok(replace_plans(tx, &Plans::default())?));
    assert_eq!(test.read(|tx| plans(tx)), Plans::default());
}

#[test]
fn two_destinations_are_not_called_the_same() {
    let test = given_a_database();
    let mut twice = some();
    twice.destinations.iter_mut().for_each(|destination| destination.code = "same".to_owned());
    let refused = test.database.writer().unwrap().write::<(), Infallible>(|tx| Ok(replace_plans(tx, &twice)?));
    let broken = DbError::Broken("plan_destination_code_unique".to_owned());
    assert!(matches!(&refused, Err(WriteError::Failed(error)) if *error == broken), "{refused:?}");
}
