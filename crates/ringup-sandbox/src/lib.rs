//! Ringup sandbox.
