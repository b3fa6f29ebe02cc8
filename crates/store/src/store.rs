//! The one writer.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use chat_model::change::{Change, Loaded};
use chat_model::message::Conversation;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::file::WRITER_BUSY_TIMEOUT;
use crate::identity::Identity;
use crate::moments::Moments;
use crate::save::Saving;
use crate::{file, load};

/// The connection that writes. There is one in the whole system.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    /// `None` in memory.
    identity: Option<Identity>,
    /// The numbers of conversations that were written to lately.
    pub(crate) targets: HashMap<Conversation, i64>,
    moments: Moments,
    /// What was deleted may still be in the log, though no longer in the file.
    pub(crate) log_keeps_deleted: bool,
}

impl Store {
    /// Opens the database, making it or bringing it up to date where needed.
    ///
    /// # Errors
    /// [`StoreError`]; a file of a newer version is not touched.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = file::open_writer(path)?;
        Self::new(connection, Some(Identity::of(path)?))
    }

    /// A database in memory, for a server that is simulated: everything but the disk is as it is in a file. It is gone
    /// with the last [`Store`] or [`crate::Reader`] of that name in this process.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn in_memory(name: &str) -> Result<Self, StoreError> {
        Self::new(file::open_writer_in_memory(name)?, None)
    }

    fn new(connection: Connection, identity: Option<Identity>) -> Result<Self, StoreError> {
        let moments = Moments::load(&connection)?;
        Ok(Self { connection, identity, targets: HashMap::new(), moments, log_keeps_deleted: false })
    }

    /// Reads what the engine starts with, above all ids that were ever given. Accounts that were on when the server crashed were here until then.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn load(&mut self) -> Result<Loaded, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        load::repair_presence(&transaction)?;
        load::begin_ids(&transaction)?;
        let loaded = load::load(&transaction)?;
        transaction.commit()?;
        Ok(loaded)
    }

    /// Stores all of the changes, in their order, or none. On return they are safe on the disk.
    ///
    /// # Errors
    /// [`StoreError`], after which the store is as before and can be used again.
    pub fn save<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) -> Result<(), StoreError> {
        self.check_in_place()?;
        match save_all(&mut self.connection, &mut self.targets, self.moments, changes) {
            Ok(moments) => {
                self.moments = moments;
                Ok(())
            }
            Err(error) => {
                // Some of these numbers may have been rolled back.
                self.targets.clear();
                Err(error)
            }
        }
    }

    /// Writes a trifle, durably, to learn whether the disk takes writes (again). It waits for nobody: it is asked every
    /// second, and a lock that was held for longer than [`Store::save`] waits may be held for long.
    ///
    /// # Errors
    /// [`StoreError`], as [`Store::save`] would give.
    pub fn probe(&mut self) -> Result<(), StoreError> {
        self.check_in_place()?;
        self.without_waiting(|connection| {
            connection.prepare_cached("UPDATE meta SET probes = probes + 1")?.execute([]).map(drop)
        })
    }

    /// Whether what is written is still what others find under the file's name.
    ///
    /// # Errors
    /// [`StoreError::Replaced`], until the very same file is back.
    pub fn check_in_place(&mut self) -> Result<(), StoreError> {
        self.identity.as_mut().map_or(Ok(()), Identity::check)
    }

    /// Does something that another program's lock is to fail at once.
    pub(crate) fn without_waiting(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        self.connection.busy_timeout(Duration::ZERO)?;
        let done = work(&self.connection);
        self.connection.busy_timeout(WRITER_BUSY_TIMEOUT)?;
        Ok(done?)
    }

    /// Brings everything from the log into the database file and closes it.
    ///
    /// # Errors
    /// [`StoreError`]; what was saved is safe all the same, and found at the next start.
    pub fn close(self) -> Result<(), StoreError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

fn save_all<'a>(
    connection: &mut Connection,
    targets: &mut HashMap<Conversation, i64>,
    moments: Moments,
    changes: impl IntoIterator<Item = &'a Change>,
) -> Result<Moments, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut saving = Saving::new(&transaction, targets, moments);
    for change in changes {
        saving.change(change)?;
    }
    let moments = saving.finish()?;
    transaction.commit()?;
    Ok(moments)
}
