//! History as an operator looks through it: across channels, their former lives included.

use std::sync::Arc;

use chat_model::id::{MsgId, Time};
use chat_model::message::Message;
use chat_model::name::{ChannelName, Nick};
use chat_model::who::Source;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::moments;
use crate::reader::Reader;
use crate::row;
use crate::row::message_columns;

/// Which messages an operator wants to see.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    /// These channels, in all their lives; empty for all channels.
    pub channels: Vec<ChannelName>,
    /// Direct messages as well.
    pub whispers: bool,
    /// Said under this nickname or from the account of that name.
    pub from: Option<Nick>,
    /// Not before.
    pub since: Option<Time>,
    /// Not after.
    pub until: Option<Time>,
    /// With this in the text, whatever the case.
    pub grep: Option<String>,
    /// Only the newest so many.
    pub last: Option<usize>,
    /// Only ids above.
    pub after: Option<MsgId>,
}

/// A message that an operator's search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// The message.
    pub message: Arc<Message>,
    /// Whether its conversation is over: the channel ended since, or one of the accounts was deleted.
    pub ended: bool,
}

/// A conversation to look through.
pub(crate) struct ConversationRow {
    pub(crate) target: i64,
    pub(crate) ended: bool,
}

/// Between which ids lies what may fit, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) first: MsgId,
    pub(crate) last: MsgId,
}

impl Reader {
    /// Where what a filter looks for may lie.
    pub(crate) fn stretch(&self, filter: &HistoryFilter) -> Result<Stretch, StoreError> {
        let since =
            filter.since.map(|time| moments::first_after(&self.connection, time.plus(-1))).transpose()?;
        let end = filter.until.map(|time| moments::end_before(&self.connection, time.plus(1))).transpose()?;
        let after = filter.after.map_or(MsgId::MIN, |id| MsgId(id.0.saturating_add(1)));
        Ok(Stretch {
            first: since.unwrap_or(MsgId::MIN).max(after),
            last: MsgId(end.unwrap_or(MsgId::MAX).0.saturating_sub(1)),
        })
    }

    /// Messages that fit, ascending, all in memory; see [`Reader::stream`] for many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn search(&self, filter: &HistoryFilter) -> Result<Vec<StoredRow>, StoreError> {
        let grep = filter.grep.as_ref().map(|text| text.to_lowercase());
        let mut found = Vec::new();
        // One moment for all conversations: whoever asks for what came after the newest of these misses nothing.
        let _snapshot = self.connection.unchecked_transaction()?;
        let stretch = self.stretch(filter)?;
        for conversation in self.conversations(filter)? {
            self.search_conversation(filter, stretch, grep.as_deref(), &conversation, &mut found)?;
        }
        found.sort_by_key(|row: &StoredRow| row.message.at.id);
        if let Some(last) = filter.last {
            found.drain(..found.len().saturating_sub(last));
        }
        Ok(found)
    }

    /// Whether there is, or ever was, a channel of that name of which anything is kept.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn knows_channel(&self, channel: &ChannelName) -> Result<bool, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM channels WHERE name = :name)
                 OR EXISTS (SELECT 1 FROM targets WHERE channel = :name)",
        )?;
        Ok(select.query_row(named_params! { ":name": channel.folded() }, |row| row.get(0))?)
    }

    /// The conversations to look through: few, so that each is then read in its own order.
    pub(crate) fn conversations(&self, filter: &HistoryFilter) -> Result<Vec<ConversationRow>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, name <> coalesce(channel, one || ' ' || other, ''), channel FROM targets
             WHERE channel IS NOT NULL OR :whispers ORDER BY id",
        )?;
        let mut rows = select.query(named_params! { ":whispers": filter.whispers })?;
        let mut conversations = Vec::new();
        while let Some(row) = rows.next()? {
            let wanted = match row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)? {
                Some(folded) => {
                    filter.channels.is_empty() || filter.channels.iter().any(|name| name.folded() == folded)
                }
                None => true,
            };
            if wanted {
                conversations.push(ConversationRow { target: row.get(0)?, ended: row.get(1)? });
            }
        }
        Ok(conversations)
    }

    fn search_conversation(
        &self,
        filter: &HistoryFilter,
        stretch: Stretch,
        grep: Option<&str>,
        conversation: &ConversationRow,
        found: &mut Vec<StoredRow>,
    ) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages AS m JOIN targets AS t ON t.id = m.target
              WHERE m.target = :target AND m.id >= :first AND m.id <= :last ORDER BY m.id DESC"
        ))?;
        let mut rows = select.query(named_params! {
            ":target": conversation.target,
            ":first": stretch.first.0,
            ":last": stretch.last.0,
        })?;
        let mut left = filter.last.unwrap_or(usize::MAX);
        while left > 0
            && let Some(row) = rows.next()?
        {
            let message = row::message(row)?;
            if fits(&message, filter, grep) {
                found.push(StoredRow { message, ended: conversation.ended });
                left -= 1;
            }
        }
        Ok(())
    }
}

/// Whether a message fits, that lies where it may; `grep` is in small letters.
pub(crate) fn fits(message: &Message, filter: &HistoryFilter, grep: Option<&str>) -> bool {
    let time = message.at.time;
    let time_fits =
        filter.since.is_none_or(|since| time >= since) && filter.until.is_none_or(|until| time <= until);
    let from_fits = filter.from.as_ref().is_none_or(|nick| match &message.from {
        Source::User(who) => who.nick == *nick || who.account.as_ref() == Some(&nick.to_account()),
        Source::Server => false,
    });
    time_fits && from_fits && grep.is_none_or(|grep| message.text.to_lowercase().contains(grep))
}
