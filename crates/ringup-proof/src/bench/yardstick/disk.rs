//! How often a second the disk can be asked to keep 4 KiB for good.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::bench::BenchError;
use crate::bench::effort::Effort;
use crate::bench::figure::{Figure, Spread, Unit, per_second};
use crate::bench::stopwatch::Stopwatch;
use crate::rig::failure::Failure;

const BLOCK: [u8; 4_096] = [0x5A; 4_096];
/// As many blocks as the preallocated file has; then it begins again.
const BLOCKS: u64 = 4_096;

/// Measures both ways: appending to a file that grows, and overwriting one that has its size.
pub fn measure(folder: &Path, effort: &Effort) -> Result<[Figure; 2], BenchError> {
    let path = folder.join("fdatasync");
    let append = rounds(effort, "disk.append", || File::create(&path), |file, _| file.write_all(&BLOCK));
    let preallocated = rounds(
        effort,
        "disk.preallocated",
        || preallocate(&path),
        |file, count| {
            file.seek(SeekFrom::Start(count % BLOCKS * 4_096))?;
            file.write_all(&BLOCK)
        },
    );
    let _ = fs::remove_file(&path);
    Ok([append?, preallocated?])
}

fn preallocate(path: &Path) -> std::io::Result<File> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    // Written, not only reserved: blocks that were never written cost more on their first write.
    for _ in 0..BLOCKS {
        file.write_all(&BLOCK)?;
    }
    file.sync_all()?;
    Ok(file)
}

fn rounds(
    effort: &Effort,
    name: &str,
    open: impl Fn() -> std::io::Result<File>,
    write: impl Fn(&mut File, u64) -> std::io::Result<()>,
) -> Result<Figure, BenchError> {
    let failed = || Failure::doing(name.to_owned());
    let mut rates = Vec::new();
    for _ in 0..effort.rounds {
        let mut file = open().map_err(failed())?;
        let (watch, mut count) = (Stopwatch::start(), 0);
        while watch.elapsed() < effort.yardstick {
            write(&mut file, count).and_then(|()| file.sync_data()).map_err(failed())?;
            count += 1;
        }
        rates.push(per_second(count, watch.micros()));
    }
    let spread = Spread::of(&rates).ok_or("there was no round")?;
    Ok(Figure::new(name.to_owned(), Unit::PerSecond, spread))
}
