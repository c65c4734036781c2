//! Too little room: on the disk, and in memory.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Issuer;
use crate::rig::server::{Launch, Server};
use crate::torture::crowd::{Crowd, Member, Until};
use crate::torture::report::Report;
use crate::torture::stage::{Stage, StagePlan};
use crate::torture::{Db, Setup};

/// How many top up.
const MEMBERS: usize = 16;

/// How large the small disk is, and how much room is left on it before it is full.
const DISK_KIB: u64 = 64 * 1_024;
const ROOM_KIB: u64 = 1_024;

/// How long the crowd knocks at a full disk, and at a server with too little memory.
const FULL_FOR: Duration = Duration::from_secs(4);
const SHORT_OF_MEMORY_FOR: Duration = Duration::from_secs(8);

/// So much more than a server has when it rests is what it gets.
const MORE_MEMORY_KIB: u64 = 128 * 1_024;

/// So many callers come who send half of a large request, and hold it there.
const HALF_REQUESTS: usize = 3_000;

/// How long everyone gets to end what he has under way, once there is room.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// The disk becomes full under the crowd, and is emptied again.
pub fn fill_the_disk(
    setup: &Setup,
    round: u64,
    runtime: &Runtime,
    dice: &mut Dice,
    report: &mut Report,
) -> Result<(), Failure> {
    if setup.db == Db::Postgres {
        report.skip("a full disk under PostgreSQL: its answer is mapped and tried by the tests of ringup-db");
        return Ok(());
    }
    if !is_allowed("unshare", &["-Urm", "true"]) {
        report.skip("a full disk: `unshare -Urm` is not allowed here, and a small disk cannot be mounted");
        return Ok(());
    }
    let (name, seed) = (format!("full-{round}"), dice.draw());
    let stage = Stage::make(setup, StagePlan { name: &name, cards: 40, seed, gateway_url: None })?;
    let disk = stage.issuer.folder.join("disk");
    fs::create_dir_all(&disk).map_err(Failure::doing(disk.display()))?;
    let (mut server, _) = Server::start_ready(&stage.issuer, &on_a_small_disk(&stage.issuer.folder))?;
    let seen = PathBuf::from(format!("/proc/{}/root{}", server.pid(), disk.display()));
    let crowd = Crowd::new(&stage.issuer)?;
    let members = (0..MEMBERS).map(|_| Member::new(dice.split())).collect();

    leave_room(&seen, ROOM_KIB)?;
    let members = runtime.block_on(top_up_for(&crowd, members, FULL_FOR))?;
    let later = crowd.counts.later.load(Ordering::Relaxed);
    report.must(later > 0, || "the disk was full, and nobody was told to come back".to_owned());
    report.must(server.lives(), || format!("the server ended on a full disk: {}", server.last_words()));
    report.add("told to come back by a full disk", later);

    fs::remove_file(seen.join("filler")).map_err(Failure::doing("emptying the disk"))?;
    let is_settled = runtime.block_on(settle(&crowd, members));
    report.must(is_settled, || "with room again, not everyone could end what he had begun".to_owned());
    // The disk goes away with its only process, so what stood on it is brought out first.
    for part in ["ringup.db", "ringup.db-wal"] {
        let (from, to) = (seen.join(part), stage.issuer.folder.join(part));
        fs::copy(&from, &to).map_err(Failure::doing(from.display()))?;
    }
    server.kill();
    crowd.settle(&stage.issuer, report)?;
    judge("with a full disk", (&crowd, &stage.issuer), report)?;
    stage.end()
}

