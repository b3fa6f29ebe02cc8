//! What stands between `!` and `@`. It is only shown, so whatever cannot stand there is left out of it.

use crate::Text;
use crate::call::clip;
use crate::character::has_no_place;
use crate::limits::USERNAME_BYTES_MAX;

/// The user name that comes of what a client calls itself: without what would make a mask ambiguous, a line two, or
/// one name look like another.
pub fn username(typed: &str) -> Text {
    let clean: String = typed.chars().filter(|c| !is_barred(*c)).collect();
    let clean = clip(&clean, USERNAME_BYTES_MAX);
    if clean.is_empty() { "user".into() } else { clean.into() }
}

/// Whether no user name has this character.
pub(crate) fn is_barred(c: char) -> bool {
    "!@:,*? ".contains(c) || c.is_control() || has_no_place(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_has_nothing_in_it_that_misleads() {
        let cases = [
            ("alice", "alice"),
            ("a!l@i:c,e*? ", "alice"),
            ("a\u{202e}\u{200b}l\u{7}ice", "alice"),
            ("0123456789abcdefg", "0123456789abcdef"),
            ("ééééééééé", "éééééééé"),
            ("", "user"),
            ("\u{200b}", "user"),
        ];
        for (typed, name) in cases {
            assert_eq!(&*username(typed), name, "{typed:?}");
        }
    }
}
