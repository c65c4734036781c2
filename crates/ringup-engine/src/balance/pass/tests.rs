use ringup_core::time::Span;

use super::*;

#[test]
fn a_pass_opens_one_card_until_its_time_is_over_and_cannot_be_changed() {
    let keys = Keys::ephemeral().unwrap();
    let now = Timestamp::from_seconds(1_800_000_000);
    let pass = CardPass {
        card: CardNumber::with_check_digit(622_588_000_000_001).unwrap(),
        until: now.plus(Span::minutes(10)),
    };
    let sealed = pass.seal(&keys);
    assert_eq!(CardPass::open(&keys, &sealed, now), Some(pass));
    assert_eq!(CardPass::open(&keys, &sealed, now.plus(Span::minutes(10))), None);
    assert_eq!(CardPass::open(&Keys::ephemeral().unwrap(), &sealed, now), None);
    for position in 0..sealed.len() - 1 {
        let mut changed = sealed.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        assert_eq!(CardPass::open(&keys, &String::from_utf8(changed).unwrap(), now), None, "{position}");
    }
}
