//! What time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use chat_model::id::Time;
use rustix::time::{ClockId, clock_gettime};

/// Now, by the wall clock.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Milliseconds since the machine was started, by a clock that nobody can set. It goes on while the machine sleeps: a
/// laptop that wakes up has a wall clock that is right.
pub(crate) fn monotonic_ms() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}
