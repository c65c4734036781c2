//! A fault put here on purpose, six comparisons deep: a fuzzer that cannot find it finds nothing else either.

use crate::verdict::{Broken, Checked, Reached};
use crate::{Check, Target};

/// The fault.
pub const TARGET: Target = Target {
    name: "planted",
    claims: "is wrong on purpose: the fuzzer must say so",
    bytes_max: 64,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

// Byte by byte, as a parser looks: chance alone would need 2^48 tries, and one that sees which comparison was passed some
// thousands.
fn check(data: &[u8]) -> Checked {
    let mut bytes = data.iter();
    for wanted in b"ringup" {
        if bytes.next() != Some(wanted) {
            return Ok(Reached::Refused);
        }
    }
    Err(Broken("the planted fault was found".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_planted_fault_is_there() {
        assert_eq!(check(b"ringuq"), Ok(Reached::Refused));
        assert!(check(b"ringup!").is_err());
    }
}
