//! Ringup: pages, JSON API, command line and wiring.

pub mod config;
pub mod open;
pub mod web;
pub mod serve;
pub mod demo;
pub mod cli;
