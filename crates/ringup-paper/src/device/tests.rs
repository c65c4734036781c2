use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::printer::Printer;
use crate::status::{State, Trouble};

/// A file like a device: what is written to it can be read again, and a read waits for something to come.
fn device_file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lp0");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    (folder, path)
}

#[test]
fn a_device_that_does_not_answer_is_unknown_and_is_not_waited_for_for_ever() {
    let (_folder, path) = device_file();
    let mut printer = Printer::new(Device::open(&path, Duration::from_millis(20)).unwrap());
    assert_eq!(printer.state(), Err(Trouble::Unknown));
}

#[test]
fn a_read_of_nothing_ends_in_time() {
    let (_folder, path) = device_file();
    let mut device = Device::open(&path, Duration::from_millis(20)).unwrap();
    assert_eq!(device.read(&mut [0]).unwrap_err().kind(), ErrorKind::TimedOut);
}

#[test]
fn what_a_device_answers_is_heard() {
    let (_folder, path) = device_file();
    let mut printer = Printer::new(Device::open(&path, Duration::from_secs(10)).unwrap());
    let mut other_end = fs::OpenOptions::new().write(true).open(&path).unwrap();
    other_end.write_all(&[0x12, 0x12, 0x12, 0x1e]).unwrap();
    assert_eq!(printer.state(), Ok(State { near_end: true, ..State::default() }));
}

#[test]
fn a_device_that_is_not_there_is_an_error() {
    assert!(Device::open(Path::new("no/such/device"), Duration::from_millis(20)).is_err());
}
