//! Card numbers.

use ringup_core::card::CardNumber;

use crate::bytes;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Broken, Check, Target};

/// Card numbers.
pub const TARGET: Target = Target {
    name: "card_number",
    claims: "a number that is taken has its own digits and Luhn's check digit, reads back, and with one digit changed is refused",
    bytes_max: 64,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let Ok(number) = text.parse::<CardNumber>() else { return Ok(Reached::Refused) };
    let digits = number.to_string();
    let typed: String = text.chars().filter_map(digit).collect();
    same("the digits", &digits, &typed)?;
    holds((10..=18).contains(&digits.len()), || format!("{digits} has {} digits", digits.len()))?;
    holds(passes_luhn(&digits), || format!("{digits} does not pass Luhn's test"))?;
    same("its text", &digits.parse(), &Ok(number))?;
    same("as it is printed", &number.grouped().parse(), &Ok(number))?;
    same("as a column keeps it", &CardNumber::from_u64(number.as_u64()), &Ok(number))?;
    same("made from its payload", &CardNumber::with_check_digit(number.as_u64() / 10), &Ok(number))?;
    holds(digits.ends_with(&number.last_four()), || format!("{} are not its last four", number.last_four()))?;
    let shown = format!("{number:?}");
    holds(!shown.contains(&digits), || "a log would hold the whole number".to_owned())?;
    one_wrong_digit_is_refused(&digits)?;
    Ok(Reached::Accepted)
}

fn one_wrong_digit_is_refused(digits: &str) -> Result<(), Broken> {
    for at in 0..digits.len() {
        for other in b'0'..=b'9' {
            let mut wrong = digits.as_bytes().to_vec();
            let Some(place) = wrong.get_mut(at).filter(|place| **place != other) else { continue };
            *place = other;
            let wrong = String::from_utf8_lossy(&wrong).into_owned();
            holds(wrong.parse::<CardNumber>().is_err(), || format!("{wrong} was taken as well as {digits}"))?;
        }
    }
    Ok(())
}

fn digit(c: char) -> Option<char> {
    match c {
        '０'..='９' => {
            "０１２３４５６７８９".chars().zip('0'..='9').find(|(wide, _)| *wide == c).map(|(_, digit)| digit)
        }
        _ => c.is_ascii_digit().then_some(c),
    }
}

/// From the right, each second digit doubled, and of two digits their sum.
fn passes_luhn(digits: &str) -> bool {
    let values = digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
    let sum: u32 = values
        .map(|(position, value)| match (position % 2, value * 2) {
            (0, _) => value,
            (_, doubled) => doubled / 10 + doubled % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhns_test_is_the_one_of_the_standard() {
        // The example of ISO/IEC 7812-1, annex B.
        assert!(passes_luhn("49927398716"));
        assert!(!passes_luhn("49927398717"));
        assert_eq!(check("４9-927 398716".as_bytes()), Ok(Reached::Accepted));
    }
}
