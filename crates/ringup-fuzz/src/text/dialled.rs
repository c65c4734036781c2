//! Numbers to call, as people write them.

use ringup_core::plan::Dialled;

use crate::bytes;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Check, Target};

/// Numbers to call.
pub const TARGET: Target = Target {
    name: "dialled",
    claims: "a number that is taken has the digits that stand there, but for the way out of the country and a 0 in brackets, and reads back",
    bytes_max: 64,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let Ok(number) = Dialled::parse(text) else { return Ok(Reached::Refused) };
    let digits = number.as_str();
    holds((1..=15).contains(&digits.len()), || format!("{digits} has {} digits", digits.len()))?;
    holds(!digits.starts_with('0'), || format!("{digits} begins with 0"))?;
    let typed: String = text.chars().filter_map(plain).collect();
    let typed = typed.replace("(0)", "").replace(['(', ')'], "");
    let called = typed.strip_prefix('+').or_else(|| typed.strip_prefix("00"));
    same("the digits", &Some(digits), &called)?;
    same("its text", &Dialled::parse(&format!("+{digits}")), &Ok(number.clone()))?;
    same("from China", &Dialled::parse(&format!("00{digits}")), &Ok(number.clone()))?;
    holds(Dialled::is_meant(text), || format!("{text:?} is taken for a name"))?;
    Ok(Reached::Accepted)
}

/// Digits, the `+` and brackets; nothing of all else.
fn plain(c: char) -> Option<char> {
    let narrow = "０１２３４５６７８９＋（）".chars().zip("0123456789+()".chars()).find(|(wide, _)| *wide == c);
    let c = narrow.map_or(c, |(_, narrow)| narrow);
    (c.is_ascii_digit() || matches!(c, '+' | '(' | ')')).then_some(c)
}
