//! The codes that open a top-up's page.

use ringup_core::top_up::TopUpCode;

use crate::bytes;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Check, Target};

/// Receipt codes.
pub const TARGET: Target = Target {
    name: "top_up_code",
    claims: "a code that is taken says what was typed, but for spaces, hyphens, O, I and L, and reads back",
    bytes_max: 96,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let Ok(code) = text.parse::<TopUpCode>() else { return Ok(Reached::Refused) };
    let written = code.to_string();
    let meant: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c {
            'o' | 'O' => '0',
            'i' | 'I' | 'l' | 'L' => '1',
            other => other.to_ascii_uppercase(),
        })
        .collect();
    same("the code", &written, &meant)?;
    same("its text", &written.parse(), &Ok(code))?;
    same("as a receipt prints it", &code.grouped().parse(), &Ok(code))?;
    same("its bits", &TopUpCode::from_bytes(*code.as_bytes()), &code)?;
    let shown = format!("{code:?}");
    holds(!shown.contains(&written), || "a log would open a receipt".to_owned())?;
    Ok(Reached::Accepted)
}
