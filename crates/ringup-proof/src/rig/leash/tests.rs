use std::path::Path;
use std::time::Duration;

use super::*;
use crate::rig::outside;

fn is_gone_soon(pid: u32) -> bool {
    let begun = outside::now();
    // A zombie that nobody has waited for still has a folder; a killed process of another parent has none.
    while Path::new(&format!("/proc/{pid}/exe")).exists() && fs::read_link(format!("/proc/{pid}/exe")).is_ok() {
        if begun.elapsed() > Duration::from_secs(20) {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

#[test]
fn a_process_ends_with_its_leash() {
    let leash = Leash::start(Command::new("sleep").arg("600")).unwrap();
    let pid = leash.pid();
    drop(leash);
    assert!(is_gone_soon(pid));
}

#[test]
fn a_process_ends_also_when_nobody_dropped_its_leash() {
    let mut leash = Leash::start(Command::new("sleep").arg("600")).unwrap();
    // As the kernel does when the holder is killed.
    drop(leash.line.take());
    assert!(is_gone_soon(leash.pid()));
}