/// Memory runs out under the crowd: the server refuses or dies, and starts again with what it had acknowledged.
pub fn limit_memory(
    setup: &Setup,
    round: u64,
    runtime: &Runtime,
    dice: &mut Dice,
    report: &mut Report,
) -> Result<(), Failure> {
    let (name, seed) = (format!("memory-{round}"), dice.draw());
    let stage = Stage::make(setup, StagePlan { name: &name, cards: 40, seed, gateway_url: None })?;
    let (mut resting, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
    let rests_with = address_space_kib(resting.pid())?;
    resting.terminate()?;
    let limit = rests_with.saturating_add(MORE_MEMORY_KIB);
    let words = ["bash", "-c", &format!("ulimit -v {limit}; exec \"$@\""), "bash"].map(str::to_owned);
    let (mut server, _) = Server::start_ready(&stage.issuer, &Launch { front: words.into(), ..Launch::default() })?;
    report.largest("memory limit KiB", limit);

    let crowd = Crowd::new(&stage.issuer)?;
    let members = (0..MEMBERS).map(|_| Member::new(dice.split())).collect();
    let address = server.listen();
    // First the crowd has the server for itself, so that something is acknowledged before the memory is gone.
    let members = runtime.block_on(top_up_for(&crowd, members, SHORT_OF_MEMORY_FOR / 2))?;
    let halves = runtime.spawn(async move { hold_half_requests(address).await });
    let members = runtime.block_on(top_up_for(&crowd, members, SHORT_OF_MEMORY_FOR / 2))?;
    halves.abort();
    report.add("killed by a memory limit", u64::from(!server.lives()));
    report.add("held out under a memory limit", u64::from(server.lives()));
    server.kill();

    let (mut server, _) = Server::start_ready(&stage.issuer, &Launch::default())?;
    let is_settled = runtime.block_on(settle(&crowd, members));
    report.must(is_settled, || "with memory again, not everyone could end what he had begun".to_owned());
    server.kill();
    crowd.settle(&stage.issuer, report)?;
    judge("with a memory limit", (&crowd, &stage.issuer), report)?;
    stage.end()
}

fn judge(at: &str, (crowd, issuer): (&Crowd, &Issuer), report: &mut Report) -> Result<(), Failure> {
    for wrong in crowd.take_wrong() {
        report.broke(format!("{at}: {wrong}"));
    }
    let verdict = crate::rig::verdict::verify(issuer, Some(crowd.acks.path()))?;
    report.judge(at, &verdict);
    report.add(&format!("acknowledged {at}"), crowd.acks.count());
    Ok(())
}

async fn top_up_for(crowd: &Arc<Crowd>, members: Vec<Member>, lasts: Duration) -> Result<Vec<Member>, Failure> {
    let topping_up = Arc::clone(crowd);
    let task = tokio::spawn(async move { topping_up.top_up(members, Until::Told).await });
    tokio::time::sleep(lasts).await;
    crowd.stop();
    task.await.map_err(Failure::doing("waiting for the crowd"))
}

/// Everyone ends what he has under way; says whether all could, in time.
async fn settle(crowd: &Arc<Crowd>, members: Vec<Member>) -> bool {
    let members = tokio::time::timeout(SETTLED_WITHIN, crowd.top_up(members, Until::Idle)).await;
    members.is_ok_and(|members| members.iter().all(Member::is_idle))
}

/// A disk in memory that only the server's process sees; the database is copied there first.
fn on_a_small_disk(folder: &Path) -> Launch {
    let script = format!(
        "mount -t tmpfs -o size={DISK_KIB}k none disk && cp ringup.db disk/ && \
         export RINGUP_DATABASE__URL=sqlite:{}/disk/ringup.db && exec \"$@\"",
        folder.display()
    );
    let words = ["unshare", "-Urm", "bash", "-c", &script, "bash"];
    Launch { front: words.map(str::to_owned).into(), ..Launch::default() }
}

/// Writes until so little room is left.
fn leave_room(disk: &Path, room_kib: u64) -> Result<(), Failure> {
    let file = disk.join("filler");
    let failed = || Failure::doing::<std::io::Error>(file.display().to_string());
    let mut filler = File::create(&file).map_err(failed())?;
    let block = [0; 4_096];
    let mut blocks: u64 = 0;
    while filler.write_all(&block).is_ok() {
        blocks = blocks.saturating_add(1);
    }
    let keeps = blocks.saturating_sub(room_kib.checked_div(4).unwrap_or(0));
    filler.set_len(keeps.saturating_mul(4_096)).map_err(failed())
}

/// How much memory a process has asked for: what `ulimit -v` counts.
fn address_space_kib(pid: u32) -> Result<u64, Failure> {
    let file = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&file).map_err(Failure::doing(&file))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kib.ok_or_else(|| Failure::new(format!("{file} does not tell VmSize")))
}

/// Callers who send the first half of a large request, and wait.
async fn hold_half_requests(address: std::net::SocketAddr) {
    let mut held = Vec::new();
    let body = vec![b'x'; 60_000];
    let head = format!("POST /notifications/alipay HTTP/1.1\r\nHost: {address}\r\nContent-Length: 64000\r\n\r\n");
    while held.len() < HALF_REQUESTS {
        // A server that takes no more of them has what was wanted.
        let Ok(stream) = TcpStream::connect(address).await else { break };
        for part in [head.as_bytes(), &body] {
            if stream.writable().await.is_ok() {
                let _ = stream.try_write(part);
            }
        }
        held.push(stream);
    }
    std::future::pending::<()>().await;
    drop(held);
}

fn is_allowed(program: &str, words: &[&str]) -> bool {
    Command::new(program).args(words).status().is_ok_and(|status| status.success())
}
