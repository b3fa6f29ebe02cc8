//! Ids: of messages (which are also their time and place in the order), sessions, users, channels, asks.

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

    /// Milliseconds from `earlier` to this time; zero when the clock went backwards.
    pub fn since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}

/// A message id: Unix milliseconds shifted left by [`MsgId::COUNTER_BITS`], plus a counter.
///
/// One number is the order, the time and the primary key. Its text form (IRCv3 `msgid`) is the decimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MsgId(pub i64);

impl MsgId {
    /// Room for a million ids in one millisecond, and for dates up to the year 2248.
    pub const COUNTER_BITS: u32 = 20;
    /// Below every id that is ever given.
    pub const MIN: Self = Self(0);
    /// Above every id that is ever given.
    pub const MAX: Self = Self(i64::MAX);

    /// The id after `self` at `now`: always above, also when the clock stands or steps back.
    #[must_use]
    pub fn next(self, now: Time) -> Self {
        Self::first_at(now).max(Self(self.0 + 1))
    }

    /// The lowest id that `time` can have.
    pub fn first_at(time: Time) -> Self {
        let latest = i64::MAX >> Self::COUNTER_BITS;
        Self(time.0.clamp(0, latest) << Self::COUNTER_BITS)
    }

    /// The highest id that `time` can have.
    pub fn last_at(time: Time) -> Self {
        Self(Self::first_at(time).0 | ((1 << Self::COUNTER_BITS) - 1))
    }

    /// When the message was accepted.
    pub fn time(self) -> Time {
        Time(self.0 >> Self::COUNTER_BITS)
    }
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

/// One connection. The low 32 bits are the shell's slot for it, the high ones count how often that slot was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

impl SessionId {
    /// An id for the `turn`-th use of `slot`.
    pub fn new(slot: u32, turn: u32) -> Self {
        Self(u64::from(turn) << 32 | u64::from(slot))
    }

    /// Index into the shell's table of connections.
    pub fn slot(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
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
    fn ids_rise_also_when_the_clock_steps_back() {
        let first = MsgId::MIN.next(Time(1_800_000_000_000));
        let second = first.next(Time(1_700_000_000_000));
        let third = second.next(Time(1_800_000_000_001));
        assert!(first < second && second < third);
        assert_eq!(first.time(), Time(1_800_000_000_000));
        assert_eq!(third.time(), Time(1_800_000_000_001));
    }

    #[test]
    fn times_are_read_to_the_millisecond() {
        assert_eq!(Time::parse("1970-01-01T00:00:01.5Z"), Some(Time(1500)));
        assert_eq!(Time::parse("yesterday"), None);
    }

    #[test]
    fn the_text_form_reads_back() {
        let id = MsgId::MIN.next(Time(1_800_000_000_000));
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}
