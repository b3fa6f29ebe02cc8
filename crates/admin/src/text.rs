//! Making text that others wrote fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use chat_wire::screen::is_unsafe;

/// The text with everything that could steer a terminal or turn the direction of writing shown as its escape:
/// `\u{1b}[31m`. An operator sees what was really sent, and nothing happens.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unsafe(c) {
            write!(shown, "{}", c.escape_default()).expect("writing to a string cannot fail");
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Seconds as people say them: `"4m"`, `"3h 20m"`, `"2d 5h"`.
pub(crate) fn span(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m"),
        (0, _, _) => format!("{hours}h {}m", minutes % 60),
        _ => format!("{days}d {}h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_and_does_nothing() {
        let cases = [
            ("plain 日本 🎉", "plain 日本 🎉"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("two\r\nlines\tand\u{9b}2J", "two\\r\\nlines\\tand\\u{9b}2J"),
            ("al\u{200b}ice \u{feff}\u{61c}", "al\\u{200b}ice \\u{feff}\\u{61c}"),
            ("👩\u{200d}👩 ❤\u{fe0f}", "👩\u{200d}👩 ❤\u{fe0f}"),
            ("evil\u{202e}txt", "evil\\u{202e}txt"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn spans_are_as_long_as_they_need_to_be() {
        let cases = [(0, "0s"), (59, "59s"), (60, "1m"), (12_000, "3h 20m"), (190_800, "2d 5h")];
        for (seconds, expected) in cases {
            assert_eq!(span(seconds), expected);
        }
    }
}
