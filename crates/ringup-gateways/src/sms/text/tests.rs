use proptest::prelude::*;

use super::*;

/// How many characters' worth of septets or units each part has, without its header.
fn cut(text: &str) -> (Coding, Vec<usize>) {
    let Parts { coding, octets } = parts(text, 7).unwrap();
    let header = if octets.len() > 1 { 6 } else { 0 };
    let width = if coding == Coding::Ucs2 { 2 } else { 1 };
    (coding, octets.iter().map(|part| (part.len() - header) / width).collect())
}

/// What a phone makes of the parts: read by another table than the one that they were written with.
fn read(Parts { coding, octets }: &Parts) -> String {
    let header = if octets.len() > 1 { 6 } else { 0 };
    let texts = octets.iter().map(|part| part[header..].to_vec());
    match coding {
        Coding::Ucs2 => {
            let whole = |text: Vec<u8>| {
                let units: Vec<u16> = text.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16(&units).expect("no part ends in half a character")
            };
            texts.map(whole).collect()
        }
        Coding::Gsm7 => texts.map(|text| gsm7_text(&text)).collect(),
    }
}

fn gsm7_text(septets: &[u8]) -> String {
    let mut septets = septets.iter();
    let mut text = String::new();
    while let Some(septet) = septets.next() {
        text.push(match septet {
            0x1b => match septets.next().expect("no part ends in an escape") {
                0x0a => '\u{c}',
                0x14 => '^',
                0x28 => '{',
                0x29 => '}',
                0x2f => '\\',
                0x3c => '[',
                0x3d => '~',
                0x3e => ']',
                0x40 => '|',
                0x65 => '€',
                other => panic!("{other:#x} is in no extension table"),
            },
            0x00 => '@',
            0x01 => '£',
            0x02 => '$',
            0x03 => '¥',
            0x0a => '\n',
            0x0d => '\r',
            0x11 => '_',
            0x24 => '¤',
            0x40 => '¡',
            0x5f => '§',
            0x60 => '¿',
            0x20..=0x5a | 0x61..=0x7a => char::from(*septet),
            other => ALPHABET.chars().nth(usize::from(*other)).unwrap(),
        });
    }
    text
}

#[test]
fn the_alphabet_has_a_hundred_and_twenty_eight_places_each_where_the_standard_has_it() {
    assert_eq!(ALPHABET.chars().count(), 128);
    for (character, septet) in [
        ('@', 0x00),
        ('¥', 0x03),
        ('Ç', 0x09),
        ('Å', 0x0e),
        ('Δ', 0x10),
        ('_', 0x11),
        ('Ξ', 0x1a),
        ('É', 0x1f),
        (' ', 0x20),
        ('¤', 0x24),
        ('A', 0x41),
        ('Ä', 0x5b),
        ('§', 0x5f),
        ('¿', 0x60),
        ('a', 0x61),
        ('ä', 0x7b),
        ('à', 0x7f),
    ] {
        assert_eq!(gsm7(character), Some(vec![septet]), "{character}");
    }
    assert_eq!((gsm7('€'), gsm7('\u{1b}'), gsm7('·'), gsm7('中')), (Some(vec![0x1b, 0x65]), None, None, None));
}

#[test]
fn a_text_of_gsm_letters_goes_alone_up_to_160_and_then_in_parts_of_153() {
    for (characters, expected) in
        [(1, vec![1]), (160, vec![160]), (161, vec![153, 8]), (306, vec![153, 153]), (307, vec![153, 153, 1])]
    {
        assert_eq!(cut(&"a".repeat(characters)), (Coding::Gsm7, expected));
    }
}

#[test]
fn a_character_of_the_extension_table_counts_two_and_is_not_cut() {
    assert_eq!(cut(&"€".repeat(80)), (Coding::Gsm7, vec![160]));
    assert_eq!(cut(&"€".repeat(81)), (Coding::Gsm7, vec![152, 10]));
    // The 153rd place is left empty: the escape would stand there alone.
    let text = format!("{}€{}", "a".repeat(152), "b".repeat(20));
    assert_eq!(cut(&text), (Coding::Gsm7, vec![152, 22]));
    assert_eq!(read(&parts(&text, 7).unwrap()), text);
}

#[test]
fn chinese_goes_alone_up_to_70_and_then_in_parts_of_67() {
    for (characters, expected) in
        [(1, vec![1]), (70, vec![70]), (71, vec![67, 4]), (134, vec![67, 67]), (135, vec![67, 67, 1])]
    {
        assert_eq!(cut(&"充".repeat(characters)), (Coding::Ucs2, expected));
    }
    // One letter is enough to leave the alphabet of GSM.
    assert_eq!(cut(&format!("{}充", "a".repeat(70))), (Coding::Ucs2, vec![67, 4]));
    assert_eq!(parts("充", 7).unwrap().octets, [[0x51, 0x45]]);
}

#[test]
fn an_emoji_counts_two_and_its_halves_go_in_one_part() {
    assert_eq!(cut(&"😀".repeat(35)), (Coding::Ucs2, vec![70]));
    let text = format!("{}😀{}", "充".repeat(66), "值".repeat(10));
    assert_eq!(cut(&text), (Coding::Ucs2, vec![66, 12]));
    assert_eq!(read(&parts(&text, 7).unwrap()), text);
}

#[test]
fn each_part_says_which_one_it_is_of_how_many() {
    let Parts { octets, .. } = parts(&"充".repeat(140), 0xab).unwrap();
    let headers: Vec<&[u8]> = octets.iter().map(|part| &part[..6]).collect();
    assert_eq!(headers, [[5, 0, 3, 0xab, 3, 1], [5, 0, 3, 0xab, 3, 2], [5, 0, 3, 0xab, 3, 3]]);
    assert!(octets.iter().all(|part| part.len() <= 140));
}

#[test]
fn a_text_of_too_many_parts_is_none() {
    assert!(parts(&"a".repeat(153 * limits::SMS_PARTS_MAX), 7).is_some());
    assert!(parts(&"a".repeat(153 * limits::SMS_PARTS_MAX + 1), 7).is_none());
}

proptest! {
    #[test]
    fn whatever_is_cut_can_be_put_together_again(text in "[a-z€\\[ ]{0,400}|[a充😀€]{0,250}|\\PC{0,100}") {
        let parts = parts(&text, 7).unwrap();
        prop_assert_eq!(read(&parts), text);
        let most = if parts.octets.len() == 1 { parts.coding.alone() } else { parts.coding.of_a_part() + 6 };
        prop_assert!(parts.octets.iter().all(|part| part.len() <= most));
    }
}
