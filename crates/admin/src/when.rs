//! Times and spans as people write and read them, in the local zone.

use chat_model::id::Time;
use chat_model::sentence;
use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::{Span, Timestamp, ToSpan, Zoned};

use crate::failure::Failure;
use crate::language::language;

/// Which end of a day is meant by a date alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// For `--since`.
    First,
    /// For `--until`.
    Last,
}

/// A point in the past: a span back from now (`2h`, `3 days`) or a local time (`14:30`, `2026-11-20`,
/// `2026-11-20 14:30`, `today`, `yesterday`), or one with its zone (`2026-11-20T14:30:00Z`).
pub(crate) fn point(text: &str, end: End, now: &Zoned) -> Result<Time, Failure> {
    let found = text.parse().ok().or_else(|| back(text, now)).or_else(|| local(text, end, now));
    found.map(|instant: Timestamp| Time(instant.as_millisecond())).ok_or_else(|| {
        Failure::Usage(sentence!(
            language(),
            en = "{text:?} is no time; write a span back from now like \"2h\" or \"3 days\", or a local time like \
                  \"14:30\", \"yesterday\", \"2026-11-20\" or \"2026-11-20 14:30\"",
            zh = "{text:?} 不是时间，请写从现在往回的时长，如 \"2h\" 或 \"3 days\"，或当地时间，如 \
                  \"14:30\"、\"yesterday\"、\"2026-11-20\" 或 \"2026-11-20 14:30\"",
        ))
    })
}

fn back(text: &str, now: &Zoned) -> Option<Timestamp> {
    let span: Span = text.parse().ok()?;
    now.checked_sub(span.abs()).ok().map(|then| then.timestamp())
}

fn local(text: &str, end: End, now: &Zoned) -> Option<Timestamp> {
    let day = match text.to_ascii_lowercase().as_str() {
        "today" => Some(now.date()),
        "yesterday" => now.date().yesterday().ok(),
        // "2026-11-20 14:30" would be read as a date too.
        other if other.contains(':') => None,
        other => other.parse::<Date>().ok(),
    };
    let time = match day {
        Some(day) if end == End::Last => day.tomorrow().ok()?.to_datetime(Clock::midnight()),
        Some(day) => day.to_datetime(Clock::midnight()),
        None => text.parse::<DateTime>().ok().or_else(|| Some(now.date().to_datetime(text.parse().ok()?)))?,
    };
    let found = time.to_zoned(now.time_zone().clone()).ok()?.timestamp();
    if day.is_some() && end == End::Last { found.checked_sub(1.millisecond()).ok() } else { Some(found) }
}

/// How long from now, in whole seconds: `3d`, `90 minutes`.
pub(crate) fn duration_s(text: &str, now: &Zoned) -> Result<i64, Failure> {
    let seconds = text.parse::<Span>().ok().and_then(|span| {
        let until = now.checked_add(span).ok()?;
        Some(until.timestamp().as_second() - now.timestamp().as_second())
    });
    match seconds {
        Some(seconds) if seconds > 0 => Ok(seconds),
        _ => Err(Failure::Usage(sentence!(
            language(),
            en = "{text:?} is no length of time; write it like \"30m\", \"12 hours\", \"3d\" or \"2 weeks\"",
            zh = "{text:?} 不是时长，请写成 \"30m\"、\"12 hours\"、\"3d\" 或 \"2 weeks\" 这样",
        ))),
    }
}

/// For machines: RFC 3339 in UTC with milliseconds, as IRC's server-time writes it.
pub(crate) fn rfc3339(time: Time) -> String {
    match Timestamp::from_millisecond(time.0) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        Err(_) => time.0.to_string(),
    }
}

/// Reads what the server writes, which is RFC 3339.
pub(crate) fn parse_rfc3339(text: &str) -> Option<Time> {
    text.parse::<Timestamp>().ok().map(|time| Time(time.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Zoned {
        "2026-11-21T14:02:05+01:00[Europe/Berlin]".parse().expect("a time")
    }

    #[test]
    fn points_are_read_as_people_write_them() {
        let cases = [
            ("2h", End::First, "2026-11-21T11:02:05.000Z"),
            ("2h ago", End::First, "2026-11-21T11:02:05.000Z"),
            ("1 day 30 min", End::First, "2026-11-20T12:32:05.000Z"),
            ("P1D", End::First, "2026-11-20T13:02:05.000Z"),
            ("09:15", End::First, "2026-11-21T08:15:00.000Z"),
            ("2026-11-20", End::First, "2026-11-19T23:00:00.000Z"),
            ("2026-11-20", End::Last, "2026-11-20T22:59:59.999Z"),
            ("2026-07-01 14:30", End::Last, "2026-07-01T12:30:00.000Z"),
            ("2026-11-20T14:30:00Z", End::First, "2026-11-20T14:30:00.000Z"),
            ("today", End::First, "2026-11-20T23:00:00.000Z"),
            ("Yesterday", End::Last, "2026-11-20T22:59:59.999Z"),
        ];
        for (text, end, expected) in cases {
            assert_eq!(point(text, end, &now()).map(rfc3339).expect(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_what_would_be() {
        for text in ["", "soon", "25:00", "2026-13-01", "2 fortnights"] {
            let error = point(text, End::First, &now()).expect_err(text).to_string();
            assert!(error.contains("write a span back from now"), "{error}");
        }
    }

    #[test]
    fn lengths_are_whole_seconds_from_now() {
        let cases = [("3d", 259_200), ("90 minutes", 5400), ("1mo", 30 * 86_400), ("1s", 1)];
        for (text, expected) in cases {
            assert_eq!(duration_s(text, &now()).expect(text), expected, "{text}");
        }
        for text in ["", "0s", "-3d", "ever", "3"] {
            let error = duration_s(text, &now()).expect_err(text).to_string();
            assert!(error.contains("is no length of time"), "{error}");
        }
    }
}
