//! ccTalk's event counter: 0 after a start, then 1 to 255, and 1 again.

use super::message::EVENTS_KEPT;

/// What has happened between two readings of the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So many new events; all are still kept. May be none.
    New(usize),
    /// More than are kept: all that are kept are new, and others are lost.
    Lost,
    /// The validator was started again.
    Restarted,
}

/// What has happened since the counter stood at `last`.
///
/// After 255 events it stands where it stood. Nobody can tell that from no event at all: a validator that takes no note without
/// being told makes as many only when somebody plays with it for a quarter of an hour.
#[must_use]
pub fn since(last: u8, now: u8) -> Since {
    if now == last {
        return Since::New(0);
    }
    if now == 0 {
        return Since::Restarted;
    }
    // From 255 the next one is 1, so the circle has 255 places.
    let count = if now > last { now - last } else { 255 - last + now };
    match usize::from(count) {
        count if count <= EVENTS_KEPT => Since::New(count),
        _ => Since::Lost,
    }
}

/// The counter so many events before.
#[must_use]
pub fn before(counter: u8, events: usize) -> u8 {
    (0..events).fold(counter, |counter, _| match counter {
        0 | 1 => 255,
        other => other - 1,
    })
}

#[cfg(test)]
mod tests;
