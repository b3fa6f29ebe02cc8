//! Whose a file is, and which layout it has. That is found out before anything is written into it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use rusqlite_migration::{M, Migrations};

use crate::error::StoreError;
use crate::file::{BUSY_TIMEOUT, cannot_open};

/// Each takes the layout one number further. Append only.
const STEPS: &[M<'_>] = &[
    M::up(include_str!("../../../migrations/0001_initial.sql")),
    M::up(include_str!("../../../migrations/0002_identity.sql")),
    M::up(include_str!("../../../migrations/0003_language.sql")),
    M::up(include_str!("../../../migrations/0004_delivered.sql")),
    M::up(include_str!("../../../migrations/0005_last_used.sql")),
    M::up(include_str!("../../../migrations/0006_bot.sql")),
    M::up(include_str!("../../../migrations/0007_expired_channels.sql")),
    M::up(include_str!("../../../migrations/0008_time.sql")),
];

/// The number of the layout that this program writes.
pub(crate) const LAYOUT: i64 = STEPS.len() as i64;

/// What `migrations/0002_identity.sql` writes into the header.
const APPLICATION_ID: i64 = 0x4348_4154;

/// What is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Nothing at all.
    Nothing,
    /// A database of ours, with the number of its layout.
    Ours(i64),
}

/// Looks at what is in a file. Changes nothing, not even by closing: SQLite would write the log of a crashed writer into
/// the file.
///
/// Only SQLite opens the file, never `std::fs`. Closing a file takes back every lock that the process has on it
/// (POSIX), and without the writer's lock any other program that opens and closes the database would delete its log.
///
/// # Errors
/// [`StoreError`]: there is no file, or it is somebody else's, or a newer version's.
pub(crate) fn look(path: &Path) -> Result<Contents, StoreError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.into() });
        }
        Err(error) => return Err(cannot_open(path, error)),
    }
    let header = match Header::read(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // Whoever wrote last died amid a transaction, before the file had its write-ahead log, and only who may write
        // can take back what it left. Its own program would do the same.
        Err(error) if is_unfinished(&error) => Header::read(path, OpenFlags::SQLITE_OPEN_READ_WRITE),
        read => read,
    };
    let header = header.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { path: path.into() },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) | None => {
            cannot_open(path, error)
        }
        _ => error.into(),
    })?;
    header.contents(path)
}

/// Brings the layout up to date.
///
/// # Errors
/// [`StoreError::Migration`]; each step is made whole or not at all.
pub(crate) fn bring_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    Ok(Migrations::from_slice(STEPS).to_latest(connection)?)
}

/// Whether there is a rollback journal that has to be played back first.
fn is_unfinished(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_READONLY_ROLLBACK)
}

/// What the file says of itself.
struct Header {
    application: i64,
    layout: i64,
    tables: i64,
    /// Tables that have been there since the first layout, which had no number for whose it is.
    known_tables: i64,
}

impl Header {
    fn read(path: &Path, flags: OpenFlags) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
        Ok(Self {
            application: number("PRAGMA application_id")?,
            layout: number("PRAGMA user_version")?,
            tables: number("SELECT count(*) FROM sqlite_schema")?,
            known_tables: number(
                "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'messages', 'targets', 'audit')",
            )?,
        })
    }

    fn contents(&self, path: &Path) -> Result<Contents, StoreError> {
        let from_before_the_number = self.application == 0 && self.layout == 1 && self.known_tables == 4;
        match self {
            Self { application: APPLICATION_ID, layout, .. } if *layout > LAYOUT => {
                Err(StoreError::Newer { path: path.into(), found: *layout, known: LAYOUT })
            }
            Self { application: APPLICATION_ID, layout, .. } => Ok(Contents::Ours(*layout)),
            _ if from_before_the_number => Ok(Contents::Ours(self.layout)),
            Self { application: 0, layout: 0, tables: 0, .. } => Ok(Contents::Nothing),
            _ => Err(StoreError::Foreign { path: path.into() }),
        }
    }
}
