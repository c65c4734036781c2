//! Amounts, as people type them and as machines write them.

use ringup_core::money::{Amount, Language, MINOR_MAX, Unit};

use crate::bytes;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Broken, Check, Target};

/// Amounts.
pub const TARGET: Target = Target {
    name: "amount",
    claims: "what is read as an amount is the figure that stands there, no other unit's, and reads back from every form",
    bytes_max: 128,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let mut reached = Reached::Refused;
    for unit in Unit::ALL {
        if let Ok(amount) = Amount::parse(text, unit) {
            same("the unit", &amount.unit(), &unit)?;
            is_what_stands_there(text, amount)?;
            reads_back(amount)?;
            names_no_other_unit(text, unit)?;
            reached = Reached::Accepted;
        }
    }
    if let Ok(amount) = text.parse::<Amount>() {
        is_what_stands_there(text, amount)?;
        reads_back(amount)?;
        reached = Reached::Accepted;
    }
    Ok(reached)
}

fn reads_back(amount: Amount) -> Result<(), Broken> {
    holds(amount.minor() <= MINOR_MAX, || format!("{amount} is above the largest amount"))?;
    same("minor units, signed", &u64::try_from(amount.minor_signed()), &Ok(amount.minor()))?;
    same("its full text", &amount.to_string().parse(), &Ok(amount))?;
    same("its figure", &Amount::parse(&amount.to_decimal(), amount.unit()), &Ok(amount))?;
    if amount.unit() != Unit::Sec {
        for language in [Language::En, Language::ZhHans] {
            same("its text on a page", &Amount::parse(&amount.to_text(language), amount.unit()), &Ok(amount))?;
        }
    }
    Ok(())
}

/// The digits of the text, and its point, say the same number: none was dropped, moved or made up.
fn is_what_stands_there(text: &str, amount: Amount) -> Result<(), Broken> {
    let figure: String = text.chars().filter_map(digit_or_point).collect();
    same("the figure", &plain(&amount.to_decimal()), &plain(&figure))
}

fn digit_or_point(c: char) -> Option<char> {
    match c {
        '0'..='9' | '.' => Some(c),
        '．' | '。' => Some('.'),
        '０'..='９' => {
            "０１２３４５６７８９".chars().zip('0'..='9').find(|(wide, _)| *wide == c).map(|(_, digit)| digit)
        }
        _ => None,
    }
}

/// A figure without the zeros that say nothing.
fn plain(figure: &str) -> String {
    let (whole, decimals) = figure.split_once('.').unwrap_or((figure, ""));
    format!("{}.{}", whole.trim_start_matches('0'), decimals.trim_end_matches('0'))
}

fn names_no_other_unit(text: &str, unit: Unit) -> Result<(), Broken> {
    let other = Unit::ALL.into_iter().find(|other| *other != unit && text.contains(other.code()));
    holds(other.is_none(), || format!("{text:?} was read as {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_figure_than_what_stands_there_would_be_seen() {
        let cny = |minor| Amount::new(minor, Unit::Cny).unwrap();
        assert_eq!(is_what_stands_there(" ￥０１,０00.５0 元", cny(100_050)), Ok(()));
        assert!(is_what_stands_there("1,000.50", cny(100_005)).is_err());
        assert!(is_what_stands_there("1000", cny(10_000)).is_err());
        assert!(names_no_other_unit("100 USD", Unit::Cny).is_err());
    }
}
