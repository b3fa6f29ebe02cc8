//! Opening the file: private to its owner, of a layout that we know, with the settings that the promises need.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
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
    Migrations::from_slice(STEPS).to_latest(&mut connection)?;
    Ok(connection)
}

/// Opens the file for reading, which must be there and up to date.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    match layout(path)? {
        LAYOUT => {}
        found if found > LAYOUT => return Err(StoreError::Newer { path: path.into(), found, known: LAYOUT }),
        found => return Err(StoreError::Older { path: path.into(), found, known: LAYOUT }),
    }
    // SQLite itself opens it read-write, so that the last one who leaves can tidy up the -wal and -shm files.
    let connection = connect(path)?;
    connection.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA cache_size = -8192;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
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
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
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
fn layout(path: &Path) -> Result<i64, StoreError> {
    let mut header = Vec::new();
    match File::open(path).and_then(|file| file.take(64).read_to_end(&mut header)) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.into() });
        }
        Err(error) => return Err(cannot_open(path, error)),
    }
    if has_log(path) {
        return layout_with_log(path);
    }
    match header.get(60..64) {
        None if header.is_empty() => Ok(0),
        // "Database File Format", section 1.3: the user version, most significant byte first.
        Some(&[a, b, c, d]) if header.starts_with(b"SQLite format 3\0") => {
            Ok(i64::from(i32::from_be_bytes([a, b, c, d])))
        }
        _ => Err(StoreError::NotADatabase { path: path.into() }),
    }
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(PathBuf::from(log)).is_ok_and(|found| found.len() > 0)
}

fn layout_with_log(path: &Path) -> Result<i64, StoreError> {
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
