//! `nick!user@host` masks with `*` and `?` (Modern IRC, "Wildcard Expressions").

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::limits::MASK_BYTES_MAX;
use crate::who::Who;

/// A mask over `nick!user@host`, completed where parts are missing: `bob` is `bob!*@*`, `*@10.0.0.1` is `*!*@10.0.0.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mask(Text);

impl Mask {
    /// Reads a mask. `None` when it is empty, too long, or holds a space.
    pub fn new(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > MASK_BYTES_MAX || text.contains([' ', ',']) {
            return None;
        }
        let (nick, rest) = match text.split_once('!') {
            Some((nick, rest)) => (nick, rest),
            None if text.contains('@') => ("*", text),
            None => (text, ""),
        };
        let (user, host) = rest.split_once('@').unwrap_or((rest, ""));
        let part = |text: &str| if text.is_empty() { "*".to_owned() } else { text.to_owned() };
        Some(Self(format!("{}!{}@{}", part(nick), part(user), part(host)).into()))
    }

    /// The completed mask.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two masks are the same under casemapping.
    pub fn same(&self, other: &Mask) -> bool {
        self.0.to_lowercase() == other.0.to_lowercase()
    }

    /// Whether the mask covers this user.
    pub fn covers(&self, who: &Who) -> bool {
        glob(&self.0, &who.to_string())
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` fits `pattern`, where `*` is any run and `?` any one character; case does not count.
pub fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let (mut p, mut t) = (0, 0);
    // Where to go on when a match fails: after the last star, one character further in the text.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((after_star, from)) => {
                    retry = Some((after_star, from + 1));
                    p = after_star;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_stars() {
        let cases =
            [("bob", "bob!*@*"), ("*@10.0.0.1", "*!*@10.0.0.1"), ("a!b", "a!b@*"), ("a!b@c", "a!b@c")];
        for (text, mask) in cases {
            assert_eq!(Mask::new(text).expect("valid").as_str(), mask);
        }
        assert_eq!(Mask::new("two words"), None);
    }

    #[test]
    fn globs_match_whole_strings_whatever_the_case() {
        assert!(glob("*!*@10.?.0.*", "Bob!b@10.1.0.77"));
        assert!(glob("a*b*c", "aXXbYYbZc"));
        assert!(glob("BOB*", "bob"));
        assert!(!glob("bob?", "bob"));
        assert!(!glob("", "x"));
    }
}
