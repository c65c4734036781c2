//! Ringup engine.
