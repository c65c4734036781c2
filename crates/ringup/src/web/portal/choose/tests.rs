use ringup_core::money::{Amount, Unit};

use super::{Choice, refused};
use crate::web::i18n::{Locale, Words};
use crate::web::view::{Page, Problems, Theme};
use ringup_core::quote::QuoteRefusal;

fn page() -> Page {
    Page { words: Words::of(Locale::En), theme: Theme::Auto, here: "/".to_owned() }
}

fn choice(card: &str, amount: &str, other: &str) -> Choice {
    Choice { card: card.to_owned(), amount: amount.to_owned(), other: other.to_owned() }
}

fn problem_of(choice: &Choice) -> Option<(&'static str, String)> {
    let mut problems = Problems::none();
    choice.amount(&mut problems, &page(), Unit::Cny);
    problems.iter().next().map(|problem| (problem.field, problem.message.clone()))
}

#[test]
fn every_unusable_amount_is_answered_at_its_field() {
    let check = |amount, other, field, words: &str| {
        let (at, message) = problem_of(&choice("", amount, other)).unwrap();
        assert_eq!(at, field, "{amount:?} {other:?}");
        assert!(message.contains(words), "{message}");
    };
    check("", "", "amount", "choose an amount");
    check("", "0", "other", "above zero");
    check("", "-5", "other", "above zero");
    check("", "1.005", "other", "two decimals");
    check("", "50 USD", "other", "CNY");
    check("", "fifty", "other", "in figures");
    check("", "99999999999999999999", "other", "not offered");
    check("100.00", "50", "other", "either");
}

#[test]
fn a_tile_and_the_same_amount_typed_are_one_choice() {
    let mut problems = Problems::none();
    let chosen = choice("", "50.00", " 50 ").amount(&mut problems, &page(), Unit::Cny);
    assert_eq!(chosen, Some((Amount::new(5_000, Unit::Cny).unwrap(), "other")));
    assert!(problems.is_empty());
}

#[test]
fn every_unusable_card_number_is_answered_at_its_field() {
    let check = |card, words: &str| {
        let mut problems = Problems::none();
        assert_eq!(choice(card, "", "").card(&mut problems, &page()), None);
        assert!(problems.at("card").unwrap().contains(words), "{card:?}");
    };
    check("", "type the card number");
    check("1234", "too short or too long");
    check("6225 88O5", "digits only");
    check("6225 8843 1022 9426", "typing error");
}

#[test]
fn a_refusal_stands_where_it_can_be_mended() {
    let check = |refusal, field| {
        let mut problems = Problems::none();
        refused(&mut problems, &page(), "other", refusal);
        assert!(problems.at(field).is_some(), "{refusal}");
    };
    let balance_max = Amount::new(100_000, Unit::Cny).unwrap();
    check(QuoteRefusal::CardNotActive, "card");
    check(QuoteRefusal::CardSuspended, "card");
    check(QuoteRefusal::CardExpired, "card");
    check(QuoteRefusal::CardClosed, "card");
    check(QuoteRefusal::WrongUnit(Unit::Usd), "other");
    check(QuoteRefusal::AmountNotOffered, "other");
    check(QuoteRefusal::BalanceTooHigh { balance_max }, "other");
}
