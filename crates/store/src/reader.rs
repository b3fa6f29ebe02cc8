//! Reading beside the writer: passwords, and the past as IRCv3 `draft/chathistory` asks for it.

use std::path::Path;
use std::sync::Arc;

use chat_model::history::{Bound, Page, Query, Select};
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::message::{Conversation, Message};
use chat_model::name::{Account, ChannelName};
use chat_model::secret::PasswordHash;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::error::StoreError;
use crate::identity::Identity;
use crate::row::message_columns;
use crate::save::target_name;
use crate::{file, load, moments, row};

/// Messages of one conversation between two points that somebody may read, in one order or the other.
macro_rules! select_between {
    ($order:literal) => {
        concat!(
            "SELECT ",
            message_columns!(),
            " FROM targets AS t JOIN messages AS m ON m.target = t.id
              WHERE t.name = :name AND m.id > :after_id AND m.id < :before_id
                AND m.time > :after_time AND m.time < :before_time
                AND (m.rank IS NULL OR instr(:ranks, m.rank) OR m.account = :account)
              ORDER BY m.id ",
            $order,
            " LIMIT :limit"
        )
    };
}

/// Where what is asked for begins or ends, itself excluded: an id, and a time.
#[derive(Clone, Copy, Debug)]
struct Edge {
    id: MsgId,
    time: Time,
}

impl Edge {
    /// Before everything.
    const START: Self = Self { id: MsgId::MIN, time: Time(i64::MIN) };
    /// After everything.
    const END: Self = Self { id: MsgId::MAX, time: Time(i64::MAX) };
}

/// A connection that only reads. It sees everything that was committed before a question was asked.
#[derive(Debug)]
pub struct Reader {
    pub(crate) connection: Connection,
    /// `None` in memory.
    identity: Option<Identity>,
}

