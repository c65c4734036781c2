//! Ringup: pages, JSON API, command line and wiring.

pub mod web;
