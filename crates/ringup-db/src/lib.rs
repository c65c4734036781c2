//! Ringup db.
