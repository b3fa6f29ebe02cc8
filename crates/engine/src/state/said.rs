//! When something was said last in each conversation, so that what is said next is said later.

use chat_model::id::{AHEAD_MS_MAX, ChannelId, Time};
use serde::{Deserialize, Serialize};

use super::State;
use super::membership::Member;

/// What a conversation is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Circle {
    /// Those on a channel.
    Channel(ChannelId),
    /// An account or a guest, with whomever it whispers. An account's goes on when somebody else is on with it.
    Member(Member),
    /// The server, with everybody to whom it says something alone.
    Server,
}

impl State {
    /// The time of what is said now; of a whisper, the two ends have a circle each.
    pub(crate) fn time_in(&mut self, circles: &[Circle], now: Time) -> Time {
        let last = circles.iter().filter_map(|circle| self.last_said.get(circle).copied()).max();
        let time = Time::of_next(last.unwrap_or_else(|| self.last_before_start(now)), now);
        for circle in circles {
            self.last_said.insert(*circle, time);
        }
        time
    }

    /// The time of the last message before the start, at the latest: it may have run ahead of what was stored last.
    fn last_before_start(&self, now: Time) -> Time {
        let latest = now.plus(AHEAD_MS_MAX);
        let stored = self.stored_before_start.filter(|stored| *stored <= latest);
        stored.map_or(Time::default(), |stored| stored.plus(AHEAD_MS_MAX).min(latest))
    }
}
