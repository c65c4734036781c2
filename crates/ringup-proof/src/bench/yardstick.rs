//! What the machine gives in the same minute: the disk by itself, and PostgreSQL as most people would use it.

mod disk;
mod pgbench;

pub use disk::measure as measure_disk;
pub use pgbench::measure as measure_pgbench;
