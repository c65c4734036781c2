use super::*;

#[test]
fn the_counter_wraps_from_255_to_1() {
    let table = [
        (0, 0, Since::New(0)),
        (0, 1, Since::New(1)),
        (0, 5, Since::New(5)),
        (0, 6, Since::Lost),
        (254, 255, Since::New(1)),
        (255, 1, Since::New(1)),
        (255, 5, Since::New(5)),
        (255, 6, Since::Lost),
        (253, 3, Since::New(5)),
        (253, 4, Since::Lost),
        (9, 8, Since::Lost), // 254 events, or a start and eight: lost either way
        (9, 9, Since::New(0)),
        (9, 0, Since::Restarted),
    ];
    for (last, now, wanted) in table {
        assert_eq!(since(last, now), wanted, "{last} to {now}");
    }
}

/// The counter after the event that it stood at.
const fn after(counter: u8) -> u8 {
    match counter {
        255 => 1,
        other => other + 1,
    }
}

#[test]
fn counting_on_is_seen_as_so_many_new_events() {
    for last in 0..=255_u8 {
        let mut now = last;
        for count in 1..=EVENTS_KEPT {
            now = after(now);
            assert_eq!(since(last, now), Since::New(count), "{last} to {now}");
            assert_eq!(before(now, count - 1), after(last));
        }
        assert_eq!(since(last, after(now)), Since::Lost);
    }
}
