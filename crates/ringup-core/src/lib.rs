//! Ringup core.
