//! Patterns with `*` and `?` (Modern IRC, "Wildcard Expressions"), read once and matched often.
//!
//! Anybody may give the server such a pattern, so a match must cost the same whatever the pattern: one step for each
//! character of the text, over all positions of the pattern at once, one bit each (the bit-parallel simulation of
//! Baeza-Yates and Gonnet). Matchers that go back to the last star need the product of both lengths.

use serde::{Deserialize, Serialize};

use crate::name::fold;

/// Characters in a pattern, stars not counted: one bit less than the word that a match is done in.
pub const GLOB_CHARS_MAX: usize = u128::BITS as usize - 1;

/// A pattern: `*` is any run of characters, `?` any one, and case does not count.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Glob {
    /// For each character that the pattern names, ascending: the positions that it stands at.
    letters: Box<[(char, u128)]>,
    /// Positions of question marks.
    any: u128,
    /// Positions before which a run of any length may stand.
    runs: u128,
    /// What is set when all positions are passed.
    end: u128,
}

/// A pattern piece by piece: a text, and the wildcard behind it, if there is one.
pub(crate) fn pieces(pattern: &str) -> impl Iterator<Item = (&str, &str)> {
    let pieces = pattern.split_inclusive(['*', '?']);
    pieces.map(|piece| piece.split_at(piece.trim_end_matches(['*', '?']).len()))
}

impl Glob {
    /// Reads a pattern for names, which compares them as [`fold`] spells them. `None` when it is too long.
    pub fn of_names(pattern: &str) -> Option<Self> {
        Self::read(pattern, |literal| fold(literal).chars().collect())
    }

    /// Reads a pattern for any other text. `None` when it is too long.
    pub fn new(pattern: &str) -> Option<Self> {
        Self::read(pattern, |literal| literal.chars().flat_map(char::to_lowercase).collect())
    }

    fn read(pattern: &str, folded: impl Fn(&str) -> Vec<char>) -> Option<Self> {
        let mut positions = Vec::new();
        let mut runs = 0_u128;
        // A letter and the accent behind it are folded together, but no wildcard comes of folding.
        for (literal, wildcard) in pieces(pattern) {
            positions.extend(folded(literal).into_iter().map(Some));
            if positions.len() > GLOB_CHARS_MAX {
                return None;
            }
            match wildcard {
                "*" => runs |= 1 << positions.len(),
                "?" => positions.push(None),
                _ => {}
            }
        }
        if positions.len() > GLOB_CHARS_MAX {
            return None;
        }
        let mut letters: Vec<(char, u128)> = Vec::new();
        let mut any = 0;
        for (position, letter) in positions.iter().enumerate() {
            match letter {
                None => any |= 1 << position,
                Some(letter) => match letters.iter_mut().find(|(other, _)| other == letter) {
                    Some((_, at)) => *at |= 1 << position,
                    None => letters.push((*letter, 1 << position)),
                },
            }
        }
        letters.sort_unstable();
        Some(Self { letters: letters.into(), any, runs, end: 1 << positions.len() })
    }

