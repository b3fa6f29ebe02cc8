//! Makes text from others harmless: nothing that a terminal would obey gets through.

use std::borrow::Cow;

/// The text without IRC's formatting codes, control characters, and marks that turn the direction of a line.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // Bold, italics, underline, strikethrough, monospace, reverse, reset.
            '\u{2}' | '\u{1d}' | '\u{1f}' | '\u{1e}' | '\u{11}' | '\u{16}' | '\u{f}' => {}
            // A colour has up to two digits, and may have a second one for the background.
            '\u{3}' => skip_colour(&mut chars, 2, |c| c.is_ascii_digit()),
            '\u{4}' => skip_colour(&mut chars, 6, |c| c.is_ascii_hexdigit()),
            '\t' => clean.push(' '),
            c if is_special(c) => clean.push(char::REPLACEMENT_CHARACTER),
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

/// Whether a character does something to a terminal or to its neighbours, rather than being shown.
pub(crate) fn is_special(c: char) -> bool {
    // Besides the control characters: line separators, and the marks and isolates of bidirectional text.
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn skip_colour(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    digits: usize,
    is_digit: fn(char) -> bool,
) {
    let skipped = (0..digits).take_while(|_| chars.next_if(|c| is_digit(*c)).is_some()).count();
    let mut ahead = chars.clone();
    if skipped > 0 && ahead.next() == Some(',') && ahead.next().is_some_and(is_digit) {
        chars.next();
        for _ in 0..digits {
            chars.next_if(|c| is_digit(*c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        let cases = [
            ("plain ünïcode 日本語 👩‍👩‍👧", "plain ünïcode 日本語 👩‍👩‍👧"),
            ("\u{1b}[2Jgone", "\u{fffd}[2Jgone"),
            ("\u{9b}2Jgone", "\u{fffd}2Jgone"),
            ("a\u{7}b\u{8}c\u{7f}", "a\u{fffd}b\u{fffd}c\u{fffd}"),
            ("a\tb\r\n", "a b\u{fffd}\u{fffd}"),
            ("\u{202e}desrever", "\u{fffd}desrever"),
            ("\u{2}bold\u{2} \u{1d}it\u{1d}\u{f}", "bold it"),
            ("\u{3}4red\u{3} \u{3}12,1x\u{3}04,y", "red x,y"),
            ("\u{4}ff0000red", "red"),
            ("\u{3}123", "3"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }
}
