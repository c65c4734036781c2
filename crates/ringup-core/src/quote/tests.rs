use super::*;
use crate::apply::tests::support::*;
use crate::card::CardState;
use crate::ledger::ChainHead;
use crate::money::Unit;

fn card() -> Card {
    Card {
        number: CardNumber::with_check_digit(866_100_000_000_001).unwrap(),
        product: ProductId(1),
        batch: crate::id::BatchId::from_u64(1),
        state: CardState::Active,
        expires_at: Some(START.plus(Span::days(100))),
        main: None,
        last_credit: None,
        chain: ChainHead::EMPTY,
        version: 1,
    }
}

/// A quote for this card, which holds 20.00.
fn quote(card: &Card, promotions: &[Promotion], amount: &str, now: Timestamp) -> Result<Quote, QuoteRefusal> {
    let product = product();
    let made_for = QuoteFor { card, product: &product, balance: money("20.00 CNY"), promotions };
    Quote::make(made_for, money(amount), now)
}

/// What is paid, and the bonus.
fn pays(promotions: &[Promotion], amount: &str) -> (Amount, Option<Amount>) {
    let quote = quote(&card(), promotions, amount, START).unwrap();
    assert_eq!(quote.card_gets, money(amount));
    (quote.you_pay, quote.bonus.map(|bonus| bonus.amount))
}

#[test]
fn without_promotions_what_is_paid_is_what_the_card_gets() {
    assert_eq!(pays(&[], "100.00 CNY"), (money("100.00 CNY"), None));
    assert_eq!(quote(&card(), &[], "100.00 CNY", START).unwrap().adjustments, []);
}

#[test]
fn each_difference_is_explained() {
    let quote = quote(&card(), &summer(), "100.00 CNY", START).unwrap();
    assert_eq!((quote.you_pay, quote.card_gets), (money("95.00 CNY"), money("100.00 CNY")));
    let explained: Vec<String> = quote
        .adjustments
        .iter()
        .map(|adjustment| format!("{} {} {}", adjustment.name.en, adjustment.kind, adjustment.amount))
        .collect();
    assert_eq!(explained, ["Summer discount 5.00 CNY", "Summer bonus 10.00 CNY"]);
}

#[test]
fn a_card_that_cannot_be_topped_up_is_refused_by_its_reason() {
    let grace_over = START.plus(Span::days(130));
    for (state, now, refusal) in [
        (CardState::Generated, START, QuoteRefusal::CardNotActive),
        (CardState::InStock, START, QuoteRefusal::CardNotActive),
        (CardState::Suspended, START, QuoteRefusal::CardSuspended),
        (CardState::Active, grace_over, QuoteRefusal::CardExpired),
        (CardState::Closed, START, QuoteRefusal::CardClosed),
        // Staff's decision comes before the date.
        (CardState::Suspended, grace_over, QuoteRefusal::CardSuspended),
        (CardState::Closed, grace_over, QuoteRefusal::CardClosed),
    ] {
        let card = Card { state, ..card() };
        assert_eq!(quote(&card, &[], "50.00 CNY", now), Err(refusal), "{state}");
    }
}

#[test]
fn a_card_is_good_until_its_date_and_alive_until_its_grace_is_over() {
    let last = |days: i64| START.plus(Span::micros(Span::days(days).as_micros() - 1));
    let (product, card) = (product(), card());
    assert_eq!(card.standing(&product, last(100)), Standing::Good);
    let grace_until = START.plus(Span::days(130));
    assert_eq!(card.standing(&product, START.plus(Span::days(100))), Standing::Expired { grace_until });
    assert!(quote(&card, &[], "50.00 CNY", last(130)).is_ok());
    assert_eq!(card.standing(&product, grace_until), Standing::Dead);
}

#[test]
fn an_amount_that_is_not_sold_is_refused_by_its_reason() {
    let balance_max = money("2000.00 CNY");
    for (amount, refusal) in [
        ("50.00 USD", QuoteRefusal::WrongUnit(Unit::Cny)),
        ("600 SEC", QuoteRefusal::WrongUnit(Unit::Cny)),
        ("0.00 CNY", QuoteRefusal::AmountNotOffered),
        ("0.99 CNY", QuoteRefusal::AmountNotOffered),
        ("1000.01 CNY", QuoteRefusal::AmountNotOffered),
    ] {
        assert_eq!(quote(&card(), &[], amount, START), Err(refusal), "{amount}");
    }
    let (product, card) = (product(), card());
    let made_for =
        |balance: &str| QuoteFor { card: &card, product: &product, balance: money(balance), promotions: &[] };
    assert!(Quote::make(made_for("1000.00 CNY"), money("1000.00 CNY"), START).is_ok());
    let too_high = Quote::make(made_for("1000.01 CNY"), money("1000.00 CNY"), START);
    assert_eq!(too_high, Err(QuoteRefusal::BalanceTooHigh { balance_max }));
}

#[test]
fn only_the_tiles_are_sold_when_there_are_no_other_amounts() {
    let product = Product { other_amounts: None, ..product() };
    for (amount, is_sold) in [("50.00 CNY", true), ("50.01 CNY", false), ("51.00 CNY", false)] {
        assert_eq!(product.offers(money(amount)), is_sold, "{amount}");
    }
}

#[test]
fn of_several_discounts_the_largest_applies_and_they_do_not_add_up() {
    let promotions = [off("5.00 CNY"), promotion(7, Gift::Discount(money("8.00 CNY"))), off("3.00 CNY")];
    assert_eq!(pays(&promotions, "100.00 CNY"), (money("92.00 CNY"), None));
}