impl Reader {
    /// Opens a database that exists and is up to date.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = file::open_reader(path)?;
        Ok(Self { connection, identity: Some(Identity::of(path)?) })
    }

    /// Whether what is read is still what others find under the file's name.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]
    pub fn check_in_place(&self) -> Result<(), StoreError> {
        self.identity.as_ref().map_or(Ok(()), Identity::check_database)
    }

    /// Looks through the whole file for pages that contradict themselves or each other. It reads everything there is, and
    /// others go on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first fault that was found, or another [`StoreError`].
    pub fn check(&self) -> Result<(), StoreError> {
        let found: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found)) }
    }

    /// Opens what [`crate::Store::in_memory`] has made.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn in_memory(name: &str) -> Result<Self, StoreError> {
        Ok(Self { connection: file::open_reader_in_memory(name)?, identity: None })
    }

    /// The stored hash of an account's password; `None` where there is no such account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn password_hash(&self, account: &Account) -> Result<Option<PasswordHash>, StoreError> {
        let found = self
            .connection
            .prepare_cached("SELECT hash FROM accounts WHERE name = :name")?
            .query_row(named_params! { ":name": account.folded() }, |row| row.get::<_, String>(0))
            .optional()?;
        Ok(found.map(PasswordHash::new))
    }

    /// Messages of one conversation, ascending. Of one that nobody ever wrote in there are none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn history(&self, query: &Query) -> Result<Page, StoreError> {
        let _snapshot = self.connection.unchecked_transaction()?;
        match query.select {
            Select::Latest(None) => self.last_between(query, Edge::START, Edge::END),
            Select::Latest(Some(bound)) => self.last_between(query, self.after(bound)?, Edge::END),
            Select::Before(bound) => self.last_between(query, Edge::START, self.before(bound)?),
            Select::After(bound) => self.first_between(query, self.after(bound)?, Edge::END),
            Select::Around(bound) => self.around(query, bound),
            Select::Between(from, to) if self.is_in_order(query, from, to)? => {
                self.first_between(query, self.after(from)?, self.before(to)?)
            }
            Select::Between(from, to) => self.last_between(query, self.after(to)?, self.before(from)?),
        }
    }

    fn around(&self, query: &Query, at: Bound) -> Result<Page, StoreError> {
        let half = |limit: u32| Query { limit, bytes_max: query.bytes_max / 2, ..query.clone() };
        let before = half(query.limit / 2);
        let after = half(query.limit - before.limit);
        let here = match at {
            Bound::Id(id) => Bound::Id(MsgId(id.0.saturating_sub(1))),
            Bound::Time(time) => Bound::Time(time.plus(-1)),
        };
        let mut page = self.last_between(&before, Edge::START, self.before(at)?)?;
        let later = self.first_between(&after, self.after(here)?, Edge::END)?;
        page.messages.extend(later.messages);
        page.is_cut |= later.is_cut;
        Ok(page)
    }

    /// Where what lies after a point begins.
    fn after(&self, bound: Bound) -> Result<Edge, StoreError> {
        Ok(match bound {
            Bound::Id(id) => Edge { id, ..Edge::START },
            Bound::Time(time) => {
                let first = moments::first_after(&self.connection, time)?;
                Edge { id: MsgId(first.0.saturating_sub(1)), time }
            }
        })
    }

    /// Where what lies before a point ends.
    fn before(&self, bound: Bound) -> Result<Edge, StoreError> {
        Ok(match bound {
            Bound::Id(id) => Edge { id, ..Edge::END },
            Bound::Time(time) => Edge { id: moments::end_before(&self.connection, time)?, time },
        })
    }

    fn is_in_order(&self, query: &Query, one: Bound, other: Bound) -> Result<bool, StoreError> {
        Ok(match (one, other) {
            (Bound::Id(one), Bound::Id(other)) => one <= other,
            _ => self.time_of(query, one)? <= self.time_of(query, other)?,
        })
    }

    /// The time of a message, or if it is of no such conversation, of the one before it.
    fn time_of(&self, query: &Query, bound: Bound) -> Result<Time, StoreError> {
        let id = match bound {
            Bound::Id(id) => id,
            Bound::Time(time) => return Ok(time),
        };
        let name = target_name(&query.conversation);
        let found = self
            .connection
            .prepare_cached(
                "SELECT time FROM messages
                 WHERE target = (SELECT id FROM targets WHERE name = :name) AND id <= :id ORDER BY id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":name": name, ":id": id.0 }, |row| row.get(0).map(Time))
            .optional()?;
        Ok(found.unwrap_or(Edge::START.time))
    }

    fn first_between(&self, query: &Query, after: Edge, before: Edge) -> Result<Page, StoreError> {
        self.page(select_between!("ASC"), query, after, before)
    }

    fn last_between(&self, query: &Query, after: Edge, before: Edge) -> Result<Page, StoreError> {
        let mut page = self.page(select_between!("DESC"), query, after, before)?;
        page.messages.reverse();
        Ok(page)
    }

    /// Messages in the order of the statement, up to the limits of the query.
    fn page(&self, sql: &str, query: &Query, after: Edge, before: Edge) -> Result<Page, StoreError> {
        let mut select = self.connection.prepare_cached(sql)?;
        let rows = select.query_map(
            named_params! {
                ":name": target_name(&query.conversation),
                ":after_id": after.id.0,
                ":after_time": after.time.0,
                ":before_id": before.id.0,
                ":before_time": before.time.0,
                ":limit": query.limit,
                ":ranks": query.reads.ranks.reach(),
                ":account": query.reads.account.as_ref().map(Account::as_str),
            },
            row::message,
        )?;
        within(rows, query.limit, query.bytes_max)
    }

    /// Conversations of an account, and these channels, whose latest message lies between the two times (excluded):
    /// at most `limit`, those nearest to `from`, which may be the later one; ascending by that message.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn targets(
        &self,
        account: Option<&Account>,
        channels: &[ChannelName],
        from: Time,
        to: Time,
        limit: u32,
    ) -> Result<Vec<(Conversation, Time)>, StoreError> {
        let mut found = Vec::new();
        for channel in channels {
            if let Some(latest) = self.latest_in(channel)? {
                found.push((Conversation::Channel(channel.clone()), latest));
            }
        }
        if let Some(account) = account {
            found.extend(self.direct_of(account)?);
        }
        let backwards = to < from;
        let (earlier, later) = if backwards { (to, from) } else { (from, to) };
        found.retain(|(_, latest)| earlier < latest.time && latest.time < later);
        found.sort_by_key(|(_, latest)| (latest.time, latest.id));
        if backwards {
            found.drain(..found.len().saturating_sub(limit as usize));
        } else {
            found.truncate(limit as usize);
        }
        Ok(found.into_iter().map(|(conversation, latest)| (conversation, latest.time)).collect())
    }

    fn latest_in(&self, channel: &ChannelName) -> Result<Option<Stamp>, StoreError> {
        let latest = self
            .connection
            .prepare_cached(
                "SELECT id, time FROM messages WHERE target = (SELECT id FROM targets WHERE name = :name)
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":name": channel.folded() }, |row| row::stamp(row, 0, 1))
            .optional()?;
        Ok(latest)
    }

    fn direct_of(&self, account: &Account) -> Result<Vec<(Conversation, Stamp)>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT t.one, t.other, m.id, m.time FROM targets AS t
             JOIN messages AS m ON m.target = t.id AND m.id = (SELECT max(id) FROM messages WHERE target = t.id)
             WHERE t.one = :name OR t.other = :name",
        )?;
        let rows = select.query_map(named_params! { ":name": account.folded() }, |row| {
            Ok((Conversation::Direct(row.get(0)?, row.get(1)?), row::stamp(row, 2, 3)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Direct messages to this account (not from it) after an id and up to another: the newest `limit` and about `bytes_max`, ascending.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn whispers(
        &self,
        account: &Account,
        after: MsgId,
        until: MsgId,
        limit: u32,
        bytes_max: usize,
    ) -> Result<Page, StoreError> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages AS m JOIN targets AS t ON t.id = m.target
              WHERE m.inbox = (SELECT id FROM accounts WHERE name = :name) AND m.id > :after AND m.id <= :until
              ORDER BY m.id DESC LIMIT :limit"
        ))?;
        let bounds = named_params! {
            ":name": account.folded(),
            ":after": after.0,
            ":until": until.0,
            ":limit": limit,
        };
        let mut page = within(select.query_map(bounds, row::message)?, limit, bytes_max)?;
        page.messages.reverse();
        Ok(page)
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

/// The first messages of a page, and at least one of them, as far as they fit.
fn within(
    rows: impl Iterator<Item = rusqlite::Result<Arc<Message>>>,
    limit: u32,
    bytes_max: usize,
) -> Result<Page, StoreError> {
    let (mut messages, mut bytes) = (Vec::new(), 0);
    for message in rows {
        let message = message?;
        bytes += message.about_bytes();
        if bytes > bytes_max && !messages.is_empty() {
            return Ok(Page { messages, is_cut: true });
        }
        messages.push(message);
    }
    let is_cut = messages.len() as u64 >= u64::from(limit);
    Ok(Page { messages, is_cut })
}
