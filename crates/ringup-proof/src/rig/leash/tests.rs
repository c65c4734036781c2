use std::process::Command;

use super::Leash;

#[test]
fn a_process_ends_when_whoever_started_it_ends_without_a_word() {
    let mut leash = Leash::start(Command::new("sh").args(["-c", "sleep 600 & wait"])).unwrap();
    // What the kernel does when we are killed.
    drop(leash._line.take());
    assert!(!leash.wait().unwrap().success(), "it was killed");
}
