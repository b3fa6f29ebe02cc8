//! Opening the file: private to its owner, of a layout that we know, with the settings that the promises need.

use std::fs::{self, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::layout::{self, Contents, LAYOUT};

/// How long to wait for a lock that another connection holds.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The same for the writer, once it has begun. Others have no business with its lock, but somebody who looks into the
/// file with a tool of SQLite's takes it for a moment. Nobody in the room is told anything while it waits.
pub(crate) const WRITER_BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// Prepared statements that a connection keeps; more than there are in this crate.
const STATEMENTS_MAX: usize = 64;

/// `PRAGMA auto_vacuum`, where free pages can be given back some at a time.
const INCREMENTAL: i64 = 2;

/// Opens the file for the writer. Makes it where there is none, and brings an older one up to date.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    create_private(path)?;
    layout::look(path)?;
    let mut connection = connect(path)?;
    let mode = prepare_writer(&mut connection)?;
    if mode != "wal" {
        return Err(StoreError::NoLog { path: path.into() });
    }
    Ok(connection)
}

/// Opens a database of the process's own memory for the writer, and makes it where there is none of that name. It is
/// gone with the last connection to it.
pub(crate) fn open_writer_in_memory(name: &str) -> Result<Connection, StoreError> {
    let mut connection = connect_in_memory(name)?;
    prepare_writer(&mut connection)?;
    Ok(connection)
}

/// FULL: what is committed has been synced, also when the power goes. WAL keeps readers and writer apart.
///
/// Memory mapping stays off: a disk error would then be a signal that kills, not an error that is answered. Checkpoints
/// at 16 MiB keep their pauses rare, and a log that grew larger under load is cut back afterwards. What is deleted is
/// overwritten: a message that is gone must not be found in the file.
///
/// Returns how the journal is kept.
fn prepare_writer(connection: &mut Connection) -> Result<String, StoreError> {
    // Before anything else is said of an empty file: it holds from the first page on.
    connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL;")?;
    let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 4096;
         PRAGMA journal_size_limit = 33554432;
         PRAGMA secure_delete = ON;
         PRAGMA cache_size = -32768;
         PRAGMA temp_store = MEMORY;",
    )?;
    layout::bring_up_to_date(connection)?;
    let_it_shrink(connection)?;
    connection.busy_timeout(WRITER_BUSY_TIMEOUT)?;
    Ok(mode)
}

/// A file from before it could shrink is written anew, once: that is one transaction like any other.
fn let_it_shrink(connection: &Connection) -> Result<(), StoreError> {
    let now: i64 = connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
    if now == INCREMENTAL {
        return Ok(());
    }
    match connection.execute_batch("VACUUM").map_err(StoreError::from) {
        // It needs as much room again for a while. Without, the file works as it did; the next start tries again.
        Err(StoreError::Full) => Ok(()),
        done => done,
    }
}

/// Opens the file for reading, which must be there and up to date.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    prepare_reader(open_current(path)?)
}

/// Opens a database in memory for reading, which a writer has made.
pub(crate) fn open_reader_in_memory(name: &str) -> Result<Connection, StoreError> {
    prepare_reader(connect_in_memory(name)?)
}

fn prepare_reader(connection: Connection) -> Result<Connection, StoreError> {
    connection.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA cache_size = -8192;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

/// Opens the file, which must be there and up to date, and leaves it as it is.
pub(crate) fn open_current(path: &Path) -> Result<Connection, StoreError> {
    match layout::look(path)? {
        // SQLite itself opens it read-write, so that the last one who leaves can tidy up the -wal and -shm files.
        Contents::Ours(LAYOUT) => connect(path),
        Contents::Ours(found) => Err(StoreError::Older { path: path.into(), found, known: LAYOUT }),
        Contents::Nothing => Err(StoreError::Empty { path: path.into() }),
    }
}

/// Makes an empty file that only its owner can read, whatever the umask. SQLite gives its side files the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made.and_then(|_| fs::set_permissions(path, Permissions::from_mode(0o600))) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(cannot_open(path, error)),
        _ => Ok(()),
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    open(path, OpenFlags::empty())
}

/// The name of a database that SQLite's `memdb` shares among the connections of a process begins with a slash.
fn connect_in_memory(name: &str) -> Result<Connection, StoreError> {
    let path = format!("file:/{name}?vfs=memdb");
    open(Path::new(&path), OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE)
}

fn open(path: &Path, more: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| cannot_open(path, error))?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(connection)
}

pub(crate) fn cannot_open(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Open { path: path.into(), source: Box::new(source) }
}
