//! Times as IRC tells them. The tag of every message goes through here, so it is written without allocating.

use chat_model::id::Time;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Appends a time in the form of IRCv3 server-time: `2026-11-20T14:02:11.123Z`.
pub(super) fn push_time(time: Time, out: &mut Vec<u8>) {
    let (days, of_day) = (time.0.div_euclid(86_400_000), time.0.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    push_digits(year, 4, out);
    out.push(b'-');
    push_digits(month, 2, out);
    out.push(b'-');
    push_digits(day, 2, out);
    out.push(b'T');
    push_digits(of_day / 3_600_000, 2, out);
    out.push(b':');
    push_digits(of_day / 60_000 % 60, 2, out);
    out.push(b':');
    push_digits(of_day / 1000 % 60, 2, out);
    out.push(b'.');
    push_digits(of_day % 1000, 3, out);
    out.push(b'Z');
}

/// The same as a string.
pub(super) fn time_text(time: Time) -> String {
    let mut out = Vec::with_capacity(24);
    push_time(time, &mut out);
    String::from_utf8(out).expect("digits and signs are ASCII")
}

fn push_digits(number: i64, digits: u32, out: &mut Vec<u8>) {
    for exponent in (0..digits).rev() {
        out.push(b'0' + (number / 10_i64.pow(exponent) % 10) as u8);
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar. Years are counted
/// from March here, so that the leap day is the last one and months have a regular length.
fn civil(days: i64) -> (i64, i64, i64) {
    const DAYS_TO_1970_FROM_MARCH_OF_0: i64 = 719_468;
    let days = days + DAYS_TO_1970_FROM_MARCH_OF_0;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// A time in words, for people: `Fri, 20 Nov 2026 14:02:11 +0000`.
pub(super) fn in_words(time: Time, zone: &TimeZone) -> String {
    zoned(time, zone).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// What stands before the text of an older message where the client takes no time tags: `[14:02] `, with the
/// date when it is not today's.
pub(super) fn stamp(time: Time, now: Time, zone: &TimeZone) -> String {
    let (then, now) = (zoned(time, zone), zoned(now, zone));
    let form = if then.date() == now.date() { "[%H:%M] " } else { "[%Y-%m-%d %H:%M] " };
    then.strftime(form).to_string()
}

fn zoned(time: Time, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_millisecond(time.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_agrees_with_the_library() {
        let day = 86_400_000;
        let cases = [0, 1, 951_782_400_000, 951_868_799_999, 4_107_542_399_999, 1_800_000_000_123, 59 * day];
        let many = (0..4000).map(|n| n * 17 * day + n * 12_345);
        for millisecond in cases.into_iter().chain(many) {
            let expected = Timestamp::from_millisecond(millisecond).expect("in range");
            let expected = expected.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
            assert_eq!(time_text(Time(millisecond)), expected);
        }
    }

    #[test]
    fn a_stamp_has_a_date_when_it_is_not_today() {
        let noon = Time(1_800_000_000_000);
        let zone = TimeZone::UTC;
        assert_eq!(stamp(noon, noon.plus(1), &zone), "[08:00] ");
        assert_eq!(stamp(noon, noon.plus(86_400_000), &zone), "[2027-01-15 08:00] ");
    }
}
