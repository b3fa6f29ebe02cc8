//! A copy of the whole file, as it is at one moment, while others write on.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, named_params};

use crate::error::StoreError;
use crate::file;

/// Writes everything that was committed before the call into `copy`: a file that is not there yet, or is empty. It
/// becomes one database without side files. Nobody waits for it, and however much is written meanwhile, it ends.
///
/// Whoever asks makes `copy` private, and safe on the disk.
///
/// # Errors
/// [`StoreError`], after which `copy` holds nothing of use.
pub fn backup(database: &Path, copy: &Path) -> Result<(), StoreError> {
    let connection = file::open_current(database)?;
    let name = copy.as_os_str().to_str().ok_or_else(|| StoreError::NotUnicode { path: copy.into() })?;
    // Not SQLite's backup interface: that begins anew at each commit of somebody else, so under load it has no end.
    connection.execute("VACUUM INTO :copy", named_params! { ":copy": name })?;
    give_log(copy)
}

/// The copy comes into the world as the server needs it, and the server that starts from it one day changes nothing but
/// what it writes.
fn give_log(copy: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error.into())
}
