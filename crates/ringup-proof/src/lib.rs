//! The instruments that show what Ringup's promise is worth: `bench` measures, `torture` breaks things on purpose.
//!
//! They stand outside the house, like the sandbox: they start the real program, knock at the doors that users use, and
//! believe nothing but what `ringup verify` finds afterwards. `cargo xtask bench` and `cargo xtask torture` build what they
//! need and run them.

pub mod bench;
pub mod rig;
pub mod torture;
