//! A disk that can lose its power: an ext4 file system in an image file, on a loop device.
//!
//! What the image holds is what the file system has sent to its device, in the order it was sent; what waits in the
//! kernel's page cache for the file system to write it is not in there. A copy of the image, taken while nothing is being
//! sent, is therefore what a machine finds after its power was cut at that moment.
//!
//! It is kinder than a disk in one way: a real one may lose, and reorder, what it was sent since its cache was last
//! flushed. Here everything sent has arrived.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::failure::Failure;
use super::issuer::errors;
use super::outside;

/// How long the device may be busy before it counts as never resting.
const REST_WAIT: Duration = Duration::from_secs(20);

/// Waits for a line, and ends the file system where it stands then: nothing that waits is written any more, not even its
/// journal (`EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`).
const SHUT_DOWN: &str = "import fcntl, os, struct, sys; \
     disk = os.open(sys.argv[1], os.O_RDONLY); print('armed', flush=True); \
     sys.stdin.readline() and fcntl.ioctl(disk, 0x8004587d, struct.pack('I', 2))";

/// Waits for the end of its input, which the kernel closes however we end, and then takes the disk away.
const WATCH: &str = "read -r _; umount --lazy \"$1\" 2>/dev/null";

/// A mounted image.
pub struct Disk {
    image: PathBuf,
    mount: PathBuf,
    /// `loop7`.
    device: String,
    watcher: Child,
    _line: Option<ChildStdin>,
}

impl Disk {
    /// Makes an image of this size, which takes only the room that is used, and mounts it.
    ///
    /// # Errors
    /// When this machine does not allow it.
    pub fn make(image: &Path, mount: &Path, mebibytes: u64) -> Result<Self, Failure> {
        run("truncate", &["--size", &format!("{mebibytes}M"), &image.display().to_string()])?;
        run("mkfs.ext4", &["-q", &image.display().to_string()])?;
        Self::mount(image, mount)
    }

    /// Mounts an image. After a cut the file system replays its journal first.
    ///
    /// # Errors
    /// When this machine does not allow it.
    pub fn mount(image: &Path, mount: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(mount).map_err(Failure::doing(mount.display()))?;
        let path = image.display().to_string();
        let device = run("losetup", &["--find", "--show", "--direct-io=on", &path])?.trim().to_owned();
        let target = mount.display().to_string();
        let mounted = run("mount", &["-t", "ext4", "-o", "barrier=1", &device, &target]);
        // Whether mounted or not: the device goes away with its last user.
        run("losetup", &["--detach", &device])?;
        mounted?;
        let mut watcher = Command::new("sh");
        watcher.args(["-c", WATCH, "sh", &target]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        std::os::unix::process::CommandExt::process_group(&mut watcher, 0);
        let mut watcher = watcher.spawn().map_err(Failure::doing("starting sh"))?;
        let line = watcher.stdin.take();
        let device = device.trim_start_matches("/dev/").to_owned();
        Ok(Self { image: image.to_owned(), mount: mount.to_owned(), device, watcher, _line: line })
    }

    /// Where it is mounted.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.mount
    }

    /// Has everything written that waits: once, before the first cut, as an installation is long on its disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&self) -> Result<(), Failure> {
        run("sync", &["--file-system", &self.mount.display().to_string()]).map(drop)
    }

    /// Makes ready to end the file system where it stands.
    ///
    /// # Errors
    /// When python3 cannot be started.
    pub fn arm(&self) -> Result<Breaker, Failure> {
        let mut command = Command::new("python3");
        command.args(["-c", SHUT_DOWN]).arg(&self.mount).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut python = command.spawn().map_err(Failure::doing("starting python3"))?;
        let mut armed = [0; 5];
        let said = python.stdout.as_mut().map(|stdout| stdout.read_exact(&mut armed));
        match said {
            Some(Ok(())) => Ok(Breaker(python)),
            _ => Err(Failure::new("python3 cannot open the disk")),
        }
    }

    /// Copies the image as it is at one moment: when the device was sent something while it was being copied, it is
    /// copied again. Answers how often that was.
    ///
    /// # Errors
    /// When the device never rests.
    pub fn copy_to(&self, copy: &Path) -> Result<u64, Failure> {
        let begun = outside::now();
        let mut again = 0;
        loop {
            let before = self.traffic()?;
            if before.in_flight == 0 {
                run("cp", &["--sparse=always", &self.image.display().to_string(), &copy.display().to_string()])?;
                if self.traffic()? == before {
                    return Ok(again);
                }
                again += 1;
            }
            if begun.elapsed() > REST_WAIT {
                return Err(Failure::new(format!("{} never rests", self.device)));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Takes it away, with its image.
    pub fn discard(self) {
        let image = self.image.clone();
        drop(self);
        // An image that stays takes room in a folder that is removed in the end.
        let _ = fs::remove_file(image);
    }

    /// What the kernel counts of the device.
    fn traffic(&self) -> Result<Traffic, Failure> {
        let file = format!("/sys/block/{}/stat", self.device);
        let text = fs::read_to_string(&file).map_err(Failure::doing(&file))?;
        let counts: Vec<u64> = text.split_whitespace().filter_map(|count| count.parse().ok()).collect();
        let count = |position: usize| counts.get(position).copied().unwrap_or(0);
        Ok(Traffic { writes: count(4), sectors: count(6), in_flight: count(8), discards: count(11) })
    }
}

/// Ends the file system when it is pulled.
///
/// The kernel is not exact about it: a sync that is under way may come back with success though its data was never sent
/// (Linux 6.18, tried with a program that does nothing but write, sync and say so: 2 of 40 cuts). So what is said after the
/// breaker was pulled proves nothing, and whoever pulls it must not listen any more.
pub struct Breaker(Child);

impl Breaker {
    /// Pulls it.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn pull(mut self) -> Result<(), Failure> {
        let failed = Failure::doing::<std::io::Error>;
        // The line is closed after it has been written, so the program ends in any case.
        self.0.stdin.take().map_or(Ok(()), |mut line| line.write_all(b"now\n")).map_err(failed("ending the disk"))?;
        let status = self.0.wait().map_err(failed("waiting for python3"))?;
        if status.success() { Ok(()) } else { Err(Failure::new("the kernel does not end a file system for us")) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Traffic {
    writes: u64,
    sectors: u64,
    in_flight: u64,
    discards: u64,
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: whoever still stands in it is being killed.
        let _ = run("umount", &["--lazy", &self.mount.display().to_string()]);
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

/// Whether this machine lets us have such disks; why not, if not.
#[must_use]
pub fn refusal(folder: &Path) -> Option<String> {
    let image = folder.join("trial.img");
    let tried = Disk::make(&image, &folder.join("trial"), 16);
    match tried {
        Ok(disk) => {
            disk.discard();
            None
        }
        Err(failure) => Some(failure.to_string()),
    }
}

fn run(program: &str, words: &[&str]) -> Result<String, Failure> {
    let output = Command::new(program).args(words).stdin(Stdio::null()).output();
    let output = output.map_err(Failure::doing(format!("starting {program}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Failure::new(format!("{program} {}: {}", words.join(" "), errors(&output))))
    }
}
