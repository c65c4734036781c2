//! Ringup: pages, JSON API, command line and wiring.

pub mod cli;
pub mod config;
pub mod demo;
pub mod open;
pub mod serve;
pub mod web;
