//! Deleting what is older than it may be, so that it is gone: from the conversations, from the file and from its log.

use std::collections::BTreeSet;

use chat_model::id::Time;
use rusqlite::{TransactionBehavior, named_params};

use crate::error::StoreError;
use crate::moments;
use crate::store::Store;

/// Messages that one call of [`Store::expire`] deletes at the most.
const EXPIRED_AT_ONCE_MAX: i64 = 5000;

/// CROSS JOIN, so that SQLite looks into each conversation from its oldest end. The other way round, which it takes
/// where it knows nothing about the tables, it reads every message there is.
pub(crate) const EXPIRE: &str = "
    DELETE FROM messages WHERE (target, id) IN (
        SELECT m.target, m.id FROM targets AS t
        CROSS JOIN messages AS m ON m.target = t.id AND m.id < :end AND m.time < :before
        LIMIT :limit)
    RETURNING target";

/// Messages that are counted at the most where somebody wants to know how many are too old.
const COUNTED_MAX: i64 = 1_000_000;

/// Free pages that stay in the file (of 4 KiB), for what is written next.
const FREE_PAGES_KEPT: i64 = 256;
/// Pages that one call of [`Store::tidy`] gives back at the most.
const PAGES_FREED_AT_ONCE_MAX: i64 = 256;

impl Store {
    /// How many messages there are from before a time, counted up to a million.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn older_than(&self, before: Time) -> Result<i64, StoreError> {
        let end = moments::end_before(&self.connection, before)?;
        let mut count = self.connection.prepare_cached(
            "SELECT count(*) FROM (
                 SELECT 1 FROM targets AS t
                 CROSS JOIN messages AS m ON m.target = t.id AND m.id < :end AND m.time < :before
                 LIMIT :limit)",
        )?;
        let parameters = named_params! { ":end": end.0, ":before": before.0, ":limit": COUNTED_MAX };
        Ok(count.query_row(parameters, |row| row.get(0))?)
    }

    /// Deletes messages from before a time, some of them at a time so that nobody waits long, and forgets that there
    /// were the conversations of which nothing is left. How many messages it were: none is left when it is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn expire(&mut self, before: Time) -> Result<usize, StoreError> {
        self.check_in_place()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let end = moments::end_before(&transaction, before)?;
        let parameters = named_params! { ":end": end.0, ":before": before.0, ":limit": EXPIRED_AT_ONCE_MAX };
        let deleted: Vec<i64> = transaction
            .prepare_cached(EXPIRE)?
            .query_map(parameters, |row| row.get(0))?
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
        self.log_keeps_deleted |= !deleted.is_empty();
        Ok(deleted.len())
    }

    /// Gives some of what is free in the file back to the file system, and empties the log of what was deleted. To be
    /// called from time to time when nothing is left to delete: a call takes a few milliseconds at the most.
    ///
    /// # Errors
    /// [`StoreError`]; a later call goes on.
    pub fn tidy(&mut self) -> Result<(), StoreError> {
        self.check_in_place()?;
        let free: i64 = self.connection.query_row("PRAGMA freelist_count", [], |row| row.get(0))?;
        if free > FREE_PAGES_KEPT {
            return self.free_pages((free - FREE_PAGES_KEPT).min(PAGES_FREED_AT_ONCE_MAX));
        }
        if self.log_keeps_deleted {
            self.empty_log()?;
        }
        Ok(())
    }

    fn free_pages(&mut self, pages: i64) -> Result<(), StoreError> {
        let mut vacuum = self.connection.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
        // Each step frees one page.
        let mut steps = vacuum.query([])?;
        while steps.next()?.is_some() {}
        self.log_keeps_deleted = true;
        Ok(())
    }

    /// Who reads just now may still need the log; then it is for the next time.
    fn empty_log(&mut self) -> Result<(), StoreError> {
        let mut is_emptied = false;
        self.without_waiting(|connection| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                is_emptied = row.get::<_, i64>(0)? == 0;
                Ok(())
            })
        })?;
        self.log_keeps_deleted = !is_emptied;
        Ok(())
    }
}
