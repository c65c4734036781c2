use super::*;

fn format(prefix: &str, digits: u32) -> NumberFormat {
    NumberFormat { prefix: prefix.to_owned(), digits, pin_digits: 6 }
}

#[test]
fn numbers_have_the_products_form_and_no_order_and_come_once() {
    let mut numbers = Numbers::new(&format("8661", 16), 20_000).unwrap();
    let mut dice = Dice::new();
    let drawn: Vec<CardNumber> = (0..20_000).map(|_| numbers.draw(&mut dice).unwrap()).collect();
    for number in &drawn {
        let text = number.to_string();
        assert!(text.starts_with("8661") && text.len() == 16, "{text}");
        assert_eq!(text.parse(), Ok(*number));
    }
    let distinct: HashSet<&CardNumber> = drawn.iter().collect();
    assert_eq!(distinct.len(), drawn.len());
    // In a random order about half of the neighbours ascend; the chance to be outside is below one in 10^40.
    let ascending = drawn.windows(2).filter(|pair| pair[0] < pair[1]).count();
    assert!((9_000..11_000).contains(&ascending), "{ascending}");
    // No two neighbours are close: the next number cannot be guessed from the last one.
    let close = drawn.windows(2).filter(|pair| pair[0].as_u64().abs_diff(pair[1].as_u64()) < 1_000_000).count();
    assert!(close < 20, "{close}");
}

#[test]
fn a_short_format_can_be_drawn_up_to_its_room() {
    let room = 10_000_000 / limits::NUMBERS_FOR_EACH_CARD;
    let count = u32::try_from(room).unwrap();
    assert!(Numbers::new(&format("86", 10), count).is_ok());
    assert_eq!(Numbers::new(&format("86", 10), count + 1).err(), Some(DrawError::Room { room }));
}

#[test]
fn a_format_that_makes_no_card_number_is_refused() {
    for (prefix, digits) in
        [("", 16), ("0866", 16), ("+866", 16), ("86a1", 16), ("8661", 9), ("8661", 19), ("8661", 4), ("8661", 0)]
    {
        let refused = Numbers::new(&format(prefix, digits), 1).err();
        assert_eq!(refused, Some(DrawError::Format), "{prefix} {digits}");
    }
}

#[test]
fn every_digit_of_a_pin_is_as_likely_as_the_others() {
    let pins = Pins::draw(10_000, 6, &mut Dice::new());
    let mut seen = [0_u32; 10];
    for digit in pins.iter().flatten() {
        seen[usize::from(digit - b'0')] += 1;
    }
    // 6,000 expected of each, with a deviation of 73.
    assert!(seen.iter().all(|count| (5_300..6_700).contains(count)), "{seen:?}");
    assert_eq!((pins.iter().count(), pins.get(9_999).len(), pins.get(10_000).len()), (10_000, 6, 0));
}

#[test]
fn numbers_below_a_bound_reach_both_ends() {
    let mut dice = Dice::new();
    let seen: HashSet<u64> = (0..2_000).map(|_| dice.below(7)).collect();
    assert_eq!(seen, (0..7).collect());
}

#[test]
fn one_number_and_one_pin_have_their_form_too() {
    assert_eq!(number(&format("8661", 16)).unwrap().to_string().len(), 16);
    let pin = pin(6);
    assert!(pin.len() == 6 && pin.bytes().all(|digit| digit.is_ascii_digit()));
}
