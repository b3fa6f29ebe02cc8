//! Times as the faces write them.

use chat_model::id::Time;
use chat_model::language::Language;
use chat_model::sentence;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A time as machines read it: RFC 3339 in UTC with milliseconds, `2026-11-21T13:02:05.123Z`.
pub fn rfc3339(time: Time) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The time of day in this zone, `14:02`.
pub(crate) fn hours_minutes(time: Time, zone: &TimeZone) -> String {
    let time = zoned(time, zone);
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The time as C's `ctime` writes it, without the newline: `Sat Nov 21 14:02:05 2026`.
pub(crate) fn ctime(time: Time, zone: &TimeZone) -> String {
    zoned(time, zone).strftime("%a %b %e %H:%M:%S %Y").to_string()
}

/// Day and time of day in this zone, `2026-11-21 14:02`.
pub(crate) fn day_and_time(time: Time, zone: &TimeZone) -> String {
    zoned(time, zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The day in this zone.
pub(crate) fn day(time: Time, zone: &TimeZone) -> Date {
    zoned(time, zone).date()
}

/// A day in words, `Saturday, 21 November 2026`.
pub fn day_in_words(day: Date, language: Language) -> String {
    match language {
        Language::English => day.strftime("%A, %-d %B %Y").to_string(),
        Language::Chinese => {
            let weekday = ["一", "二", "三", "四", "五", "六", "日"]
                [usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
            format!("{}年{}月{}日 星期{weekday}", day.year(), day.month(), day.day())
        }
    }
}

/// A span as people say it, in its two largest units: `3 d 4 h`, `5 min 10 s`, `0 s`.
pub(crate) fn span(seconds: i64, l: Language) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => sentence!(l, en = "{seconds} s", zh = "{seconds} 秒"),
        (0, 0, minutes) => {
            sentence!(l, en = "{minutes} min {rest} s", zh = "{minutes} 分 {rest} 秒", rest = seconds % 60)
        }
        (0, hours, minutes) => sentence!(l, en = "{hours} h {minutes} min", zh = "{hours} 小时 {minutes} 分"),
        (days, hours, _) => sentence!(l, en = "{days} d {hours} h", zh = "{days} 天 {hours} 小时"),
    }
}

fn zoned(time: Time, zone: &TimeZone) -> Zoned {
    timestamp(time).to_zoned(zone.clone())
}

/// Ids reach to the year 2248, so every time of a message can be told; a time beyond that is told as 1970.
fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_millisecond(time.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_zone_and_to_machines_in_utc() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let time = Time(1_795_266_125_007);
        assert_eq!(rfc3339(time), "2026-11-21T13:02:05.007Z");
        assert_eq!(hours_minutes(time, &zone), "14:02");
        assert_eq!(ctime(time, &zone), "Sat Nov 21 14:02:05 2026");
        assert_eq!(ctime(Time(0), &zone), "Thu Jan  1 01:00:00 1970");
        let in_words = |language| day_in_words(day(time, &zone), language);
        assert_eq!(in_words(Language::English), "Saturday, 21 November 2026");
        assert_eq!(in_words(Language::Chinese), "2026年11月21日 星期六");
        assert_eq!(day_and_time(time, &zone), "2026-11-21 14:02");
    }

    #[test]
    fn spans_are_told_in_two_units() {
        let cases = [
            (0, "0 s", "0 秒"),
            (310, "5 min 10 s", "5 分 10 秒"),
            (7260, "2 h 1 min", "2 小时 1 分"),
            (273_600, "3 d 4 h", "3 天 4 小时"),
        ];
        for (seconds, english, chinese) in cases {
            assert_eq!(span(seconds, Language::English), english);
            assert_eq!(span(seconds, Language::Chinese), chinese);
        }
    }
}
