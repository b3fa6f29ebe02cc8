//! Durations and sizes as people write them.

use std::str::FromStr;
use std::time::Duration as Std;

use serde::{Deserialize, Deserializer, de};

/// A length of time, or for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duration(Option<Std>);

impl Duration {
    pub(super) fn forever() -> Self {
        Self(None)
    }

    pub(super) fn milliseconds(ms: i64) -> Self {
        Self(Some(Std::from_millis(ms.unsigned_abs())))
    }

    /// Whether it is no shorter than one and no longer than another.
    pub(super) fn is_within(self, floor: Self, ceiling: Self) -> bool {
        let length = |duration: Self| duration.0.unwrap_or(Std::MAX);
        (length(floor)..=length(ceiling)).contains(&length(self))
    }

    pub(super) fn as_milliseconds(self) -> Option<i64> {
        self.0.and_then(|duration| i64::try_from(duration.as_millis()).ok())
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "forever" {
            return Ok(Self::forever());
        }
        let wrong = || format!("{text:?} is not a duration: write \"90d\", \"2m\" or \"1h 30m\"");
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        // A day is 24 hours here: no time zone is concerned.
        let days = jiff::SpanRelativeTo::days_are_24_hours();
        let duration = span.to_duration(days).ok().and_then(|duration| Std::try_from(duration).ok());
        duration.map(|duration| Self(Some(duration))).ok_or_else(wrong)
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size(pub(super) usize);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a size: write \"16 KiB\" or \"1 MiB\"");
        let size: bytesize::ByteSize = text.parse().map_err(|_| wrong())?;
        usize::try_from(size.as_u64()).map(Self).map_err(|_| wrong())
    }
}
