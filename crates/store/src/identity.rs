//! Which file a name stood for when it was opened. Whoever deletes or replaces an open file leaves its owner writing
//! into one that nobody will ever find.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// A database and its log, by what the file system knows them by.
#[derive(Debug)]
pub(crate) struct Identity {
    database: PathBuf,
    number: (u64, u64),
    /// That of the log, once there is one: it is made by the first who writes.
    log_number: Option<(u64, u64)>,
}

impl Identity {
    /// Remembers what a database that was just opened is.
    pub(crate) fn of(database: &Path) -> Result<Self, StoreError> {
        let number = number(database).ok_or_else(|| StoreError::Missing { path: database.into() })?;
        Ok(Self { database: database.into(), number, log_number: None })
    }

    /// Whether the names still stand for the database and its log. The log is its writer's: for others it comes and goes.
    ///
    /// Nothing is opened for it: closing a file would take back the locks that SQLite has on it.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]
    pub(crate) fn check(&mut self) -> Result<(), StoreError> {
        let log_number = number(&self.database.with_extension("db-wal"));
        self.log_number = self.log_number.or(log_number);
        if log_number != self.log_number {
            return Err(self.replaced());
        }
        self.check_database()
    }

    /// As [`Identity::check`], of the database alone.
    pub(crate) fn check_database(&self) -> Result<(), StoreError> {
        if number(&self.database) == Some(self.number) { Ok(()) } else { Err(self.replaced()) }
    }

    fn replaced(&self) -> StoreError {
        StoreError::Replaced { path: self.database.clone() }
    }
}

/// The device and the number on it of the file that a name stands for.
fn number(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}
