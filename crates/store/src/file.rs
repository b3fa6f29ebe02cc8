//! Opening the file: private to its owner, of a layout that we know, with the settings that the promises need.

use std::fs::{self, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::error::StoreError;

/// Each takes the layout one number further. Append only.
const STEPS: &[M<'_>] = &[M::up(include_str!("../../../migrations/0001_initial.sql"))];

/// The number of the layout that this program writes.
const LAYOUT: i64 = STEPS.len() as i64;

/// How long to wait for a lock that another connection holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The same for the writer, once it has begun: nobody is told anything while it waits. Others have no business with
/// its lock.
const WRITER_BUSY_TIMEOUT: Duration = Duration::from_millis(100);

/// Prepared statements that a connection keeps; more than there are in this crate.
const STATEMENTS_MAX: usize = 64;

/// Opens the file for the writer. Makes it where there is none, and brings an older one up to date.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    create_private(path)?;
    let found = layout(path)?;
    if found > LAYOUT {
        return Err(StoreError::Newer { path: path.into(), found, known: LAYOUT });
    }
    let mut connection = connect(path)?;
    prepare_writer(&mut connection)?;
    Ok(connection)
}

/// Opens a database of the process's own memory for the writer, and makes it where there is none of that name. It is
/// gone with the last connection to it.
pub(crate) fn open_writer_in_memory(name: &str) -> Result<Connection, StoreError> {
    let mut connection = connect_in_memory(name)?;
    prepare_writer(&mut connection)?;
    Ok(connection)
}

fn prepare_writer(connection: &mut Connection) -> Result<(), StoreError> {
    // FULL: what is committed has been synced, also when the power goes. WAL keeps readers and writer apart.
    // Memory mapping stays off: a disk error would then be a signal that kills, not an error that is answered.
    // Checkpoints at 16 MiB keep their pauses rare, and a log that grew larger under load is cut back afterwards.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 4096;
         PRAGMA journal_size_limit = 33554432;
         PRAGMA cache_size = -32768;
         PRAGMA temp_store = MEMORY;",
    )?;
    Migrations::from_slice(STEPS).to_latest(connection)?;
    connection.busy_timeout(WRITER_BUSY_TIMEOUT)?;
    Ok(())
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
    match layout(path)? {
        // SQLite itself opens it read-write, so that the last one who leaves can tidy up the -wal and -shm files.
        LAYOUT => connect(path),
        found if found > LAYOUT => Err(StoreError::Newer { path: path.into(), found, known: LAYOUT }),
        found => Err(StoreError::Older { path: path.into(), found, known: LAYOUT }),
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

fn cannot_open(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Open { path: path.into(), source: Box::new(source) }
}

/// The number of the file's layout, 0 for an empty file. Changes nothing, not even by closing: SQLite would write
/// the log of a crashed writer into the file.
///
/// Only SQLite opens the file, never `std::fs`. Closing a file takes back every lock that the process has on it
/// (POSIX), and without the writer's lock any other program that opens and closes the database would delete its log.
fn layout(path: &Path) -> Result<i64, StoreError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.into() });
        }
        Err(error) => return Err(cannot_open(path, error)),
    }
    let read = || {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    };
    read().map_err(|error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { path: path.into() },
        _ => cannot_open(path, error),
    })
}
