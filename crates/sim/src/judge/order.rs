//! Ids are the order, and no id is given twice. Times are what the clock showed, and rise in each conversation.

use std::collections::BTreeMap;

use chat_model::id::{AHEAD_MS_MAX, MsgId, Stamp, Time};
use chat_model::message::{Conversation, Message};

/// What ids and times there were.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The highest id of anything that was shown or stored.
    highest: MsgId,
    /// The same when the server was started last.
    highest_before_start: MsgId,
    highest_stored: MsgId,
    /// The time of what was said last.
    last_said: BTreeMap<Conversation, Time>,
}

impl Order {
    /// A server has started, and the clock shows `now`; `stored` is what it showed when something was stored last.
    pub(super) fn started(&mut self, now: Time, stored: Option<Time>) {
        self.highest_before_start = self.highest;
        // That is all that it knows. What was said before somebody set the clock back, it cannot know.
        let known = stored.filter(|stored| *stored <= now.plus(AHEAD_MS_MAX));
        self.last_said.retain(|_, last| known.is_some_and(|known| *last <= known.plus(AHEAD_MS_MAX)));
    }

    pub(super) fn shown(&mut self, at: Stamp, faults: &mut Vec<String>) {
        if at.id <= self.highest_before_start {
            faults.push(format!("id {} was given by a server that has died", at.id));
        }
        self.highest = self.highest.max(at.id);
    }

    /// Something was said, and the clock shows `now`.
    pub(super) fn stored(&mut self, message: &Message, now: Time, faults: &mut Vec<String>) {
        let Stamp { id, time } = message.at;
        self.shown(message.at, faults);
        if id <= self.highest_stored {
            faults.push(format!("id {id} comes after {}", self.highest_stored));
        }
        self.highest_stored = id;
        let latest = now.plus(AHEAD_MS_MAX);
        if !(now..=latest).contains(&time) {
            faults.push(format!("at {now:?} it was said at {time:?}: {message:?}"));
        }
        let last = self.last_said.insert(message.conversation(), time);
        // What is later than the clock can be was said before the clock was set.
        if last.is_some_and(|last| time <= last && last < latest) {
            faults.push(format!("after {last:?} it was said at {time:?}: {message:?}"));
        }
    }
}
