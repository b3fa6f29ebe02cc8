//! What time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use chat_model::id::Time;

/// Now, by the wall clock.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
