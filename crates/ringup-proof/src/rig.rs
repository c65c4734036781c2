//! What both instruments stand on: an issuer's folder, the real server in a process of its own, providers' notifications.

pub mod acks;
pub mod audit;
pub mod client;
pub mod dice;
pub mod disk;
pub mod failure;
pub mod issuer;
pub mod leash;
pub mod outside;
pub mod postgres;
pub mod provider;
pub mod server;
pub mod strace;
pub mod verdict;
