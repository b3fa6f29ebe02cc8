//! A search whose findings are handed out as they are read: however many there are, only a few are in memory, and
//! however slowly they are taken, nothing is kept open meanwhile.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use chat_model::id::MsgId;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row;
use crate::row::message_columns;
use crate::search::{ConversationRow, HistoryFilter, StoredRow, fits};

/// Messages that are read from one conversation at once.
pub(crate) const ROWS_AT_ONCE_MAX: usize = 128;

/// How far one conversation has been read.
struct Cursor {
    conversation: ConversationRow,
    /// Everything up to here was looked at.
    after: MsgId,
    found: VecDeque<StoredRow>,
}

/// What is looked for, in the words of the statement.
struct Wanted<'a> {
    filter: &'a HistoryFilter,
    grep: Option<String>,
    last: MsgId,
}

impl Reader {
    /// Hands out messages that fit, ascending, all of them: the filter's `last` does not count here. What is stored
    /// meanwhile is not among them.
    ///
    /// # Errors
    /// [`StoreError`], or what `next` gives back.
    pub fn stream<E: From<StoreError>>(
        &self,
        filter: &HistoryFilter,
        mut next: impl FnMut(&StoredRow) -> Result<(), E>,
    ) -> Result<(), E> {
        // Each page is a look at the file of its own. Ids only grow, so up to here they all see the same.
        let stretch = self.stretch(filter)?;
        let last = stretch.last.min(self.last_id()?);
        let grep = filter.grep.as_ref().map(|text| text.to_lowercase());
        let wanted = Wanted { filter, grep, last };
        let after = stretch.first.0.saturating_sub(1);
        let conversations = self.conversations(filter)?.into_iter();
        let mut cursors: Vec<_> = conversations
            .map(|conversation| Cursor { conversation, after: MsgId(after), found: VecDeque::new() })
            .collect();
        // Which conversation has the earliest message that was not handed out yet.
        let mut heads = BinaryHeap::new();
        for (number, cursor) in cursors.iter_mut().enumerate() {
            heads.extend(self.head(cursor, &wanted)?.map(|id| Reverse((id, number))));
        }
        while let Some(Reverse((_, number))) = heads.pop() {
            let cursor = &mut cursors[number];
            if let Some(row) = cursor.found.pop_front() {
                next(&row)?;
            }
            heads.extend(self.head(cursor, &wanted)?.map(|id| Reverse((id, number))));
        }
        Ok(())
    }

    /// The id of the conversation's next message that fits, which is then in memory; `None` at its end.
    fn head(&self, cursor: &mut Cursor, wanted: &Wanted<'_>) -> Result<Option<MsgId>, StoreError> {
        while cursor.found.is_empty() && cursor.after < wanted.last {
            self.read_page(cursor, wanted)?;
        }
        Ok(cursor.found.front().map(|row| row.message.at.id))
    }

    fn read_page(&self, cursor: &mut Cursor, wanted: &Wanted<'_>) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages AS m JOIN targets AS t ON t.id = m.target
              WHERE m.target = :target AND m.id > :after AND m.id <= :last ORDER BY m.id LIMIT :limit"
        ))?;
        let parameters = named_params! {
            ":target": cursor.conversation.target,
            ":after": cursor.after.0,
            ":last": wanted.last.0,
            ":limit": ROWS_AT_ONCE_MAX as i64,
        };
        let page: Vec<_> = select.query_map(parameters, row::message)?.collect::<rusqlite::Result<_>>()?;
        cursor.after = match page.last() {
            Some(message) if page.len() == ROWS_AT_ONCE_MAX => message.at.id,
            _ => wanted.last,
        };
        let fitting = page.into_iter().filter(|message| fits(message, wanted.filter, wanted.grep.as_deref()));
        let ended = cursor.conversation.ended;
        cursor.found.extend(fitting.map(|message| StoredRow { message, ended }));
        Ok(())
    }
}
