use ringup_sandbox::{ValidatorProtocol, start_validator};

use super::*;

#[test]
fn a_line_belongs_to_one_program_until_that_ends() {
    let validator = start_validator(ValidatorProtocol::Ssp).unwrap();
    let first = Line::open(validator.path(), StopBits::Two).unwrap();
    let second = Line::open(validator.path(), StopBits::Two).unwrap_err();
    assert_eq!(second.kind(), ErrorKind::ResourceBusy);
    assert_eq!(second.to_string(), "another program speaks on this line");
    drop(first);
    Line::open(validator.path(), StopBits::Two).unwrap();
}