#[test]
fn of_equal_promotions_the_older_one_applies() {
    let give = |id| promotion(id, Gift::Discount(money("5.00 CNY")));
    let quote = quote(&card(), &[give(9), give(4), give(6)], "100.00 CNY", START).unwrap();
    assert_eq!(quote.adjustments[0].promotion, PromotionId(4));
}

#[test]
fn of_several_bonuses_the_largest_of_the_first_ones_unit_applies() {
    let seconds = |id, amount: &str| promotion(id, Gift::Bonus { amount: money(amount), lasts: Span::days(7) });
    let promotions = [seconds(1, "60 SEC"), bonus("10.00 CNY"), seconds(3, "600 SEC")];
    assert_eq!(pays(&promotions, "100.00 CNY").1, Some(money("600 SEC")));
    assert_eq!(pays(&promotions[1..], "100.00 CNY").1, Some(money("10.00 CNY")));
}

#[test]
fn something_is_always_paid() {
    assert_eq!(pays(&[off("500.00 CNY")], "100.00 CNY").0, money("0.01 CNY"));
    assert_eq!(pays(&[off("100.00 CNY")], "100.00 CNY").0, money("0.01 CNY"));
    assert_eq!(pays(&[off("99.99 CNY")], "100.00 CNY").0, money("0.01 CNY"));
}

#[test]
fn a_promotion_counts_from_its_amount_on_and_for_its_product_only() {
    let five = [off("5.00 CNY")];
    assert_eq!(pays(&five, "99.99 CNY").0, money("99.99 CNY"));
    assert_eq!(pays(&five, "100.00 CNY").0, money("95.00 CNY"));
    let other_product = [Promotion { product: ProductId(2), ..off("5.00 CNY") }];
    assert_eq!(pays(&other_product, "100.00 CNY").0, money("100.00 CNY"));
    let other_unit = [Promotion { spend_at_least: money("1.00 USD"), ..off("5.00 CNY") }];
    assert_eq!(pays(&other_unit, "100.00 CNY").0, money("100.00 CNY"));
}

#[test]
fn a_promotion_begins_at_its_first_moment_and_is_over_at_its_last() {
    let tick = Span::micros(1);
    let (starts_at, ends_at) = (START, START.plus(Span::days(1)));
    let promotions = [Promotion { starts_at, ends_at, ..off("5.00 CNY") }];
    for (now, paid) in [
        (starts_at.minus(tick), "100.00 CNY"),
        (starts_at, "95.00 CNY"),
        (ends_at.minus(tick), "95.00 CNY"),
        (ends_at, "100.00 CNY"),
    ] {
        assert_eq!(quote(&card(), &promotions, "100.00 CNY", now).unwrap().you_pay, money(paid), "{now}");
    }
}

#[test]
fn a_top_up_adds_the_products_days_and_never_takes_any() {
    let until = |expires_at: Option<Timestamp>| {
        let card = Card { expires_at, ..card() };
        quote(&card, &[], "50.00 CNY", START).unwrap().card_valid_until
    };
    let extended = START.plus(Span::days(180));
    assert_eq!(until(Some(START.plus(Span::days(10)))), extended);
    assert_eq!(until(None), extended);
    let far = START.plus(Span::days(300));
    assert_eq!(until(Some(far)), far);
}

#[test]
fn a_promise_is_kept_for_a_day_and_without_promotions_for_ever() {
    let plain = quote(&card(), &[], "100.00 CNY", START).unwrap();
    let promised = quote(&card(), &summer(), "100.00 CNY", START).unwrap();
    assert_eq!(promised.valid_until(), START.plus(Span::minutes(15)));
    let a_day = START.plus(HONOURED_FOR);
    assert!(promised.is_honoured_at(a_day.minus(Span::micros(1))));
    assert!(!promised.is_honoured_at(a_day));
    assert!(plain.is_honoured_at(START.plus(Span::days(3_650))));
}

/// What notes would give this card.
fn notes(card: &Card, balance: &str, promotions: &[Promotion], put_in: &str) -> Quote {
    let product = product();
    let made_for = QuoteFor { card, product: &product, balance: money(balance), promotions };
    Quote::of_notes(made_for, money(put_in), START).unwrap()
}

#[test]
fn notes_of_any_sum_are_credited_and_a_discount_comes_on_top() {
    let odd = notes(&card(), "0.00 CNY", &summer(), "35.00 CNY");
    assert_eq!((odd.you_pay, odd.card_gets, odd.bonus), (money("35.00 CNY"), money("35.00 CNY"), None));
    let quote = notes(&card(), "0.00 CNY", &summer(), "100.00 CNY");
    assert_eq!((quote.you_pay, quote.card_gets), (money("100.00 CNY"), money("105.00 CNY")));
    assert_eq!(quote.adjustments.len(), 2, "and both differences are explained");
}

#[test]
fn a_discount_on_notes_is_cut_to_what_the_card_may_hold() {
    let most = product().balance_max;
    let room = |minor: u64| most.minus(Amount::new(minor, Unit::Cny).unwrap()).unwrap().to_string();
    assert_eq!(notes(&card(), &room(10_300), &summer(), "100.00 CNY").card_gets, money("103.00 CNY"));
    let full = notes(&card(), &room(10_000), &summer(), "100.00 CNY");
    assert_eq!((full.card_gets, full.adjustments.len()), (money("100.00 CNY"), 1));
    assert_eq!(notes(&card(), &room(5_000), &summer(), "100.00 CNY").card_gets, money("100.00 CNY"));
}

#[test]
fn notes_are_quoted_without_promotions_for_a_card_that_cannot_be_topped_up() {
    let suspended = Card { state: CardState::Suspended, ..card() };
    let quote = notes(&suspended, "0.00 CNY", &summer(), "100.00 CNY");
    assert_eq!((quote.card_gets, quote.bonus, quote.adjustments), (money("100.00 CNY"), None, Vec::new()));
}
