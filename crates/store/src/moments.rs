//! Where in the order of ids a time is to be looked for.
//!
//! Messages are clustered by conversation and id; an index by time would make storing them dearer by half. So the table
//! `moments` cuts the order into stretches: each begins with an id, and all that it holds is from the hour that began then.
//! A clock that is set back begins another. What lies in a stretch is looked at one by one. The rows stay when messages are
//! deleted: the audit log goes by them, too, and ten years are 88,000 of them.

use chat_model::id::{AHEAD_MS_MAX, MsgId, Stamp, Time};
use rusqlite::{Connection, OptionalExtension, Result, named_params};

/// How much time a stretch holds.
const STRETCH_MS: i64 = 60 * 60 * 1000;

/// When the last stretch began; `None` where there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    last: Option<Time>,
}

impl Moments {
    pub(crate) fn load(connection: &Connection) -> Result<Self> {
        let last = connection
            .prepare_cached("SELECT time FROM moments ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| row.get(0).map(Time))
            .optional()?;
        Ok(Self { last })
    }

    /// Takes note of what is stored now.
    pub(crate) fn note(&mut self, connection: &Connection, at: Stamp) -> Result<()> {
        let holds = |began: Time| (-AHEAD_MS_MAX..STRETCH_MS).contains(&(at.time.0 - began.0));
        if self.last.is_some_and(holds) {
            return Ok(());
        }
        connection
            .prepare_cached("INSERT INTO moments (id, time) VALUES (:id, :time)")?
            .execute(named_params! { ":id": at.id.0, ":time": at.time.0 })?;
        self.last = Some(at.time);
        Ok(())
    }
}

/// The id from which on everything lies that is later than `time`.
pub(crate) fn first_after(connection: &Connection, time: Time) -> Result<MsgId> {
    let found = connection
        .prepare_cached("SELECT id FROM moments WHERE time > :time ORDER BY id LIMIT 1")?
        .query_row(named_params! { ":time": time.plus(-STRETCH_MS).0 }, |row| row.get(0).map(MsgId))
        .optional()?;
    Ok(found.unwrap_or(MsgId::MAX))
}

/// The id below which everything lies that is earlier than `time`.
pub(crate) fn end_before(connection: &Connection, time: Time) -> Result<MsgId> {
    let last = connection
        .prepare_cached("SELECT id FROM moments WHERE time < :time ORDER BY id DESC LIMIT 1")?
        .query_row(named_params! { ":time": time.plus(AHEAD_MS_MAX).0 }, |row| row.get::<_, i64>(0))
        .optional()?;
    let Some(last) = last else { return Ok(MsgId::MIN) };
    let next = connection
        .prepare_cached("SELECT id FROM moments WHERE id > :id ORDER BY id LIMIT 1")?
        .query_row(named_params! { ":id": last }, |row| row.get(0).map(MsgId))
        .optional()?;
    Ok(next.unwrap_or(MsgId::MAX))
}
