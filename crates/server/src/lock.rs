//! One server for one data directory.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Held for as long as the server runs; the system lets go of it whatever happens.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Makes the data directory where needed, for its user alone, and takes it.
///
/// # Errors
/// One line that names the directory and says what to do.
pub(crate) fn take(data_dir: &Path) -> Result<Lock, String> {
    let shown = data_dir.display();
    DirBuilder::new().recursive(true).mode(0o700).create(data_dir).map_err(|error| {
        format!("cannot make the data directory {shown}: {error}; name another with --data-dir")
    })?;
    let path = data_dir.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path).map_err(
        |error| format!("cannot write to the data directory {shown}: {error}; name another with --data-dir"),
    )?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(format!(
            "another chat-server already runs on {shown}; stop it, or name another directory with --data-dir"
        )),
        Err(TryLockError::Error(error)) => Err(format!("cannot lock {}: {error}", path.display())),
    }
}
