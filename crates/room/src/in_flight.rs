//! How many calls of one connection are in flight: sent to the engine and not answered yet.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Calls of one registered session that may be in flight at once. Before that it is one, because what a line means
/// depends on the answer to the one before.
pub(crate) const CALLS_IN_FLIGHT_MAX: u32 = 256;

/// Shared by the loop, which gives places back, and whoever reads from the connection, who takes them.
#[derive(Debug, Default)]
pub struct InFlight {
    calls: AtomicU32,
    /// The reader waits for a place.
    starved: AtomicBool,
    registered: AtomicBool,
}

impl InFlight {
    /// The session has its nickname.
    pub fn register(&self) {
        self.registered.store(true, Ordering::Release);
    }

    /// Whether the session has its nickname.
    pub fn is_registered(&self) -> bool {
        self.registered.load(Ordering::Acquire)
    }

    /// Whether the session has its nickname, and nothing that it has sent is under way.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.is_registered() && self.calls.load(Ordering::Acquire) == 0
    }

    /// How many more calls may be sent to the engine. Asking notes that the reader waits if it is none.
    pub fn room(&self) -> u32 {
        let max = if self.is_registered() { CALLS_IN_FLIGHT_MAX } else { 1 };
        let room = || max.saturating_sub(self.calls.load(Ordering::Acquire));
        let now = room();
        if now > 0 {
            return now;
        }
        self.starved.store(true, Ordering::SeqCst);
        // The last call may have been handled just now, before the note was there to be seen.
        room()
    }

    /// How many there are.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::Acquire)
    }

    /// So many more.
    pub fn begin(&self, count: u32) {
        self.calls.fetch_add(count, Ordering::AcqRel);
    }

    /// So many were handled. Whether the reader waits for that.
    #[must_use]
    pub fn end(&self, count: u32) -> bool {
        let before = self.calls.fetch_sub(count, Ordering::SeqCst);
        debug_assert!(before >= count, "{count} calls were handled of {before} that were begun");
        self.starved.load(Ordering::SeqCst) && self.starved.swap(false, Ordering::SeqCst)
    }
}
