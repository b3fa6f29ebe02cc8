//! Reading beside the writer: passwords, and the past as IRCv3 `draft/chathistory` asks for it.

use std::path::Path;
use std::sync::Arc;

use chat_model::history::{Bound, Query, Select};
use chat_model::id::MsgId;
use chat_model::message::{Conversation, Message};
use chat_model::name::{Account, ChannelName};
use chat_model::secret::Secret;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::error::StoreError;
use crate::row::message_columns;
use crate::save::target_name;
use crate::{file, load, row};

type Messages = Vec<Arc<Message>>;

/// A connection that only reads. It sees everything that was committed before a question was asked.
#[derive(Debug)]
pub struct Reader {
    pub(crate) connection: Connection,
}

impl Reader {
    /// Opens a database that exists and is up to date.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: file::open_reader(path)? })
    }

    /// Opens what [`crate::Store::in_memory`] has made.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn in_memory(name: &str) -> Result<Self, StoreError> {
        Ok(Self { connection: file::open_reader_in_memory(name)? })
    }

    /// The stored hash of an account's password; `None` where there is no such account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn password_hash(&self, account: &Account) -> Result<Option<Secret>, StoreError> {
        let found = self
            .connection
            .prepare_cached("SELECT hash FROM accounts WHERE name = :name")?
            .query_row(named_params! { ":name": account.folded() }, |row| row.get::<_, String>(0))
            .optional()?;
        Ok(found.map(Secret::new))
    }

    /// Messages of one conversation, ascending. Of one that nobody ever wrote in there are none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn history(&self, query: &Query) -> Result<Messages, StoreError> {
        let name = target_name(&query.conversation);
        let limit = query.limit;
        match query.select {
            Select::Latest(bound) => {
                self.last_between(&name, bound.map_or(MsgId::MIN, |at| at.last), MsgId::MAX, limit)
            }
            Select::Before(at) => self.last_between(&name, MsgId::MIN, at.first, limit),
            Select::After(at) => self.first_between(&name, at.last, MsgId::MAX, limit),
            Select::Around(at) => self.around(&name, at, limit),
            Select::Between(from, to) if from.first <= to.first => {
                self.first_between(&name, from.last, to.first, limit)
            }
            Select::Between(from, to) => self.last_between(&name, to.last, from.first, limit),
        }
    }

    fn around(&self, name: &str, at: Bound, limit: u32) -> Result<Messages, StoreError> {
        let before = limit / 2;
        let _snapshot = self.connection.unchecked_transaction()?;
        let mut messages = self.last_between(name, MsgId::MIN, at.first, before)?;
        messages.extend(self.first_between(
            name,
            MsgId(at.first.0.saturating_sub(1)),
            MsgId::MAX,
            limit - before,
        )?);
        Ok(messages)
    }

    fn first_between(
        &self,
        name: &str,
        after: MsgId,
        before: MsgId,
        limit: u32,
    ) -> Result<Messages, StoreError> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            message_columns!(),
            " FROM targets AS t JOIN messages AS m ON m.target = t.id
              WHERE t.name = :name AND m.id > :after AND m.id < :before ORDER BY m.id ASC LIMIT :limit"
        ))?;
        let bounds = named_params! { ":name": name, ":after": after.0, ":before": before.0, ":limit": limit };
        let messages = select.query_map(bounds, row::message)?;
        Ok(messages.collect::<rusqlite::Result<_>>()?)
    }

    fn last_between(
        &self,
        name: &str,
        after: MsgId,
        before: MsgId,
        limit: u32,
    ) -> Result<Messages, StoreError> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            message_columns!(),
            " FROM targets AS t JOIN messages AS m ON m.target = t.id
              WHERE t.name = :name AND m.id > :after AND m.id < :before ORDER BY m.id DESC LIMIT :limit"
        ))?;
        let bounds = named_params! { ":name": name, ":after": after.0, ":before": before.0, ":limit": limit };
        let messages = select.query_map(bounds, row::message)?;
        ascending(messages.collect())
    }

    /// Conversations of an account, and these channels, whose latest message lies between the two points (excluded):
    /// at most `limit`, those nearest to `from`, which may be the later one; ascending by that message.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn targets(
        &self,
        account: Option<&Account>,
        channels: &[ChannelName],
        from: Bound,
        to: Bound,
        limit: u32,
    ) -> Result<Vec<(Conversation, MsgId)>, StoreError> {
        let mut found = Vec::new();
        for channel in channels {
            if let Some(latest) = self.latest_in(channel)? {
                found.push((Conversation::Channel(channel.clone()), latest));
            }
        }
        if let Some(account) = account {
            found.extend(self.direct_of(account)?);
        }
        let backwards = to.first < from.first;
        let (earlier, later) = if backwards { (to, from) } else { (from, to) };
        found.retain(|(_, latest)| earlier.last < *latest && *latest < later.first);
        found.sort_by_key(|(_, latest)| *latest);
        if backwards {
            found.drain(..found.len().saturating_sub(limit as usize));
        } else {
            found.truncate(limit as usize);
        }
        Ok(found)
    }

    fn latest_in(&self, channel: &ChannelName) -> Result<Option<MsgId>, StoreError> {
        let latest: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT max(id) FROM messages WHERE target = (SELECT id FROM targets WHERE name = :name)",
            )?
            .query_row(named_params! { ":name": channel.folded() }, |row| row.get(0))?;
        Ok(latest.map(MsgId))
    }

    fn direct_of(&self, account: &Account) -> Result<Vec<(Conversation, MsgId)>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT one, other, (SELECT max(id) FROM messages WHERE target = targets.id) AS latest
             FROM targets WHERE (one = :name OR other = :name) AND latest IS NOT NULL",
        )?;
        let rows = select.query_map(named_params! { ":name": account.folded() }, |row| {
            Ok((Conversation::Direct(row.get(0)?, row.get(1)?), MsgId(row.get(2)?)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Direct messages to this account (not from it) after an id: the newest `limit`, ascending.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn whispers(&self, account: &Account, after: MsgId, limit: u32) -> Result<Messages, StoreError> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages AS m JOIN targets AS t ON t.id = m.target
              WHERE m.inbox = (SELECT id FROM accounts WHERE name = :name) AND m.id > :after
              ORDER BY m.id DESC LIMIT :limit"
        ))?;
        let bounds = named_params! { ":name": account.folded(), ":after": after.0, ":limit": limit };
        let messages = select.query_map(bounds, row::message)?;
        ascending(messages.collect())
    }

    /// The highest id that was ever stored.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn last_id(&self) -> Result<MsgId, StoreError> {
        Ok(load::last_id(&self.connection)?)
    }

    /// A number that is another one whenever somebody else has committed something.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
    }
}

fn ascending(newest_first: rusqlite::Result<Messages>) -> Result<Messages, StoreError> {
    let mut messages = newest_first?;
    messages.reverse();
    Ok(messages)
}