    /// Whether the whole of a text fits. A name is to be given folded.
    pub fn matches(&self, text: &str) -> bool {
        // Most texts are ASCII, where a letter is found faster.
        if text.is_ascii() {
            self.matches_letters(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())))
        } else {
            self.matches_letters(text.chars().flat_map(char::to_lowercase))
        }
    }

    fn matches_letters(&self, letters: impl Iterator<Item = char>) -> bool {
        let mut reached = 1_u128;
        for letter in letters {
            // Nothing that follows can change it: from here on any run may stand.
            if reached & self.end & self.runs != 0 {
                return true;
            }
            reached = (reached & self.at(letter)) << 1 | reached & self.runs;
            if reached == 0 {
                return false;
            }
        }
        reached & self.end != 0
    }

    fn at(&self, letter: char) -> u128 {
        let named = self.letters.binary_search_by_key(&letter, |(letter, _)| *letter);
        self.any | named.map_or(0, |index| self.letters[index].1)
    }

    /// Whether it says nothing of a text but how long it must be at least.
    pub fn names_no_letter(&self) -> bool {
        self.letters.is_empty() && self.runs != 0
    }

    /// How many characters a text must have to fit.
    pub fn chars_min(&self) -> usize {
        self.end.trailing_zeros() as usize
    }

    /// The characters that a text must have to fit.
    pub fn letters(&self) -> impl Iterator<Item = char> {
        self.letters.iter().map(|(letter, _)| *letter)
    }

    /// The character that a text must begin with, if there is one.
    pub fn first_letter(&self) -> Option<char> {
        let at_start = |(_, at): &&(char, u128)| at & 1 != 0;
        self.letters.iter().find(at_start).map(|(letter, _)| *letter).filter(|_| self.runs & 1 == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(pattern: &str, text: &str) -> bool {
        Glob::new(pattern).expect("short enough").matches(text)
    }

    #[test]
    fn whole_texts_match_whatever_the_case() {
        let fitting = [
            ("", ""),
            ("*", ""),
            ("*", "x"),
            ("**", "abc"),
            ("bob", "bob"),
            ("BOB*", "bob"),
            ("bob", "BOB"),
            ("?", "x"),
            ("10.?.0.*", "10.1.0.77"),
            ("a*b*c", "aXXbYYbZc"),
            ("*aab", "aaab"),
            ("*a?b", "aaab"),
            ("?*?", "ab"),
            ("*é", "CAFÉ"),
            ("日?", "日本"),
        ];
        for (pattern, text) in fitting {
            assert!(glob(pattern, text), "{pattern:?} {text:?}");
        }
        let others = [
            ("", "x"),
            ("x", ""),
            ("?", ""),
            ("bob?", "bob"),
            ("bob", "bobby"),
            ("*bob", "bobby"),
            ("a*b*c", "acb"),
            ("?*?", "a"),
            ("？", "x"),
            ("＊", "x"),
        ];
        for (pattern, text) in others {
            assert!(!glob(pattern, text), "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn a_match_is_what_the_definition_says() {
        fn defined(pattern: &[u8], text: &[u8]) -> bool {
            match pattern {
                [] => text.is_empty(),
                [b'*', rest @ ..] => (0..=text.len()).any(|cut| defined(rest, &text[cut..])),
                [first, rest @ ..] => {
                    text.first().is_some_and(|letter| *first == b'?' || first == letter)
                        && defined(rest, &text[1..])
                }
            }
        }
        let words = |letters: &[u8], most: u32| -> Vec<Vec<u8>> {
            let count = letters.len();
            let word = |length: u32, mut number: usize| {
                let letter = |_| {
                    let letter = letters[number % count];
                    number /= count;
                    letter
                };
                (0..length).map(letter).collect()
            };
            (0..=most).flat_map(|length| (0..count.pow(length)).map(move |n| word(length, n))).collect()
        };
        let texts = words(b"ab", 5);
        for pattern in words(b"ab?*", 5) {
            let glob = Glob::new(std::str::from_utf8(&pattern).expect("letters")).expect("short enough");
            for text in &texts {
                let found = glob.matches(std::str::from_utf8(text).expect("letters"));
                assert_eq!(found, defined(&pattern, text), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn names_match_as_they_are_folded() {
        for pattern in ["ｍａｌ*", "MAL*", "mallory", "mall?ry"] {
            let pattern = Glob::of_names(pattern).expect("short enough");
            assert!(pattern.matches(&fold("Ｍａｌｌｏｒｙ")));
        }
        for pattern in ["zoë", "zoe\u{308}", "zo?", "*ë"] {
            let pattern = Glob::of_names(pattern).expect("short enough");
            assert!(pattern.matches(&fold("Zoe\u{308}")) && pattern.matches(&fold("zoë")));
        }
    }

    #[test]
    fn the_longest_pattern_has_a_bit_for_each_character() {
        let longest = "a".repeat(GLOB_CHARS_MAX);
        assert!(glob(&longest, &longest));
        assert!(glob(&format!("*{longest}*"), &format!("b{longest}")));
        assert!(!glob(&longest, &longest[1..]));
        assert!(Glob::new(&format!("{longest}a")).is_none());
        assert!(Glob::new(&format!("{longest}?")).is_none());
    }

    #[test]
    fn what_a_pattern_asks_for_can_be_told() {
        let glob = |pattern| Glob::new(pattern).expect("short enough");
        assert!(glob("*").names_no_letter() && glob("?*").names_no_letter());
        assert!(!glob("a*").names_no_letter() && !glob("?").names_no_letter());
        assert_eq!(glob("a?*b*").chars_min(), 3);
        assert_eq!(glob("ab*a").letters().collect::<String>(), "ab");
        assert_eq!(glob("Ab*").first_letter(), Some('a'));
        assert_eq!(glob("*ab").first_letter(), None);
        assert_eq!(glob("?ab").first_letter(), None);
    }
}
