use super::*;

fn layout(places: &[&str], own: Option<&str>) -> Layout {
    let places: Vec<Position> = places.iter().map(|text| text.parse().unwrap()).collect();
    Layout::of(&places, own.map(|text| text.parse().unwrap())).unwrap()
}

fn at(layout: &Layout, nth: usize) -> Spot {
    layout.marks[nth].unwrap().at
}

/// Nothing covers another thing, and everything is in the picture.
fn should_be_clear(layout: &Layout) {
    let shown: Vec<Spot> = layout.marks.iter().flatten().map(|mark| mark.shown).chain(layout.own).collect();
    for (nth, one) in shown.iter().enumerate() {
        assert!((0..=WIDTH).contains(&one.x) && (0..=HEIGHT).contains(&one.y), "{one:?}");
        assert!(shown.iter().skip(nth + 1).all(|other| is_clear(*one, *other)), "{shown:?}");
    }
}

#[test]
fn north_is_up_and_east_is_right() {
    let layout = layout(&["39.91,116.40", "39.90,116.41"], Some("39.905,116.405"));
    let [north_west, south_east] = [at(&layout, 0), at(&layout, 1)];
    assert!(north_west.x < south_east.x && north_west.y < south_east.y, "{layout:?}");
    assert_eq!(layout.own, Some(Spot { x: WIDTH / 2, y: HEIGHT / 2 }));
    // A hundredth of a degree there is 1,112 m to the north and 853 m to the east.
    assert_eq!(layout.bar_metres, 500);
    let north = (south_east.y - north_west.y) * layout.bar_metres / layout.bar;
    let east = (south_east.x - north_west.x) * layout.bar_metres / layout.bar;
    assert!((1_090..=1_130).contains(&north) && (830..=870).contains(&east), "{north} m, {east} m");
}

#[test]
fn places_on_one_spot_are_shown_beside_each_other() {
    let layout = layout(&["39.9,116.4"; 10], Some("39.9,116.4"));
    should_be_clear(&layout);
    assert!((0..10).all(|nth| at(&layout, nth) == at(&layout, 0)));
}

#[test]
fn what_is_far_away_from_the_others_is_left_out() {
    let places =
        ["39.90,116.40", "39.91,116.40", "39.92,116.41", "39.9,116.39", "39.89,116.4", "31.2,121.4", "31.21,121.4"];
    let layout = layout(&places, None);
    should_be_clear(&layout);
    let is_shown: Vec<bool> = layout.marks.iter().map(Option::is_some).collect();
    assert_eq!(is_shown, [true, true, true, true, true, false, false]);
    assert_eq!(layout.bar_metres, 1_000);
}

#[test]
fn two_places_far_from_each_other_and_from_the_visitor_are_both_shown() {
    let layout = layout(&["39.90,116.40", "31.2,121.4"], Some("29.65,91.1"));
    should_be_clear(&layout);
    assert!(layout.marks.iter().all(Option::is_some));
}

#[test]
fn the_date_line_is_a_line_like_any_other() {
    let layout = layout(&["-16.5,179.999", "-16.5,-179.999"], None);
    should_be_clear(&layout);
    assert!(layout.bar_metres < 1_000, "213 m apart, not once around the world");
    assert!(at(&layout, 0).x < at(&layout, 1).x);
}

#[test]
fn a_picture_without_places_is_none() {
    assert_eq!(Layout::of(&[], "0,0".parse().ok()), None);
    for pole in ["90,0", "-90,180", "0,-180"] {
        should_be_clear(&layout(&[pole], None));
    }
}
