use super::*;
use crate::money::Unit;

#[test]
fn only_what_must_never_happen_is_ours_to_answer_for() {
    let broken = Refusal::from(AmountError::TooLarge);
    assert_eq!(broken, Refusal::Inconsistent(Inconsistency::Amount(AmountError::TooLarge)));
    assert_eq!((broken.kind(), broken.code()), (RefusalKind::Inconsistent, "inconsistent"));
    let refused = Refusal::Quote(QuoteRefusal::CardClosed);
    assert_eq!((refused.kind(), refused.code()), (RefusalKind::Refused, "card_closed"));
}

/// Programs and locales know them: a code that changes is another contract.
#[test]
fn each_refusal_of_a_quote_has_its_code() {
    let balance_max = crate::money::Amount::zero(Unit::Cny);
    for (refusal, code) in [
        (QuoteRefusal::CardNotActive, "card_not_active"),
        (QuoteRefusal::CardSuspended, "card_suspended"),
        (QuoteRefusal::CardExpired, "card_expired"),
        (QuoteRefusal::CardClosed, "card_closed"),
        (QuoteRefusal::WrongUnit(Unit::Cny), "wrong_unit"),
        (QuoteRefusal::AmountNotOffered, "amount_not_offered"),
        (QuoteRefusal::BalanceTooHigh { balance_max }, "balance_too_high"),
        (QuoteRefusal::Amount(AmountError::TooLarge), "amount_too_large"),
    ] {
        assert_eq!(refusal.code(), code);
    }
}
