use std::fs::OpenOptions;
use std::io::{Read, Write};

use super::*;

/// Sends bytes to a validator and reads so many back.
fn exchange(validator: &ValidatorSandbox, bytes: &[u8], length: usize) -> Vec<u8> {
    let mut port = OpenOptions::new().read(true).write(true).open(validator.path()).unwrap();
    port.write_all(bytes).unwrap();
    let mut answer = vec![0; length];
    port.read_exact(&mut answer).unwrap();
    answer
}

#[test]
fn ssp_answers_as_the_manual_shows() {
    let validator = start_validator(ValidatorProtocol::Ssp).unwrap();
    let ok = [0x7F, 0x80, 0x01, 0xF0, 0x23, 0x80];
    assert_eq!(exchange(&validator, &[0x7F, 0x80, 0x01, 0x11, 0x65, 0x82], 6), ok); // SYNC
    assert_eq!(exchange(&validator, &[0x7F, 0x80, 0x02, 0x06, 0x08, 0x03, 0x94], 6), ok); // HOST PROTOCOL VERSION 8
    // The same bit again: the answer is repeated and the command, DISABLE, not obeyed.
    validator.device().machine.is_enabled = true;
    assert_eq!(exchange(&validator, &[0x7F, 0x80, 0x01, 0x09, 0x35, 0x82], 6), ok);
    assert!(validator.device().machine.is_enabled);
}

#[test]
fn cctalk_echoes_and_answers() {
    let validator = start_validator(ValidatorProtocol::Cctalk).unwrap();
    let simple_poll = [40, 0, 1, 254, 217];
    assert_eq!(exchange(&validator, &simple_poll, 10), [40, 0, 1, 254, 217, 1, 0, 40, 0, 215]);
    let bill_id = [40, 1, 1, 157, 5, 52];
    let answer = exchange(&validator, &bill_id, 18);
    assert_eq!(answer.get(10..17), Some(b"CN0100A".as_slice()));
}

#[test]
fn a_note_is_in_one_place_only() {
    let mut machine = Machine { is_enabled: true, allowed: 0xFFFF, ..Machine::default() };
    machine.insert(100);
    machine.insert(50);
    machine.step();
    assert!(machine.take());
    while machine.cash_box.is_empty() {
        machine.step();
    }
    assert!(machine.give_back());
    while machine.given_back.is_empty() {
        machine.step();
    }
    assert_eq!((machine.cash_box.as_slice(), machine.given_back.as_slice()), ([100].as_slice(), [50].as_slice()));
    assert!(machine.is_empty());
}
