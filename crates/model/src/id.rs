//! Ids: of what happens (which are its place in the order), of sessions, users, channels, asks. And times.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// Whole seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time and `milliseconds` more.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Reads an RFC 3339 time such as `2026-11-21T14:02:05.123Z` (IRCv3 server-time).
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|time| Self(time.as_millisecond()))
    }

    /// The time of a message that is said now in a conversation whose last one was said at `last`: a millisecond later at
    /// the least, so that whoever asks for the past by times misses none. [`AHEAD_MS_MAX`] is how far that may lead.
    #[must_use]
    pub fn of_next(last: Self, now: Self) -> Self {
        let latest = now.plus(AHEAD_MS_MAX);
        // What was said later than that was said while the clock was wrong, and nobody goes by it.
        if last > latest { now } else { now.max(last.plus(1)).min(latest) }
    }

    /// Milliseconds from `earlier` to this time; zero when the clock went backwards.
    pub fn since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}

/// By how much the time of a message may run ahead of the clock, so that it differs from that of the one before it.
pub const AHEAD_MS_MAX: i64 = 1000;

/// The id of something that happened: its place in the order of everything that ever happened, and no more. Its text form
/// (IRCv3 `msgid`) is the decimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MsgId(pub i64);

impl MsgId {
    /// Below every id that is ever given.
    pub const MIN: Self = Self(0);
    /// Above every id that is ever given.
    pub const MAX: Self = Self(i64::MAX);

    /// The id after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// When something happened: after what, and what the clock showed.
///
/// Only ids say what came before what. A clock may be set wrong, and is right again some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Its place in the order.
    pub id: MsgId,
    /// The time.
    pub time: Time,
}

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for MsgId {
    type Err = std::num::ParseIntError;

    /// Reads an id as it is shown; none is negative.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u64>().map(|id| i64::try_from(id).map_or(Self::MAX, Self))
    }
}

/// One of several machines that are one room. Alone it is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u8);

/// One connection. The low 24 bits are the shell's slot for it, the next 32 count how often that slot was used. The high 8
/// are the machine that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

impl SessionId {
    const SLOT_BITS: u32 = 24;
    const NODE_SHIFT: u32 = 56;

    /// An id for the `turn`-th use of `slot`, on the first machine.
    ///
    /// # Panics
    /// There are no more than 2^24 slots.
    pub fn new(slot: u32, turn: u32) -> Self {
        assert!(slot >> Self::SLOT_BITS == 0, "so many connections no machine has");
        Self(u64::from(turn) << Self::SLOT_BITS | u64::from(slot))
    }

    /// How often its slot had been used before.
    pub fn turn(self) -> u32 {
        (self.0 >> Self::SLOT_BITS) as u32
    }

    /// Index into the shell's table of connections.
    pub fn slot(self) -> usize {
        (self.0 & ((1 << Self::SLOT_BITS) - 1)) as usize
    }

    /// The same on another machine.
    pub fn on(self, node: NodeId) -> Self {
        Self(self.0 & !(u64::MAX << Self::NODE_SHIFT) | u64::from(node.0) << Self::NODE_SHIFT)
    }

    /// The machine that it is on.
    pub fn node(self) -> NodeId {
        NodeId((self.0 >> Self::NODE_SHIFT) as u8)
    }
}

/// One nickname in use, by one or more sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub u64);

/// One channel in its present life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelId(pub u64);

/// One question that the engine has asked its shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_one_millisecond_have_times_of_their_own() {
        let now = Time(1_800_000_000_000);
        assert_eq!(Time::of_next(now.plus(-5), now), now);
        assert_eq!(Time::of_next(now, now), now.plus(1));
        assert_eq!(Time::of_next(now.plus(998), now), now.plus(999));
    }

    #[test]
    fn no_message_is_more_than_a_second_ahead_of_the_clock() {
        let now = Time(1_800_000_000_000);
        assert_eq!(Time::of_next(now.plus(AHEAD_MS_MAX), now), now.plus(AHEAD_MS_MAX));
    }

    #[test]
    fn what_was_said_by_a_wrong_clock_holds_no_time_up() {
        let now = Time(1_800_000_000_000);
        assert_eq!(Time::of_next(now.plus(AHEAD_MS_MAX + 1), now), now);
        assert_eq!(Time::of_next(Time(i64::MAX), now), now);
    }

    #[test]
    fn times_are_read_to_the_millisecond() {
        assert_eq!(Time::parse("1970-01-01T00:00:01.5Z"), Some(Time(1500)));
        assert_eq!(Time::parse("yesterday"), None);
    }

    #[test]
    fn a_session_is_a_slot_and_a_turn_on_a_machine() {
        for (slot, turn) in [(0, 0), (7, 1), (0xff_ffff, u32::MAX)] {
            let first = SessionId::new(slot, turn);
            assert_eq!(first.node(), NodeId(0));
            for session in [first, first.on(NodeId(255)), first.on(NodeId(255)).on(NodeId(3))] {
                assert_eq!((session.slot(), session.turn()), (slot as usize, turn));
            }
            assert_eq!(first.on(NodeId(255)).on(NodeId(3)).node(), NodeId(3));
        }
    }

    #[test]
    fn the_text_form_reads_back() {
        let id = MsgId(1_800_000_000_000);
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}
