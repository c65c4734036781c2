//! Ringup gateways.
