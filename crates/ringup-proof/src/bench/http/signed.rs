//! Notifications that Alipay signed ahead: a signature takes as long as many credits, and is not what is measured.

use std::fs;
use std::path::PathBuf;

use ringup_sandbox::{AlipayDemoKeys, AlipayNotifier, PaidOrder};

use crate::bench::BenchError;
use crate::bench::effort::Effort;
use crate::bench::load::{RequestFile, post};
use crate::bench::stopwatch::Stopwatch;
use crate::bench::store::{Store, World};
use crate::bench::world::{PAID_AT, Placed};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;

/// Where Alipay notifies us.
pub const PATH: &str = "/notifications/alipay";

const ORDER_SEED: u64 = 7;

/// The requests of the first so many notifications, and the random order in which all are told.
///
/// A world is the same on both databases, and so are its notifications; they are signed once.
pub fn notifications(
    store: &Store,
    world: &World,
    effort: &Effort,
    keys: &AlipayDemoKeys,
) -> Result<(PathBuf, Vec<Placed>), BenchError> {
    let mut order = world.placed.clone();
    Dice::new(ORDER_SEED).shuffle(&mut order);
    let count = effort.notifications.min(order.len());
    let name = format!("{}_{count}_{:016x}", world.spec.name(), fingerprint(&keys.platform_public_key));
    let file = store.kept(&format!("{name}.signed"));
    if !file.exists() {
        let watch = Stopwatch::start();
        let requests = sign_all(order.get(..count).unwrap_or_default(), keys)?;
        // Written aside and moved into place whole.
        let aside = file.with_extension("part");
        RequestFile::write(&aside, requests)?;
        fs::rename(&aside, &file).map_err(Failure::doing(file.display()))?;
        println!("  signed {count} notifications in {} s; they are kept", watch.elapsed().as_secs());
    }
    Ok((file, order))
}

fn sign_all(placed: &[Placed], keys: &AlipayDemoKeys) -> Result<Vec<Vec<u8>>, BenchError> {
    let signer = AlipayNotifier::new(keys)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let some = placed.len().div_ceil(threads).max(1);
    let sign_some = |some: &[Placed]| some.iter().map(|one| sign(&signer, one)).collect::<Vec<_>>();
    let signed = std::thread::scope(|scope| {
        let signing: Vec<_> = placed.chunks(some).map(|some| scope.spawn(|| sign_some(some))).collect();
        signing.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Result<Vec<_>, _>>()
    });
    let signed = signed.map_err(|_| "a thread that signs ended badly")?;
    Ok(signed.into_iter().flatten().collect())
}

fn sign(signer: &AlipayNotifier, placed: &Placed) -> Vec<u8> {
    let order = PaidOrder {
        out_trade_no: &placed.payment.to_reference(),
        trade_no: &placed.transaction(),
        paid_minor: placed.pays_minor,
        paid_at: PAID_AT.micros(),
        notified_at: PAID_AT.micros(),
    };
    let notification = signer.paid(PATH.to_owned(), &order);
    let content_type = notification.headers.first().map_or("", |(_, value)| value.as_str());
    post(PATH, content_type, "", &notification.body)
}

/// FNV-1a, 64 bits: tells one key from another, and need not resist anybody.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests;
