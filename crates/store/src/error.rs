//! What can go wrong with the file, in sentences for whoever runs the server.

use std::path::PathBuf;

use rusqlite::{ErrorCode, ffi};

/// Why the database could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A later version of the program has changed the file's layout.
    #[error(
        "{} was written by a newer version (its layout is {found}, this program knows {known}); \
         upgrade this program; the file was not touched", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Number of its layout.
        found: i64,
        /// The highest number that this program knows.
        known: i64,
    },
    /// A reader found a layout that only the writer can bring up to date.
    #[error(
        "{} was written by an older version (its layout is {found}, this program needs {known}); \
         start the new chat-server once, it brings the file up to date", path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Number of its layout.
        found: i64,
        /// The number that this program needs.
        known: i64,
    },
    /// A reader found a file in which nothing was ever stored.
    #[error("there is nothing in {} yet; chat-server fills it when it is first started", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("there is no database at {}; chat-server makes it when it is first started", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} is not a chat-server database; move it away or choose another data directory", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is another program's.
    #[error(
        "{} is a database of another program, and was not touched; move it away or choose another data directory",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file system cannot share memory between processes.
    #[error(
        "{} cannot have a write-ahead log: its file system does not allow for one, as those of networks do not; \
         choose a data directory on a disk of this machine", path.display()
    )]
    NoLog {
        /// The file.
        path: PathBuf,
    },
    /// Somebody has deleted, renamed or replaced the file, or its log, while it was open.
    #[error(
        "{} was deleted, renamed or replaced while it was in use; what is written now would be lost: put it back, or \
         stop, restore a backup, and start again", path.display()
    )]
    Replaced {
        /// The file.
        path: PathBuf,
    },
    /// SQLite is told the names of files in UTF-8.
    #[error("{} is no name in UTF-8; choose another one", path.display())]
    NotUnicode {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be made or opened.
    #[error("cannot open {}: {source}; check that its directory exists and that it may be read and written", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why, in the system's words.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Somebody else holds the file for longer than we wait.
    #[error("the database is locked by another program; find it with `fuser chat.db`, stop it and try again")]
    Busy,
    /// The disk is full.
    #[error("the disk is full: nothing can be stored until there is room")]
    Full,
    /// The disk does not take or give what it should.
    #[error("the disk does not work as it should: {0}")]
    Disk(rusqlite::Error),
    /// What is in the file contradicts itself.
    #[error(
        "the database is damaged: {0}; stop the server, keep the damaged file, and restore a backup, or save what can \
         still be read with `sqlite3 chat.db .recover`"
    )]
    Damaged(String),
    /// Bringing the file up to date failed; it is as it was.
    #[error("the database could not be brought up to date, it is as it was: {0}")]
    Migration(rusqlite_migration::Error),
    /// Anything else that SQLite says.
    #[error("database error: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        match error {
            // What is wrong with the disk is not wrong with the migration.
            rusqlite_migration::Error::RusqliteError { query, err } => match Self::from(err) {
                Self::Sqlite(err) => Self::Migration(rusqlite_migration::Error::RusqliteError { query, err }),
                disk => disk,
            },
            error => Self::Migration(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let extended = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // The index of the log, which is shared memory in a file, could not be made larger.
            _ if extended == Some(ffi::SQLITE_IOERR_SHMSIZE) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            // A file system that had errors is often mounted read-only from then on.
            Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => Self::Disk(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}
