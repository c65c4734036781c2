//! How much is worked on at once. The rest is told to come back, while that is still cheap to say.
//!
//! The write lane and the readers have limits of their own. What has none is the work between them, signatures above all:
//! without this, each request that comes makes all others wait longer, until their callers have gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ringup_engine::limits;
use tokio::time::Instant;

/// So many requests are under way at once at most. Most of them wait: for a commit, or for a provider's answer.
const UNDER_WAY_MAX: usize = 4_096;

/// Whoever waits so long for his first turn comes at a time when there is more to do than can be done.
const TURN_WAIT_MAX: Duration = Duration::from_millis(500);

/// With fewer than these under way it is not us who keep the machine busy, and nobody is sent away.
const FEW: usize = 256;

/// What is under way.
pub struct Admission {
    under_way: AtomicUsize,
    under_way_max: usize,
}

/// A request that is under way, until this is dropped: also when its caller hangs up.
struct Place(Arc<Admission>);

impl Admission {
    /// Nothing is under way.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Self::with_room_for(UNDER_WAY_MAX)
    }

    fn with_room_for(under_way_max: usize) -> Arc<Self> {
        Arc::new(Self { under_way: AtomicUsize::new(0), under_way_max })
    }

    /// A place for a request that waited so long for its first turn, when there is one.
    fn admit(self: &Arc<Self>, waited: Duration) -> Option<Place> {
        let before = self.under_way.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(self));
        let is_crowded = before >= FEW && waited > TURN_WAIT_MAX;
        (before < self.under_way_max && !is_crowded).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets a request through, or sends its caller away with a time to come back.
///
/// It first goes to the end of the queue of everything that could go on now: how long that takes is how busy we are.
pub async fn admit(State(admission): State<Arc<Admission>>, request: Request, next: Next) -> Response {
    let came = Instant::now();
    tokio::task::yield_now().await;
    match admission.admit(came.elapsed()) {
        Some(_place) => next.run(request).await,
        None => {
            let retry = [(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_AFTER_SECONDS))];
            (StatusCode::SERVICE_UNAVAILABLE, retry, "too much at once: come back in a moment\n").into_response()
        }
    }
}

#[cfg(test)]
mod tests;
