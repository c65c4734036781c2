use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_core::money::Unit;

use super::*;

fn quote() -> Quote {
    let cny = |minor| Amount::new(minor, Unit::Cny).unwrap();
    Quote {
        card: CardNumber::with_check_digit(622_588_000_000_001).unwrap(),
        product: ProductId(1),
        card_gets: cny(10_000),
        you_pay: cny(9_500),
        bonus: Some(Bonus { amount: Amount::new(600, Unit::Sec).unwrap(), lasts: Span::days(30) }),
        adjustments: vec![Adjustment {
            promotion: PromotionId(7),
            name: Name { en: "5 off".to_owned(), zh_hans: "立减 5 元".to_owned() },
            kind: AdjustmentKind::Discount,
            amount: cny(500),
        }],
        card_valid_until: Timestamp::from_seconds(1_900_000_000),
        quoted_at: Timestamp::from_seconds(1_800_000_000),
    }
}

#[test]
fn a_sealed_quote_opens_to_the_same_quote_and_shows_no_card_number() {
    let keys = Keys::ephemeral().unwrap();
    let token = QuoteToken::seal(&keys, &quote());
    assert_eq!(QuoteToken::open(&keys, token.as_str()), Ok(quote()));
    let bytes = URL_SAFE_NO_PAD.decode(token.as_str()).unwrap();
    let number = quote().card.to_string();
    assert!(!bytes.windows(number.len()).any(|window| window == number.as_bytes()));
}

#[test]
fn one_changed_character_anywhere_makes_it_no_quote_of_ours() {
    let keys = Keys::ephemeral().unwrap();
    let token = QuoteToken::seal(&keys, &quote()).as_str().to_owned();
    for position in 0..token.len() - 1 {
        let mut changed = token.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(QuoteToken::open(&keys, &changed), Err(NotOurQuote), "{position}");
    }
    assert_eq!(QuoteToken::open(&Keys::ephemeral().unwrap(), &token), Err(NotOurQuote));
    assert_eq!(QuoteToken::open(&keys, ""), Err(NotOurQuote));
}
