//! What must hold for any input whatsoever: the properties that the fuzzer tries to break.
//!
//! A [`Target`] reads bytes as the house would read them from outside and says how far it got, or what is broken. The
//! program below `fuzz/` feeds it what libFuzzer makes up; the tests of this crate feed it the inputs that are kept below
//! `fuzz/corpus`, and small changes of them. Nothing here depends on the fuzzer.
//!
//! A property never asks the code that it examines whether it was right: what was signed, counted or decoded is worked out
//! here once more, by the plainest means.

mod bytes;
mod cursor;
mod edit;
mod file;
mod house;
mod notification;
mod outside;
mod planted;
mod sealed;
mod text;
mod verdict;
mod voice;
mod web;

pub use verdict::{Broken, Checked, Reached};

/// Something that takes any bytes, again and again.
pub trait Check {
    /// Looks at one input.
    ///
    /// # Errors
    /// [`Broken`] when a property does not hold.
    fn check(&mut self, data: &[u8]) -> Checked;
}

impl<F: FnMut(&[u8]) -> Checked> Check for F {
    fn check(&mut self, data: &[u8]) -> Checked {
        self(data)
    }
}

/// A place where bytes come in, with what must hold there.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, and that of its folder below `fuzz/corpus`.
    pub name: &'static str,
    /// What it claims, for people.
    pub claims: &'static str,
    /// The longest input that is worth a try, in bytes.
    pub bytes_max: usize,
    /// Makes keys, and a house with its database, where it needs them.
    pub prepare: fn() -> Result<Box<dyn Check>, Broken>,
}

/// Every target, the quick ones first.
pub const TARGETS: &[Target] = &[
    text::amount::TARGET,
    text::card_number::TARGET,
    text::dialled::TARGET,
    text::id::TARGET,
    text::top_up_code::TARGET,
    text::ack_line::TARGET,
    text::key_and_pin::TARGET,
    text::place::TARGET,
    sealed::quote::TARGET,
    sealed::pass::TARGET,
    sealed::receipt::TARGET,
    notification::alipay::FORGED,
    notification::alipay::TOLD,
    notification::wechat_pay::FORGED,
    notification::wechat_pay::TOLD,
    notification::wechat_pay::HEADERS,
    file::catalogue::TARGET,
    file::import::TARGET,
    web::cursor::TARGET,
    web::quote::TARGET,
    web::router::TARGET,
];

/// A target with a fault put into it, which the fuzzer must find: what cannot fail proves nothing.
pub const PLANTED: Target = planted::TARGET;

/// The target of this name, the planted one among them.
#[must_use]
pub fn find(name: &str) -> Option<Target> {
    TARGETS.iter().chain([&PLANTED]).copied().find(|target| target.name == name)
}
