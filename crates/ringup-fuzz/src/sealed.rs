//! What travels through a browser and comes back: sealed or signed, so that only what we made is taken.

pub mod pass;
pub mod quote;
pub mod receipt;

use crate::Broken;
use crate::edit::edited;
use crate::verdict::holds;

/// Texts that were made up, and the genuine one with changes: none of them may be taken. Answers the changed one.
fn nothing_else_is_taken(genuine: &str, data: &[u8], is_taken: impl Fn(&str) -> bool) -> Result<(), Broken> {
    let made_up = String::from_utf8_lossy(data);
    let changed = String::from_utf8_lossy(&edited(genuine.as_bytes(), data)).into_owned();
    for text in [made_up.as_ref(), changed.as_str()] {
        holds(text == genuine || !is_taken(text), || format!("{text:?} was taken in place of {genuine:?}"))?;
    }
    holds(is_taken(genuine), || format!("the genuine {genuine:?} was not taken"))
}
