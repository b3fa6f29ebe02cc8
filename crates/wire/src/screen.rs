//! What others wrote, made safe for a terminal: no control character or override of the reading direction gets
//! through, so nobody can move the cursor, ring the bell, or let a line look like another one.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;

use chat_model::character::has_no_place;

/// The text as a terminal may be shown it. Costs one look at the bytes where there is nothing to do.
///
/// IRC formatting (bold, colours …) is left out, a tab becomes a space, other control characters are shown in
/// caret form (`^[` for escape), and what has no such form as U+FFFD.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text.bytes().any(is_suspect) && text.chars().any(is_unsafe) {
        Cow::Owned(rewrite(text))
    } else {
        Cow::Borrowed(text)
    }
}

/// Bytes that an unsafe character has: the C0 controls, delete, and the first bytes of C1 controls (U+0080 to
/// U+009F), of U+061C, of the characters from U+200B on, and of U+FEFF.
fn is_suspect(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xef)
}

/// Whether no terminal is shown this character, by whichever program: a control character (C0, delete, C1), or one
/// that [has no place](has_no_place) in a line.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || has_no_place(c)
}

fn rewrite(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\t' => safe.push(' '),
            '\x02' | '\x0f' | '\x11' | '\x16' | '\x1d' | '\x1e' | '\x1f' => {}
            '\x03' => skip_colours(&mut chars, 2, char::is_ascii_digit),
            '\x04' => skip_colours(&mut chars, 6, char::is_ascii_hexdigit),
            '\x7f' => safe.push_str("^?"),
            '\0'..='\x1f' => {
                safe.push('^');
                // In caret form a control character is the letter that is 64 places further on.
                safe.push(char::from(c as u8 + 64));
            }
            c if is_unsafe(c) => safe.push(char::REPLACEMENT_CHARACTER),
            c => safe.push(c),
        }
    }
    safe
}

/// Leaves out the foreground and, after a comma, the background that follow a colour code.
fn skip_colours(chars: &mut Peekable<Chars<'_>>, digits_max: usize, is_digit: fn(&char) -> bool) {
    let skip_one = |chars: &mut Peekable<Chars<'_>>| {
        (0..digits_max).take_while(|_| chars.next_if(is_digit).is_some()).count()
    };
    let found = skip_one(chars);
    let mut ahead = chars.clone();
    if found > 0 && ahead.next() == Some(',') && ahead.next().is_some_and(|c| is_digit(&c)) {
        chars.next();
        skip_one(chars);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_harmless_reaches_the_terminal() {
        let cases = [
            ("plain words", "plain words"),
            ("Zoë sagt – “日本語” 👩‍👩‍👧 €5", "Zoë sagt – “日本語” 👩‍👩‍👧 €5"),
            ("a\tb", "a b"),
            ("\x1b[2Jgone", "^[[2Jgone"),
            ("ding\x07 and \x7f", "ding^G and ^?"),
            ("one\r\ntwo\0", "one^M^Jtwo^@"),
            ("c1 \u{9b}31m", "c1 \u{fffd}31m"),
            ("\u{202e}live\u{2066}", "\u{fffd}live\u{fffd}"),
            ("al\u{200b}ice\u{feff}", "al\u{fffd}ice\u{fffd}"),
            ("\u{200e}a\u{200f}b\u{61c}", "\u{fffd}a\u{fffd}b\u{fffd}"),
            ("❤\u{fe0f} क्\u{200d}ष می\u{200c}خواهم", "❤\u{fe0f} क्\u{200d}ष می\u{200c}خواهم"),
            ("\x02bold\x0f \x0304,07red\x03 5", "bold red 5"),
            ("\x033,text and \x04ff0000hex", ",text and hex"),
        ];
        for (text, safe) in cases {
            assert_eq!(sanitize(text), safe, "{text:?}");
        }
    }

    #[test]
    fn what_is_safe_is_not_copied() {
        assert!(matches!(sanitize("naïve – ‘quoted’ ©"), Cow::Borrowed(_)));
    }

    #[test]
    fn nothing_unsafe_is_left_of_any_character() {
        for c in '\0'..=char::MAX {
            let text = format!("a{c}b");
            assert!(!sanitize(&text).chars().any(is_unsafe), "{c:?}");
        }
    }
}
