//! Feeds one of Ringup's fuzz targets, which the environment names, with what libFuzzer makes up.
//!
//! One program for all of them: it is linked once, and `cargo xtask fuzz` knows how to start it. Asked for `list`, it names
//! them, each with the longest input that is worth a try.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use ringup_fuzz::{Check, PLANTED, TARGETS};

/// Names the target.
const TARGET: &str = "RINGUP_FUZZ_TARGET";

thread_local! {
    // libFuzzer calls from one thread only. Never dropped: at the end of the process there is no runtime left to do it.
    static CHECK: RefCell<Option<&'static mut dyn Check>> = const { RefCell::new(None) };
}

fn prepare() {
    let name = std::env::var(TARGET).unwrap_or_default();
    if name == "list" {
        for target in TARGETS.iter().chain([&PLANTED]) {
            println!("{} {}", target.name, target.bytes_max);
        }
        std::process::exit(0);
    }
    let target = ringup_fuzz::find(&name).unwrap_or_else(|| panic!("{TARGET} names no target: {name:?}"));
    let check = (target.prepare)().expect("the target can be prepared");
    CHECK.set(Some(Box::leak(check)));
}

fuzz_target!(init: prepare(), |data: &[u8]| {
    let verdict = CHECK.with_borrow_mut(|check| check.as_mut().expect("it was prepared").check(data));
    if let Err(broken) = verdict {
        panic!("{broken}");
    }
});
