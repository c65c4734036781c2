use super::*;

fn part(coding: u8, header: Option<[u8; 3]>, octets: &[u8]) -> Part {
    let octets = match header {
        Some([tie, count, number]) => [&[5, 0, 3, tie, count, number], octets].concat(),
        None => octets.to_vec(),
    };
    Part {
        reference: "1".to_owned(),
        from: "Ringup".to_owned(),
        to: "8613800138000".to_owned(),
        coding,
        has_header: header.is_some(),
        octets,
    }
}

fn shown(parts: &[Part]) -> Vec<(String, usize)> {
    whole(parts).into_iter().map(|text| (text.text, text.parts)).collect()
}

#[test]
fn each_alphabet_is_read_as_phones_read_it() {
    assert_eq!(shown(&[part(0, None, b"\x03100 \x1b\x65 *A\x00\x11z\x60")]), [("¥100 € *A@_z¿".to_owned(), 1)]);
    assert_eq!(shown(&[part(8, None, &[0x51, 0x45, 0xd8, 0x3d, 0xde, 0x00])]), [("充😀".to_owned(), 1)]);
    assert_eq!(shown(&[part(0, None, b"\x1b")]), [("\u{fffd}".to_owned(), 1)], "an escape before nothing");
}

#[test]
fn parts_are_put_together_in_their_order_and_one_that_lacks_a_part_is_not_shown() {
    let (first, second, third) =
        (part(0, Some([7, 3, 1]), b"a"), part(0, Some([7, 3, 2]), b"b"), part(0, Some([7, 3, 3]), b"c"));
    assert_eq!(shown(&[first.clone(), third.clone()]), []);
    assert_eq!(shown(&[third.clone(), first.clone(), second.clone()]), [("abc".to_owned(), 3)]);
    let again = [first.clone(), second.clone(), first, second, third];
    assert_eq!(shown(&again), [("abc".to_owned(), 3)], "a part that comes again is the same part");
    let other = part(0, Some([8, 2, 2]), b"x");
    assert_eq!(shown(&[part(0, Some([7, 2, 1]), b"a"), other]), [], "parts of two messages are not mixed");
}
