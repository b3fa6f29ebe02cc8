//! The data directory is for the server's user alone: the database holds password hashes and whispers.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tracing::warn;

/// What group and others may do.
const OTHERS: u32 = 0o077;

/// The database and its side files.
const FILES: [&str; 4] = ["chat.db", "chat.db-wal", "chat.db-shm", "chat.db-journal"];

/// Makes files private that are not: a backup was put back with `cp`, or somebody has looked at them. A directory that
/// others may enter may be meant so, for what else is in it, and is only spoken of.
pub(crate) fn keep(data_dir: &Path) {
    if let Some(mode) = open_to_others(data_dir) {
        let (directory, mode) = (data_dir.display(), format!("{mode:o}"));
        warn!(%directory, mode, "others may enter the data directory: chmod 700 keeps them out");
    }
    for file in FILES.map(|name| data_dir.join(name)) {
        let Some(mode) = open_to_others(&file) else { continue };
        let (shown, mode) = (file.display(), format!("{mode:o}"));
        match fs::set_permissions(&file, Permissions::from_mode(0o600)) {
            Ok(()) => warn!(file = %shown, mode, "others could read this file; it is private now"),
            Err(error) => {
                warn!(file = %shown, mode, %error, "others may read this file: chmod 600 keeps them out")
            }
        }
    }
}

/// The mode of something that is there, where it is not for its owner alone.
fn open_to_others(path: &Path) -> Option<u32> {
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & OTHERS != 0).then_some(mode)
}
