use proptest::prelude::*;

use super::*;

fn position(text: &str) -> Position {
    text.parse().unwrap()
}

#[test]
fn known_distances_come_out_to_the_metre() {
    // Great circles on a sphere of 6,371,008.8 m, by the haversine formula in floating point.
    for (from, to, metres, error) in [
        ("39.904200,116.407400", "39.904200,116.407400", 0, 0),
        ("39.904200,116.407400", "39.904300,116.407400", 11, 0),
        ("39.904200,116.407400", "39.910000,116.397000", 1_097, 0),
        ("39.904200,116.407400", "31.230400,121.473700", 1_067_312, 1), // Beijing, Shanghai
        ("39.904200,116.407400", "51.507400,-0.127800", 8_141_068, 1),  // Beijing, London
        ("-16.500000,179.999000", "-16.500000,-179.999000", 213, 0),    // over the date line
        ("89.999900,0", "89.999900,180", 22, 0),                        // over the pole
        ("0,0", "0,180", 20_015_114, 500),                              // to the other end of the world
        ("90,0", "-90,0", 20_015_114, 500),
    ] {
        let measured = position(from).metres_to(position(to));
        assert!(measured.abs_diff(metres) <= error, "{from} to {to}: {measured} m, not {metres} m");
        assert_eq!(position(to).metres_to(position(from)), measured, "there and back");
    }
}

/// The same by floating point: the haversine formula.
#[expect(clippy::float_arithmetic, reason = "the integers are compared with what is usual")]
fn haversine(from: Position, to: Position) -> f64 {
    let radians = |value: i32| f64::from(value).to_radians() / 1e6;
    let (la1, la2) = (radians(from.latitude_e6()), radians(to.latitude_e6()));
    let (north, east) = (la2 - la1, radians(to.longitude_e6()) - radians(from.longitude_e6()));
    let h = (north / 2.0).sin().powi(2) + la1.cos() * la2.cos() * (east / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

prop_compose! {
    fn any_position()(latitude in -90_000_000..=90_000_000, longitude in -180_000_000..=180_000_000) -> Position {
        Position::new(latitude, longitude).unwrap()
    }
}

proptest! {
    #[test]
    #[expect(clippy::float_arithmetic, clippy::as_conversions, reason = "the integers are compared with what is usual")]
    fn distances_within_three_hundred_kilometres_are_right_to_the_metre(
        from in any_position(), north in -2_000_000..2_000_000, east in -2_000_000..2_000_000,
    ) {
        let to = Position::new(from.latitude_e6() + north, from.longitude_e6() + east);
        prop_assume!(to.is_ok());
        let exact = haversine(from, to.unwrap());
        let measured = from.metres_to(to.unwrap()) as f64;
        prop_assert!((measured - exact).abs() < 1.0, "{measured} m, not {exact} m");
    }

    #[test]
    #[expect(clippy::float_arithmetic, clippy::as_conversions, reason = "the integers are compared with what is usual")]
    fn no_distance_is_wrong_by_more_than_half_a_kilometre(from in any_position(), to in any_position()) {
        let exact = haversine(from, to);
        let measured = from.metres_to(to) as f64;
        prop_assert!((measured - exact).abs() < 500.0, "{measured} m, not {exact} m");
    }

    #[test]
    fn a_position_comes_back_from_its_text(position in any_position()) {
        prop_assert_eq!(position.to_string().parse(), Ok(position));
    }

    #[test]
    fn reading_a_position_never_panics(text in ".{0,40}") {
        let _ = text.parse::<Position>();
    }
}

#[test]
fn people_and_browsers_write_positions_in_many_ways() {
    let beijing = Position::new(39_904_200, 116_407_400).unwrap();
    for text in ["39.9042,116.4074", " 39.904200 , 116.4074000001 ", "+39.9042，116.4074", "039.9042,116.4074"] {
        assert_eq!(text.parse(), Ok(beijing), "{text}");
    }
    assert_eq!("-0.000001,-0".parse(), Position::new(-1, 0));
    for text in ["", "39.9", "39.9;116.4", "a,b", "39.9,", ".5,1", "1e3,2", "39.9,116.4,1", "NaN,0", "39..9,1"] {
        assert_eq!(text.parse::<Position>(), Err(ParsePositionError::Form), "{text}");
    }
    for text in ["90.000001,0", "-91,0", "0,180.000001", "1234,0", "0,99999999999999999999"] {
        assert_eq!(text.parse::<Position>(), Err(ParsePositionError::OutOfRange), "{text}");
    }
}

#[test]
fn a_step_of_longitude_shrinks_towards_the_poles() {
    for (latitude, step) in [(0, 111), (60_000_000, 55), (90_000_000, 0)] {
        assert_eq!(Position::new(latitude, 0).unwrap().millimetres_per_step(), (step, 111));
    }
}
