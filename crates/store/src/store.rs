//! The one writer.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use chat_model::change::{Change, Loaded};
use chat_model::id::MsgId;
use chat_model::message::Conversation;
use rusqlite::{Connection, TransactionBehavior, named_params};

use crate::error::StoreError;
use crate::save::Saving;
use crate::{file, load};

/// Messages that one call of [`Store::expire`] deletes at the most.
const EXPIRED_AT_ONCE_MAX: i64 = 5000;

/// CROSS JOIN, so that SQLite looks into each conversation from its oldest end. The other way round, which it takes
/// where it knows nothing about the tables, it reads every message there is.
pub(crate) const EXPIRE: &str = "
    DELETE FROM messages WHERE (target, id) IN (
        SELECT m.target, m.id FROM targets AS t
        CROSS JOIN messages AS m ON m.target = t.id AND m.id < :before
        LIMIT :limit)
    RETURNING target";

/// The connection that writes. There is one in the whole system.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    /// The numbers of conversations that were written to lately.
    targets: HashMap<Conversation, i64>,
}

impl Store {
    /// Opens the database, making it or bringing it up to date where needed.
    ///
    /// # Errors
    /// [`StoreError`]; a file of a newer version is not touched.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: file::open_writer(path)?, targets: HashMap::new() })
    }

    /// A database in memory, for a server that is simulated: everything but the disk is as it is in a file. It is gone
    /// with the last [`Store`] or [`crate::Reader`] of that name in this process.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn in_memory(name: &str) -> Result<Self, StoreError> {
        Ok(Self { connection: file::open_writer_in_memory(name)?, targets: HashMap::new() })
    }

    /// Reads what the engine starts with. Accounts that were on when the server crashed have seen everything.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn load(&mut self) -> Result<Loaded, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        load::repair_presence(&transaction)?;
        let loaded = load::load(&transaction)?;
        transaction.commit()?;
        Ok(loaded)
    }

    /// Stores all of the changes, in their order, or none. On return they are safe on the disk.
    ///
    /// # Errors
    /// [`StoreError`], after which the store is as before and can be used again.
    pub fn save<'a>(&mut self, changes: impl IntoIterator<Item = &'a Change>) -> Result<(), StoreError> {
        let saved = save_all(&mut self.connection, &mut self.targets, changes);
        if saved.is_err() {
            // Some of these numbers may have been rolled back.
            self.targets.clear();
        }
        saved
    }

    /// Writes a trifle, durably, to learn whether the disk takes writes (again).
    ///
    /// # Errors
    /// [`StoreError`], as [`Store::save`] would give.
    pub fn probe(&mut self) -> Result<(), StoreError> {
        self.connection.prepare_cached("UPDATE meta SET probes = probes + 1")?.execute([])?;
        Ok(())
    }

    /// Deletes messages from before an id, some of them at a time so that nobody waits long, and forgets that there
    /// were the conversations of which nothing is left. How many messages it were: none is left when it is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn expire(&mut self, before: MsgId) -> Result<usize, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let deleted: Vec<i64> = transaction
            .prepare_cached(EXPIRE)?
            .query_map(named_params! { ":before": before.0, ":limit": EXPIRED_AT_ONCE_MAX }, |row| {
                row.get(0)
            })?
            .collect::<rusqlite::Result<_>>()?;
        let touched: BTreeSet<_> = deleted.iter().copied().collect();
        for target in &touched {
            transaction
                .prepare_cached(
                    "DELETE FROM targets WHERE id = :id
                         AND NOT EXISTS (SELECT 1 FROM messages WHERE target = :id)
                         AND NOT EXISTS (SELECT 1 FROM channels WHERE channels.name = targets.name)",
                )?
                .execute(named_params! { ":id": target })?;
        }
        transaction.commit()?;
        // The numbers of those that are gone may be given again.
        self.targets.retain(|_, target| !touched.contains(target));
        Ok(deleted.len())
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
    changes: impl IntoIterator<Item = &'a Change>,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut saving = Saving::new(&transaction, targets);
    for change in changes {
        saving.change(change)?;
    }
    saving.finish()?;
    Ok(transaction.commit()?)
}
