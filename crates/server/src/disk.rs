//! How much room there is.

use std::path::Path;

/// Bytes that may still be written where a path is; `None` when the system does not tell.
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}
