//! Lines of an acknowledgement file, which `ringup verify --acks` reads.

use ringup_db::verify::parse_ack;

use crate::bytes;
use crate::verdict::{Checked, Reached, same};
use crate::{Check, Target};

/// Acknowledgements.
pub const TARGET: Target = Target {
    name: "ack_line",
    claims: "an acknowledgement that is taken has four words that say what was read, and reads back",
    bytes_max: 160,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(line) = bytes::text(data) else { return Ok(Reached::Refused) };
    let Ok(ack) = parse_ack(line) else { return Ok(Reached::Refused) };
    let words: Vec<&str> = line.split_whitespace().collect();
    let [top_up, card, _, unit] = words.as_slice() else {
        return Err(crate::Broken(format!("{line:?} was taken with {} words", words.len())));
    };
    same("the top-up", &top_up.parse(), &Ok(ack.top_up))?;
    same("the card", &card.parse(), &Ok(ack.card))?;
    same("the unit", unit, &ack.amount.unit().code())?;
    let written = format!("{} {} {}", ack.top_up, ack.card, ack.amount);
    same("as it would be written", &parse_ack(&written), &Ok(ack))?;
    Ok(Reached::Accepted)
}
