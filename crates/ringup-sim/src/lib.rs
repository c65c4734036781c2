//! Whole worlds in one thread from one seed.
//!
//! What decides in these worlds is Ringup's own: `ringup_core::apply` decides commands, `ringup_core::batch` what becomes of a
//! batch, `ringup_core::job` what a job does next, `ringup_core::id::Mint` makes the ids. What is around them is played: the
//! store, the providers, the clients, the clocks, and everything that goes wrong. The auditor has a model of his own, counts
//! whole numbers, and says after every batch what each card must hold.
//!
//! [`world::run`] runs the world of a seed. Equal seeds run equal worlds. See `docs/simulator.md`.

pub mod auditor;
pub mod chance;
mod client;
pub mod fault;
pub mod many;
mod nature;
mod notify;
mod provider;
pub mod sabotage;
mod server;
mod sim;
mod store;
mod task;
pub mod trace;
pub mod world;
